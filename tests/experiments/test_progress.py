from __future__ import annotations

import time

import pytest

from experiments.progress import Best, announced, progress_of


def test_lines_come_at_the_start_at_the_end_and_seldom_between(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_of("auto", total=4000, done=3000) as progress:
        for number in range(1000):
            progress.advance(failed=number == 7, best="fish_raising ahead")
    assert capsys.readouterr().err.splitlines() == ["3000 of 4000 runs", "3999 of 4000 runs, 1 failed, fish_raising ahead"]


def test_a_line_comes_though_no_run_has_finished(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.progress._LINE_SECONDS", (0.05, 0.1, 1000.0))
    with progress_of("auto", total=4, done=1) as progress:
        time.sleep(0.4)
        progress.advance()
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == ["1 of 4 runs"] * 3
    assert len(lines) == 4
    assert lines[3].startswith("2 of 4 runs, about ")


def test_the_leading_arm() -> None:
    best = Best(["often", "seldom", "never"])
    best.add("often", 5.0)
    assert best.told() == ""
    best.add("seldom", 1000.0)
    best.add("seldom", 2001.0)
    best.add("often", float("nan"))
    best.add("never", None)
    best.add("another", 1e9)
    assert best.told() == "seldom ahead on contribution, 1,500 a run"


def test_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_of("auto", total=3, done=1) as progress:
        progress.advance(best="fish_raising ahead")
        progress.advance(failed=True, best="fish_raising ahead")
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "1 failed, fish_raising ahead" in shown


def test_a_long_wait_is_announced_and_a_short_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with announced("auto", "compiling", patience=0.01):
        time.sleep(0.1)
    assert capsys.readouterr().err == "compiling ... 0 s\n"
    with announced("auto", "compiling", patience=5):
        pass
    with announced("off", "compiling", patience=0.01):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
