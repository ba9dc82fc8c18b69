"""The search for a better strategy, on toys whose best setting is known."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.command import main
from experiments.job_composition import compose_job
from experiments.optimise.fronts import on_front
from experiments.optimise.ledger import Ledger
from experiments.optimise.levers import lever_of
from experiments.optimise.measures import SPENT
from experiments.optimise.outcome import ending_of
from experiments.optimise.sampler import Told, next_points
from experiments.optimise.search import Search
from experiments.optimise.stages import STAGES, in_stage, seed_shift, stage_of
from experiments.optimise.trials import Candidate, Course
from experiments.tables import RUNS, RunKey, row_table
from experiments.varying.keys import VariedKey
from experiments.varying.points import Point
from experiments.varying.settings import Range
from experiments.wording import got
from sim.ledger import COST_LINES
from tests.experiments.conftest import Answer
from tests.experiments.fake_search import COMMON, OWN, SearchSimulator, SpreadSimulator, bargain, luck_of, peak, start_is_best

X, Y = "strategy.pressure", "strategy.programme.member_day.discount"
LEVERS = f"optimise.levers={{{X}: {{low: 0, high: 3}}, {Y}: {{low: 0, high: 0.9}}}}"
SERIAL = ("optimise", "strategy=fish_raising", "executor=serial", "progress=off", "population.size=5", "horizon_days=5")
PLAIN = (*SERIAL, "report.page=false")
SHORT = ("optimise.trials=14", "optimise.retest.most=3", "optimise.retest.replications=6")
TABLES = ("points.csv", "trials.csv", "front.csv", "summary.csv", "paired.csv", "winner.yaml", "search.json", "runs.parquet", "config.yaml")

Toy = Callable[[float, float], dict[str, float]]


@pytest.fixture
def optimise(tree: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(toy: Toy, *arguments: str, simulator: SearchSimulator | None = None) -> Answer:
        code = main(arguments, simulator or SearchSimulator(tree, toy))
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="module")
def searched(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a short search, without a page; not to be changed."""
    folder = tmp_path_factory.mktemp("searched") / "out"
    assert main([*PLAIN, *SHORT, LEVERS, f"out={folder}"], SearchSimulator(tree, peak)) == 0
    return folder


def winner_of(folder: str) -> pd.Series:
    """Return the winner as it was confirmed."""
    table = pd.read_csv(Path(folder, "front.csv"))
    return table[table["stage"] == "confirmation"].iloc[0]


def files_of(folder: Path | str) -> dict[str, bytes]:
    return {name: Path(folder, name).read_bytes() for name in TABLES if Path(folder, name).exists()}


# ---------------------------------------------------------------------------------------------- known optima


@pytest.mark.parametrize("seed", [1, 2])
def test_a_known_optimum_is_found(optimise: Any, seed: int) -> None:
    """Within 15 yuan of 500 (the range spans 972), and the interval of the gain holds the truth (5 % error each; these seeds are fixed)."""
    assert optimise(peak, *PLAIN, LEVERS, f"seed={seed}", "out=a").code == 0
    won = winner_of("a")
    assert peak(won[X], won[Y])["contribution"] > 485
    gain = peak(won[X], won[Y])["contribution"] - peak(0.3, 0.1)["contribution"]
    assert won["contribution_difference"] == pytest.approx(gain, abs=5 * OWN * np.sqrt(2 / 20))
    assert won["contribution_difference_low"] < won["contribution_difference"] < won["contribution_difference_high"]


def test_an_optimum_on_the_bound_of_a_constraint_is_found(optimise: Any) -> None:
    """Without the constraint x would be 1.2; contribution at the bound is 425, and 15 yuan less are allowed."""
    answer = optimise(peak, *PLAIN, LEVERS, "optimise.constraints={acquisition_cost: {most: 700}}", "out=a")
    won = winner_of("a")
    assert won[X] <= 0.7
    assert peak(won[X], won[Y])["contribution"] > 410
    trials = pd.read_csv("a/trials.csv")
    assert (trials["feasible"] == (trials["acquisition_cost"] <= 700)).all()
    assert (~trials["feasible"]).any()
    assert "Acquisition" in answer.out
    assert "(at most 700)" in answer.out


def test_a_known_front_is_found(optimise: Any) -> None:
    """No setting beats those with 1 <= x <= 2 and y = 0.3; a finalist lies within 0.15 of them, and the front is covered."""
    assert optimise(bargain, *PLAIN, LEVERS, "optimise.objectives=[contribution,churn_rate]", "out=a").code == 0
    table = pd.read_csv("a/front.csv")
    best = table[(table["stage"] == "retest") & table["on_front"].astype(bool)]
    assert len(best) >= 4
    assert best[Y].between(0.15, 0.45).all()
    assert best[X].between(0.85, 2.15).all()
    assert best[X].max() - best[X].min() > 0.6
    # The winner is the best of them in the first objective.
    assert winner_of("a")["trial"] == best.sort_values("contribution_difference")["trial"].iloc[-1]
    assert bargain(winner_of("a")[X], 0.3)["contribution"] > 485


def test_what_the_model_refuses_is_no_error_and_no_trial_of_those_that_were_asked_for(optimise: Any, tree: Path) -> None:
    simulator = SearchSimulator(tree, peak)
    levers = f"optimise.levers={{{X}: {{low: 0, high: 3}}, {Y}: [0.3,0.5,0.95,0.99]}}"
    assert optimise(peak, *PLAIN, levers, *SHORT, "out=a", simulator=simulator).code == 0
    trials = pd.read_csv("a/trials.csv")
    refused = trials[trials["status"] == "refused"]
    assert len(trials) - len(refused) == 1 + 14
    assert refused["refused"].str.startswith(f"{Y}: got 0.9").all()
    assert set(refused[Y]) == {0.95, 0.99}
    assert {setting[1] for setting, _, _ in simulator.calls} <= {0.1, 0.3, 0.5}


def test_where_the_model_refuses_everything_the_search_ends(optimise: Any) -> None:
    answer = optimise(peak, *PLAIN, *SHORT, f"optimise.levers={{{X}: {{low: 0, high: 3}}, {Y}: [0.95,0.99]}}", "out=a")
    assert answer.code == 0
    assert len(pd.read_csv("a/trials.csv")) > 100
    assert "met all constraints" in answer.out


def test_the_sampler_learns_what_is_refused() -> None:
    """Of four values two are refused; of 100 that it asks for then, fewer are those than half by four standard errors (0.003 %)."""
    lever = lever_of(VariedKey(Y, ("strategy", "y"), "", 0.1), (0.3, 0.5, 0.95, 0.99))
    known = [Told({Y: value}, (0.0,), {}) if value < 0.9 else Told({Y: value}, (), {"refused": 10.0}) for value in lever.over * 5]
    asked = [next_points({Y: lever}, known, [1], [str(number) for number in range(20)], 1, seed)[0].levers[Y] for seed in range(100)]
    assert sum(value > 0.9 for value in asked) < 30


def test_candidates_that_are_clearly_worse_get_few_replications(searched: Path) -> None:
    trials = pd.read_csv(searched / "trials.csv").iloc[1:]
    truth = np.array([peak(x, y)["contribution"] for x, y in zip(trials[X], trials[Y], strict=True)])
    assert set(trials["replications"]) <= {3, 6, 12}
    assert ((trials["status"] == "given up") == (trials["replications"] < 12)).all()
    # Given up is what is far from the best that was known (by 5 standard errors of 3 replications); the best never is.
    behind = np.maximum.accumulate(truth)[:-1] - truth[1:]
    assert (trials["status"].iloc[1:][behind > 15 * OWN] == "given up").mean() > 0.5
    assert trials["status"].iloc[int(truth.argmax())] == "complete"


def test_where_the_strategy_as_it_is_is_best_that_is_said(optimise: Any) -> None:
    answer = optimise(start_is_best, *PLAIN, *SHORT, LEVERS, "out=a")
    assert answer.code == 0
    assert "No setting was" in answer.out
    assert not Path("a/winner.yaml").exists() or winner_of("a")["contribution_difference_low"] <= 0


def test_when_nothing_meets_the_constraints_that_is_said(optimise: Any) -> None:
    answer = optimise(peak, *PLAIN, *SHORT, LEVERS, "optimise.constraints={acquisition_cost: {most: -1}}", "out=a")
    assert answer.code == 0
    assert "met all constraints" in answer.out
    assert not Path("a/winner.yaml").exists()
    assert optimise(peak, "report", "dir=a").code == 0


# ---------------------------------------------------------------------------------------------- the winner's curse


def noise_only(seed: int, trials: int = 12, replications: int = 4, retest: int = 6) -> tuple[float, float, float, bool]:
    """Search where nothing matters; return the gain in the search, in the re-test and when confirmed, and whether it was believed."""
    levers = {X: lever_of(VariedKey(X, ("strategy", "pressure"), "", 0.3), Range(low=0, high=3))}
    search = Search(("contribution",), {}, 3, replications, 5, retest)
    ledger = Ledger(search.measures)
    runs: dict[str, float] = {}

    def simulate(wanted: dict[str, int]) -> None:
        for name, count in wanted.items():
            for number in range(count):
                common, own = luck_of(seed + seed_shift(name), number, (runs[stage_of(name)[0]], 0.0))
                table = row_table(RunKey(name, number), {"contribution": COMMON * common + OWN * own})
                ledger.take(FinishedOnce(RunKey(name, number), {RUNS: table}))

    start = Point({X: 0.3}, {})
    runs["s"] = 0.3
    course = Course(search, ledger, Candidate(start, "s"))
    asked = [start]
    while len(course.trials) < trials:
        told = [trial.told(search) for trial in course.trials]
        points = next_points(levers, told, [1], [point.name for point in asked], 4, seed)
        batch = [Candidate(point, f"s@{point.name}") for point in points]
        runs.update({own.run: own.point.levers[X] for own in batch})
        asked += points
        while not ledger.through(wanted := course.wants(batch)):
            simulate(wanted)
        course.close(batch)
    while not ledger.through(again := dict(ending_of(search, ledger, course.trials).wanted)):
        simulate(again)
    ending = ending_of(search, ledger, course.trials)
    best = max(trial.gains(search)[0] for trial in course.trials[1:] if trial.is_kept)
    if ending.winner is None or ending.confirmed is None:
        return best, 0.0, 0.0, False
    gain = ending.confirmed.differences["contribution"]
    return best, ending.winner.gains(search)[0], gain.mean, gain.low > 0


class FinishedOnce:
    """A finished run, as far as a ledger looks at it."""

    def __init__(self, key: RunKey, tables: dict[str, Any]) -> None:
        self.key, self.tables = key, tables


def test_the_winners_curse_is_removed() -> None:
    """Where nothing matters, the best of a search looks better than it is, so does the best of the re-test; the confirmation does not.

    Each of the bounds is passed by mistake with a probability below 0.1 %.
    """
    found = np.array([noise_only(seed) for seed in range(50)])
    won = found[found[:, 2] != 0]
    assert len(won) > 30
    in_search, in_retest, confirmed = (own.mean() / (own.std(ddof=1) / np.sqrt(len(own))) for own in won[:, :3].T)
    assert in_search > 5
    assert in_retest > 5
    assert abs(confirmed) < 3.5
    assert found[:, 3].sum() <= 6  # 1.25 expected of 50, by 95 % intervals of which one end counts


# ---------------------------------------------------------------------------------------------- continuing


@pytest.mark.parametrize("stop_at", [1, 60])
def test_a_search_that_was_killed_goes_on_as_if_it_had_not_been(optimise: Any, tree: Path, searched: Path, stop_at: int) -> None:
    simulator = SearchSimulator(tree, peak)

    def kill(setting: tuple[float, float], number: int) -> None:
        if number == stop_at:
            raise KeyboardInterrupt

    simulator.fault = kill
    stopped = optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator)
    assert stopped.code == 130
    done = set(simulator.calls[: stop_at - 1])
    simulator = SearchSimulator(tree, peak)
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator).code == 0
    assert not done & set(simulator.calls), "no run is done twice"
    assert files_of("a") == files_of(searched)


def test_nothing_is_simulated_again(optimise: Any, tree: Path, searched: Path, tmp_path: Path) -> None:
    shutil.copytree(searched, tmp_path / "a")
    simulator = SearchSimulator(tree, peak)
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator).code == 0
    assert simulator.calls == []
    assert files_of("a") == files_of(searched)


def test_more_trials_and_another_retest_continue(optimise: Any, tree: Path, searched: Path, tmp_path: Path) -> None:
    shutil.copytree(searched, tmp_path / "a")
    simulator = SearchSimulator(tree, peak)
    more = ("optimise.trials=18", "optimise.retest.most=2", "optimise.retest.replications=8")
    assert optimise(peak, *PLAIN, *more, LEVERS, "out=a", simulator=simulator).code == 0
    before, after = (pd.read_csv(Path(folder, "trials.csv")) for folder in (searched, "a"))
    assert len(after) == 19
    pd.testing.assert_frame_equal(after.iloc[: len(before)], before, check_dtype=False)
    table = pd.read_csv("a/front.csv")
    assert (table["stage"] == "retest").sum() == 3
    assert (table["replications"] == 8).all()
    fewer = optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=SearchSimulator(tree, peak))
    assert fewer.code == 0
    assert files_of("a") | {"runs.parquet": b"", "search.json": b""} == files_of(searched) | {"runs.parquet": b"", "search.json": b""}


@pytest.mark.parametrize(
    ("other", "line"),
    [
        ("replications=6", "search.replications is 12 there and 6 here"),
        ("optimise.objectives=[gmv]", "search.objectives is ['contribution'] there and ['gmv'] here"),
        ("optimise.batch=2", "search.batch is 4 there and 2 here"),
        (f"optimise.levers={{{X}: {{low: 0, high: 2}}}}", f"varied is {got([X, Y])} there and ['{X}'] here (and 2 more)"),
    ],
)
def test_another_search_is_refused(optimise: Any, searched: Path, tmp_path: Path, other: str, line: str) -> None:
    shutil.copytree(searched, tmp_path / "a")
    answer = optimise(peak, *PLAIN, *SHORT, *([] if "levers" in other else [LEVERS]), other, "out=a")
    assert answer.code == 2
    assert answer.errors == [f"out: a holds another experiment: {line}; take another out"]


def test_the_number_of_workers_does_not_matter(optimise: Any, tree: Path, searched: Path) -> None:
    spread = [word for word in PLAIN if not word.startswith("executor")]
    assert optimise(peak, *spread, *SHORT, LEVERS, "workers=2", "out=a", simulator=SpreadSimulator(tree, peak)).code == 0
    assert files_of("a") == files_of(searched)


def test_a_candidate_whose_runs_fail_is_left_out_and_tried_again(optimise: Any, tree: Path, searched: Path) -> None:
    trials = pd.read_csv(searched / "trials.csv")
    bad = (trials[X].iloc[2], trials[Y].iloc[2])
    simulator = SearchSimulator(tree, peak)

    def fail(setting: tuple[float, float], number: int) -> None:
        if setting == bad:
            raise ValueError("asked to fail")

    simulator.fault = fail
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator).code == 1
    table = pd.read_csv("a/trials.csv")
    assert table["status"].tolist().count("failed") == 1
    assert not table["feasible"].iloc[2]
    again = SearchSimulator(tree, peak)
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=again).code == 0
    assert {setting for setting, _, _ in again.calls} >= {bad}
    assert pd.read_csv("a/trials.csv")["status"].iloc[2] in ("complete", "given up")


def test_without_a_run_of_the_strategy_as_it_is_there_is_nothing_to_compare(optimise: Any, tree: Path) -> None:
    simulator = SearchSimulator(tree, peak)

    def fail(setting: tuple[float, float], number: int) -> None:
        if setting == (0.3, 0.1):
            raise ValueError("asked to fail")

    simulator.fault = fail
    answer = optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator)
    assert answer.code == 1
    assert "fish_raising as it is has no values to compare with" in answer.out


def test_stages_meet_other_people_and_all_settings_of_a_stage_the_same(optimise: Any, tree: Path) -> None:
    simulator = SearchSimulator(tree, peak)
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a", simulator=simulator).code == 0
    seeds = {seed for _, seed, _ in simulator.calls}
    assert len(seeds) == 3
    own = {seed: {number for _, other, number in simulator.calls if other == seed} for seed in seeds}
    assert sorted(map(len, own.values())) == [6, 6, 12]
    assert len(set(simulator.calls)) == len(simulator.calls)


def test_a_small_space_is_searched_through_and_no_point_twice(optimise: Any, tree: Path) -> None:
    simulator = SearchSimulator(tree, peak)
    levers = f"optimise.levers={{{X}: [0.6,1.2,2.4], {Y}: [0.1,0.5]}}"
    assert optimise(peak, *PLAIN, levers, "optimise.trials=50", "out=a", simulator=simulator).code == 0
    trials = pd.read_csv("a/trials.csv")
    assert sorted(zip(trials[X], trials[Y], strict=True)) == sorted([(0.3, 0.1), *itertools.product([0.6, 1.2, 2.4], [0.1, 0.5])])
    assert (winner_of("a")[X], winner_of("a")[Y]) == (1.2, 0.5)


# ---------------------------------------------------------------------------------------------- the winner's file


@pytest.mark.parametrize(
    "changes", [(), ("strategy.budget.total_yuan=700", "only.fish_raising.programme.tips.topics=[a]"), ("~strategy.programme.tips",)]
)
def test_the_winner_is_a_strategy_that_composes_to_what_won(optimise: Any, tree: Path, changes: tuple[str, ...]) -> None:
    simulator = SearchSimulator(tree, peak)
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, *changes, "out=a", simulator=simulator).code == 0
    text = Path("a/winner.yaml").read_text(encoding="utf-8")
    assert ("defaults:" in text) == (not any(word.startswith("~") for word in changes))
    assert text.startswith("# Found by fishpond optimise")
    assert max(map(len, text.splitlines())) <= 140
    Path("conf/strategy").mkdir(parents=True)
    shutil.copy("a/winner.yaml", "conf/strategy/fish_raising_optimised.yaml")
    world = ("population.size=5", "horizon_days=5")
    mine = compose_job("run", ["strategy=fish_raising_optimised", *world], simulator).arms[0].scenario
    base = compose_job("run", ["strategy=fish_raising", *world, *changes], simulator).arms[0].scenario.model_dump()
    won = winner_of("a")
    base["strategy"]["pressure"] = won[X]
    base["strategy"]["programme"]["member_day"]["discount"] = won[Y]
    expected = type(mine).model_validate(base)
    renamed = mine.strategy.model_copy(update={"name": "fish_raising", "description": expected.strategy.description})
    assert mine.model_copy(update={"strategy": renamed}) == expected


def test_the_winner_says_where_it_comes_from(searched: Path) -> None:
    text = (searched / "winner.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert content["defaults"] == ["fish_raising", "_self_"]
    assert content["name"] == "fish_raising_optimised"
    assert set(content) == {"defaults", "name", "description", "pressure", "programme"}
    assert "seed 1" in text
    assert "6 replications by which nothing was chosen" in text


# ---------------------------------------------------------------------------------------------- tables and page


def test_tables_agree_with_the_runs(searched: Path) -> None:
    runs = pd.read_parquet(searched / "runs.parquet")
    front = pd.read_csv(searched / "front.csv")
    paired = pd.read_csv(searched / "paired.csv")
    trials = pd.read_csv(searched / "trials.csv")
    retest = front[front["stage"] == "retest"]
    assert retest["trial"].tolist()[0] == 0
    best = trials[(trials["trial"] > 0) & trials["feasible"] & (trials["status"] == "complete")].nlargest(3, "contribution_difference")
    assert retest["trial"].tolist()[1:] == best["trial"].tolist()
    for row in front.itertuples():
        own, base = (
            runs[runs["strategy"] == in_stage(f"fish_raising@{point}", row.stage)].set_index("replication")["contribution"]
            for point in (row.point, trials["point"].iloc[0])
        )
        assert row.contribution == pytest.approx(own.mean())
        assert row.contribution_difference == pytest.approx((own - base).mean())
        assert row.contribution_shrinkage == pytest.approx(row.contribution_search_difference - row.contribution_difference)
        if row.trial:
            line = paired[(paired["stage"] == row.stage) & (paired["point"] == row.point) & (paired["metric"] == "contribution")]
            assert line["low"].item() == pytest.approx(row.contribution_difference_low)
    assert set(pd.read_csv(searched / "summary.csv")["metric"]) >= {"contribution", "acquisition_cost", "spending"}
    assert pd.read_csv(searched / "points.csv").columns.tolist() == ["point", X, Y]


@pytest.mark.parametrize("objectives", [["contribution"], ["contribution", "churn_rate"]])
def test_page_and_figures(optimise: Any, objectives: list[str]) -> None:
    toy = bargain if len(objectives) > 1 else peak
    words = (*SERIAL, *SHORT, LEVERS, f"optimise.objectives=[{','.join(objectives)}]", "out=a")
    answer = optimise(toy, *words)
    assert answer.code == 0
    page = Path("a/report.html").read_text(encoding="utf-8")
    drawn = {path.stem for path in Path("a/figures").iterdir()}
    assert drawn == {"levers", "front" if len(objectives) > 1 else "history"}
    assert "on people whom the search had not seen" in page
    assert "winner.yaml" in page
    assert answer.out.splitlines()[-2:] == ["a/winner.yaml", "a/report.html"]
    before = {path.name: path.read_bytes() for path in Path("a").rglob("*") if path.is_file()}
    assert optimise(toy, "report", "dir=a").code == 0
    assert {path.name: path.read_bytes() for path in Path("a").rglob("*") if path.is_file()} == before


def test_show_config_says_what_is_looked_for(optimise: Any) -> None:
    shown = yaml.safe_load(optimise(peak, *PLAIN, LEVERS, "--show-config").out)
    assert shown["search"]["objectives"] == ["contribution"]
    assert shown["search"]["levers"][X]["over"] == {"low": 0.0, "high": 3.0, "scale": "linear"}
    assert not Path("outputs").exists()


# ---------------------------------------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ((), ["optimise.levers: missing; it takes keys of the strategy with what they vary between, for example "
              "optimise.levers={strategy.programme.member_day.discount: {low: 0, high: 0.3}}"]),
        (("optimise.levers={brand.price: [1,2]}",), ["optimise.levers: got brand.price; it takes keys of the strategy, strategy.PATH: what "
             "the brand meets cannot be chosen"]),
        (("optimise.levers={strategy.presure: [1,2], strategy.programme.tips.when: {low: 0, high: 2}}",), [
             "optimise.levers: strategy.presure: no such key; did you mean strategy.pressure?",
             "optimise.levers: got a range for strategy.programme.tips.when, which is no number; it takes a list"]),
        ((f"optimise.levers={{{Y}: {{low: 0, high: 2}}}}",), [f"optimise.levers: got 0 to 2 for {Y}; it takes numbers from 0 to 0.9"]),
        ((LEVERS, "optimise.objectives=[contributoin]", "optimise.constraints={gmv: {}}", "optimise.trials=0"), [
             "optimise.objectives: got 'contributoin'; it takes names of metrics, or spending; did you mean contribution?",
             "optimise.constraints.gmv: got no bound; it takes {most: NUMBER}, {least: NUMBER} or both",
             "optimise.trials: got 0; it should be greater than or equal to 1"]),
        ((LEVERS, "optimise.objectives=[joins]", "optimise.constraints={gmv: {moost: 3}}", "optimise.tirals=3",
          "flip_map.metric=gmv"), [
             "flip_map.metric: not a key of optimise; it is a key of compare",
             "optimise.objectives: got 'joins', of which neither more nor less is better; it takes metrics of which more or less is "
             "better, for example contribution or churn_rate",
             "optimise.constraints.gmv.moost: no such key; did you mean optimise.constraints.gmv.most?",
             "optimise.tirals: no such key; did you mean optimise.trials?"]),
        ((LEVERS, "optimise.objectives=[incremental_gmv]"), ["optimise.objectives: got 'incremental_gmv', which is measured against an arm "
             "without community, and a search has none; take gmv"]),
        ((LEVERS, "strategies=[kill_pig,fish_raising]"), ["strategy: there are 2 arms; optimise takes strategy=NAME, one strategy that it "
             "changes"]),
    ],
)  # fmt: skip
def test_wrong_input_is_said_in_one_line_each(optimise: Any, words: tuple[str, ...], lines: list[str]) -> None:
    chosen = [own for own in PLAIN if not (own.startswith("strategy=") and any(word.startswith("strategies") for word in words))]
    answer = optimise(peak, *chosen, *words)
    assert (answer.code, sorted(answer.errors)) == (2, sorted(lines))


def test_its_keys_belong_to_it_alone(optimise: Any) -> None:
    answer = optimise(peak, "compare", "optimise.trials=3")
    assert answer.errors == ["optimise.trials: not a key of compare; it is a key of the command optimise"]


# ---------------------------------------------------------------------------------------------- parts


def test_levers_and_parameters_are_each_other() -> None:
    def lever(value: Any, over: Any) -> Any:
        return lever_of(VariedKey("strategy.x", ("strategy", "x"), "", value), over)

    discount = lever(0.1, Range(low=0, high=0.3))
    assert discount.value(0.183471) == 0.183  # nobody plans with more digits than a hundredth of the range
    assert discount.parameter(0.183) == 0.183
    assert discount.parameter(0.4) is None
    money = lever(100.0, Range(low=10, high=10_000, scale="log"))
    assert (money.value(1234.5), money.at(0), money.at(1)) == (1230.0, 10.0, 10_000.0)
    people = lever(2, Range(low=1, high=4))
    assert [people.at(share) for share in (0.0, 0.3, 0.6, 0.9)] == [1, 2, 3, 4]
    assert people.values == 4
    times = lever("a", ("b", "a", "c"))
    assert [times.value(place) for place in range(3)] == ["b", "a", "c"]
    assert times.parameter("c") == 2
    assert lever(1, (3, 1, 2)).over == (1, 2, 3)


def test_the_front_is_what_nothing_beats() -> None:
    gains = np.random.default_rng(1).integers(0, 6, (40, 3)).astype(float)
    expected = [not any((other >= own).all() and (other > own).any() for other in gains) for own in gains]
    assert on_front(gains).tolist() == expected


def test_names_of_stages_are_read_back() -> None:
    for stage in STAGES:
        assert stage_of(in_stage("a:b@12", stage)) == ("a:b@12", stage)


def test_spending_is_what_the_simulator_charges() -> None:
    assert set(SPENT) == set(COST_LINES)


def test_a_candidate_is_never_told_to_be_ahead_of_what_it_was_given_up_for() -> None:
    """Its few replications were kinder than the many of the other one."""
    search = Search(("contribution",), {}, 3, 12, 5, 6)
    ledger = Ledger(search.measures)
    gains = {"s": np.zeros(12), "s@a": np.array([200.0] * 3 + [20.0] * 9), "s@b": np.array([190.0, 189.0, 191.0])}
    for name, values in gains.items():
        for number, value in enumerate(values):
            ledger.take(FinishedOnce(RunKey(name, number), {RUNS: row_table(RunKey(name, number), {"contribution": value})}))
    course = Course(search, ledger, Candidate(Point({X: 0.3}, {}), "s"))
    for name in ("a", "b"):
        batch = [Candidate(Point({X: name}, {}), f"s@{name}")]
        assert ledger.through(course.wants(batch))
        course.close(batch)
    ahead, behind = course.trials[1:]
    assert behind.status == "given up"
    assert behind.differences["contribution"].mean > ahead.differences["contribution"].mean
    assert behind.told(search).objectives[0] == pytest.approx(ahead.told(search).objectives[0] - 10)


def test_a_search_that_the_time_limit_ends_says_so_and_continues(optimise: Any, searched: Path) -> None:
    answer = optimise(peak, *PLAIN, *SHORT, LEVERS, "time_limit_minutes=1e-6", "out=a")
    assert answer.code == 0
    if Path("a/trials.csv").exists():  # one run may have been finished
        assert "The search is not finished" in answer.out
    assert not Path("a/winner.yaml").exists()
    assert optimise(peak, *PLAIN, *SHORT, LEVERS, "out=a").code == 0
    assert files_of("a") == files_of(searched)


# ---------------------------------------------------------------------------------------------- worlds that fit the evidence


class WorldsSimulator(SearchSimulator):
    """A toy in which trust adds 6000 (trust - 1/2) for each unit of x beyond that of the strategy as it is, 0.3."""

    def _noted(self, scenario: Any, **settings: Any) -> Any:
        result = super()._noted(scenario, **settings)
        trust, x = scenario.behaviour.trust_start, scenario.strategy.pressure
        self.trusts.append((settings["seed"], settings["replication"], trust))
        result.summary["contribution"] += 6000 * (trust - 0.5) * (x - 0.3)
        return result

    def __init__(self, tree: Path, world: Toy) -> None:
        super().__init__(tree, world)
        self.trusts: list[tuple[int, int, float]] = []


def test_finalists_can_be_judged_in_draws_of_behaviour(optimise: Any, tree: Path, one_figure: None) -> None:
    trust = np.random.default_rng(4).permutation(np.linspace(0.3, 0.9, 30))
    pd.DataFrame({"behaviour.trust_start": trust}).to_parquet("mine.parquet")
    words = (*SERIAL, *SHORT, LEVERS, "optimise.retest.draws=mine.parquet")
    simulator = WorldsSimulator(tree, peak)
    answer = optimise(peak, *words, "out=a", simulator=simulator)
    assert answer.code == 0, answer.err
    met: dict[int, dict[int, set[float]]] = {}
    for seed, replication, own in simulator.trusts:
        met.setdefault(seed, {}).setdefault(replication, set()).add(own)
    search, retest, confirmation = (met[seed] for seed in sorted(met))
    assert {own for values in search.values() for own in values} == {0.5}
    assert [retest[place] for place in range(6)] == [{own} for own in trust[:6]]
    assert [confirmation[place] for place in range(6)] == [{own} for own in trust[::-1][:6]]
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "how uncertain behaviour is within the facts" in page
    found = re.search(r"better in ([\d.]+) % of the worlds that fit the evidence", answer.out)
    assert found
    runs = pd.read_parquet("a/runs.parquet").query("strategy.str.endswith('confirmation')")
    table = runs.pivot(index="replication", columns="strategy", values="contribution")
    point = winner_of("a")["point"]
    others = [name for name in table if point not in name]
    better = (table[f"fish_raising@{point}:confirmation"] > table[others[0]]).mean()
    assert 0 < better < 1
    assert float(found[1]) == pytest.approx(100 * better, abs=0.5)
    calls = len(simulator.calls)
    assert optimise(peak, *words, "out=a", simulator=simulator).code == 0
    assert len(simulator.calls) == calls
    other = optimise(peak, *(word for word in words if "draws" not in word), "out=a")
    assert "out: a holds another experiment" in other.err


def test_too_few_draws_are_told(optimise: Any) -> None:
    pd.DataFrame({"behaviour.trust_start": [0.5] * 10}).to_parquet("few.parquet")
    answer = optimise(peak, *PLAIN, *SHORT, LEVERS, "optimise.retest.draws=few.parquet")
    assert answer.code == 2
    assert answer.err == "fishpond: optimise.retest.draws: few.parquet has 10 draws, and 12 are asked for; it takes as many at most\n"
