"""The map of who leads where, on a toy whose flip is known, and what may be asked of it."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.command import main
from experiments.flip_map.results import decided, flip_results, read_table
from experiments.job_composition import compose_job
from tests.experiments.conftest import Answer
from tests.experiments.fake_world import FakeResult, FakeScenario, FakeSimulator

#: A known flip. On day d, fish_raising earns price x (d + 1/2 - T) more than kill_pig, with T = 60 trust_start days: it
#: has caught up after 2 T days, at any price. Both have the same luck of +-1,000 yuan a day, and a little of their own.
KEYS = "flip_map.keys=[behaviour.trust_start,brand.price]"
VALUES = "flip_map.values=[[0.1,0.5,0.9],[50,100]]"
CAUGHT_UP = {0.1: 12.0, 0.5: 60.0, 0.9: 108.0}
SMALL = ("executor=serial", "progress=off", "report.page=false", "population.size=5", "horizon_days=90", "replications=2")
MAP = (KEYS, VALUES, "flip_map.horizons=[30,80,90]", "flip_map.replications=3")
CELLS, REPLICATIONS = 3 * 2, 3
RUNS = CELLS * 2 * REPLICATIONS


class FlipSimulator(FakeSimulator):
    """The toy, with money of its own, calls that are noted, and a fault where it is asked for."""

    def __init__(self, tree: Path) -> None:
        super().__init__(tree)
        self.calls: list[tuple[str, float, float, int]] = []
        self.fault: Callable[[tuple[str, float, float, int], int], None] = lambda call, number: None

    def simulate(self) -> Any:
        return self._simulate

    def _simulate(self, scenario: FakeScenario, *, seed: int, replication: int, record: str, threads: int) -> FakeResult:
        call = (scenario.strategy.name, scenario.behaviour.trust_start, scenario.brand.price, replication)
        self.calls.append(call)
        self.fault(call, len(self.calls))
        days = np.arange(round(scenario.horizon_days))
        money = np.random.default_rng([seed, replication]).normal(0, 1000, days.size)
        if scenario.strategy.name == "fish_raising":
            luck = np.random.default_rng([seed, replication, 1]).normal(0, 0.5, days.size)
            money = money + scenario.brand.price * (days + 0.5 - 60 * scenario.behaviour.trust_start + luck)
        if scenario.strategy.name == "no_community":
            money = money - 1.0
        head = {"strategy": scenario.strategy.name, "replication": replication}
        daily = pd.DataFrame(head | {"day": days, "group": 0, "contribution": 0.25 * money, "gmv": -0.25 * money})
        daily = pd.concat([daily, daily.assign(group=-1, contribution=0.75 * money, gmv=-0.75 * money)], ignore_index=True)
        summary = {"contribution": float(money.sum()), "gmv": -float(money.sum()), "sessions": 1.0}
        none = pd.DataFrame(head | {"nothing": [1]}).iloc[:0]
        return FakeResult(head["strategy"], replication, seed, summary, none, none, daily, none, none, none, {"simulate": 0.0}, none, none)


@pytest.fixture
def flips(tree: Path) -> FlipSimulator:
    return FlipSimulator(tree)


@pytest.fixture
def fishpond(flips: FlipSimulator, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(arguments, flips)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def a(mapped: Path, tmp_path: Path) -> Path:
    """The same, to be changed: the folder `a` of the current one."""
    return Path(shutil.copytree(mapped, tmp_path / "a"))


@pytest.fixture(scope="module")
def mapped(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a comparison with a map; not to be changed."""
    folder = tmp_path_factory.mktemp("mapped") / "out"
    assert main(["compare", *SMALL, *MAP, f"out={folder}"], FlipSimulator(tree)) == 0
    return folder


def map_files(folder: Path | str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*Path(folder, "flip_map").glob("*.parquet"), Path(folder, "flip_map.csv")]}


# ------------------------------------------------------------------------------------------------ what it finds


def test_a_known_flip_is_found(mapped: Path) -> None:
    table = read_table(mapped)
    assert table.columns.tolist() == [
        *("first", "second", "horizon_days", "leader", "difference", "low", "high", "probability"),
        *("crossing_day", "crossing_low", "crossing_high", "share_never", "replications"),
    ]
    assert len(table) == CELLS * 3
    for row in table.itertuples():
        caught_up = CAUGHT_UP[row.first]
        ahead = row.horizon_days > caught_up
        assert row.leader == ("fish_raising" if ahead else "kill_pig"), row
        truth = row.second * row.horizon_days * (row.horizon_days - caught_up) / 2
        spread = row.second * 0.5 * np.sqrt(row.horizon_days / REPLICATIONS)  # standard error of the mean
        assert row.difference == pytest.approx(truth, abs=5 * spread)
        assert row.low < row.difference < row.high
        assert row.probability == (1.0 if ahead else 0.0)
        assert row.replications == REPLICATIONS
        if ahead:
            # The curve is steep where it crosses: half a yuan of luck a day moves the day by less than one.
            assert row.crossing_day == pytest.approx(caught_up, abs=1)
            assert row.crossing_low <= row.crossing_day <= row.crossing_high
    assert decided(table).all()
    late = table[(table["first"] == 0.9)]
    assert late["crossing_day"].fillna(0).max() < 30  # luck of the first days at most, no catching up


def test_the_other_metric_has_a_map_of_its_own_from_the_same_runs(fishpond: Any, flips: FlipSimulator, a: Path) -> None:
    contribution = read_table(a)
    assert fishpond("compare", *SMALL, *MAP, "flip_map.metric=gmv", "flip_map.horizons=[20]", "out=a").code == 0
    gmv = read_table(a)
    assert flips.calls == []
    assert gmv["horizon_days"].unique().tolist() == [20]
    assert gmv["leader"].tolist() == ["kill_pig"] * 2 + ["fish_raising"] * 4  # the toy's GMV runs the other way
    assert fishpond("compare", *SMALL, *MAP, "out=a").code == 0
    pd.testing.assert_frame_equal(read_table(a), contribution)


def test_all_cells_meet_the_same_people(mapped: Path) -> None:
    daily = pd.read_parquet(mapped / "flip_map/daily.parquet")
    assert daily.columns.tolist() == ["strategy", "replication", "day", "gmv", "contribution"]
    assert len(daily) == RUNS * 90
    money = daily.pivot(index=["replication", "day"], columns="strategy", values="contribution")
    names = [name for name in money if str(name).startswith("kill_pig@")]  # these two keys do not concern it
    assert sorted(map(str, names)) == sorted(f"kill_pig@{a:g},{b:g}" for a, b in itertools.product(CAUGHT_UP, (50, 100)))
    assert (money[names].nunique(axis=1) == 1).all()


def test_the_best_of_the_others_meets_the_baseline(fishpond: Any) -> None:
    arms = "strategies=[kill_pig,no_community,fish_raising]"
    assert fishpond("compare", *SMALL, *MAP, arms, "out=a").code == 0
    table = read_table(Path("a")).query("second == 50 and horizon_days == 30")
    assert table["leader"].tolist() == ["fish_raising", "kill_pig", "kill_pig"]
    # Where fish_raising is far behind, no_community is the best other: a yuan a day behind, in every replication.
    assert table["difference"].tolist()[1:] == pytest.approx([-30, -30])
    assert fishpond("compare", *SMALL, *MAP, "strategies=[no_community,kill_pig,fish_raising]", "out=b").code == 0
    assert set(read_table(Path("b"))["leader"]) == {"kill_pig", "fish_raising"}


def test_equal_arms_have_no_leader(fishpond: Any, flips: FlipSimulator) -> None:
    Path("conf/strategy").mkdir(parents=True)
    for name in ("one", "other"):
        Path(f"conf/strategy/{name}.yaml").write_text(f"name: {name}\n", encoding="utf-8")
    answer = fishpond("compare", *SMALL, *MAP, "strategies=[one,other]", "out=a")
    table = read_table(Path("a"))
    assert set(table["leader"]) == {""}
    assert (table[["difference", "low", "high"]] == 0).all(axis=None)
    assert (table["probability"] == 0.5).all()
    assert "nobody in all" in answer.out
    assert "No lead is decided anywhere on this map." in answer.out


# ------------------------------------------------------------------------------------------------ how it is run


def test_without_a_map_nothing_more_is_run_or_written(fishpond: Any, flips: FlipSimulator) -> None:
    for change in ((), ("flip_map=none",)):
        assert fishpond("compare", *SMALL, *change, "out=a").code == 0
    assert len(flips.calls) == 4
    assert not list(Path("a").glob("*flip*"))


def test_a_map_is_added_to_a_comparison_that_is_there(fishpond: Any, flips: FlipSimulator) -> None:
    assert fishpond("compare", *SMALL, "out=a").code == 0
    assert fishpond("compare", *SMALL, *MAP, "out=a").code == 0
    assert len(flips.calls) == 4 + RUNS
    assert Path("a/flip_map.csv").is_file()
    # And stays when the same folder is asked for the comparison alone.
    assert fishpond("compare", *SMALL, "replications=3", "out=a").code == 0
    assert Path("a/flip_map.csv").is_file()


def test_an_interrupted_map_goes_on_where_it_was(fishpond: Any, flips: FlipSimulator, mapped: Path) -> None:
    def stop(call: object, number: int) -> None:
        if number == 4 + 23:
            raise KeyboardInterrupt

    flips.fault = stop
    answer = fishpond("compare", *SMALL, *MAP, "out=a")
    assert answer.code == 130
    assert "interrupted: 22 of 36 runs are kept in a/flip_map; the same command continues" in answer.err
    assert not Path("a/flip_map.csv").exists()
    first = flips.calls[:-1]
    flips.calls.clear()
    flips.fault = lambda call, number: None
    assert fishpond("compare", *SMALL, *MAP, "out=a").code == 0
    assert len(flips.calls) == RUNS - 22
    assert not set(flips.calls) & set(first[4:])
    assert map_files("a") == map_files(mapped)
    flips.calls.clear()
    again = fishpond("compare", *SMALL, *MAP, "out=a")
    assert (again.code, flips.calls) == (0, [])
    assert "nothing to simulate: all 36 runs are in a/flip_map" in again.err


def test_more_values_and_replications_keep_finished_cells(fishpond: Any, flips: FlipSimulator, mapped: Path) -> None:
    few = (KEYS, "flip_map.values=[[0.1,0.9],[50]]", "flip_map.horizons=[30,80,90]", "flip_map.replications=2")
    assert fishpond("compare", *SMALL, *few, "out=a").code == 0
    done = set(flips.calls)
    flips.calls.clear()
    assert fishpond("compare", *SMALL, *MAP, "out=a").code == 0
    assert len(flips.calls) == RUNS - 2 * 2 * 2
    assert not {call for call in flips.calls if call in done and call[1] != 0.5}
    assert Path("a/flip_map.csv").read_bytes() == (mapped / "flip_map.csv").read_bytes()
    flips.calls.clear()
    assert fishpond("compare", *SMALL, *few, "out=a").code == 0  # the smaller map again, of all replications there are
    assert flips.calls == []
    assert read_table(Path("a"))["replications"].tolist() == [REPLICATIONS] * 6
    assert "replications: 3" in Path("a/flip_map/config.yaml").read_text(encoding="utf-8")


def test_another_pair_of_keys_is_refused(fishpond: Any, flips: FlipSimulator, a: Path) -> None:
    answer = fishpond("compare", *SMALL, "flip_map.keys=[market.pool,brand.price]", "out=a")
    assert answer.code == 2
    assert answer.errors == [
        "out: a/flip_map holds another experiment: flip_map.keys is ['behaviour.trust_start', 'brand.price'] there and "
        "['market.pool', 'brand.price'] here; take another out"
    ]
    assert flips.calls == []


def test_failing_cells_are_recorded_and_the_others_kept(fishpond: Any, flips: FlipSimulator, one_figure: None) -> None:
    def fail(call: tuple[str, float, float, int], number: int) -> None:
        if call[:3] == ("fish_raising", 0.9, 100.0) or call == ("kill_pig", 0.1, 50.0, 2):
            raise ValueError("no such luck")

    flips.fault = fail
    answer = fishpond("compare", *SMALL, *MAP, "report.page=true", "out=a")
    assert answer.code == 1
    assert "failed: fish_raising@0.9,100, replication 0, at stage simulate: ValueError: no such luck" in answer.err
    assert "4 of 36 runs failed; the others are kept. Tracebacks: a/flip_map/failures.log" in answer.err
    status = json.loads(Path("a/flip_map/manifest.json").read_text(encoding="utf-8"))["status"]
    assert status == {"done": 32, "failed": 4, "pending": 0}
    table = read_table(Path("a")).set_index(["first", "second", "horizon_days"])
    assert table.loc[(0.9, 100, 30), ["leader", "replications"]].tolist() == ["", 0]
    assert table.loc[(0.1, 50, 30), "replications"] == REPLICATIONS - 1
    assert table.loc[(0.5, 50, 30), "replications"] == REPLICATIONS
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "4 runs of the map failed" in page
    assert "Replications in a cell: 0 to 3." in page
    assert not re.search(r"\bnan\b", page)
    flips.fault = lambda call, number: None
    flips.calls.clear()
    assert fishpond("compare", *SMALL, *MAP, "out=a").code == 0
    assert len(flips.calls) == 4


def test_over_processes_the_map_is_the_same(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    job = [*SMALL, KEYS, "flip_map.values=[[0.1,0.9],[50]]", "flip_map.replications=2", "horizon_days=6"]
    assert main(["compare", *job, "out=a"], FakeSimulator(tree)) == 0
    assert main(["compare", *job, "executor=local", "workers=2", "out=b"], FakeSimulator(tree)) == 0
    assert map_files("a") == map_files("b")


# ------------------------------------------------------------------------------------------------ what is asked for


@pytest.fixture
def composed(simulator: FakeSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    return lambda *lines: compose_job("compare", lines, simulator).flip_map


def test_values_left_open_lie_around_those_of_the_comparison(composed: Any) -> None:
    assert composed(KEYS).values == ((0.25, 0.5, 1.0), (50, 100, 200))
    assert composed(KEYS, "behaviour.trust_start=.8", "brand.price=30").values == ((0.4, 0.8, 1.0), (15, 30, 60))  # a bound at 1
    assert composed("flip_map.keys=[population.groups,population.size]").values == ((2, 3, 6), (100, 200, 400))  # whole numbers
    first = "strategies=[fish_raising,kill_pig]"
    assert composed("flip_map.keys=[strategy.pressure,brand.price]", first).values[0] == (0.15, 0.3, 0.6)


def test_days_left_open_are_thirds_of_the_horizon(composed: Any) -> None:
    assert composed(KEYS).horizons == (30, 60, 90)
    assert composed(KEYS, "horizon_days=8.5").horizons == (3, 6, 9)
    assert composed(KEYS, "horizon_days=1").horizons == (1,)
    assert composed(KEYS, "flip_map.horizons=[90,7]").horizons == (7, 90)


def test_cells_are_the_comparison_but_for_two_numbers(composed: Any) -> None:
    cells = composed("flip_map.keys=[population.size,brand.price]", "flip_map.values=[[7,9],[1.5]]", "only.kill_pig.pressure=3").cells
    assert [(cell.name, cell.scenario.population.size, cell.scenario.brand.price, cell.scenario.strategy.pressure) for cell in cells] == [
        ("kill_pig@7,1.5", 7, 1.5, 3),
        ("fish_raising@7,1.5", 7, 1.5, 0.3),
        ("kill_pig@9,1.5", 9, 1.5, 3),
        ("fish_raising@9,1.5", 9, 1.5, 0.3),
    ]


def test_a_file_of_ones_own_can_ask_for_a_map(composed: Any, tmp_path: Path) -> None:
    (tmp_path / "conf/flip_map").mkdir(parents=True)
    text = "keys: [brand.price, market.pool]\nvalues: [[1, 2], [3, 4]]\n"
    (tmp_path / "conf/flip_map/mine.yaml").write_text(text, encoding="utf-8")
    found = composed("flip_map=mine")
    assert (found.keys, found.values, found.replications) == (("brand.price", "market.pool"), ((1, 2), (3, 4)), 6)


def test_show_config_has_the_choices_that_were_made(fishpond: Any) -> None:
    shown = fishpond("compare", "--show-config", KEYS).out
    assert "\nflip_map:\n  keys:\n  - behaviour.trust_start\n  - brand.price\n  values:\n  - - 0.25\n" in shown
    assert "  replications: 6\n  horizons:\n  - 30\n  - 60\n  - 90\n  metric: contribution\n" in shown
    assert "flip_map" not in fishpond("compare", "--show-config").out


def test_a_map_that_is_not_finished_is_no_map(mapped: Path) -> None:
    found = flip_results(mapped)
    assert found is not None
    assert (found.keys, found.strategies) == (["behaviour.trust_start", "brand.price"], ["kill_pig", "fish_raising"])
    assert flip_results(mapped / "flip_map") is None
