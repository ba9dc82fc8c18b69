"""Runs on a real Dask scheduler and worker processes, on this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from experiments.executor import FailedRun, FinishedRun, Task, run_all
from experiments.reuse import prepared
from experiments.simulator import Simulator
from experiments.store import Store
from experiments.tables import RUNS, RunKey
from sim import Scenario
from sim import simulate as real
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import DELAY, simulate
from tests.experiments.test_damage import states, tables
from tests.experiments.test_executor import tasks

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

ROOT = Path(__file__).resolve().parents[2]
ON = ("population.size=30", "horizon_days=10", "progress=off", "report.page=false", "executor=dask")


@contextmanager
def started(*words: str, says: str, folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a command of Dask, wait until it says something, and end it."""
    # A nanny's own checks of a worker's memory have nothing to do with us.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false", **more}
    log = folder / f"{words[0]}.log"
    with (
        log.open("w") as file,
        subprocess.Popen([sys.executable, "-m", "dask", *words], env=environment, cwd=folder, stderr=file, text=True) as process,
    ):
        try:
            for _ in range(600):
                found = re.search(says, log.read_text())
                if found or process.poll() is not None:
                    break
                time.sleep(0.1)
            assert found, log.read_text()
            yield process, found[1]
        finally:
            process.terminate()


@contextmanager
def cluster(folder: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a scheduler and two worker processes; yield the address, and the scheduler."""
    with (
        started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", says=r"Scheduler at:\s+(tcp:\S+)", folder=folder) as (
            scheduler,
            address,
        ),
        started("worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard", says=r"(Registered to)", folder=folder, **more),
    ):
        yield address, scheduler


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("dask"), **{DELAY: "0.1"}) as (address, _):
        yield address


def workers(address: str) -> list[int]:
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_same_bytes_as_in_this_process_though_a_worker_is_killed(fishpond: Fishpond, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    victim, *_ = workers(address)
    taken, add = [], Store.add

    def add_and_kill(self: Store, outcome: FinishedRun | FailedRun) -> None:
        taken.append(outcome.key)
        if len(taken) == 5:
            os.kill(victim, signal.SIGKILL)
        add(self, outcome)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", add_and_kill)
        answer = fishpond("compare", *ON, "replications=12", f"executor.address={address}", "out=a")
    assert (answer.code, answer.err) == (0, "")
    assert len(taken) == len(set(taken)) == 24
    assert states("a") == {"done": 24, "failed": 0, "pending": 0}
    assert fishpond("compare", *SMALL, "replications=12", "out=b").code == 0
    assert tables("a") == tables("b")
    runs = pd.read_parquet("a/runs.parquet")
    assert not runs.duplicated(["strategy", "replication"]).any()
    assert victim not in workers(address)


def test_a_run_over_the_limit_costs_no_other(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tasks(4)
    slow[1] = replace(slow[1], take=_for_ever)  # type: ignore[arg-type]
    how = {"executor": "dask", "workers": 1, "address": address, "limit_seconds": 3.0}
    outcomes = {run.key.replication: run for run in run_all(slow, simulate, **how)}  # type: ignore[arg-type]
    failed = outcomes.pop(1)
    assert isinstance(failed, FailedRun)
    assert (failed.stage, failed.error) == ("simulate", "took longer than run_limit_seconds=3")
    assert [type(outcome) for outcome in outcomes.values()] == [FinishedRun] * 3


def test_the_simulator_itself_has_the_same_bits(address: str) -> None:
    minute = [Task(RunKey("minute", number), Scenario.minute(), 1, "daily") for number in range(3)]
    ready = partial(prepared, Simulator())
    there = run_all(minute, real, executor="dask", workers=1, address=address, prepare=ready)
    found = {run.key: run.tables for run in there if isinstance(run, FinishedRun)}
    here = {run.key: run.tables for run in run_all(minute, real, executor="serial", workers=1) if isinstance(run, FinishedRun)}
    assert found.keys() == here.keys()
    for key, expected in here.items():
        assert all(found[key][name].equals(table) for name, table in expected.items() if name != RUNS)
        # Missing values are not equal to themselves.
        pd.testing.assert_frame_equal(found[key][RUNS].to_pandas(), expected[RUNS].to_pandas(), check_exact=True)


def _for_ever(*_: object) -> dict[str, object]:
    time.sleep(1000)
    return {}


def test_a_worker_of_another_version_is_refused(address: str) -> None:
    with pytest.raises(Exception, match="a worker has another fishpond, Python or packages") as found:
        list(run_all(tasks(2), simulate, executor="dask", workers=1, address=address, prepare=os.getpid))
    assert type(found.value).__name__ == "UserError"


def test_a_scheduler_that_goes_away(fishpond: Fishpond, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "dask"
    folder.mkdir()
    add, taken = Store.add, []
    with cluster(folder, **{DELAY: "0.3"}) as (address, scheduler):

        def add_and_kill(self: Store, outcome: FinishedRun | FailedRun) -> None:
            taken.append(outcome.key)
            add(self, outcome)
            if len(taken) == 2:
                scheduler.kill()

        with monkeypatch.context() as patch:
            patch.setattr(Store, "add", add_and_kill)
            answer = fishpond("compare", *ON, "replications=20", f"executor.address={address}", "out=a")
    assert answer.code == 1
    assert answer.err.splitlines() == [
        f"fishpond: executor.address: the scheduler at {address} has gone; what is finished is kept, and the same command continues"
    ]
    assert states("a")["done"] == len(taken) < 40


def test_nobody_at_the_address(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.cluster._CONNECT_SECONDS", 1)
    begun = time.monotonic()
    answer = fishpond("compare", *ON, "executor.address=tcp://127.0.0.1:9")
    assert answer.code == 2
    (line,) = answer.errors
    assert line.startswith("executor.address: no Dask scheduler answers at tcp://127.0.0.1:9 (")
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("", "executor.address: missing; executor=dask takes the address of a scheduler, executor.address=tcp://HOST:PORT"),
        (
            "executor.address=here",
            "executor.address: got 'here'; it takes the address of a Dask scheduler, for example tcp://localhost:8786",
        ),
    ],
)
def test_addresses(fishpond: Fishpond, how: str, line: str) -> None:
    answer = fishpond("compare", *ON, *how.split())
    assert (answer.code, answer.errors) == (2, [line])
    assert not Path("outputs").exists()


def test_without_the_extra(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.cluster.find_spec", lambda _: None)
    answer = fishpond("compare", *ON, "executor.address=tcp://127.0.0.1:9")
    assert (answer.code, answer.errors) == (2, ["executor: got dask, which is not installed; pip install 'fishpond[dask]' installs it"])
