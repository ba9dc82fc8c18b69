from __future__ import annotations

from pathlib import Path

import pytest

from experiments.executor import FinishedRun, attempt
from experiments.parts import Parts
from experiments.tables import RUNS, RunKey
from tests.experiments.fake_world import simulate
from tests.experiments.test_executor import tasks


def runs(count: int) -> list[FinishedRun]:
    outcomes = [attempt(simulate, task) for task in tasks(count)]
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes)
    return outcomes  # type: ignore[return-value]


def test_parts_are_found_again(tmp_path: Path) -> None:
    one, two, three = runs(3)
    parts = Parts(tmp_path / "parts")
    assert parts.open() == set()
    parts.write([one, two])
    again = Parts(tmp_path / "parts")
    assert again.open() == {RunKey("kill_pig", 0), RunKey("kill_pig", 1)}
    again.write([three])
    assert [path.parent.name for path in again.files(RUNS)] == ["000001", "000002"]
    again.clear()
    assert not (tmp_path / "parts").exists()


def test_what_was_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    for run in runs(3):
        parts.write([run])
    (tmp_path / "000001").rename(tmp_path / "000001.tmp")
    damaged = tmp_path / "000002" / "members.parquet"
    damaged.write_bytes(damaged.read_bytes()[:100])
    assert Parts(tmp_path).open() == {RunKey("kill_pig", 2)}
    assert [path.name for path in tmp_path.iterdir()] == ["000003"]


def test_a_part_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("experiments.parts.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        Parts(tmp_path).write(runs(1))
    assert list(tmp_path.iterdir()) == []
