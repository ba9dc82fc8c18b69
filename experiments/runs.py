"""A run: what is asked, what came of it, and the doing of one."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from experiments.tables import RUNS, RunKey, Take, every_table, row_table, without_rows

if TYPE_CHECKING:
    from experiments.simulator import Simulate
    from sim import Scenario

__all__ = ["FailedRun", "FinishedRun", "Outcome", "Task", "attempt", "described", "serve_the_driver", "too_long"]

_ORPHAN_SECONDS = 1.0


@dataclass(frozen=True)
class Task:
    """One run to do.

    Attributes
    ----------
    key
        Which run.
    scenario, seed, record
        What the simulator is asked for.
    take
        Takes what is kept from the result.
    """

    key: RunKey
    scenario: Scenario
    seed: int
    record: str
    take: Take = every_table


@dataclass(frozen=True)
class FinishedRun:
    """A run that went through.

    Attributes
    ----------
    key
        Which run.
    tables
        By name, the table of runs (one row of metrics) among them.
    seconds
        Time that the simulation took.
    sessions
        Sessions simulated.
    reused_from
        Folder of the experiment that it was taken from; empty when it was simulated.
    """

    key: RunKey
    tables: dict[str, pa.Table]
    seconds: float
    sessions: float
    reused_from: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """Return all, of tables without rows the columns alone: on their way to the driver they took longer than all the rest."""
        packed = {name: table if table.num_rows else tuple(table.column_names) for name, table in self.tables.items()}
        return {**vars(self), "tables": packed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Unpack tables without rows."""
        tables = {name: without_rows(table) if isinstance(table, tuple) else table for name, table in state["tables"].items()}
        vars(self).update(state, tables=tables)


@dataclass(frozen=True)
class FailedRun:
    """A run that did not go through.

    Attributes
    ----------
    key
        Which run.
    stage
        What was being done: ``"simulate"``, ``"tables"`` or ``"worker"`` (the process died).
    error
        Type and message.
    trace
        Traceback, for the log.
    """

    key: RunKey
    stage: str
    error: str
    trace: str


Outcome = FinishedRun | FailedRun


def attempt(simulate: Simulate, task: Task, threads: int = 1) -> Outcome:
    """Do one run, and turn whatever it raises into a report."""
    stage = "simulate"
    try:
        result = simulate(task.scenario, seed=task.seed, replication=task.key.replication, record=task.record, threads=threads)
        stage = "tables"
        metrics = {name: float(value) for name, value in result.summary.items()}
        tables = {**task.take(task.key, result), RUNS: row_table(task.key, metrics)}
        _keep_the_simulator()
        return FinishedRun(task.key, tables, float(result.timing["simulate"]), metrics.get("sessions", 0.0))
    except Exception as fault:  # noqa: BLE001 -- the report is kept, and the other runs go on
        return FailedRun(task.key, stage, described(fault), traceback.format_exc())


@cache
def _keep_the_simulator() -> None:
    """Take what was loaded for the first run out of every later search for garbage: it stays as long as the process."""
    gc.freeze()


def too_long(key: RunKey, limit_seconds: float) -> FailedRun:
    """Report a run that was stopped."""
    error = f"took longer than run_limit_seconds={limit_seconds:g}"
    return FailedRun(key, "simulate", error, f"{error}; its process was killed, so there is no traceback\n")


def serve_the_driver(driver: int) -> None:
    """Make a worker process ignore Ctrl-C, which its driver gets, too, and end soon after its driver, however that ends.

    Parameters
    ----------
    driver
        Number of the driver's process. The worker may have become an orphan before it could ask who its parent is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        threading.Thread(target=_end_with, args=(driver,), daemon=True).start()


def _end_with(driver: int) -> None:
    # A driver that is killed cannot tell its workers, and they would wait for work for minutes. An orphan has another parent.
    while os.getppid() == driver:
        time.sleep(_ORPHAN_SECONDS)
    os._exit(1)


def described(fault: BaseException) -> str:
    """Write an exception in one line."""
    message = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {message}" if message else type(fault).__name__
