"""Files that were damaged, lost, or could not be written: named, and only what they held is computed again."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments import parts, store
from experiments.job_composition import compose_job
from tests.experiments import fake_world
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FAULT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Runs that the toy was asked for."""
    asked: list[tuple[str, int]] = []
    simulate = fake_world.simulate

    def spy(scenario: fake_world.FakeScenario, **settings: object) -> object:
        asked.append((scenario.strategy.name, settings["replication"]))  # type: ignore[arg-type]
        return simulate(scenario, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(fake_world, "simulate", spy)
    return asked


def tables(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.suffix in (".parquet", ".csv")}


def states(folder: str) -> dict[str, int]:
    status = json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))["status"]
    assert isinstance(status, dict)
    return status


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("name", "harm"), [("orders.parquet", flip_a_bit), ("runs.parquet", flip_a_bit), ("runs.parquet", Path.unlink)])
def test_a_joined_table_is_made_again(
    fishpond: Fishpond, simulated: list[tuple[str, int]], harm: Callable[[Path], object], name: str
) -> None:
    assert fishpond("compare", *SMALL, "out=a").code == 0
    before, once = tables("a"), len(simulated)
    harm(Path("a", name))
    report = fishpond("report", "dir=a")
    fault = "is missing" if harm is Path.unlink else "is damaged"
    assert (report.code, report.errors) == (2, [f"dir: a/{name} {fault}; the command that began the experiment computes its runs again"])
    answer = fishpond("compare", *SMALL, "out=a")
    assert answer.code == 0
    assert answer.err.splitlines() == [f"a/{name} {fault}; the runs in it are computed again"]
    assert len(simulated) == 2 * once
    assert tables("a") == before
    assert "nothing to simulate" in fishpond("compare", *SMALL, "out=a").err


def test_only_the_runs_of_a_damaged_part_are_computed_again(
    fishpond: Fishpond, simulated: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fishpond("compare", *SMALL, "out=whole").code == 0
    monkeypatch.setattr(store, "_MOST_RUNS", 2)
    monkeypatch.setenv(FAULT, "interrupt:fish_raising:2")
    assert fishpond("compare", *SMALL, "out=a").code == 130
    monkeypatch.delenv(FAULT)
    flip_a_bit(Path("a/parts/000002/daily.parquet"))
    simulated.clear()
    answer = fishpond("compare", *SMALL, "out=a")
    assert answer.err.splitlines()[0] == "a/parts/000002/daily.parquet is damaged; the runs in it are computed again"
    assert simulated == [("kill_pig", 1), ("fish_raising", 1), ("fish_raising", 2)]
    assert tables("a") == tables("whole")


def test_what_the_manifest_says_survives_a_kill(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_MOST_RUNS", 1)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    write = parts.Parts.write
    with monkeypatch.context() as patch:
        # Nothing is tidied up, and the manifest is as old as it gets.
        patch.setattr(store.Store, "close", lambda _: None)
        patch.setattr(store, "_MANIFEST_SECONDS", 1e9)
        patch.setattr(parts.Parts, "write", lambda self, *what: killed() if self._next == 4 else write(self, *what))
        with pytest.raises(Killed):
            fishpond("compare", *SMALL, "out=a")
    assert states("a") == {"done": 1, "failed": 0, "pending": 5}
    monkeypatch.setenv(FAULT, "interrupt:kill_pig:2")
    assert fishpond("compare", *SMALL, "out=a").code == 130
    found = json.loads(Path("a/manifest.json").read_text(encoding="utf-8"))
    assert states("a") == {"done": 4, "failed": 0, "pending": 2}
    assert all({"simulate_seconds", "sessions", "content"} <= run.keys() for run in found["runs"] if run["status"] == "done")


def test_runs_are_registered_before_they_start(simulator: fake_world.FakeSimulator, tmp_path: Path) -> None:
    job = compose_job("compare", SMALL, simulator)
    folder = tmp_path / "a"
    with store.open_store(folder, job) as opened:
        assert states(str(folder)) == {"done": 0, "failed": 0, "pending": 6}
        opened.start(opened.missing()[0].key)
        opened.flush()
        assert states(str(folder)) == {"done": 0, "failed": 0, "pending": 5, "running": 1}
        killed = folder.joinpath("manifest.json").read_bytes()
    assert states(str(folder)) == {"done": 0, "failed": 0, "pending": 6}
    folder.joinpath("manifest.json").write_bytes(killed)
    with store.open_store(folder, job):
        assert states(str(folder)) == {"done": 0, "failed": 0, "pending": 6}


def test_a_disk_that_fills_up_keeps_what_is_there(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fishpond("compare", *SMALL, "out=whole").code == 0
    write, written = parts.write_table, []

    def nearly_full(path: Path, *rest: object) -> None:
        written.append(path)
        if len(written) > 22:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "_MOST_RUNS", 2)
        patch.setattr("experiments.parts.write_table", nearly_full)
        answer = fishpond("compare", *SMALL, "out=a")
    assert answer.code == 1
    assert answer.errors == [
        "out: cannot write to a: No space left on device; the 4 runs before it are kept, and the same command continues"
    ]
    assert not list(Path("a").rglob("*.tmp"))
    assert fishpond("compare", *SMALL, "out=a").code == 0
    assert tables("a") == tables("whole")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes")
def test_a_table_that_the_system_refuses_to_write_leaves_the_parts(
    fishpond: Fishpond, simulated: list[tuple[str, int]], tree: Path
) -> None:
    import resource

    job = ("compare", *SMALL, "replications=40")
    assert fishpond(*job, "out=whole").code == 0
    # The system itself refuses: no file may be as long as the longest table. Parts, of 50 runs at most, are shorter.
    most = max(len(content) for content in tables("whole").values()) - 1
    done = subprocess.run(
        [sys.executable, "-m", "tests.experiments.fake_command", str(tree), *job, "out=a"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("fishpond: out: cannot write to a: ")
    assert "File too large" in line
    assert line.endswith("; the 80 runs before it are kept, and the same command continues")
    assert not [path for path in Path("a").iterdir() if path.suffix in (".parquet", ".tmp")]
    simulated.clear()
    assert fishpond(*job, "out=a").code == 0
    assert simulated == []
    assert tables("a") == tables("whole")


def test_a_folder_in_use_is_refused(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def another(*_: object, **__: object) -> None:
        seen.append(fishpond("compare", *SMALL, "out=a"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("experiments.carry_out.run_all", another)
        assert fishpond("compare", *SMALL, "out=a").code == 130
    assert [(answer.code, answer.errors) for answer in seen] == [
        (2, ["out: a is being written by another fishpond process; wait for it or take another out"])
    ]
    assert fishpond("compare", *SMALL, "out=a").code == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_told_in_one_line(fishpond: Fishpond) -> None:
    Path("a").mkdir(mode=0o555)
    answer = fishpond("run", *SMALL, "out=a")
    assert (answer.code, answer.errors) == (2, ["out: cannot write to a: Permission denied"])
