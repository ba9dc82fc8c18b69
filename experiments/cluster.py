"""Runs on the workers of a Dask scheduler.

By distributed's own client: joblib's backend for Dask fails as a whole when one run kills its workers, and goes on with the number of
workers that it met at the start.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from experiments.console import tell
from experiments.errors import ClusterError, UserError
from experiments.runs import FailedRun, Outcome, Task, attempt, described, too_long
from experiments.tables import RunKey

if TYPE_CHECKING:
    from experiments.simulator import Simulate

#: distributed has few types of its own.
Client: TypeAlias = Any
Future: TypeAlias = Any

__all__ = ["check_address", "run_on_cluster"]

_CONNECT_SECONDS = 10
_CLOSE_SECONDS = 5
#: Between two looks at how many workers there are.
_LOOK_SECONDS = 5.0
#: Time for a worker's last words to arrive.
_FAREWELL_SECONDS = 1.0
_ONE_RUN_AT_A_TIME = threading.Lock()


def check_address(address: str | None) -> None:
    """Refuse what can be seen without a connection.

    Raises
    ------
    UserError
        When Dask is not installed, or no address was given.
    """
    if find_spec("distributed") is None:
        raise UserError("executor: got dask, which is not installed; pip install 'fishpond[dask]' installs it")
    if not address:
        raise UserError("executor.address: missing; executor=dask takes the address of a scheduler, executor.address=tcp://HOST:PORT")


def run_on_cluster(
    tasks: Sequence[Task],
    simulate: Simulate,
    *,
    address: str | None,
    limit_seconds: float | None,
    prepare: Callable[[], object],
    started: Callable[[RunKey], None],
) -> Iterator[Outcome]:
    """Carry out tasks on the workers that there are, and on those that come later.

    Parameters
    ----------
    tasks, simulate, address, limit_seconds, prepare, started
        As for :func:`experiments.executor.run_all`.

    Yields
    ------
    FinishedRun or FailedRun
        As they come.

    Raises
    ------
    UserError
        When no scheduler answers, or a worker has another version of the code.
    ClusterError
        When the scheduler goes away.
    """
    check_address(address)
    assert address is not None
    client = _connected(address)
    try:
        expected = prepare()
        _prepare_workers(client, prepare, expected)
        yield from _Flight(client, address, simulate, limit_seconds, prepare, expected).outcomes(tasks, started)
    finally:
        with suppress(Exception):  # whatever it is, it must not hide what ended the work
            client.close(timeout=_CLOSE_SECONDS)


class _Flight:
    """Runs under way: two for each worker, so that none waits and results do not pile up on workers."""

    def __init__(
        self, client: Client, address: str, simulate: Simulate, limit_seconds: float | None, prepare: Callable[[], object], expected: object
    ) -> None:
        self._client, self._address = client, address
        self._arguments = (simulate, limit_seconds, prepare, expected)
        self._events: queue.SimpleQueue[Future | str] = queue.SimpleQueue()
        self._futures: dict[str, tuple[Future, Task]] = {}
        self._name = f"fishpond-{uuid4().hex}"
        self._most, self._looked = 2, -_LOOK_SECONDS

    def outcomes(self, tasks: Sequence[Task], started: Callable[[RunKey], None]) -> Iterator[Outcome]:
        waiting = list(reversed(tasks))
        self._client.subscribe_topic(self._name, lambda event: self._events.put(event[1]))
        try:
            while waiting or self._futures:
                while waiting and len(self._futures) < self._room():
                    started(waiting[-1].key)
                    self._submit(waiting.pop())
                try:
                    event = self._events.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    self._check()
                    continue
                outcome = self._outcome(event)
                if outcome is not None:
                    yield outcome
        finally:
            with suppress(Exception):
                self._client.cancel([future for future, _ in self._futures.values()])

    def _submit(self, task: Task) -> None:
        key = f"{self._name}-{task.key.strategy}-{task.key.replication}"
        future = self._client.submit(_attempt, task, *self._arguments, (self._name, key), key=key, pure=False)
        self._futures[key] = (future, task)
        future.add_done_callback(self._events.put)

    def _outcome(self, event: Future | str) -> Outcome | None:
        """Take what came of a run; None when it has been told already."""
        found = self._futures.pop(event if isinstance(event, str) else event.key, None)
        if found is None:
            return None
        future, task = found
        if isinstance(event, str):
            # Its worker has ended itself, or is about to: nobody else is to try the same.
            self._client.cancel([future], force=True)
            return too_long(task.key, self._arguments[1] or 0.0)
        if future.status == "finished":
            outcome: Outcome = future.result()
            return outcome
        if future.status == "error":
            fault = future.exception()
            if isinstance(fault, UserError):
                raise fault
            return FailedRun(task.key, "worker", f"worker process died; {described(fault)}", str(fault))
        raise self._gone()

    def _room(self) -> int:
        now = time.monotonic()
        if now - self._looked > _LOOK_SECONDS:
            self._looked = now
            self._check()
            self._most = max(2, 2 * len(_workers(self._client)))
        return self._most

    def _check(self) -> None:
        if self._client.status != "running":
            raise self._gone()

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"executor.address: the scheduler at {self._address} has gone; what is finished is kept, and the same command continues"
        )


def _connected(address: str) -> Client:
    import distributed

    # What goes wrong is told in one line, by us.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    connect: Any = distributed.Client
    try:
        return connect(address, timeout=_CONNECT_SECONDS, set_as_default=False, name="fishpond")
    except (OSError, ValueError) as fault:
        message = described(fault).removeprefix("OSError: ")
        raise UserError(f"executor.address: no Dask scheduler answers at {address} ({message}); `dask scheduler` starts one") from fault


def _workers(client: Client) -> dict[str, dict[str, Any]]:
    workers: dict[str, dict[str, Any]] = client.scheduler_info(n_workers=-1)["workers"]
    return workers


def _prepare_workers(client: Client, prepare: Callable[[], object], expected: object) -> None:
    """Compile the simulator on one worker of each machine, then load it in the others; nobody else compiles meanwhile."""
    workers = _workers(client)
    if not workers:
        tell("note: the scheduler has no workers yet; runs start when some come")
    first = list({worker["host"]: address for address, worker in reversed(list(workers.items()))}.values())
    for addresses in (first, [address for address in workers if address not in first]):
        futures = {address: client.submit(_ready, prepare, expected, workers=[address], pure=False) for address in addresses}
        for address, future in futures.items():
            fault = _fault_of(client, address, future)
            if isinstance(fault, UserError):
                raise fault
            if fault is not None and type(fault).__name__ != "KilledWorker":
                raise UserError(f"executor.address: the worker {address} cannot run fishpond: {described(fault)}")


def _fault_of(client: Client, address: str, future: Future) -> BaseException | None:
    """Wait until a worker is ready, and return what it raised; a worker that is gone by then need not be, and would never answer."""
    while True:
        try:
            fault: BaseException | None = future.exception(timeout=_LOOK_SECONDS)
        except TimeoutError:
            if address in _workers(client):
                continue
            client.cancel([future])
            return None
        return fault


def _ready(prepare: Callable[[], object], expected: object) -> None:
    with _ONE_RUN_AT_A_TIME:
        _prepared(prepare, expected)


@cache
def _prepared(prepare: Callable[[], object], expected: object) -> None:
    if prepare() != expected:
        raise UserError(
            "executor.address: a worker has another fishpond, Python or packages than this process, or is another kind of machine;"
            " install the same there, or results would differ"
        )


def _attempt(
    task: Task,
    simulate: Simulate,
    limit_seconds: float | None,
    prepare: Callable[[], object],
    expected: object,
    topic_and_key: tuple[str, str],
) -> Outcome:
    """Do one run on a worker. A worker has a core for each of its processes, whatever its threads."""
    with _ONE_RUN_AT_A_TIME:
        _prepared(prepare, expected)
        if limit_seconds is None:
            return attempt(simulate, task)
        from distributed import get_worker

        watch = threading.Timer(limit_seconds, _end_this_worker, (get_worker(), *topic_and_key))
        watch.daemon = True
        watch.start()
        try:
            return attempt(simulate, task)
        finally:
            watch.cancel()


def _end_this_worker(worker: Any, topic: str, key: str) -> None:
    """End this process, which nothing else can interrupt; its nanny starts another."""
    worker.log_event(topic, key)
    time.sleep(_FAREWELL_SECONDS)
    os._exit(1)
