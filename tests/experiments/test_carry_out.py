"""Jobs from end to end: interrupted, failing, continued, over one worker and two."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import DELAY, FAULT, FakeSimulator

ROOT = Path(__file__).resolve().parents[2]


def tables(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.suffix in (".parquet", ".csv")}


def states(folder: str) -> dict[str, int]:
    status = json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))["status"]
    assert isinstance(status, dict)
    return status


def test_same_bytes_over_one_process_one_worker_and_two(fishpond: Fishpond) -> None:
    for out, how in (("a", "executor=serial"), ("b", "workers=1"), ("c", "workers=2")):
        assert fishpond("compare", *SMALL, f"out={out}", "executor=local", how).code == 0
    assert tables("a") == tables("b") == tables("c")
    assert Path("a/config.yaml").read_bytes() == Path("c/config.yaml").read_bytes()


def test_the_default_folder_is_named_after_what_is_tried(fishpond: Fishpond) -> None:
    for change in ("seed=1", "workers=3", "seed=2"):
        assert fishpond("compare", *SMALL, change).code == 0
    names = [path.name for path in Path("outputs").iterdir()]
    assert len(names) == 2
    assert all(name.startswith("compare-kill_pig-fish_raising-") for name in names)


def test_a_finished_experiment_is_not_simulated_again(fishpond: Fishpond, simulator: FakeSimulator) -> None:
    first = fishpond("compare", *SMALL, "out=a")
    before = {path: path.stat().st_mtime_ns for path in Path("a").glob("*.parquet")}
    again = fishpond("compare", *SMALL, "out=a")
    assert (again.code, again.out) == (0, first.out)
    assert "nothing to simulate: all 6 runs are in a" in again.err
    assert {path: path.stat().st_mtime_ns for path in Path("a").glob("*.parquet")} == before
    assert simulator.warmed == 1


def test_more_replications_are_added_to_those_that_are_there(fishpond: Fishpond) -> None:
    assert fishpond("compare", *SMALL, "out=whole", "replications=5").code == 0
    assert fishpond("compare", *SMALL, "out=grown", "replications=2").code == 0
    assert fishpond("compare", *SMALL, "out=grown", "replications=5").code == 0
    assert tables("grown") == tables("whole")
    assert Path("grown/config.yaml").read_bytes() == Path("whole/config.yaml").read_bytes()
    fewer = fishpond("compare", *SMALL, "out=grown", "replications=1")
    assert fewer.code == 0
    assert tables("grown") == tables("whole")
    assert "replications: 5" in Path("grown/config.yaml").read_text(encoding="utf-8")
    assert states("grown") == {"done": 10, "failed": 0, "pending": 0}


def test_a_failing_run_is_recorded_and_tried_again(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fishpond("compare", *SMALL, "out=whole").code == 0
    monkeypatch.setenv(FAULT, "raise:kill_pig:1")
    answer = fishpond("compare", *SMALL, "out=a")
    assert answer.code == 1
    assert "failed: kill_pig, replication 1, at stage simulate: ValueError: the toy was asked to fail" in answer.err
    assert states("a") == {"done": 5, "failed": 1, "pending": 0}
    manifest = json.loads(Path("a/manifest.json").read_text(encoding="utf-8"))
    assert [run for run in manifest["runs"] if run["status"] == "failed"] == [
        {
            "strategy": "kill_pig",
            "replication": 1,
            "status": "failed",
            "stage": "simulate",
            "error": "ValueError: the toy was asked to fail",
        }
    ]
    assert "Traceback" in Path("a/failures.log").read_text(encoding="utf-8")
    paired = pd.read_csv("a/paired.csv").set_index("metric")
    assert paired.loc["gmv", "replications"] == 2
    monkeypatch.delenv(FAULT)
    assert fishpond("compare", *SMALL, "out=a").code == 0
    assert tables("a") == tables("whole")
    assert not Path("a/failures.log").exists()


def test_when_every_run_fails_there_is_nothing_to_conclude(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "raise:fish_raising:0")
    answer = fishpond("run", *SMALL, "replications=1", "out=a")
    assert (answer.code, answer.out) == (1, "")
    assert "1 of 1 runs failed" in answer.err


def test_an_arm_that_failed_whole_is_left_out(fishpond: Fishpond, one_figure: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "raise:kill_pig:0")
    answer = fishpond("compare", *SMALL, "replications=1", "report.page=true", "out=a")
    assert answer.code == 1
    assert answer.out.startswith("After 10 days, fish_raising has contribution")
    assert "1 of the runs failed" in Path("a/report.html").read_text(encoding="utf-8")


def test_an_interruption_in_this_process_keeps_what_is_finished(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fishpond("compare", *SMALL, "out=whole").code == 0
    monkeypatch.setenv(FAULT, "interrupt:fish_raising:1")
    answer = fishpond("compare", *SMALL, "out=a")
    assert answer.code == 130
    assert "interrupted: 3 of 6 runs are kept in a; the same command continues" in answer.err
    assert states("a") == {"done": 3, "failed": 0, "pending": 3}
    assert not list(Path("a").glob("*.parquet"))
    monkeypatch.delenv(FAULT)
    assert fishpond("compare", *SMALL, "out=a").code == 0
    assert tables("a") == tables("whole")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of process groups")
def test_ctrl_c_keeps_what_is_finished_and_ends_the_workers(fishpond: Fishpond, tree: Path) -> None:
    job = ("population.size=30", "horizon_days=10", "replications=12", "report.page=false", "workers=2", "out=a")
    command = [sys.executable, "-m", "tests.experiments.fake_command", str(tree), "compare", *job]
    place = Path.cwd()
    environment = {**os.environ, DELAY: "0.15", "FAKE_MOST_RUNS": "3", "PYTHONPATH": str(ROOT)}
    # A shell that starts tests in the background lets them ignore Ctrl-C, and what they start inherits that.
    with subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as driver:
        assert driver.stderr is not None
        for line in driver.stderr:
            if line.startswith("0 of 24 runs"):
                break
        while driver.poll() is None and not list(Path("a").glob("parts/*[0-9]")):
            time.sleep(0.05)
        os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: the driver and its workers
        rest = driver.stderr.read()
        assert driver.wait(timeout=30) == 130
    assert "Traceback" not in rest
    assert "runs are kept in a; the same command continues" in rest
    kept = states("a")["done"]
    assert 3 <= kept < 24
    for _ in range(50):
        try:
            os.killpg(driver.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("worker processes outlived the driver")
    again = fishpond("compare", *job, "executor=serial")
    assert again.code == 0
    assert fishpond("compare", *job, "out=whole", "executor=serial").code == 0
    assert tables("a") == tables("whole")
    assert not Path("a/parts").exists()


def test_progress_is_silent_when_off_and_says_who_leads_otherwise(fishpond: Fishpond) -> None:
    assert fishpond("run", *SMALL, "out=a").err == ""
    lines = fishpond("compare", *SMALL, "out=b", "progress=auto").err.splitlines()
    assert lines[0] == "0 of 6 runs"
    assert re.fullmatch(r"6 of 6 runs, kill_pig ahead on contribution, [0-9,]+ a run", lines[-1])
