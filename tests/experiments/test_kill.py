"""Killed at random moments, and continued: nothing is lost, nothing is there twice, nothing differs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.kill import faults, kill_and_continue
from tests.experiments.conftest import Fishpond
from tests.experiments.fake_world import DELAY

ROOT = Path(__file__).resolve().parents[2]
#: The command that is killed.
COMMAND = (
    *("sweep", "strategies=[kill_pig,fish_raising]", "behaviour.trust_start=0.2,0.5,0.8", "record=daily"),
    *("population.size=30", "horizon_days=10", "replications=10", "report.page=false"),
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of process groups")
def test_killed_at_random_moments(fishpond: Fishpond, tree: Path) -> None:
    assert fishpond(*COMMAND, "executor=serial", "progress=off", "out=undisturbed").code == 0
    found = kill_and_continue(
        [sys.executable, "-m", "tests.experiments.fake_command", str(tree), *COMMAND, "executor=serial", "out=disturbed"],
        Path("disturbed"),
        kills=5,
        longest_seconds=0.5,
        seed=3,
        # Parts of three runs: in so short a time, there would be none of the usual size.
        environment={**os.environ, DELAY: "0.03", "FAKE_MOST_RUNS": "3", "PYTHONPATH": str(ROOT)},
    )
    assert found.code == 0
    assert len(found.done) == 5
    assert found.done == sorted(found.done)
    assert 0 < found.done[-1] < 60
    assert faults(Path("disturbed"), Path("undisturbed")) == []
