from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from joblib.externals.loky import get_reusable_executor

from experiments.executor import FailedRun, FinishedRun, Task, attempt, run_all
from experiments.tables import RunKey
from tests.experiments import fake_world
from tests.experiments.fake_world import FAULT, FakeScenario, simulate


def scenario(name: str = "kill_pig", **changes: object) -> FakeScenario:
    base = {
        "horizon_days": 5,
        "population": {"size": 10},
        "behaviour": {},
        "market": {},
        "brand": {"name": "b"},
        "strategy": {"name": name},
    }
    return FakeScenario.model_validate({**base, **changes})


def tasks(count: int, name: str = "kill_pig") -> list[Task]:
    return [Task(RunKey(name, number), scenario(name), 1, "daily") for number in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize("executor", ["serial", "local"])
def test_every_task_is_done_once(executor: str) -> None:
    outcomes = list(run_all(tasks(7), simulate, executor=executor, workers=2))
    assert sorted(outcome.key.replication for outcome in outcomes) == list(range(7))
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes)


def test_workers_never_import_matplotlib() -> None:
    get_reusable_executor().shutdown(wait=True)  # workers of other tests may have loaded the module of a test
    outcomes = run_all(tasks(4), fake_world.simulate_and_look_around, executor="local", workers=2)
    assert [outcome.tables["runs"]["gmv"][0].as_py() for outcome in outcomes] == [0.0] * 4  # type: ignore[union-attr]


@pytest.mark.parametrize("executor", ["serial", "local"])
def test_a_failing_run_harms_no_other(executor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name of its own: worker processes are reused, with the environment in which they were started.
    monkeypatch.setenv(FAULT, "raise:kill_pig:1")
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    outcomes = {outcome.key.replication: outcome for outcome in run_all(tasks(4), simulate, executor=executor, workers=2)}
    failed = outcomes.pop(1)
    assert isinstance(failed, FailedRun)
    assert (failed.stage, failed.error) == ("simulate", "ValueError: the toy was asked to fail")
    assert "_fail_on_request" in failed.trace
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes.values())
    get_reusable_executor().shutdown(wait=True)


def test_a_dying_worker_costs_only_the_run_that_killed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib.externals.loky import get_reusable_executor

    monkeypatch.setenv(FAULT, "die:kill_pig:2")
    get_reusable_executor().shutdown(wait=True)
    outcomes = {outcome.key.replication: outcome for outcome in run_all(tasks(8), simulate, executor="local", workers=2)}
    assert sorted(outcomes) == list(range(8))
    failed = outcomes.pop(2)
    assert isinstance(failed, FailedRun)
    assert failed.stage == "worker"
    assert failed.error.startswith("worker process died; TerminatedWorkerError")
    assert all(isinstance(outcome, FinishedRun) for outcome in outcomes.values())
    get_reusable_executor().shutdown(wait=True)


def test_tables_that_cannot_be_stored_are_a_failure_of_their_own_stage() -> None:
    def odd(*arguments: object, **settings: object) -> object:
        result = simulate(*arguments, **{key: settings[key] for key in ("seed", "replication", "record")})  # type: ignore[arg-type]
        result.members["person"] = [object()] * len(result.members)
        return result

    outcome = attempt(odd, tasks(1)[0])  # type: ignore[arg-type]
    assert isinstance(outcome, FailedRun)
    assert outcome.stage == "tables"


def test_a_run_alone_is_done_in_this_process_with_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def spy(*arguments: object, threads: int, **settings: object) -> object:
        seen.append((os.getpid(), threads))
        return fake_world.simulate(*arguments, **settings)  # type: ignore[arg-type]

    list(run_all(tasks(1), spy, executor="local", workers=3))  # type: ignore[arg-type]
    list(run_all(tasks(1), spy, executor="serial", workers=3))  # type: ignore[arg-type]
    assert seen == [(os.getpid(), 3), (os.getpid(), 1)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_driver_goes_on_hearing_ctrl_c(workers: int) -> None:
    before = signal.getsignal(signal.SIGINT)
    list(run_all(tasks(2), simulate, executor="local", workers=workers))
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interruption_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "interrupt:kill_pig:2")
    outcomes = run_all(tasks(4), simulate, executor="serial", workers=1)
    assert [next(outcomes).key.replication, next(outcomes).key.replication] == [0, 1]
    with pytest.raises(KeyboardInterrupt):
        next(outcomes)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of process groups")
def test_workers_do_not_outlive_a_driver_that_is_killed() -> None:
    script = (
        "from tests.experiments.test_executor import tasks\n"
        "from tests.experiments.fake_world import simulate\n"
        "from experiments.executor import run_all\n"
        "for _ in run_all(tasks(6), simulate, executor='local', workers=2): print('one', flush=True)\n"
        "input()"
    )
    where = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script], env=where, start_new_session=True, **pipes) as driver:  # type: ignore[call-overload]
        for _ in range(6):
            assert driver.stdout.readline() == b"one\n"
        driver.kill()  # the workers are idle: nothing will ever come for them
        driver.wait()
        for _ in range(200):
            try:
                os.killpg(driver.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)
    pytest.fail("worker processes outlived the driver")
