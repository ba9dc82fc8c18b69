from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.errors import UserError
from experiments.files import locked, replaced, write_text

ROOT = Path(__file__).resolve().parents[2]
HOLD = (
    "import sys, pathlib; from experiments.files import locked\n"
    "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    def fail() -> None:
        with replaced(tmp_path / "a") as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert list(tmp_path.iterdir()) == []
    write_text(tmp_path / "a", "é\n")
    assert (tmp_path / "a").read_bytes() == "é\n".encode()
    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert (tmp_path / "a").read_bytes() == "é\n".encode()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="being written by another fishpond process"), locked(tmp_path):
            pass
        holder.kill()  # the system frees the lock, whatever is left behind
        holder.wait()
    with locked(tmp_path):
        assert (tmp_path / ".lock").exists()
    assert list(tmp_path.iterdir()) == []
