"""Run many replications, over processes, a cluster or in this one; a run that fails is reported and harms no other."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import joblib
from joblib.externals.loky.process_executor import BrokenProcessPool

from experiments.limited import run_limited
from experiments.runs import FailedRun, FinishedRun, Outcome, Task, attempt, described, serve_the_driver

if TYPE_CHECKING:
    from experiments.simulator import Simulate
    from experiments.tables import RunKey

__all__ = ["FailedRun", "FinishedRun", "Outcome", "Task", "attempt", "physical_cores", "run_all", "spread_out"]


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
    limit_seconds: float | None = None,
    address: str | None = None,
    prepare: Callable[[], object] = str,
) -> Iterator[Outcome]:
    """Carry out all tasks.

    Parameters
    ----------
    tasks
        What to do, in the order in which to start.
    simulate
        The simulator; with worker processes, a function that they can import.
    executor
        ``"local"`` (worker processes), ``"serial"`` (this process) or ``"dask"`` (workers of a Dask scheduler).
    workers
        Number of processes; a scheduler has its own.
    started
        Told of each run when it is handed to a process, from whatever thread; some runs then wait for a moment.
    limit_seconds
        How long a run may take, if there is a limit. With one, no run is done in this process: it could not be stopped.
    address
        Of the scheduler.
    prepare
        Makes a process ready for its first run; used where runs are timed, and on workers of a scheduler. There, what it returns must be
        what it returns here.

    Yields
    ------
    FinishedRun or FailedRun
        As they come, in any order. Closing the iterator ends the workers.
    """
    if executor == "dask":
        from experiments.cluster import run_on_cluster

        yield from run_on_cluster(tasks, simulate, address=address, limit_seconds=limit_seconds, prepare=prepare, started=started)
        return
    # Alone, a run has all cores to itself: threads change nothing but the time it takes.
    threads = workers if executor == "local" and len(tasks) <= 1 else 1
    if limit_seconds is not None:
        yield from run_limited(
            tasks,
            simulate,
            limit_seconds=limit_seconds,
            workers=workers if executor == "local" else 1,
            threads=threads,
            prepare=prepare,
            started=started,
        )
        return
    if executor == "serial" or len(tasks) <= 1:
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


def spread_out(function: Callable[..., Any], calls: Sequence[Sequence[Any]], *, executor: str, workers: int) -> list[Any]:
    """Call a function with each of some arguments, in the worker processes that runs are made in.

    There a call has one thread, whatever else goes on, so that sums come in the same order and calls do not wait for each other's threads.
    """
    if executor == "serial":
        return [function(*call) for call in calls]
    with _settings(workers):
        found: list[Any] = joblib.Parallel(batch_size=1, max_nbytes=None)(joblib.delayed(function)(*call) for call in calls)
    return found


def _settings(workers: int) -> Any:
    return joblib.parallel_config(
        backend="loky", n_jobs=workers, inner_max_num_threads=1, initializer=serve_the_driver, initargs=(os.getpid(),)
    )


def _over_processes(
    tasks: Sequence[Task], simulate: Simulate, workers: int, started: Callable[[RunKey], None] = lambda _: None
) -> Iterator[Outcome]:
    def handed_out() -> Iterator[Any]:
        for task in tasks:
            started(task.key)
            yield joblib.delayed(attempt)(simulate, task)

    with _settings(workers):
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, max_nbytes=None)
        yield from parallel(handed_out())


def _alone(task: Task, simulate: Simulate) -> Outcome:
    try:
        # Two workers, of which one stays idle: with one, joblib would run the task in this process.
        return next(iter(_over_processes([task], simulate, workers=2)))
    except BrokenProcessPool as fault:
        return FailedRun(task.key, "worker", f"worker process died; {described(fault)}", traceback.format_exc())
