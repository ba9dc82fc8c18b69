"""Sweeps on a toy whose answers are known: what varies, where, what the tables say, and what cannot vary."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.command import main
from experiments.errors import UserError
from experiments.job_composition import compose_job
from experiments.loaded import Loaded
from experiments.report import rebuild
from experiments.simulator import Simulator
from experiments.sweep.job import sweep_job
from experiments.sweep.levels import levels_of, shortened
from experiments.sweep.results import SweepResults
from experiments.sweep.words import reading
from tests.experiments.conftest import Answer
from tests.experiments.fake_world import FakeResult, FakeScenario, FakeSimulator

DISCOUNT, TRUST, PRICE, SIZE = (
    "only.kill_pig.programme.flash_sale.discount",
    "behaviour.trust_start",
    "brand.price",
    "population.size",
)
PRESSURE = "strategy.pressure"
SMALL = ("executor=serial", "progress=off", "report.page=false", "population.size=5", "horizon_days=4", "replications=3")


class SweptSimulator(FakeSimulator):
    """A toy in which contribution is 100 x pressure x trust, plus luck that all settings share; runs are counted."""

    def __init__(self, tree: Path) -> None:
        super().__init__(tree)
        self.calls: list[tuple[str, float, float, int]] = []

    def simulate(self) -> Any:
        return self._simulate

    def _simulate(self, scenario: FakeScenario, *, seed: int, replication: int, record: str, threads: int) -> FakeResult:
        assert record == "summary"
        assert threads == 1
        strategy = scenario.strategy
        self.calls.append((strategy.name, strategy.pressure, scenario.behaviour.trust_start, replication))
        luck = float(np.random.default_rng([seed, replication]).normal(0, 1000))
        summary = {"contribution": 100 * strategy.pressure * scenario.behaviour.trust_start + luck, "churn_rate": 0.25, "sessions": 1.0}
        none = pd.DataFrame()
        return FakeResult(strategy.name, replication, seed, summary, none, none, none, none, none, none, {"simulate": 0.0}, none, none)


@pytest.fixture
def swept(tree: Path) -> SweptSimulator:
    return SweptSimulator(tree)


@pytest.fixture
def fishpond(swept: SweptSimulator, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(("sweep", *arguments), swept)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def points(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    monkeypatch.chdir(tmp_path)

    def of(*lines: str) -> list[dict[str, Any]]:
        return [point.values for point in sweep_job(lines, FakeSimulator(tree)).points]

    return of


# ------------------------------------------------------------------------------------------- tables


def test_every_point_has_its_mean_and_differences_lose_the_luck(fishpond: Any) -> None:
    answer = fishpond(*SMALL, f"{PRESSURE}=1,2,4", f"{TRUST}=0.2,0.5", "out=a")
    assert answer.code == 0, answer.err
    points = pd.read_csv("a/points.csv")
    assert points.columns.tolist() == ["point", PRESSURE, TRUST]
    assert sorted(zip(points[PRESSURE], points[TRUST], strict=True)) == [(p, t) for p in (1, 2, 4) for t in (0.2, 0.5)]
    summary = pd.read_csv("a/summary.csv")
    own = summary[summary["metric"] == "contribution"]
    assert len(own) == 2 * 6
    luck = np.mean([np.random.default_rng([1, number]).normal(0, 1000) for number in range(3)])
    np.testing.assert_allclose(own["mean"], 100 * own[PRESSURE] * own[TRUST] + luck)
    assert (own["low"] < own["mean"] - 100).all()
    paired = pd.read_csv("a/paired.csv")
    assert set(paired["strategy"]) == {"fish_raising"}
    assert set(paired["baseline"]) == {"kill_pig"}
    # Both arms have the same pressure at a point, so nothing is left, in the mean and in the interval.
    np.testing.assert_allclose(paired[["difference", "low", "high"]], 0, atol=1e-9)


def test_a_key_of_one_arm_leaves_the_other_as_it_is(fishpond: Any, swept: SweptSimulator) -> None:
    assert fishpond(*SMALL, "only.kill_pig.pressure=1,3", "out=a").code == 0
    assert {call[:2] for call in swept.calls} == {("kill_pig", 1.0), ("kill_pig", 3.0), ("fish_raising", 0.3)}
    paired = pd.read_csv("a/paired.csv").query("metric == 'contribution'")
    np.testing.assert_allclose(paired["difference"], 100 * 0.5 * (0.3 - paired["only.kill_pig.pressure"]))


def test_levers_and_worlds_are_crossed(points: Callable[..., list[dict[str, Any]]]) -> None:
    found = points(f"{PRESSURE}=1,2", f"sweep.worlds.over={{{TRUST}: {{low: 0.1, high: 0.9}}, {PRICE}: null}}", "sweep.worlds.points=5")
    worlds = [{key: point[key] for key in (TRUST, PRICE)} for point in found]
    assert len(found) == 10
    for pressure in (1, 2):
        assert [world for point, world in zip(found, worlds, strict=True) if point[PRESSURE] == pressure] == worlds[::2]


def test_the_command_line_takes_hydras_lists_and_ranges(points: Callable[..., list[dict[str, Any]]]) -> None:
    assert [point[SIZE] for point in points(f"{SIZE}=range(10,40,10)")] == [10, 20, 30]
    assert [point[TRUST] for point in points(f"{TRUST}=0.1,0.9")] == [0.1, 0.9]
    assert [point[TRUST] for point in points(f"{TRUST}=range(0.1,0.5,0.1)")] == [0.1, 0.2, 0.3, 0.4]
    key = "only.fish_raising.programme.tips.when"
    assert [point[key] for point in points(f"{key}='Mon 10:00','daily 12:00'")] == ["Mon 10:00", "daily 12:00"]


def test_one_strategy_is_swept_alone(tree: Path, fishpond: Any, swept: SweptSimulator) -> None:
    answer = fishpond(*SMALL, "strategy=fish_raising", f"{PRESSURE}=1,2", "out=a")
    assert {call[0] for call in swept.calls} == {"fish_raising"}
    assert pd.read_csv("a/paired.csv").empty
    assert "moves most with strategy.pressure by 50 yuan" in answer.out
    assert "Best: fish_raising with strategy.pressure = 2" in answer.out


# ------------------------------------------------------------------------------------------ designs


def test_a_list_goes_through_all_keys_at_once(points: Callable[..., list[dict[str, Any]]]) -> None:
    found = points(f"sweep.worlds={{design: list, over: {{{TRUST}: [0.1,0.2], {PRICE}: [50,60]}}}}")
    assert found == [{TRUST: 0.1, PRICE: 50}, {TRUST: 0.2, PRICE: 60}]


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_spread_points_fill_every_part_of_every_range_once(points: Callable[..., list[dict[str, Any]]], design: str) -> None:
    over = f"{{{TRUST}: {{low: 0.2, high: 0.6}}, {PRICE}: {{low: 1, high: 256, scale: log}}}}"
    found = points(f"sweep.worlds={{design: {design}, points: 8, over: {over}}}")
    trust = sorted(int((point[TRUST] - 0.2) / 0.05) for point in found)
    price = sorted(int(np.log2(point[PRICE])) for point in found)
    assert trust == price == list(range(8))


def test_whole_numbers_stay_whole_and_are_equally_likely(points: Callable[..., list[dict[str, Any]]]) -> None:
    found = points(f"sweep.worlds={{points: 30, over: {{{SIZE}: {{low: 1, high: 3}}}}}}")
    assert sorted(point[SIZE] for point in found) == [1, 2, 3]  # equal points are one
    assert all(isinstance(point[SIZE], int) for point in found)


def test_null_takes_half_to_twice_the_value_within_bounds(points: Callable[..., list[dict[str, Any]]]) -> None:
    found = points(f"sweep.worlds={{points: 200, over: {{{PRICE}: null, {TRUST}: null}}}}")
    price, trust = ([point[key] for point in found] for key in (PRICE, TRUST))
    assert min(price) == pytest.approx(50, abs=1)
    assert max(price) == pytest.approx(200, abs=1)
    assert min(trust) == pytest.approx(0.25, abs=0.01)
    assert max(trust) == pytest.approx(1.0, abs=0.01)


def test_the_points_depend_on_the_seed_alone(points: Callable[..., list[dict[str, Any]]]) -> None:
    spread = f"sweep.worlds={{points: 4, over: {{{TRUST}: null}}}}"
    assert points(spread) == points(spread, "workers=2") != points(spread, "seed=2")


# --------------------------------------------------------------------------------------- continuing


def test_more_points_continue_in_the_same_folder(fishpond: Any, swept: SweptSimulator) -> None:
    assert fishpond(*SMALL, "strategy=fish_raising", f"{PRESSURE}=1,2", "out=a").code == 0
    before = pd.read_csv("a/summary.csv")
    assert len(swept.calls) == 6
    assert fishpond(*SMALL, "strategy=fish_raising", f"{PRESSURE}=2,3", "out=a").code == 0
    assert len(swept.calls) == 9
    after = pd.read_csv("a/summary.csv")
    assert sorted(set(after[PRESSURE])) == [2, 3]
    both = before.merge(after, on=["strategy", "point", "metric"], suffixes=("", "_after"))
    assert sorted(both["metric"]) == ["churn_rate", "contribution", "sessions"]
    assert (both["mean"] == both["mean_after"]).all()


def test_other_keys_are_another_experiment(fishpond: Any) -> None:
    assert fishpond(*SMALL, f"{PRESSURE}=1,2", "out=a").code == 0
    answer = fishpond(*SMALL, f"{TRUST}=0.1,0.2", "out=a")
    assert answer.code == 2
    assert "holds another experiment" in answer.err


def test_the_report_can_be_built_again(fishpond: Any) -> None:
    page = [word for word in SMALL if word != "report.page=false"]
    answer = fishpond(*page, f"{PRESSURE}=1,2,3", f"{TRUST}=0.2,0.4", "question=Does it?", "out=a")
    assert answer.code == 0, answer.err
    text = Path("a/report.html").read_text(encoding="utf-8")
    assert "Does it?" in text
    assert text.count("<svg") == 6
    files = {path: path.read_bytes() for path in Path("a").rglob("*") if path.suffix in (".html", ".svg", ".csv")}
    rebuild("a")
    assert files == {path: path.read_bytes() for path in files}
    assert json.loads(Path("a/manifest.json").read_text())["command"] == "sweep"


# -------------------------------------------------------------------------------------------- words


def test_the_reading_names_what_moves_most_and_who_leads(fishpond: Any) -> None:
    assert fishpond(*SMALL, "only.kill_pig.pressure=0.1,2", f"{TRUST}=0.5,0.6", "out=a").code == 0
    found = SweepResults(Loaded(Path("a")))
    said = reading(found, "contribution")
    # fish_raising has a pressure of .3, and so leads where kill_pig has .1.
    assert "Of 4 points the best mean is that of kill_pig in 2, fish_raising in 2." in said
    assert f"moves most with {TRUST} by 3 yuan" in said


def test_levels_are_values_or_parts_with_equally_many_points() -> None:
    few = levels_of(pd.Series([3, 1, 3, 2]), 4)
    assert (few.labels, few.of.tolist()) == (["1", "2", "3"], [2, 0, 2, 1])
    many = levels_of(pd.Series(np.arange(12.0)), 3)
    assert many.places == [1.5, 5.5, 9.5]
    assert many.of.value_counts().tolist() == [4, 4, 4]
    words = levels_of(pd.Series(["b", "a", "b"]), 4)
    assert (words.labels, words.numeric, words.of.tolist()) == (["b", "a"], False, [0, 1, 0])


def test_keys_are_shortened_as_far_as_they_differ() -> None:
    keys = ["behaviour.fatigue.weight", "behaviour.trust.weight", "market.pool"]
    assert [shortened(key, keys) for key in keys] == ["fatigue.weight", "trust.weight", "market.pool"]


# ------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "sweep: nothing varies; sweep takes keys with several values, for example behaviour.buying.advance_days=3,7,14"),
        ((f"{TRUST}=0.1,0.1",), f"{TRUST}: got 0.1,0.1; it takes each value once"),
        (("behaviour.trust_strat=1,2",), "sweep: behaviour.trust_strat: no such key; did you mean behaviour.trust_start?"),
        ((f"{TRUST}=0.5,7",), f"sweep: {TRUST}: got 7; it should be less than or equal to 1"),
        (("seed=1,2",), "seed: got 1,2; it is a key of the whole sweep and takes one value"),
        (
            ("brand=beauty,apparel",),
            "brand: got beauty,apparel; it chooses a file, which does not vary: write arms={NAME: [brand=…], …}, one for each",
        ),
        (
            ("strategy=kill_pig,poor",),
            "strategy: got kill_pig,poor; it takes one strategy, and several are written strategies=[kill_pig,poor]",
        ),
        (("only.poor.pressure=1,2",), "sweep: got only.poor.pressure; there is no arm poor, there are kill_pig, fish_raising"),
        (
            ("strategy.programme.flash_sale.discount=0.1,0.2",),
            "sweep: got strategy.programme.flash_sale.discount; fish_raising has no such key: "
            "it takes keys that every arm has, or only.ARM.PATH for one arm",
        ),
        (
            ("behaviour=1,2",),
            "behaviour: got 1,2; it chooses a file, which does not vary: write arms={NAME: [behaviour=…], …}, one for each",
        ),
        (("behaviour.fatigue=1,2",), "sweep: got behaviour.fatigue; it is a group of keys (arm kill_pig), it takes keys with values"),
        (("horizon_days=10,20",), "horizon_days: got 10,20; it takes one value, since results of different lengths are not to be compared"),
        (
            (f"sweep.levers.over={{{TRUST}: [0.1,0.2]}}",),
            f"sweep.levers.over: got {TRUST}; it is no key of the strategy and belongs to sweep.worlds.over "
            "(levers are strategy.PATH and only.ARM.PATH)",
        ),
        (
            (f"sweep.worlds={{design: grid, over: {{{TRUST}: {{low: 0.1, high: 0.2}}}}}}",),
            f"sweep.worlds.over.{TRUST}: got a range; the design grid takes lists (latin_hypercube and sobol take ranges)",
        ),
        (
            (f"sweep.worlds={{design: sobol, points: 10, over: {{{TRUST}: null}}}}",),
            "sweep.worlds.points: got 10; the design sobol takes a power of two, for example 8 or 16",
        ),
        (
            (f"sweep.worlds={{design: list, over: {{{TRUST}: [0.1,0.2], {PRICE}: [1]}}}}",),
            f"sweep.worlds.over: {TRUST} has 2, {PRICE} has 1; the design list takes lists of equal length",
        ),
        (
            (f"sweep.worlds.over={{{TRUST}: {{low: 2, high: 1}}}}",),
            f"sweep.worlds.over.{TRUST}: high: got 1; it takes a number above low, 2",
        ),
        (
            ("sweep.metrics=[contribtion]", f"{TRUST}=0.1,0.2"),
            "sweep.metrics: got 'contribtion'; it takes names of metrics; did you mean contribution?",
        ),
        (("trace=5 random", f"{TRUST}=0.1,0.2"), "trace: not a key of sweep; it is a key of run"),
    ],
)
def test_what_cannot_vary_is_told_in_one_line(fishpond: Any, words: tuple[str, ...], line: str | None) -> None:
    answer = fishpond(*words)
    assert answer.code == 2
    assert len(answer.errors) == 1, answer.err
    if line is not None:
        assert answer.errors == [line]


def test_sweeps_belong_to_their_command(tree: Path) -> None:
    with pytest.raises(UserError, match="it takes one value"):
        compose_job("compare", [f"{TRUST}=0.1,0.2"], FakeSimulator(tree))


# ---------------------------------------------------------------------------------------- for real


def test_a_sweep_of_the_real_simulator_ends_in_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["executor=serial", "progress=off", "population.size=30", "horizon_days=4", "replications=2", "strategy=fish_raising"]
    swept = ["behaviour.buying.advance_days=3,7", "strategy.programme.member_day.discount=0,0.2"]
    assert main(["sweep", *words, *swept, f"out={tmp_path / 'a'}"], Simulator()) == 0
    assert "moves most with" in capsys.readouterr().out
    assert len(pd.read_parquet(tmp_path / "a" / "runs.parquet")) == 2 * 2 * 2
    assert (tmp_path / "a" / "figures" / "heat_map.png").is_file()
