"""What the tests of experiments share: a toy simulator, and `fishpond` called on it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from experiments.command import main
from experiments.composition import Composition, ConfigTree
from experiments.explanation import FAULTS
from experiments.overrides import Override
from experiments.report import rebuild
from tests.experiments.fake_world import FakeSimulator, make_tree


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line.removeprefix("fishpond: ") for line in self.err.splitlines() if line.startswith("fishpond: ")]


Fishpond = Callable[..., Answer]

#: A small experiment, in this process.
SMALL = ("executor=serial", "progress=off", "report.page=false", "population.size=30", "horizon_days=10", "replications=3")


Key = tuple[Path, tuple[str, ...]]
Known = dict[Key, Composition | Exception]

#: Keys that Hydra does no more with than set them.
PLAIN = ("seed", "replications", "workers", "out", "record", "progress", "equal_spend", "strategies", "horizon_days")


def is_plain(override: Override) -> bool:
    values = override.parsed if isinstance(override.parsed, list) else [override.parsed]
    known = all(type(value) in (int, float, str) and "$" not in str(value) for value in values)
    return known and not override.prefix and override.key in PLAIN


@pytest.fixture(scope="session", autouse=True)
def composed_before() -> Iterator[Known]:
    """Let Hydra compose the same lines once: it takes a tenth of a second, and hundreds of tests need a few compositions.

    Plain values of the job are set afterwards, which is all that Hydra would do with them (a test sees to that). What
    stands beside a user's own files is composed every time.
    """
    known: Known = {}
    compose = ConfigTree._compose

    def once(tree: ConfigTree, overrides: Sequence[Override]) -> Composition:
        if tree._search_path:
            return compose(tree, overrides)
        rest = [override for override in overrides if not is_plain(override)]
        key = (tree._folder, tuple(override.line for override in rest))
        if key not in known:
            try:
                known[key] = compose(tree, rest)
            except FAULTS as fault:
                known[key] = fault
        found = known[key]
        if isinstance(found, Exception):
            raise found
        plain = {override.key: override.parsed for override in overrides if is_plain(override)}
        return replace(found, values={**found.values, **plain})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConfigTree, "_compose", once)
        patch.setattr(ConfigTree, "compose_with_hydra", compose, raising=False)
        yield known


@pytest.fixture
def composed_afresh(composed_before: Known) -> None:
    """For tests of composing itself."""
    composed_before.clear()


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
