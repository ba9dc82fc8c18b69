"""What the tests of experiments share: a toy simulator, and `fishpond` called on it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from experiments.command import main
from experiments.report import rebuild
from experiments.wording import listed
from tests.experiments.fake_world import REAL_CONFIGS, FakeSimulator, make_tree


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line.removeprefix("fishpond: ") for line in self.err.splitlines() if line.startswith("fishpond: ")]


Fishpond = Callable[..., Answer]

#: The strategies that come with the package, as messages list them.
STRATEGIES = listed(sorted(path.stem for path in (REAL_CONFIGS / "strategy").glob("*.yaml")))

#: A small experiment, in this process.
SMALL = ("executor=serial", "progress=off", "report.page=false", "population.size=30", "horizon_days=10", "replications=3")


@pytest.fixture
def one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of pages, whatever figures they show: draw one."""
    from experiments import figures

    monkeypatch.setattr(figures, "FIGURES", {"retention": figures.FIGURES["retention"]})


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tree(tmp_path_factory.mktemp("configs"))


@pytest.fixture
def simulator(tree: Path) -> FakeSimulator:
    return FakeSimulator(tree)


@pytest.fixture
def fishpond(simulator: FakeSimulator, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fishpond:
    """Call the command line in this process, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(arguments, simulator)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def comparison(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished comparison of three arms, without figures and report; not to be changed."""
    folder = tmp_path_factory.mktemp("comparison") / "out"
    arms = "strategies=[kill_pig,fish_raising,no_community]"
    code = main(
        ["compare", arms, "executor=serial", "progress=off", "report.page=false", "replications=6", f"out={folder}"],
        FakeSimulator(tree),
    )
    assert code == 0
    return folder


@pytest.fixture(scope="session")
def reported(comparison: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with figures and report; not to be changed."""
    folder = tmp_path_factory.mktemp("reported") / "out"
    shutil.copytree(comparison, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rebuild(str(folder))
    return folder
