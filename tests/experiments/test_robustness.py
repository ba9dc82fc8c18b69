"""Uncertain worlds on a toy whose order is known in each: shares, regret, what is kept, and what may be asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.command import main
from experiments.report import rebuild
from tests.experiments.conftest import SMALL, Answer
from tests.experiments.fake_world import FakeResult, FakeScenario, FakeSimulator, simulate

TRUST = "behaviour.trust_start"
WORLDS = (f"robustness.over={{{TRUST}: {{low: 0, high: 1}}}}", "robustness.points=16", "robustness.design=latin_hypercube")


class WorldsSimulator(FakeSimulator):
    """A toy in which fish_raising earns 100 (trust - 3/4) more than kill_pig, with the luck of the people on top of both."""

    def __init__(self, tree: Path) -> None:
        super().__init__(tree)
        self.calls = 0

    def simulate(self) -> Any:
        return self._simulate

    def _simulate(self, scenario: FakeScenario, **how: Any) -> FakeResult:
        self.calls += 1
        result = simulate(scenario, **how)
        luck = float(np.random.default_rng([how["seed"], how["replication"]]).normal(0, 1000))
        own = 100 * (scenario.behaviour.trust_start - 0.75) if scenario.strategy.name == "fish_raising" else 0.0
        return FakeResult(**{**result.__dict__, "summary": {**result.summary, "contribution": luck + own}})


@pytest.fixture
def worlds(tree: Path) -> WorldsSimulator:
    return WorldsSimulator(tree)


@pytest.fixture
def compare(worlds: WorldsSimulator, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(("compare", *SMALL, *arguments), worlds)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def test_shares_and_regret_are_those_of_the_known_worlds(compare: Any) -> None:
    answer = compare(*WORLDS, "out=a")
    assert answer.code == 0, answer.err
    table = pd.read_csv("a/robustness.csv").set_index("strategy")
    # One point lies in each sixteenth of the range: fish_raising leads in the last four, above 3/4.
    assert table.loc["fish_raising", "share_of_worlds"] == 4 / 16
    assert table.loc["kill_pig", "share_of_worlds"] == 12 / 16
    interval = stats.binomtest(12, 16).proportion_ci(method="wilson")
    assert table.loc["kill_pig", ["low", "high"]].tolist() == pytest.approx([interval.low, interval.high])
    each = pd.read_csv("a/robustness_worlds.csv")
    np.testing.assert_allclose(each["difference"], 100 * (each[TRUST] - 0.75))
    np.testing.assert_allclose(each["regret_kill_pig"], np.maximum(each["difference"], 0), atol=1e-9)
    np.testing.assert_allclose(each["regret_fish_raising"], np.maximum(-each["difference"], 0), atol=1e-9)
    # Differences are the same in every replication, so every lead is decided.
    assert each["decided"].all()
    assert table.loc["fish_raising", "regret_most"] == pytest.approx(each["regret_fish_raising"].max())
    assert "In 16 worlds that differ in 1 uncertain key, kill_pig leads on contribution in 75.0 % of them" in answer.out


def test_worlds_are_kept_and_more_of_them_added(compare: Any, worlds: WorldsSimulator) -> None:
    sobol = (WORLDS[0], "out=a")
    assert compare(*sobol, "robustness.points=4").code == 0
    first = worlds.calls
    assert first == 2 * 3 + 4 * 2 * 3
    assert compare(*sobol, "robustness.points=8").code == 0
    assert worlds.calls == first + 4 * 2 * 3
    assert len(pd.read_csv("a/robustness_worlds.csv")) == 8
    assert compare(*sobol, "robustness.points=8").code == 0
    assert worlds.calls == first + 4 * 2 * 3


def test_the_report_has_a_section_and_can_be_built_again(compare: Any, one_figure: None) -> None:
    assert compare(*WORLDS, "out=a", "report.page=true").code == 0
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "In uncertain worlds" in page
    assert 'id="robustness"' in page
    assert Path("a/figures/robustness.png").is_file()
    Path("a/robustness.csv").unlink()
    rebuild("a")
    assert Path("a/robustness.csv").is_file()
    assert Path("a/report.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("robustness.over={strategy.pressure: [1,2]}",),
            "robustness.over: got strategy.pressure; the brand decides it: worlds vary in anything but the strategy",
        ),
        (
            ("robustness.over={behaviour.trust_strat: null}",),
            "robustness.over: behaviour.trust_strat: no such key; did you mean behaviour.trust_start?",
        ),
        (
            (*WORLDS[:1], "robustness.points=10"),
            "robustness.points: got 10; the design sobol takes a power of two, for example 8 or 16",
        ),
        ((*WORLDS, "strategies=[kill_pig]"), "robustness: there is one strategy only, kill_pig; it takes a comparison of two or more"),
        (
            (*WORLDS, "robustness.metric=sessions"),
            "robustness.metric: got 'sessions'; it takes a metric of which more or less is better; did you mean conversion?",
        ),
    ],
)
def test_wrong_worlds_are_told_in_one_line(compare: Any, words: tuple[str, ...], line: str) -> None:
    answer = compare(*words)
    assert answer.code == 2
    assert answer.errors == [line]
    assert not Path("outputs").exists()


# ---- worlds that fit the evidence ------------------------------------------------------------------------------------


@pytest.fixture
def drawn(tmp_path: Path) -> pd.DataFrame:
    """Forty draws of trust, of which 15 are above 3/4, where fish_raising leads."""
    trust = np.random.default_rng(2).permutation([*np.linspace(0.5, 0.74, 25), *np.linspace(0.76, 1.0, 15)])
    table = pd.DataFrame({"chain": 1, TRUST: trust, "distance row: check": 0.3})
    table.to_parquet(tmp_path / "mine.parquet")
    return table


def test_worlds_can_be_draws(compare: Any, drawn: pd.DataFrame, one_figure: None) -> None:
    answer = compare("robustness.draws=mine.parquet", "robustness.points=40", "out=a", "report.page=true")
    assert answer.code == 0, answer.err
    share = pd.read_csv("a/robustness.csv").set_index("strategy")["share_of_worlds"]
    assert share["fish_raising"] == 15 / 40
    worlds = pd.read_csv("a/robustness_worlds.csv")
    np.testing.assert_allclose(worlds[TRUST], drawn[TRUST])
    difference = 100 * (drawn[TRUST] - 0.75)
    low, high = np.quantile(difference, [0.025, 0.975])
    shown = f"{difference.mean():.3g} yuan on average, {low:.3g} to {high:.3g} in 95 % of these worlds".replace("-", "−")
    assert "In 40 worlds that fit the evidence (draws of 1 uncertain key), kill_pig leads" in answer.out
    assert shown in answer.out
    assert "a share of them is a probability" in Path("a/report.html").read_text(encoding="utf-8")


def test_more_draws_continue(compare: Any, worlds: WorldsSimulator, drawn: pd.DataFrame) -> None:
    assert compare("robustness.draws=mine.parquet", "robustness.points=5", "out=a").code == 0
    calls = worlds.calls
    assert compare("robustness.draws=mine.parquet", "robustness.points=8", "out=a").code == 0
    assert worlds.calls - calls == 3 * 2 * 3


def test_the_preset_takes_the_shipped_draws(
    compare: Any, drawn: pd.DataFrame, worlds: WorldsSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "tree"
    shutil.copytree(worlds.configs(), own)
    (own / "behaviour").mkdir(exist_ok=True)
    drawn.to_parquet(own / "behaviour" / "posterior.parquet")
    monkeypatch.setattr(worlds, "configs", lambda: own)
    answer = compare("robustness=posterior", "robustness.points=4", "out=a")
    assert answer.code == 0, answer.err
    assert len(pd.read_csv("a/robustness_worlds.csv")) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("robustness=posterior",), "fishpond calibrate target=published write=true makes it"),
        (("robustness.draws=none.parquet",), "got 'none.parquet', and there is no file none.parquet; it takes posterior, or a Parquet"),
        (("robustness.draws=mine.parquet",), "mine.parquet has 40 draws, and 64 are asked for; it takes as many at most"),
        (("robustness.draws=mine.parquet", *WORLDS), "robustness: there are draws and over; worlds are one of the two"),
        (("robustness.draws=wrong.parquet", "robustness.points=2"), "behaviour.trust_strat: no such key; did you mean"),
        (("robustness.draws=lever.parquet", "robustness.points=2"), "the brand decides it: worlds vary in anything but the strategy"),
        (("robustness.draws=bare.parquet", "robustness.points=2"), "in which no column is a key such as behaviour.chat.novelty"),
        (("robustness.draws=text.parquet", "robustness.points=2"), "which cannot be read as a Parquet file"),
        (("robustness.draws=far.parquet", "robustness.points=2"), "behaviour.trust_start"),
    ],
)
def test_draws_that_do_not_go_are_told(compare: Any, drawn: pd.DataFrame, words: tuple[str, ...], said: str) -> None:
    for name, column in (("wrong", "behaviour.trust_strat"), ("lever", "strategy.pressure"), ("bare", "draw")):
        pd.DataFrame({column: [0.1, 0.2]}).to_parquet(f"{name}.parquet")
    pd.DataFrame({TRUST: [0.5, 7.0]}).to_parquet("far.parquet")
    Path("text.parquet").write_text("no table")
    answer = compare(*words, "out=a")
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
