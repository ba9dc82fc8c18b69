"""Runs that another experiment has: taken over when they are the same in everything, and not otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments import simulator as simulators
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FakeSimulator
from tests.experiments.test_damage import flip_a_bit, simulated, tables

__all__ = ["simulated"]

TWO = "strategies=[kill_pig,fish_raising]"
THREE = "strategies=[no_community,fish_raising,kill_pig]"


def only_folder(*but: str) -> str:
    (folder,) = {str(path) for path in Path("outputs").iterdir()} - set(but)
    return folder


def test_runs_of_experiments_in_outputs_are_taken_over(fishpond: Fishpond, simulated: list[tuple[str, int]]) -> None:
    assert fishpond("compare", THREE, *SMALL, "out=whole").code == 0
    assert fishpond("compare", TWO, *SMALL).code == 0
    first = only_folder()
    simulated.clear()
    answer = fishpond("compare", THREE, *SMALL)
    assert answer.code == 0
    assert answer.err.splitlines() == ["taken over: 6 of 9 runs, which other experiments have (manifest.json says which)"]
    assert simulated == [("no_community", number) for number in range(3)]
    second = only_folder(first)
    assert tables(second) == tables("whole")
    manifest = json.loads(Path(second, "manifest.json").read_text(encoding="utf-8"))
    assert {run["strategy"]: run.get("reused_from") for run in manifest["runs"]} == {
        "no_community": None,
        "fish_raising": first,
        "kill_pig": first,
    }
    # What was taken over can be taken over again, and a run without rows in some tables is as good as any.
    simulated.clear()
    assert fishpond("run", "strategy=no_community", *SMALL).code == 0
    assert fishpond("run", "strategy=no_community", *SMALL, "out=alone").code == 0
    assert len(simulated) == 3
    assert tables(only_folder(first, second)) == tables("alone")


def test_the_name_of_an_arm_does_not_count(fishpond: Fishpond, simulated: list[tuple[str, int]]) -> None:
    arms = "arms={often: ['strategy=kill_pig'], seldom: ['strategy=fish_raising'], again: ['strategy=kill_pig']}"
    assert fishpond("compare", arms, *SMALL, "out=whole").code == 0
    assert fishpond("compare", TWO, *SMALL, "out=a").code == 0
    simulated.clear()
    assert fishpond("compare", arms, *SMALL, "out=b", "reuse=[a]").code == 0
    assert simulated == []
    assert tables("b") == tables("whole")


@pytest.mark.parametrize("change", ["seed=2", "record=full", "behaviour.trust_start=0.6"])
def test_another_run_is_simulated(fishpond: Fishpond, simulated: list[tuple[str, int]], change: str) -> None:
    assert fishpond("compare", *SMALL, "replications=1").code == 0
    simulated.clear()
    assert fishpond("compare", *SMALL, "replications=1", change).code == 0
    assert len(simulated) == 2


def test_runs_of_other_code_are_not_taken_over(
    fishpond: Fishpond, simulated: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert fishpond("compare", TWO, *SMALL).code == 0
    simulated.clear()
    other = tmp_path / "other.py"
    other.write_text("# another simulator\n", encoding="utf-8")
    monkeypatch.setattr(FakeSimulator, "sources", lambda _: other)
    assert fishpond("compare", THREE, *SMALL).code == 0
    assert len(simulated) == 9


def test_the_sources_of_the_simulator_count_all(tmp_path: Path) -> None:
    from experiments.reuse import sources_hash

    folder = tmp_path / "sim"
    folder.mkdir()
    host, found = folder / "host.py", set()
    for text in ("a = 1\n", "a = 2\n", "a = 1\n"):
        host.write_text(text, encoding="utf-8")
        sources_hash.cache_clear()
        found.add(sources_hash(folder))
    assert len(found) == 2
    assert (simulators.Simulator().sources() / "simulation.py").is_file()


@pytest.mark.parametrize("how", ["out=b", "reuse=null"])
def test_nothing_is_taken_over_unasked(fishpond: Fishpond, simulated: list[tuple[str, int]], how: str) -> None:
    assert fishpond("compare", TWO, *SMALL).code == 0
    simulated.clear()
    assert fishpond("compare", THREE, *SMALL, how).code == 0
    assert len(simulated) == 9


def test_a_damaged_table_is_not_taken_over(fishpond: Fishpond, simulated: list[tuple[str, int]]) -> None:
    assert fishpond("compare", TWO, *SMALL, "out=a").code == 0
    flip_a_bit(Path("a/members.parquet"))
    simulated.clear()
    assert fishpond("compare", TWO, *SMALL, "out=b", "reuse=a").code == 0
    assert len(simulated) == 6


def test_a_manifest_of_other_tables_is_not_believed(fishpond: Fishpond, simulated: list[tuple[str, int]]) -> None:
    """Runs were made again by other code, and the process ended before it could say so in the manifest."""
    assert fishpond("compare", TWO, *SMALL, "out=a").code == 0
    assert fishpond("compare", TWO, *SMALL, "out=b", "seed=2").code == 0
    for name in ("checksums.sha256", *(path.name for path in Path("b").glob("*.parquet"))):
        Path("b", name).replace(Path("a", name))
    simulated.clear()
    assert fishpond("compare", TWO, *SMALL, "out=c", "reuse=[a]").code == 0
    assert len(simulated) == 6


def test_a_folder_that_is_not_there(fishpond: Fishpond) -> None:
    answer = fishpond("compare", *SMALL, "reuse=[nowhere]")
    assert (answer.code, answer.errors) == (2, ["reuse: got nowhere, which is no folder; it takes auto, null, or folders of experiments"])
