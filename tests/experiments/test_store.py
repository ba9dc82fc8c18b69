"""The folder of an experiment: what is refused, what is continued, what is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from experiments import store
from experiments.executor import FinishedRun, attempt
from experiments.job import Job
from experiments.job_composition import compose_job
from experiments.tables import RunKey, to_arrow
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FakeSimulator, simulate

FILES = [
    *(
        "actions.parquet",
        "checksums.sha256",
        "cohorts.parquet",
        "config.yaml",
        "daily.parquet",
        "groups.parquet",
        "manifest.json",
        "members.parquet",
    ),
    *("messages.parquet", "orders.parquet", "paired.csv", "runs.parquet", "splits.parquet", "summary.csv"),
]


@pytest.fixture
def job(simulator: FakeSimulator) -> Job:
    return compose_job("compare", ["population.size=30", "horizon_days=10", "replications=2"], simulator)


def test_files_of_a_finished_experiment(fishpond: Fishpond, one_figure: None) -> None:
    assert fishpond("compare", *SMALL, "report.page=true", "out=a").code == 0
    assert sorted(path.name for path in Path("a").iterdir()) == sorted([*FILES, "figures", "report.html"])


def test_tables_start_with_strategy_and_replication_in_order(comparison: Path) -> None:
    for path in comparison.glob("*.parquet"):
        table = pd.read_parquet(path)
        assert table.columns[:2].tolist() == ["strategy", "replication"]
        runs = table[["strategy", "replication"]].drop_duplicates()
        expected = [
            (arm, number)
            for arm in ("kill_pig", "fish_raising", "no_community")
            for number in range(6)
            if not (path.stem == "groups" and arm == "no_community")
        ]
        assert list(runs.itertuples(index=False, name=None)) == expected


def test_manifest(comparison: Path) -> None:
    manifest = json.loads((comparison / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == {"done": 18, "failed": 0, "pending": 0}
    assert manifest["command"] == "compare"
    assert manifest["seed"] == 1
    assert len(manifest["configuration"]) == 64
    assert manifest["sessions"] == 18 * 200 * 90
    assert set(manifest["timing"]) == {"compile", "simulate", "write"}
    assert manifest["timing"]["simulate"] > 0
    assert {"numpy", "pandas", "numba"} <= set(manifest["packages"])
    assert manifest["runs"][0].keys() == {"strategy", "replication", "status", "simulate_seconds", "sessions", "content", "columns"}


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("seed=2", "seed is 1 there and 2 here"),
        ("record=full", "record is 'daily' there and 'full' here"),
        ("population.size=31", "population.size (arm kill_pig) is 30 there and 31 here (and 1 more)"),
        ("only.kill_pig.budget.total_yuan=5", "strategy.budget.total_yuan (arm kill_pig) is 1000.0 there and 5.0 here"),
        ("~only.kill_pig.programme.spam", "strategy.programme.spam (arm kill_pig) is {"),
        ("strategies=[fish_raising,kill_pig]", "strategies is ['kill_pig', 'fish_raising'] there and ['fish_raising', 'kill_pig'] here"),
    ],
)
def test_another_experiment_is_refused_with_the_difference_named(fishpond: Fishpond, change: str, difference: str) -> None:
    assert fishpond("compare", *SMALL, "out=a").code == 0
    before = {path: path.read_bytes() for path in Path("a").iterdir()}
    answer = fishpond("compare", *SMALL, "out=a", change)
    assert answer.code == 2
    (line,) = answer.errors
    assert line.startswith(f"out: a holds another experiment: {difference}")
    assert line.endswith("; take another out")
    assert {path: path.read_bytes() for path in Path("a").iterdir()} == before


@pytest.mark.parametrize(("name", "text"), [("letter.txt", "dear"), ("config.yaml", "of: another program"), ("config.yaml", "[no: yaml")])
def test_a_folder_with_other_files_is_refused(fishpond: Fishpond, name: str, text: str) -> None:
    Path("a").mkdir()
    Path("a", name).write_text(text, encoding="utf-8")
    answer = fishpond("run", *SMALL, "out=a")
    assert answer.code == 2
    assert answer.errors == ["out: a holds files that are no experiment of fishpond; take a new folder"]
    assert [path.name for path in Path("a").iterdir()] == [name]
    assert Path("a", name).read_text(encoding="utf-8") == text
    assert fishpond("report", "dir=a").code == 2


def test_a_folder_that_cannot_be_made_is_told_in_one_line(fishpond: Fishpond) -> None:
    Path("file").touch()
    answer = fishpond("run", *SMALL, "out=file/a")
    assert answer.code == 2
    assert answer.errors == ["out: cannot write to file/a: Not a directory"]


def test_a_full_disk_is_told_in_one_line(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("experiments.parts.write_table", full)
    answer = fishpond("run", *SMALL, "out=a")
    assert answer.code == 1
    assert answer.errors == ["out: cannot write to a: No space left on device"]


def test_runs_are_on_disk_after_some_seconds_or_some_runs(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = []
    with store.open_store(tmp_path / "a", job) as opened:
        tasks = opened.missing()
        assert [(task.key.replication, task.key.strategy) for task in tasks] == [
            *((0, "kill_pig"), (0, "fish_raising"), (1, "kill_pig"), (1, "fish_raising"))
        ]
        outcomes = [attempt(simulate, task) for task in tasks]
    monkeypatch.setattr(store, "_MOST_SECONDS", 0.05)
    with store.open_store(tmp_path / "b", job) as opened:
        opened.add(outcomes[0])
        timer = opened._timer
        assert timer is not None
        timer.join()
        assert opened.done == {outcomes[0].key}
    monkeypatch.setattr(store, "_MOST_SECONDS", 1000)
    monkeypatch.setattr(store, "_MOST_RUNS", 2)
    with store.open_store(tmp_path / "c", job) as opened:
        opened.add(outcomes[0])
        assert opened.done == set()
        opened.add(outcomes[1])
        assert opened.done == {outcomes[0].key, outcomes[1].key}
    with store.open_store(tmp_path / "c", job) as opened:  # the driver was killed, say
        assert [task.key for task in opened.missing()] == [outcomes[2].key, outcomes[3].key]


def test_a_fault_of_the_timer_is_not_lost(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_MOST_SECONDS", 0.01)
    monkeypatch.setattr("experiments.parts.write_table", full)
    with store.open_store(tmp_path / "a", job) as opened:
        opened.add(attempt(simulate, opened.missing()[0]))
        assert opened._timer is not None
        opened._timer.join()
        with pytest.raises(store.StorageError, match="No space left"):
            opened.flush()


def test_tables_are_joined_again_after_a_crash_between_them(fishpond: Fishpond) -> None:
    assert fishpond("compare", *SMALL, "out=a").code == 0
    expected = {path.name: path.read_bytes() for path in Path("a").glob("*.parquet")}
    assert fishpond("compare", *SMALL, "replications=2", "out=b").code == 0
    # Runs of two replications are in the tables, all three in parts, and some tables are joined already.
    replace, moved = Path.replace, []

    def crash(self: Path, target: Path) -> Path:
        if self.suffixes[-2:] == [".parquet", ".tmp"]:
            moved.append(self.name)
            if len(moved) == 3:
                raise KeyboardInterrupt
        return replace(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        assert fishpond("compare", *SMALL, "out=b").code == 130
    assert not Path("b/summary.csv").exists()  # it would not match the tables
    assert fishpond("compare", *SMALL, "out=b").code == 0
    assert {path.name: path.read_bytes() for path in Path("b").glob("*.parquet")} == expected
    assert sorted(path.name for path in Path("b").iterdir()) == FILES


def test_memory_does_not_grow_with_the_number_of_runs(simulator: FakeSimulator, tmp_path: Path) -> None:
    """Tables of 200 runs go through a store that holds those of some tens, and are joined run by run."""
    job = compose_job("compare", ["population.size=500", "horizon_days=5", "replications=100"], simulator)
    peaks = []
    with store.open_store(tmp_path / "a", job, "code") as opened:
        finished = attempt(simulate, opened.missing()[0])
        assert isinstance(finished, FinishedRun)
        size = sum(table.nbytes for table in finished.tables.values())
        idle = pa.total_allocated_bytes()
        for task in opened.missing():
            tables = {name: _of(task.key, table) for name, table in finished.tables.items()}
            opened.add(FinishedRun(task.key, tables, 0.1, 1.0))
            peaks.append(pa.total_allocated_bytes() - idle)
        del tables
        opened.finish()
        joined = pa.total_allocated_bytes() - idle
    assert max(peaks) < 120 * size  # 50 runs, and what writing them takes; all of them would be 200
    assert joined < 20 * size
    assert len(pd.read_parquet(tmp_path / "a/runs.parquet")) == 200


def _of(key: RunKey, table: pa.Table) -> pa.Table:
    """Make a copy of a table as that of another run."""
    frame = table.to_pandas()
    return table if frame.empty else to_arrow(frame.assign(strategy=key.strategy, replication=key.replication))
