"""A time limit: a run that takes longer is stopped, and nothing else is touched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.executor import FailedRun, FinishedRun, run_all
from experiments.reuse import prepared
from tests.experiments import fake_world
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FAULT
from tests.experiments.test_executor import tasks


@pytest.mark.parametrize(("executor", "count"), [("serial", 3), ("local", 6)])
def test_a_run_that_never_ends_is_stopped(executor: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "hang:kill_pig:0")
    started: list[int] = []
    outcomes = {}
    begun = time.monotonic()
    for outcome in run_all(
        tasks(count),
        fake_world.simulate,
        executor=executor,
        workers=2,
        limit_seconds=3.0,
        started=lambda key: started.append(key.replication),
    ):
        outcomes[outcome.key.replication] = outcome
    assert time.monotonic() - begun < 60  # the toy would hang for 1000 s
    assert sorted(outcomes) == sorted(started) == list(range(count))
    failed = outcomes.pop(0)
    assert isinstance(failed, FailedRun)
    assert (failed.stage, failed.error) == ("simulate", "took longer than run_limit_seconds=3")
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes.values())


def test_compiled_code_is_stopped_too() -> None:
    (outcome,) = run_all(tasks(1), fake_world.simulate_for_ever_compiled, executor="local", workers=1, limit_seconds=1.0)
    assert isinstance(outcome, FailedRun)
    assert outcome.error == "took longer than run_limit_seconds=1"


def test_a_dying_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "die:kill_pig:1")
    outcomes = {run.key.replication: run for run in run_all(tasks(4), fake_world.simulate, executor="local", workers=2, limit_seconds=60)}
    failed = outcomes.pop(1)
    assert isinstance(failed, FailedRun)
    assert failed.stage == "worker"
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes.values())


def test_an_interrupted_driver_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "hang:kill_pig:1")
    outcomes = run_all(tasks(3), fake_world.simulate, executor="local", workers=2, limit_seconds=600)
    assert next(outcomes).key.replication != 1
    begun = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 30


def test_a_job_with_a_run_that_never_ends(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "hang:kill_pig:1")
    answer = fishpond("compare", *SMALL, "run_limit_seconds=2", "out=a")
    assert answer.code == 1
    assert "failed: kill_pig, replication 1, at stage simulate: took longer than run_limit_seconds=2" in answer.err
    status = json.loads(Path("a/manifest.json").read_text(encoding="utf-8"))["status"]
    assert status == {"done": 5, "failed": 1, "pending": 0}


@pytest.mark.parametrize("value", ["0", "-1", "soon", "true"])
def test_a_limit_is_a_time(fishpond: Fishpond, value: str) -> None:
    answer = fishpond("run", f"run_limit_seconds={value}")
    assert answer.code == 2
    (line,) = answer.errors
    assert line.startswith("run_limit_seconds: got ")


def test_what_prepares_a_process_can_be_sent_to_it(simulator: fake_world.FakeSimulator) -> None:
    import pickle
    from functools import partial

    sent: Callable[[], str] = pickle.loads(pickle.dumps(partial(prepared, simulator)))
    assert sent() == prepared(simulator)
