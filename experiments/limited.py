"""Runs with a time limit: each in a process that is killed and replaced when it takes too long.

Nothing within a process can stop compiled code that does not return, so its driver does. A process does one run at a time, and one
thread of the driver waits for it: so it is known which run took too long or killed its process, and no other is touched.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, TimeoutError, wait
from typing import TYPE_CHECKING

from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.process_executor import BrokenProcessPool

from experiments.runs import FailedRun, Outcome, Task, attempt, described, serve_the_driver, too_long

if TYPE_CHECKING:
    from experiments.simulator import Simulate
    from experiments.tables import RunKey

__all__ = ["run_limited"]

#: One run, one core, as without a limit.
_ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def run_limited(
    tasks: Sequence[Task],
    simulate: Simulate,
    *,
    limit_seconds: float,
    workers: int,
    threads: int,
    prepare: Callable[[], object],
    started: Callable[[RunKey], None],
) -> Iterator[Outcome]:
    """Carry out tasks, none for longer than a limit.

    Parameters
    ----------
    tasks, simulate, workers, prepare, started
        As for :func:`experiments.executor.run_all`.
    limit_seconds
        The limit. Starting a process and loading the simulator do not count.
    threads
        For each run.

    Yields
    ------
    FinishedRun or FailedRun
        As they come.
    """
    processes = [_Process(simulate, limit_seconds, threads, prepare) for _ in range(min(workers, len(tasks)))]
    free, waiting = list(processes), list(reversed(tasks))
    busy: dict[Future[Outcome], _Process] = {}
    with ThreadPoolExecutor(len(processes)) as pool:
        try:
            while waiting or busy:
                while free and waiting:
                    process, task = free.pop(), waiting.pop()
                    started(task.key)
                    busy[pool.submit(process.attempt, task)] = process
                done, _ = wait(busy, return_when=FIRST_COMPLETED)
                for future in done:
                    free.append(busy.pop(future))
                    yield future.result()
        finally:
            for process in processes:
                process.end()


class _Process:
    """A process that does one run after the other, and is replaced when it dies or has to."""

    def __init__(self, simulate: Simulate, limit_seconds: float, threads: int, prepare: Callable[[], object]) -> None:
        self._simulate, self._limit_seconds, self._threads, self._prepare = simulate, limit_seconds, threads, prepare
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._ended = False

    def attempt(self, task: Task) -> Outcome:
        try:
            return self._attempt(task)
        except BrokenProcessPool:
            # Perhaps the system killed it for the memory that others took: what dies twice is to blame itself.
            self._replace()
        try:
            return self._attempt(task)
        except BrokenProcessPool as fault:
            self._replace()
            return FailedRun(task.key, "worker", f"worker process died; {described(fault)}", str(fault))

    def end(self) -> None:
        self._ended = True
        self._replace()

    def _attempt(self, task: Task) -> Outcome:
        pool = self._started()
        pool.submit(_ready, self._prepare, self._simulate).result()
        future = pool.submit(attempt, self._simulate, task, self._threads)
        try:
            outcome: Outcome = future.result(self._limit_seconds)
        except TimeoutError:
            self._replace()
            return too_long(task.key, self._limit_seconds)
        return outcome

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._ended:
                raise BrokenProcessPool("the driver has ended the work")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, env=_ONE_CORE, initializer=serve_the_driver, initargs=(os.getpid(),))
            return self._pool

    def _replace(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True, kill_workers=True)
                self._pool = None


def _ready(prepare: Callable[[], object], _: Simulate) -> None:
    """Prepare this process; to receive the simulator, it has imported it."""
    prepare()
