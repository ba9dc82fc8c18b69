from __future__ import annotations

import time

import pytest

from experiments.progress import announced, progress_of


def test_lines_count_what_was_there_before(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_of("auto", total=40, done=30) as progress:
        for _ in range(10):
            progress.advance()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == ["32 of 40 runs", "36 of 40 runs", "40 of 40 runs"]


def test_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_of("auto", total=3, done=1) as progress:
        progress.advance()
        progress.advance()
    assert "3/3" in capsys.readouterr().err


def test_a_long_wait_is_announced_and_a_short_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with announced("auto", "compiling", patience=0.01):
        time.sleep(0.1)
    assert capsys.readouterr().err == "compiling ... 0 s\n"
    with announced("auto", "compiling", patience=5):
        pass
    with announced("off", "compiling", patience=0.01):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
