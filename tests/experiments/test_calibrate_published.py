"""`calibrate target=published`: the emulator and the posterior against known ones, blocks, and the command on rows with closed forms."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import norm

from experiments import load
from experiments.calibrate.published import command, facts, request
from experiments.calibrate.published.block import BlockFit, fit_block
from experiments.calibrate.published.emulator import fitted
from experiments.calibrate.published.facts import Fact
from experiments.calibrate.published.free import FREE, Block, Free, blocks_of
from experiments.command import main
from experiments.simulator import Simulator
from experiments.validate import evidence
from experiments.validate.row import Row, Unit, within_points
from experiments.varying.keys import values_with
from experiments.varying.settings import Range
from tests.experiments.conftest import Answer
from tests.experiments.fake_world import FakeSimulator

Numbers = np.ndarray[Any, np.dtype[np.float64]]

#: The toy: shares above 0 and above 1 of so many draws of a normal variable, whose mean and log standard deviation are looked for.
DRAWN, TARGETS, POINTS = 180, (0.6, 0.3), 0.05
MEAN, SPREAD = Range(low=-3, high=3), Range(low=0.2, high=5, scale="log")


def shares(mean: Any, spread: Any) -> Numbers:
    return np.stack([norm.sf((0 - mean) / spread), norm.sf((1 - mean) / spread)], axis=-1)


def truth() -> tuple[Numbers, Numbers]:
    """Return mean and standard deviation of the posterior in the unit square, from a fine grid."""
    ends = np.linspace(0, 1, 601)[1:-1]
    square = np.stack(np.meshgrid(ends, ends, indexing="ij"), axis=-1).reshape(-1, 2)
    means, spreads = -3 + 6 * square[:, 0], 0.2 * 25 ** square[:, 1]
    away = (shares(means, spreads) - TARGETS) / (POINTS / 2)
    weights = np.exp(-0.5 * (away**2).sum(axis=1))
    weights /= weights.sum()
    mean = weights @ square
    return mean, np.sqrt(weights @ (square - mean) ** 2)


class Toy:
    """What simulates the toy, and counts."""

    def __init__(self, seed: int) -> None:
        self.random, self.calls = np.random.default_rng(seed), 0

    def at(self, block: Block, points: Numbers, others: Mapping[str, float], first: int) -> tuple[list[Fact], Numbers]:
        assert first == self.calls
        self.calls += len(points)
        expected = shares(-3 + 6 * points[:, 0], 0.2 * 25 ** points[:, 1])
        found = [Fact("toy", f"above {place}", own, own - POINTS, own + POINTS) for place, own in enumerate(TARGETS)]
        return found, self.random.binomial(DRAWN, expected) / DRAWN

    def compute(self, function: Any, calls: Any) -> list[Any]:
        return [function(*call) for call in calls]


@pytest.fixture(scope="module")
def fit() -> BlockFit:
    free = (Free("chat.a", MEAN, ("toy",), ""), Free("chat.b", SPREAD, ("toy",), ""), Free("chat.idle", MEAN, ("toy",), ""))
    toy = Toy(1)
    found = fit_block(Block(free, ("toy",)), toy, {}, 120, 1)
    assert toy.calls == 120
    return found


def test_posterior_is_the_known_one(fit: BlockFit) -> None:
    """Means within .4 of the posterior's standard deviation, which itself is right within 35 %: of 6 seeds the worst were .26 and 21 %."""
    mean, spread = truth()
    np.testing.assert_array_less(np.abs(fit.cube[:, :2].mean(axis=0) - mean) / spread, 0.4)
    np.testing.assert_array_less(np.abs(np.log(fit.cube[:, :2].std(axis=0) / spread)), 0.35)
    assert fit.draws.r_hat().max() < 1.1


def test_a_parameter_that_moves_nothing_keeps_its_prior(fit: BlockFit) -> None:
    assert fit.cube[:, 2].mean() == pytest.approx(0.5, abs=0.12)
    assert fit.cube[:, 2].std() == pytest.approx(12**-0.5, rel=0.2)


def test_emulators_know_how_wrong_they_are(fit: BlockFit) -> None:
    """The last wave has 20 runs: a root mean square of so many standard normal errors is within .6 and 1.45 with 99 %."""
    assert all(0.6 < surprise < 1.45 for surprise in fit.surprise)
    luck = [np.sqrt(share * (1 - share) / DRAWN) / POINTS for share in TARGETS]
    np.testing.assert_allclose([emulator.luck for emulator in fit.emulators], luck, rtol=0.5)


def test_an_emulator_learns_a_bent_surface_and_its_noise() -> None:
    random = np.random.default_rng(3)
    points = random.random((120, 3))

    def surface(at: Numbers) -> Numbers:
        return np.asarray(5 + np.sin(4 * at[:, 0]) + 2 * at[:, 1], float)

    emulator = fitted(points, surface(points) + random.normal(0, 0.1, 120))
    new = random.random((300, 3))
    mean, unsure = emulator(new)
    errors = mean - surface(new)
    assert np.sqrt((errors**2).mean()) < 0.06
    assert (np.abs(errors) < 2 * unsure).mean() > 0.8
    assert emulator.luck == pytest.approx(0.1, rel=0.2)


def test_blocks_share_nothing() -> None:
    span = Range(low=0, high=1)
    free = [
        Free("m.a", span, ("x",), ""),
        Free("m.b", span, ("y", "z"), ""),
        Free("m.c", span, ("z", "w"), ""),
        Free("m.d", span, ("v",), ""),
    ]
    found = [(block.rows, [own.name for own in block.free]) for block in blocks_of(free, ["w", "x", "y", "z"])]
    assert found == [(("w", "y", "z"), ["m.b", "m.c"]), (("x",), ["m.a"])]


def test_free_parameters_are_the_models_which_takes_their_bounds() -> None:
    scenario = load()
    values = scenario.model_dump()
    assert set(command.model_defaults(Simulator())) == {own.key for own in FREE}
    for own in FREE:
        for bound in (own.prior.low, own.prior.high):
            type(scenario).model_validate(values_with(values, own.key.split("."), bound))
        assert own.reason
    planned = {"cdnow", "repeat_ladder", "group_life", "give_back", "promotion", "invitations"}
    assert {name for own in FREE for name in own.rows} <= planned
    assert all(row.use == "C" for row in evidence.built_rows().values() if any(row.name in own.rows for own in FREE))


@pytest.mark.parametrize(
    ("low", "high", "values", "distances"),
    [
        (0.1, 0.3, (0.2, 0.3, 0.0), (0.0, 1.0, -2.0)),
        (0.5, np.inf, (0.7, 0.5, 0.4), (0.0, 0.0, -2.0)),
        (-np.inf, 2.0, (1.0, 2.0, 2.4), (0.0, 0.0, 2.0)),
    ],
)
def test_distance_is_in_half_widths(low: float, high: float, values: tuple[float, ...], distances: tuple[float, ...]) -> None:
    np.testing.assert_allclose(Fact("row", "check", np.nan, low, high).distance(np.array(values)), distances, atol=1e-12)


# ---- the command ----------------------------------------------------------------------------------------------------

TRIED = (
    Free("trust.mean", MEAN, ("toy",), "far enough"),
    Free("trust.spread", SPREAD, ("toy",), "an order of magnitude"),
    Free("trust.rate", Range(low=0, high=1), ("other",), "all there is"),
)


def _toy_run(mean: float, spread: float, seed: int, replication: int, threads: int) -> dict[str, float]:
    found = np.random.default_rng([seed, replication]).binomial(DRAWN, shares(mean, spread)) / DRAWN
    return {"above 0": found[0], "above 1": found[1]}


def _rate_run(rate: float, seed: int, replication: int, threads: int) -> dict[str, float]:
    return {"rate": rate + np.random.default_rng([seed, replication]).normal(0, 0.01)}


def _toy_units(size: Any, lines: Any) -> list[Unit]:
    values = {key: float(value) for key, _, value in (line.partition("=") for line in lines)}
    return [Unit("people", partial(_toy_run, values["behaviour.trust.mean"], values["behaviour.trust.spread"]), 48)]


def _rate_units(size: Any, lines: Any) -> list[Unit]:
    values = {key: float(value) for key, _, value in (line.partition("=") for line in lines)}
    return [Unit("people", partial(_rate_run, values["behaviour.trust.rate"]), 4)]


ROWS = {
    "toy": Row(
        *(101, "C", "Toy", "known", "us", _toy_units),
        lambda found: [
            within_points(name, own, POINTS, found.mean("people", name)) for name, own in zip(("above 0", "above 1"), TARGETS, strict=True)
        ],
        name="toy",
    ),
    "other": Row(
        *(102, "C", "Other", "known", "us", _rate_units),
        lambda found: [within_points("rate", 0.25, 0.05, found.mean("people", "rate"))],
        name="other",
    ),
}


@pytest.fixture
def calibrate(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(tree, "tree")
    for module in (evidence, facts, request):
        monkeypatch.setattr(module, "built_rows", lambda: ROWS)
    for module in (command, request):
        monkeypatch.setattr(module, "FREE", TRIED)
    monkeypatch.setattr(command, "model_defaults", lambda simulator: {own.key: 1.0 for own in TRIED})

    def call(*words: str) -> Answer:
        code = main(("calibrate", "target=published", "executor=serial", "progress=off", *words), FakeSimulator(Path("tree")))
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def test_the_command_writes_draws_and_a_centre_that_passes(calibrate: Any) -> None:
    answer = calibrate("points=30", "draws=200", "write=true", "out=a")
    assert answer.code == 0, answer.err
    assert "within tolerance: 2 of 2 rows" in answer.out
    draws = pd.read_parquet("a/posterior.parquet")
    distances = ["distance toy: above 0", "distance toy: above 1", "distance other: rate"]
    assert list(draws) == ["behaviour.trust.mean", "behaviour.trust.spread", "behaviour.trust.rate", *distances]
    assert len(draws) == 200
    # The tolerance holds 95 % of each fact, so about 90 % of two; the mean of the rate is known, and half of its half width its spread.
    assert (draws[distances].abs() <= 1).all(axis=1).mean() > 0.7
    assert draws["behaviour.trust.rate"].mean() == pytest.approx(0.25, abs=0.01)
    assert draws["behaviour.trust.rate"].std() == pytest.approx(0.025, rel=0.25)
    centre = yaml.safe_load(Path("a/default.yaml").read_text())["trust"]
    assert centre["rate"] == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(shares(centre["mean"], centre["spread"]), TARGETS, atol=POINTS)
    own = Path("tree/behaviour")
    assert (own / "default.yaml").read_text() == Path("a/default.yaml").read_text()
    assert "fishpond calibrate target=published points=30 draws=200 write=true" in (own / "default.yaml").read_text()
    pd.testing.assert_frame_equal(pd.read_parquet(own / "posterior.parquet"), draws)
    parameters = pd.read_csv("a/parameters.csv").set_index("key")
    assert parameters.loc["behaviour.trust.rate", "told"] == "pinned down"
    found = pd.read_csv("a/facts.csv")
    assert set(found["verdict"]) == {"pass"}
    # Published numbers are met within a fifth of their tolerance, as simulated in full size.
    assert ((found["simulated"] - found["target"]).abs() <= 0.2 * (found["high"] - found["low"]) / 2).all(), found
    assert len(pd.read_csv("a/runs.csv")) == 90
    assert {"key", "other", "correlation"} <= set(pd.read_csv("a/correlations.csv"))
    page = Path("a/report.html").read_text()
    assert "behaviour.trust.spread" in page
    assert 'id="posterior"' in page
    assert json.loads(Path("a/published.json").read_text())["passes"] is True


def test_the_same_command_makes_the_same(calibrate: Any) -> None:
    for folder in ("a", "b"):
        assert calibrate("rows=[other]", "points=40", "draws=20", f"out={folder}").code == 0
    for name in ("default.yaml", "parameters.csv", "facts.csv", "runs.csv", "report.html"):
        assert Path("a", name).read_bytes() == Path("b", name).read_bytes(), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pionts=60",), "pionts: not a key of calibrate target=published"),
        (("points=3",), "points: got 3; it should be greater than or equal to 10"),
        (("rows=[toy]", "write=true"), "write: got true with rows; the defaults are written of all rows together"),
        (("rows=[tyo]",), "rows: got 'tyo'; it takes names"),
        (("out=full",), "out: full holds files that are no calibration of fishpond; take a new folder"),
        (("data=x",), "data: not a key of calibrate target=published"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(calibrate: Any, words: tuple[str, ...], said: str) -> None:
    Path("full").mkdir()
    Path("full/mine.txt").touch()
    answer = calibrate(*words)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_show_config_says_the_blocks(calibrate: Any) -> None:
    shown = yaml.safe_load(calibrate("--show-config").out)
    assert shown["rows"] == ["toy", "other"]
    assert shown["blocks"]["toy"] == ["behaviour.trust.mean", "behaviour.trust.spread"]
    assert not Path("outputs").exists()
