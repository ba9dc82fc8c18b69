"""Arms that differ in anything, and the question that they answer, on the toy simulator."""

# ruff: noqa: E501 -- error lines are quoted whole

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.answers.settings import AnswerSettings
from experiments.answers.values import curves, measured
from experiments.answers.words import sentence
from experiments.command import main
from experiments.errors import UserError
from experiments.figures import FigureData
from experiments.figures.answer import answer_figure
from experiments.figures.style import house_style
from experiments.job import Job
from experiments.job_composition import compose_job
from experiments.loaded import Loaded
from experiments.resolved import fingerprint
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FakeSimulator

ARMS = "arms={now: [], hard: ['strategy.pressure=3', 'population.groups=2'], harvest: ['strategy=kill_pig', '~strategy.programme.spam']}"
ASKED = ("question=Who earns more?", "answer={metrics: [contribution, churn_rate], per: person}")


@pytest.fixture
def composed(simulator: FakeSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def call(command: str, *lines: str) -> Job:
        return compose_job(command, lines, simulator)

    return call


def test_an_arm_is_the_configuration_with_its_own_overrides(composed) -> None:
    job = composed("compare", ARMS)
    now, hard, harvest = (arm.scenario for arm in job.arms)
    assert job.names == ["now", "hard", "harvest"]
    assert [scenario.strategy.name for scenario in (now, hard, harvest)] == ["fish_raising", "fish_raising", "kill_pig"]
    assert [scenario.strategy.pressure for scenario in (now, hard, harvest)] == [0.3, 3, 2]
    assert [scenario.population.groups for scenario in (now, hard, harvest)] == [3, 2, 3]
    assert list(harvest.strategy.programme) == ["flash_sale"]
    assert job.arms[1].changes == ("strategy.pressure=3", "population.groups=2")


def test_the_command_line_holds_for_all_arms_and_the_arm_counts_where_both_say_something(composed) -> None:
    job = composed("compare", ARMS, "population.size=40", "population.groups=7", "strategy.pressure=1", "strategy=poor")
    assert [arm.scenario.population.size for arm in job.arms] == [40, 40, 40]
    assert [arm.scenario.population.groups for arm in job.arms] == [7, 2, 7]
    assert [arm.scenario.strategy.pressure for arm in job.arms] == [1, 3, 1]
    assert [arm.scenario.strategy.name for arm in job.arms] == ["poor", "poor", "kill_pig"]


def test_only_and_equal_spend_go_by_arm(composed) -> None:
    job = composed("compare", ARMS, "only.hard.budget.total_yuan=250", "equal_spend=true")
    assert [arm.scenario.strategy.budget.total_yuan for arm in job.arms] == [500, 500, 500]
    assert [arm.scenario.strategy.budget.red_packets_yuan for arm in job.arms] == [100, 200, 200]
    assert job.arms[1].changes[-1] == "strategy.budget.total_yuan=250"


def test_arms_of_a_preset_can_be_added_and_left_out(composed, tmp_path: Path) -> None:
    folder = tmp_path / "conf/experiment"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("# @package _global_\nstrategies: [poor]\narms: {a: [], b: [brand=apparel]}\n", encoding="utf-8")
    job = composed("compare", "experiment=mine", "+arms.c=['population.groups=5']", "~arms.a")
    assert job.names == ["b", "c"]
    assert [arm.scenario.brand.name for arm in job.arms] == ["apparel", "beauty"]
    assert composed("run", "experiment=mine").names == ["fish_raising"]  # a run passes over them


WRONG = [
    (("arms=[a]",), "arms: got ['a']; it takes lists of overrides by name, for example arms={few: ['population.group_size=50'], many: ['population.group_size=200']}"),
    (("arms={a: 3}",), "arms: a: got 3; it takes lists of overrides by name, for example arms={few: ['population.group_size=50'], many: ['population.group_size=200']}"),
    (("arms={a.b: []}",), "arms: got 'a.b' as the name of an arm; it takes at most 60 letters, digits, _ and -"),
    (("arms={a: [], b: ['population.siez=3']}",), "population.siez: no such key; did you mean population.size? (arm b)"),
    (("arms={a: [], b: ['population.size=0']}",), "population.size: got 0; it should be greater than or equal to 1 (arm b)"),
    (("arms={a: [], b: ['strategy=fish_rising']}",), "strategy: got 'fish_rising'; it takes fish_raising, kill_pig, no_community, poor; did you mean fish_raising? (arm b)"),
    (("arms={a: [], b: ['seed=2']}",), "arms.b: got seed=2; all arms meet the same people, so the seed is one: set it outside the arms"),
    (("arms={a: [], b: ['replications=2']}",), "arms.b: got replications=2; all arms are repeated equally often: set it outside the arms"),
    (("arms={a: [], b: ['horizon_days=2']}",), "arms.b: got horizon_days=2; all arms last equally long (figures by day show what a shorter time would have): set it outside the arms"),
    (("arms={a: [], b: ['only.a.pressure=2']}",), "arms.b: got only.a.pressure=2; only is a key of the whole comparison: set it outside the arms"),
    (("arms={a: [], b: ['experiment=short']}",), "arms.b: got experiment=short; experiment is a key of the whole comparison: set it outside the arms"),
    (("arms={a: [], b: ['pressure']}",), "arms.b: pressure: not understood; write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\""),
    (("arms={a: [], b: [population.size=3]}", "strategy=poor"), "arms={a: [], b: [population.size=3]}: not understood; write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\"; so does one in brackets, such as \"arms={many: ['key=value']}\""),
    (("strategies=[a,",), "strategies=[a,: not understood; write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\"; a bracket is open: with blanks in it, all of it goes into quotes, such as 'strategies=[a, b]'"),
    (("arms={a: []}", "strategies=[kill_pig,poor]"), "strategies: there are arms, which say what is compared in their own way; it takes one of the two"),
    (("arms={a: []}", "only.fish_raising.pressure=2"), "only.fish_raising: no such arm; there are a"),
    (("arms={a: ['strategy=poor'], b: []}", "equal_spend=true"), "equal_spend: the baseline a has no strategy.budget.total_yuan; it takes a baseline with one"),
    (("question=[a]",), "question: got ['a']; it takes a sentence"),
    (("answer={over: arms}",), "answer.metrics: missing; it must be given"),
    (("answer={metrics: churn}",), "answer.metrics: got 'churn'; it takes a list of metrics, for example [contribution,churn_rate]"),
    (("answer={metrics: [gmv,gmv]}",), "answer.metrics: got gmv more than once; it takes each metric once"),
    (("answer={metrics: [gmv], over: weeks}",), "answer.over: got 'weeks'; it takes arms, days"),
    (("answer={metrics: [gmv], marks: {a: 3}}",), "answer.marks: there are no days in a figure over arms; it takes them with over: days"),
    (("answer={metrics: [gmv], over: days, marks: {a: b}}",), "answer.marks: got {'a': 'b'}; it takes days by what happened on them, for example {the shops close: 28}"),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "line"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_what_is_wrong_is_told_in_one_line(composed, overrides: tuple[str, ...], line: str) -> None:
    with pytest.raises(UserError) as caught:
        composed("compare", *overrides)
    assert list(caught.value.lines) == [line]


@pytest.mark.parametrize(("over", "hint"), [("arms", "churn_rate"), ("days", "")])
def test_an_unknown_metric_is_told_with_the_nearest(composed, over: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        composed("compare", f"answer={{metrics: [churn], over: {over}}}")
    (line,) = caught.value.lines
    assert line.startswith("answer.metrics: got 'churn'; it takes ")
    assert line.endswith(f"did you mean {hint}?") == bool(hint)


def test_they_are_keys_of_compare(composed) -> None:
    for key, value in (("arms", "{a: []}"), ("question", "Why?"), ("answer", "{metrics: [gmv]}")):
        with pytest.raises(UserError) as caught:
            composed("run", f"{key}={value}")
        assert list(caught.value.lines) == [f"{key}: not a key of run; it is a key of compare"]


def test_the_hash_is_of_what_is_tried(composed) -> None:
    base = fingerprint(composed("compare", ARMS).content())
    assert fingerprint(composed("compare", ARMS, *ASKED).content()) == base
    for other in (ARMS.replace("now", "then"), ARMS.replace("pressure=3", "pressure=4"), ARMS.replace("now: [], ", "")):
        assert fingerprint(composed("compare", other).content()) != base


@pytest.fixture(scope="module")
def asked(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a comparison of arms with a question, and its report; not to be changed."""
    folder = tmp_path_factory.mktemp("asked") / "a"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.figures.FIGURES", {})
        assert main(["compare", ARMS, *ASKED, *SMALL, "report.page=true", f"out={folder}"], FakeSimulator(tree)) == 0
    return folder


def test_everything_goes_by_the_name_of_the_arm(asked: Path) -> None:
    arms = ["now", "hard", "harvest"]
    for table in ("runs", "members", "orders", "daily", "actions"):
        assert pd.read_parquet(asked / f"{table}.parquet")["strategy"].unique().tolist() == arms, table
    assert pd.read_csv(asked / "summary.csv")["strategy"].unique().tolist() == arms
    assert set(pd.read_csv(asked / "paired.csv")["baseline"]) == {"now"}
    manifest = json.loads((asked / "manifest.json").read_text(encoding="utf-8"))
    assert {run["strategy"] for run in manifest["runs"]} == set(arms)
    config = yaml.safe_load((asked / "config.yaml").read_text(encoding="utf-8"))
    assert config["strategies"] == list(config["arms"]) == arms
    assert config["question"] == "Who earns more?"
    assert config["changes"]["hard"] == ["strategy.pressure=3", "population.groups=2"]


def test_the_report_opens_with_question_and_answer(asked: Path) -> None:
    page = (asked / "report.html").read_text(encoding="utf-8")
    body = page[page.index("<body>") :]
    first, second = re.findall(r"<p[^>]*>(.*?)</p>", body, re.DOTALL)[:2]
    assert first == "Who earns more?"
    assert second.startswith("Of three arms, ")
    assert body.index('<figure id="answer">') < body.index("<h2>Results</h2>")
    assert "After 10 days, " in body
    assert "<code>strategy.pressure=3</code>" in body
    assert "hard less now, on the same people" in body


def test_the_same_command_continues_and_another_question_asks_the_same_runs(
    asked: Path, fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.figures.FIGURES", {})
    shutil.copytree(asked, "a")
    again = fishpond("compare", ARMS, *ASKED, *SMALL, "report.page=true", "out=a")
    assert (again.code, "nothing to simulate" in again.err) == (0, True)
    other = fishpond("compare", ARMS, "question=Who stays?", "answer={metrics: [churn_rate]}", *SMALL, "report.page=true", "out=a")
    assert "nothing to simulate" in other.err
    assert other.out.splitlines()[-2].startswith("Of three arms, ")
    assert "lowest churn" in other.out
    assert "Who stays?" in Path("a/report.html").read_text(encoding="utf-8")
    none = fishpond("compare", ARMS, *SMALL, "report.page=true", "out=a")
    assert none.out.startswith("After 10 days, ")
    assert not Path("a/figures/answer.png").exists()
    more = fishpond("compare", ARMS, *SMALL, "replications=4", "out=a")
    assert (more.code, len(pd.read_parquet("a/runs.parquet"))) == (0, 12)
    refused = fishpond("compare", ARMS.replace("pressure=3", "pressure=4"), *SMALL, "out=a")
    assert refused.errors == ["out: a holds another experiment: strategy.pressure (arm hard) is 3.0 there and 4.0 here; take another out"]


def data_of(folder: Path, **answer: object) -> FigureData:
    data = FigureData(Loaded(folder))
    data.answer = AnswerSettings.model_validate(answer)
    return data


def test_values_are_those_of_the_tables(comparison: Path) -> None:
    data = data_of(comparison, metrics=["contribution", "churn_rate"], per="person")
    money, churn = measured(data, data.answer)
    runs = data.runs.pivot(index="replication", columns="strategy", values="contribution") / 200
    assert money.values["kill_pig"].mean == pytest.approx(runs["kill_pig"].mean())
    gap = (runs["fish_raising"] - runs["kill_pig"]).to_numpy()
    assert money.differences["fish_raising"].mean == pytest.approx(gap.mean())
    assert money.differences["fish_raising"].low < gap.mean() < money.differences["fish_raising"].high
    assert list(money.differences) == ["fish_raising", "no_community"]
    assert money.metric.label == "Contribution a person"
    assert churn.metric.label == "Churn"  # a share is not divided
    assert churn.ranked() == ["fish_raising", "kill_pig"]  # less is better, and without groups there is none


def test_stocks_are_taken_at_the_end_and_flows_are_summed_up(comparison: Path) -> None:
    data = data_of(comparison, metrics=["members", "leaves", "mean_trust"], over="days")
    members, leaves, trust = measured(data, data.answer)
    daily = data.daily_with("leaves")
    last = daily[(daily["day"] == 89) & (daily["strategy"] == "kill_pig")].groupby("replication")["members"].sum()
    assert members.values["kill_pig"].mean == pytest.approx(last.mean())
    assert leaves.metric.label == "Leaves"
    assert 0 < trust.values["kill_pig"].mean < 1
    assert curves(data, "members", "kill_pig", data.answer).shape == (6, 90)


@pytest.mark.parametrize(
    "answer",
    [
        {"metrics": ["contribution", "churn_rate", "mean_trust", "orders"]},
        {"metrics": ["gmv"], "per": "person"},
        {"metrics": ["gmv", "members", "mean_trust"], "over": "days", "marks": {"it begins": 30, "it ends": 33, "later": 80}},
    ],
)
def test_the_figure_has_a_row_for_every_metric_that_was_recorded(comparison: Path, answer: dict[str, object]) -> None:
    data = data_of(comparison, **answer)
    with house_style():
        figure = answer_figure(data)
    assert figure is not None
    found = measured(data, data.answer)
    over_days = data.answer.over == "days"
    assert len(figure.axes) == len(found) * (1 if over_days else 2)
    if over_days:
        line = next(line for line in figure.axes[1].lines if line.get_label() == "kill_pig")
        assert line.get_ydata()[-1] == pytest.approx(found[1].values["kill_pig"].mean)
    else:
        centres = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "o"]
        assert centres == pytest.approx([value.mean for value in found[0].values.values() if not np.isnan(value.mean)])
        assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == data.strategies


def test_the_sentence_comes_from_the_numbers(comparison: Path) -> None:
    data = data_of(comparison, metrics=["contribution"])
    (found,) = measured(data, data.answer)
    text = sentence([found], data.baseline)
    best = found.ranked()[0]
    assert text.startswith(f"Of three arms, {best} has the highest contribution, ")
    turned = found._replace(
        runs=found.runs.assign(value=-found.runs["value"]), values={n: v._replace(mean=-v.mean) for n, v in found.values.items()}
    )
    assert turned.ranked() == found.ranked()[::-1]
    same = found._replace(
        runs=found.runs.assign(value=1.0), values={name: value._replace(mean=1.0) for name, value in found.values.items()}
    )
    assert "the same as the next" in sentence([same], data.baseline)
    noise = np.random.default_rng(1).normal(0, 1e6, len(found.runs))
    assert "an interval that includes 0" in sentence(
        [found._replace(runs=found.runs.assign(value=found.runs["value"] + noise))], data.baseline
    )
    single = found._replace(runs=found.runs[found.runs["replication"] == 0])
    assert "in a single replication, which decides nothing" in sentence([single], data.baseline)
    assert sentence([], "x") == "What was asked for was not recorded."
