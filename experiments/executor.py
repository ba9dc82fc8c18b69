"""Run many replications, over processes or in this one; a run that fails is reported and harms no other."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import joblib
import pyarrow as pa
from joblib.externals.loky.process_executor import BrokenProcessPool

from experiments.tables import RUNS, RunKey, Take, every_table, row_table

if TYPE_CHECKING:
    from experiments.simulator import Simulate
    from sim import Scenario

__all__ = ["FailedRun", "FinishedRun", "Outcome", "Task", "physical_cores", "run_all"]


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


def physical_cores() -> int:
    """Cores of this machine that this process may use, not counting hyper-threads."""
    return int(joblib.cpu_count(only_physical_cores=True))


def run_all(
    tasks: Sequence[Task],
    simulate: Simulate,
    *,
    executor: str,
    workers: int,
    started: Callable[[RunKey], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Carry out all tasks.

    Parameters
    ----------
    tasks
        What to do, in the order in which to start.
    simulate
        The simulator; with worker processes, a function that they can import.
    executor
        ``"local"`` (worker processes) or ``"serial"`` (this process).
    workers
        Number of processes.
    started
        Told of each run when it is handed to a process, from whatever thread; some runs then wait for a moment.

    Yields
    ------
    FinishedRun or FailedRun
        As they come, in any order. Closing the iterator ends the workers.
    """
    if executor == "serial" or len(tasks) <= 1:
        # Alone, a run has all cores to itself: threads change nothing but the time it takes.
        threads = workers if executor == "local" else 1
        for task in tasks:
            started(task.key)
            yield attempt(simulate, task, threads)
        return
    waiting = {task.key: task for task in tasks}
    while waiting:
        try:
            for outcome in _over_processes(list(waiting.values()), simulate, workers, started):
                del waiting[outcome.key]
                yield outcome
        except BrokenProcessPool:
            # A worker died (killed for its memory, say) and took the pool along. The runs that were under way are
            # repeated one by one, each in a process of its own, so that only the one to blame is lost.
            for task in list(waiting.values())[: 2 * workers]:
                del waiting[task.key]
                yield _alone(task, simulate)


def attempt(simulate: Simulate, task: Task, threads: int = 1) -> Outcome:
    """Do one run, and turn whatever it raises into a report."""
    stage = "simulate"
    try:
        result = simulate(task.scenario, seed=task.seed, replication=task.key.replication, record=task.record, threads=threads)
        stage = "tables"
        metrics = {name: float(value) for name, value in result.summary.items()}
        tables = {**task.take(task.key, result), RUNS: row_table(task.key, metrics)}
        return FinishedRun(task.key, tables, float(result.timing["simulate"]), metrics.get("sessions", 0.0))
    except Exception as fault:  # noqa: BLE001 -- the report is kept, and the other runs go on
        return FailedRun(task.key, stage, _described(fault), traceback.format_exc())


def _over_processes(
    tasks: Sequence[Task], simulate: Simulate, workers: int, started: Callable[[RunKey], None] = lambda _: None
) -> Iterator[Outcome]:
    def handed_out() -> Iterator[Any]:
        for task in tasks:
            started(task.key)
            yield joblib.delayed(attempt)(simulate, task)

    settings = joblib.parallel_config(backend="loky", n_jobs=workers, inner_max_num_threads=1, initializer=_leave_interrupts_to_the_driver)
    with settings:
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, max_nbytes=None)
        yield from parallel(handed_out())


def _alone(task: Task, simulate: Simulate) -> Outcome:
    try:
        # Two workers, of which one stays idle: with one, joblib would run the task in this process.
        return next(iter(_over_processes([task], simulate, workers=2)))
    except BrokenProcessPool as fault:
        return FailedRun(task.key, "worker", f"worker process died; {_described(fault)}", traceback.format_exc())


def _leave_interrupts_to_the_driver() -> None:
    """Ignore Ctrl-C in a worker: the driver gets it too, keeps what is finished, and ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _described(fault: BaseException) -> str:
    message = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {message}" if message else type(fault).__name__
