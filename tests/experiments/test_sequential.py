"""Comparisons that find out how many replications they need: on a toy of normal luck whose truth is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from experiments.answers.settings import AnswerSettings
from experiments.carry_out import carry_out
from experiments.flip_map.job import FlipMapJob
from experiments.job import Arm, Job
from experiments.job_composition import compose_job
from experiments.resolved import as_yaml
from experiments.sequential import time_limit
from experiments.sequential.results import read_best, read_precision
from experiments.sequential.settings import BestSettings, PrecisionSettings, precision_keys
from tests.experiments.conftest import Answer, Fishpond
from tests.experiments.fake_world import FakeResult, FakeScenario, FakeSimulator

SMALL = ("executor=serial", "progress=off", "report.page=false", "population.size=5", "horizon_days=3", "workers=2", "record=summary")
#: Contribution is 1,000 yuan and 100 for each unit of pressure, give or take 100 of common luck and 20 of an arm's own.
ARMS = {"base": 4, "worst": 0, "near": 5.9, "good": 6}
PAIR = {"base": 4, "other": 5}


class NormalSimulator(FakeSimulator):
    """The toy with normal luck, calls that are noted, and a fault where it is asked for."""

    def __init__(self, tree: Path) -> None:
        super().__init__(tree)
        self.calls: list[tuple[float, int]] = []
        self.fault: Callable[[tuple[float, int]], None] = lambda call: None

    def simulate(self) -> Any:
        return self._simulate

    def _simulate(self, scenario: FakeScenario, *, seed: int, replication: int, record: str, threads: int) -> FakeResult:
        pressure = scenario.strategy.pressure
        call = (pressure, replication)
        self.calls.append(call)
        self.fault(call)
        common = np.random.default_rng([seed, replication]).normal(0, 100)
        own = np.random.default_rng([seed, replication, round(100 * pressure) + 10_000]).normal(0, 20)
        summary = {"contribution": 1000 + 100 * pressure + common + own, "gmv": common, "churn_rate": 0.5 - pressure / 100 + own / 1000}
        if not scenario.strategy.community:
            summary["churn_rate"] = np.nan
        none = pd.DataFrame({"strategy": [scenario.strategy.name], "replication": [replication]}).iloc[:0]
        return FakeResult(scenario.strategy.name, replication, seed, summary, *[none] * 6, {"simulate": 0.0}, none, none, none)


class SlimJob(Job):
    """A job of which metrics alone are kept, since these are many small runs."""

    @property
    def tables(self) -> tuple[str, ...]:
        return ()

    @property
    def take(self) -> Any:
        return lambda key, result: {}


Compare = Callable[..., Answer]


@pytest.fixture
def toy(tree: Path) -> NormalSimulator:
    return NormalSimulator(tree)


@pytest.fixture(scope="module")
def base(tree: Path) -> Job:
    """A job that is composed once: what varies here are its arms and settings."""
    return compose_job("compare", SMALL, FakeSimulator(tree))


@pytest.fixture
def compare(base: Job, toy: NormalSimulator, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(arms: dict[str, float | None], precision: dict[str, float] | None = None, **settings: Any) -> Answer:
        toy.calls.clear()
        best = BestSettings(**{name.removeprefix("best_"): settings.pop(name) for name in list(settings) if name.startswith("best_")})
        asked = PrecisionSettings.model_validate(precision_keys(precision))
        own = tuple(Arm(name, with_pressure(base.arms[0].scenario, pressure)) for name, pressure in arms.items())
        changed = base.settings.model_copy(update={"precision": asked, "best": best, **settings})
        code = carry_out(SlimJob(base.command, changed, own), toy)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def with_pressure(scenario: Any, pressure: float | None) -> Any:
    """Return a scenario with another pressure, or without a community."""
    changed = {"community": False} if pressure is None else {"pressure": pressure}
    return scenario.model_copy(update={"strategy": scenario.strategy.model_copy(update=changed)})


def spent(folder: str) -> dict[str, int]:
    runs: dict[str, int] = pd.read_parquet(f"{folder}/runs.parquet").groupby("strategy").size().to_dict()
    return runs


def files(folder: str) -> dict[str, bytes]:
    there = [*Path(folder).glob("*.csv"), Path(folder, "runs.parquet"), Path(folder, "config.yaml")]
    return {path.name: path.read_bytes() for path in there}


def config(folder: str) -> str:
    return Path(folder, "config.yaml").read_text(encoding="utf-8")


# ---- precision --------------------------------------------------------------------------------------------------------------


def test_replications_are_added_until_the_interval_is_narrow(compare: Compare, toy: NormalSimulator) -> None:
    answer = compare(PAIR, {"contribution": 0.007}, out="a")
    assert answer.code == 0, answer.err
    (row,) = read_precision(Path("a")).to_dict("records")
    # 1.96 times 28.3 yuan over the root of n is .7 % of 1,400 yuan at about 32.
    assert row["status"] == "reached"
    assert 20 < row["reached_at"] == row["replications"] == row["pairs"] <= 70
    assert row["half_width"] <= 0.007 * 1500
    assert row["share"] <= 0.007
    assert row["difference"] == pytest.approx(100, abs=2 * row["half_width"])
    assert spent("a") == {"base": row["replications"], "other": row["replications"]}
    assert f"Precision of contribution, 0.7 % of the mean of base: other reached it at {row['reached_at']} replications." in answer.out
    assert f"replications: {row['replications']}\n" in config("a")
    assert "precision:\n  contribution: 0.007\n  most: 2000\nfirst_look: 20\n" in config("a")
    again = compare(PAIR, {"contribution": 0.007}, out="a")
    assert toy.calls == []
    assert again.out == answer.out


def test_a_closer_look_goes_on_from_what_is_there(compare: Compare, toy: NormalSimulator) -> None:
    compare(PAIR, {"contribution": 0.02}, out="a")
    assert spent("a") == {"base": 20, "other": 20}
    compare(PAIR, {"contribution": 0.007}, out="a")
    assert min(replication for _, replication in toy.calls) == 20
    whole = compare(PAIR, {"contribution": 0.007}, out="whole")
    assert whole.code == 0
    assert files("a") == files("whole")
    # And fewer are wanted again: the decision takes no notice of runs beyond it.
    coarse = compare(PAIR, {"contribution": 0.02}, out="a")
    assert toy.calls == []
    assert "other reached it at 20 replications" in coarse.out
    assert read_precision(Path("a"))["pairs"].tolist() == [20]


def test_an_interrupted_command_decides_the_same(compare: Compare, toy: NormalSimulator) -> None:
    jobs: dict[str, dict[str, Any]] = {
        "precision": {"arms": PAIR, "precision": {"contribution": 0.007}},
        "best": {"arms": ARMS, "best_metric": "contribution", "best_indifference": 0.004},
    }
    for name, job in jobs.items():
        assert compare(**job, out=f"whole_{name}").code == 0
        for stop_at in ((4, 15), (list(job["arms"].values())[-1], 25)):

            def stop(call: tuple[float, int], stop_at: tuple[float, int] = stop_at) -> None:
                if call == stop_at:
                    raise KeyboardInterrupt

            toy.fault = stop
            assert compare(**job, out=name).code == 130
            toy.fault = lambda call: None
        assert compare(**job, out=name).code == 0
        assert files(name) == files(f"whole_{name}")


def test_decisions_do_not_depend_on_the_number_of_workers(compare: Compare) -> None:
    jobs: dict[str, dict[str, Any]] = {
        "precision.csv": {"arms": PAIR, "precision": {"contribution": 0.007}},
        "best.csv": {"arms": ARMS, "best_metric": "contribution", "best_indifference": 0.004},
    }
    for table, job in jobs.items():
        for workers in (1, 60):
            compare(**job, out=f"{table}{workers}", workers=workers)
        few, many = (Path(f"{table}{workers}") for workers in (1, 60))
        assert (few / table).read_bytes() == (many / table).read_bytes()
        assert sum(spent(str(few)).values()) < sum(spent(str(many)).values())  # runs beyond the decision are kept


def test_what_was_not_reached_says_how_many_it_would_take(compare: Compare, toy: NormalSimulator) -> None:
    answer = compare(PAIR, {"contribution": 0.002, "most": 35}, out="a")
    assert answer.code == 0
    assert spent("a") == {"base": 35, "other": 35}
    (row,) = read_precision(Path("a")).to_dict("records")
    assert row["status"] == "not reached"
    assert 250 < row["replications_needed"] < 600  # 390 by the true variance
    assert "other did not reach it with 35 replications (precision.most), half the interval is 0." in answer.out
    assert " now and would take about " in answer.out


def test_the_time_limit_ends_a_command_and_a_later_one_goes_on(
    compare: Compare, toy: NormalSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time_limit, "now", lambda: clock[0])

    def take_a_minute(call: tuple[float, int]) -> None:
        clock[0] += 60

    toy.fault = take_a_minute
    job: dict[str, Any] = {"arms": PAIR, "precision": {"contribution": 0.007}, "out": "a"}
    answer = compare(**job, time_limit_minutes=51)
    assert answer.code == 0
    assert len(toy.calls) == 51
    assert "the time limit of 51 minutes is reached: 51 runs are kept in a; the same command continues" in answer.err
    assert "other did not reach it with 20 replications (time_limit_minutes)" in answer.out
    assert compare(**job).code == 0
    assert toy.calls[0] == (5, 25)
    assert compare(PAIR, {"contribution": 0.007}, out="whole").code == 0
    assert files("a") == files("whole")
    # A comparison of a fixed size keeps to it as well.
    fixed = compare(PAIR, replications=30, out="b", time_limit_minutes=7)
    assert (fixed.code, len(toy.calls)) == (0, 7)
    assert json.loads(Path("b/manifest.json").read_text(encoding="utf-8"))["status"] == {"done": 7, "failed": 0, "pending": 53}


def test_several_metrics_are_waited_for_together(compare: Compare) -> None:
    answer = compare(ARMS, {"contribution": 0.01, "churn_rate": 0.02, "orders": 0.1}, out="a")
    table = read_precision(Path("a")).set_index(["metric", "arm"])
    assert table["status"].tolist() == ["reached"] * 6 + ["undefined"] * 3
    assert table["replications"].nunique() == 1
    assert (table.loc["contribution", "reached_at"] < table.loc["churn_rate", "reached_at"].max()).all()
    assert "Precision of orders, 10 % of the mean of base: worst has no pair of replications with a value; " in answer.out


def test_replications_are_those_to_begin_with(compare: Compare) -> None:
    compare(PAIR, {"contribution": 0.5}, replications=3, out="a")
    assert spent("a") == {"base": 20, "other": 20}
    compare(PAIR, {"contribution": 0.5}, replications=33, out="b")
    assert spent("b") == {"base": 33, "other": 33}


def test_a_request_that_is_withdrawn_leaves_no_table(compare: Compare) -> None:
    compare(PAIR, {"contribution": 0.5}, out="a")
    assert Path("a/precision.csv").is_file()
    answer = compare(PAIR, out="a")
    assert not Path("a/precision.csv").exists()
    assert "Precision" not in answer.out
    compare(PAIR, best_metric="contribution", out="a")
    assert Path("a/best.csv").is_file()


# ---- which is best ----------------------------------------------------------------------------------------------------------


def test_the_best_is_found_and_worse_arms_get_no_more_replications(compare: Compare, toy: NormalSimulator) -> None:
    answer = compare(ARMS, best_metric="contribution", best_indifference=0.004, out="a")
    assert answer.code == 0, answer.err
    table = read_best(Path("a")).set_index("arm")
    assert table["status"].to_dict() == {"base": "eliminated", "worst": "eliminated", "near": "eliminated", "good": "best"}
    assert table.loc["worst", "eliminated_at"] == table.loc["base", "eliminated_at"] == 20
    assert table.loc["good", "replications"] == table.loc["near", "eliminated_at"] > 30
    used = spent("a")
    assert used["worst"] == used["base"] == 20
    assert table.loc["good", "replications"] <= used["good"] == used["near"]
    assert table.loc["near", "low"] < -10 < table.loc["near", "high"] < 60
    assert table.loc["base", "difference"] == pytest.approx(-200, abs=25)
    assert table.loc["good", "difference"] == 0
    assert np.isnan(table.loc["good", "low"])
    assert table["probability_best"].sum() == pytest.approx(1)
    assert table.loc["good", "probability_best"] > 0.9
    assert table["indifference"].iloc[0] == pytest.approx(0.004 * 1400, rel=0.05)
    total = table["replications"].sum()
    zone = f"{table['indifference'].iloc[0]:.2f}".rstrip("0")
    assert (
        f"Best on contribution: good (the procedure finds the best with a probability of at least 95 % if it leads by {zone} yuan or more; "
        f"{total} runs decided, {table['replications'].max()} of an arm at most)." in answer.out
    )
    again = compare(ARMS, best_metric="contribution", best_indifference=0.004, out="a")
    assert (toy.calls, again.out) == ([], answer.out)


def test_less_can_be_better(compare: Compare) -> None:
    compare(ARMS, best_metric="churn_rate", best_indifference_amount=0.01, out="a")
    table = read_best(Path("a")).set_index("arm")
    assert table.loc["good", "status"] == "best" or table.loc["near", "status"] == "best"
    assert table.loc["worst", "status"] == "eliminated"
    assert (table["difference"] >= 0).all()
    assert table["indifference"].unique().tolist() == [0.01]


def test_undecided_says_between_whom_and_by_when_it_ends(compare: Compare, toy: NormalSimulator) -> None:
    job: dict[str, Any] = {"arms": ARMS, "best_metric": "contribution", "best_indifference": 0.002, "out": "a"}
    answer = compare(**job, best_most=30)
    table = read_best(Path("a")).set_index("arm")
    assert table["status"].to_dict() == {"base": "eliminated", "worst": "eliminated", "near": "undecided", "good": "undecided"}
    assert spent("a") == {"base": 20, "worst": 20, "near": 30, "good": 30}
    assert "Best on contribution: undecided between near and good after 30 replications (best.most); " in answer.out
    assert "; the procedure ends by replication " in answer.out
    more = compare(**job)
    assert "Best on contribution: good (" in more.out
    assert min(replication for _, replication in toy.calls) == 30


def test_a_failed_run_is_left_out_for_all_arms(compare: Compare, toy: NormalSimulator) -> None:
    def fail(call: tuple[float, int]) -> None:
        if call in ((4, 7), (6, 22)):
            raise ValueError("no such luck")

    toy.fault = fail
    job: dict[str, Any] = {"arms": ARMS, "best_metric": "contribution", "best_indifference": 0.004}
    assert compare(**job, out="a").code == 1
    assert toy.calls.count((4, 7)) == 1  # once a command
    table = read_best(Path("a")).set_index("arm")
    runs = pd.read_parquet("a/runs.parquet").pivot(index="replication", columns="strategy", values="contribution").drop(index=[7])
    assert table.loc["base", "replications"] == 20  # of 21
    assert table.loc["base", "mean"] == pytest.approx(runs["base"].iloc[:20].mean())
    assert table.loc["near", "mean"] == pytest.approx(runs.drop(index=[22])["near"].iloc[: table.loc["near", "replications"]].mean())
    toy.fault = lambda call: None
    assert compare(**job, out="a").code == 0
    assert compare(**job, out="whole").code == 0
    assert Path("a/best.csv").read_bytes() == Path("whole/best.csv").read_bytes()


def test_an_arm_without_values_takes_no_part(compare: Compare) -> None:
    arms = {"none": None, "base": 4, "other": 9}
    compare(arms, best_metric="churn_rate", best_indifference_amount=0.01, out="a")
    assert read_best(Path("a"))["status"].tolist() == ["undefined", "eliminated", "best"]
    answer = compare(arms, best_metric="churn_rate", out="b")  # a share of what the baseline does not have
    assert read_best(Path("b"))["status"].tolist() == ["undefined", "undecided", "undecided"]
    assert "undecided, for the baseline's mean is 0 or not defined; give best.indifference_amount." in answer.out
    assert set(spent("b").values()) == {20}
    lonely = compare({"none": None, "base": 4}, best_metric="churn_rate", out="c")
    assert "Best on churn: base alone has a value." in lonely.out


def test_the_answer_ranks_arms_as_if_all_had_the_same_luck(compare: Compare, toy: NormalSimulator) -> None:
    """The first 20 replications had better luck than those that only the best arms have."""
    runs_of = toy._simulate

    def lucky(scenario: FakeScenario, **how: Any) -> FakeResult:
        result = runs_of(scenario, **how)
        result.summary["contribution"] += 5000 * (how["replication"] < 20)
        return result

    toy._simulate = lucky  # type: ignore[method-assign]
    answer = compare(
        ARMS, best_metric="contribution", best_indifference_amount=5, answer=AnswerSettings(metrics=("contribution",)), out="a"
    )
    means = pd.read_csv("a/summary.csv").query("metric == 'contribution'").set_index("strategy")["mean"]
    assert means["base"] > means["good"]
    assert "good has the highest contribution" in answer.out


# ---- the report -------------------------------------------------------------------------------------------------------------


def test_the_report_shows_what_came_of_it(compare: Compare, one_figure: None) -> None:
    assert compare(ARMS, best_metric="contribution", best_indifference=0.004, page=True, out="a").code == 0
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert page.count('<section id="which-is-best">') == 1
    assert "Best on contribution: good (" in page
    assert '<figure id="best">' in page
    assert 'id="precision"' not in page
    assert Path("a/figures/best.png").is_file()
    assert compare(ARMS, {"contribution": 0.007, "most": 30}, page=True, out="a").code == 0
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert page.count('<section id="precision">') == 1
    assert "did not reach it with 30 replications" in page
    assert 'id="which-is-best"' not in page
    assert not Path("a/figures/best.png").exists()
    assert not Path("a/best.csv").exists()


# ---- what is asked for ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (
            ("precision.contributoin=0.1", "best.indifrence=1"),
            [
                "precision.contributoin: no such key; did you mean precision.contribution?",
                "best.indifrence: no such key; did you mean best.indifference?",
            ],
        ),
        (
            ("precision.ltv=2", "precision.most=5", "best.metric=sessions", "best.confidence=1", "time_limit_minutes=0"),
            [
                "precision.ltv: got 2; it takes a share of the baseline's mean, above 0 to 1, for example precision.contribution=0.02",
                "precision.most: got 5; it takes a whole number of at least 20",
                "best.metric: got 'sessions', of which neither more nor less is better; it takes a metric with a direction: gmv, ",
                "best.confidence: got 1; it should be less than 1",
                "time_limit_minutes: got 0; it should be greater than 0",
            ],
        ),
        (
            ("strategies=[kill_pig]", "best.metric=gmv", "precision.gmv=0.1"),
            [
                "best.metric: there is precision.*, which repeats all arms equally often; it takes one of the two",
                "precision: there is one arm only; it takes a comparison of two or more",
                "best.metric: there is one arm only; it takes a comparison of two or more",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_line_each(fishpond: Fishpond, words: tuple[str, ...], lines: list[str]) -> None:
    answer = fishpond("compare", *words)
    assert answer.code == 2
    assert len(answer.errors) == len(lines), answer.errors
    for found, line in zip(sorted(answer.errors), sorted(lines), strict=True):
        assert found.startswith(line)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"metric": "incremental_gmv"}, "it differs from gmv by the same amount in every arm: it takes gmv"),
        ({"metric": "contributon"}, "got 'contributon'; it takes gmv, net_revenue, "),
        ({"metric": "gmv", "most": 10}, "most: got 10; it takes at least the replications of the first stage, 20"),
        ({"metric": "gmv", "indifference": float("nan")}, "indifference"),
    ],
)
def test_what_the_search_for_the_best_takes(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(text)):
        BestSettings(**settings)


def test_they_are_keys_of_compare(fishpond: Fishpond) -> None:
    assert fishpond("run", "precision.gmv=0.1", "best.metric=gmv").errors == [
        "precision.gmv: not a key of run; it is a key of compare",
        "best.metric: not a key of run; it is a key of compare",
    ]


def test_the_keys_of_a_preset_are_read_in_one_go() -> None:
    assert precision_keys({"gmv": 0.1, "ltv": None, "most": None}) == {"shares": {"gmv": 0.1}, "most": 2000}
    with pytest.raises(ValueError, match=re.escape("gmw: no such metric; did you mean precision.gmv?\nltv: got True; it takes a share")):
        precision_keys({"gmw": 0.1, "ltv": True})
    with pytest.raises(ValueError, match="it takes shares of the baseline's mean by metric"):
        precision_keys(0.1)


def test_the_request_is_shown_and_is_no_part_of_what_is_tried(base: Job) -> None:
    asked = PrecisionSettings(shares={"gmv": 0.1}, most=50)
    precise = replace(base, settings=base.settings.model_copy(update={"precision": asked, "replications": 33}))
    best = replace(base, settings=base.settings.model_copy(update={"best": BestSettings(metric="gmv", indifference_amount=3)}))
    assert base.content() == precise.content() == best.content()
    assert (base.replications, precise.replications, best.replications) == (20, 33, 20)
    assert "precision:\n  gmv: 0.1\n  most: 50\nfirst_look: 33\nbest: null\n" in as_yaml(precise)
    assert "precision: null\nfirst_look: null\nbest:\n  metric: gmv\n  indifference: 0.02\n  indifference_amount: 3.0\n" in as_yaml(best)


def test_a_map_besides_keeps_its_own_replications(simulator: FakeSimulator) -> None:
    flips = ("flip_map.keys=[brand.price,market.pool]", "flip_map.values=[[50],[1,2]]", "flip_map.replications=2")
    job = compose_job("compare", [*SMALL, *flips, "best.metric=gmv"], simulator)
    assert job.flip_map is not None
    assert FlipMapJob.of(job, job.flip_map).replications == 2
