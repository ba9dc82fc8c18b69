"""The folder of an experiment: continued when it holds the same one, refused when it holds another, never deleted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from experiments.errors import StorageError, UserError
from experiments.executor import FailedRun, FinishedRun, Outcome, Task
from experiments.files import locked, told_plainly, write_text
from experiments.job import Job
from experiments.manifest import Manifest
from experiments.parts import Parts
from experiments.resolved import as_yaml, difference, fingerprint, from_yaml
from experiments.tables import RUNS, RunKey, join_tables, keys_in

__all__ = ["CONFIG", "FAILURES", "Store", "open_store"]

CONFIG = "config.yaml"
#: Tracebacks of runs that failed in the last session.
FAILURES = "failures.log"

_MOST_RUNS = 50
_MOST_BYTES = 256 * 2**20
_MOST_SECONDS = 10.0


class Store:
    """An open folder; made by :func:`open_store`.

    Attributes
    ----------
    folder
        Where it is.
    job
        What is kept in it.
    done
        Runs that are there.
    manifest
        What became of every run.
    """

    def __init__(self, folder: Path, job: Job) -> None:
        self.folder = folder
        self.job = job
        self._parts = Parts(folder / "parts", job.tables)
        self._buffer: list[FinishedRun] = []
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self._fault: OSError | None = None
        self.done: set[RunKey] = set()
        self.manifest = Manifest(job.command, job.settings.seed, fingerprint(job.content()), {})

    def missing(self) -> list[Task]:
        """List the runs that are still to do, replication by replication, so that what is finished can be paired."""
        job = self.job
        return [
            Task(RunKey(arm.name, replication), arm.scenario, job.settings.seed, job.record, job.take)
            for replication in range(job.replications)
            for arm in job.arms
            if RunKey(arm.name, replication) not in self.done
        ]

    def add(self, outcome: Outcome) -> None:
        """Take a run. It is on disk after some seconds, or when enough have come together."""
        with self._lock, told_plainly("out", self.folder):
            self._raise_fault()
            self.manifest.note(outcome)
            if isinstance(outcome, FailedRun):
                self._log(outcome)
                return
            self._buffer.append(outcome)
            size = sum(table.nbytes for run in self._buffer for table in run.tables.values())
            if len(self._buffer) >= _MOST_RUNS or size >= _MOST_BYTES:
                self.flush()
            elif self._timer is None:
                self._timer = threading.Timer(_MOST_SECONDS, self._flush_later)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write every run taken so far."""
        with self._lock, told_plainly("out", self.folder):
            self._raise_fault()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            start = time.perf_counter()
            if self._buffer:
                self._parts.write(self._buffer)
                self.done |= {run.key for run in self._buffer}
                self._buffer = []
            self.manifest.timing["write"] += time.perf_counter() - start
            self.manifest.save(self.folder)

    def finish(self) -> None:
        """Join all runs into the tables of the experiment."""
        self.flush()
        with told_plainly("out", self.folder):
            start = time.perf_counter()
            if self._parts.files(RUNS):
                self._join()
            self.manifest.timing["write"] += time.perf_counter() - start
            self.manifest.save(self.folder)

    def _join(self) -> None:
        rank = {name: position for position, name in enumerate(self.job.names)}
        # Arms that an earlier job of this folder asked for (a map with other values) come after those of this one.
        order = sorted(self.done, key=lambda key: (rank.get(key.strategy, len(rank)), key))
        names = (*self.job.tables, RUNS)
        temporary = {name: self.folder / f"{name}.parquet.tmp" for name in names}
        try:
            for name in names:
                there = self.folder / f"{name}.parquet"
                join_tables(temporary[name], [there] * there.exists() + self._parts.files(name), order)
            self._remove_derived()
            # The table of runs comes last: until it is there, the parts still count.
            for name in names:
                temporary[name].replace(self.folder / f"{name}.parquet")
        finally:
            for path in temporary.values():
                path.unlink(missing_ok=True)
        self._parts.clear()

    def begin(self) -> None:
        """Look at what is there, and refuse a folder that is not ours."""
        content = self.job.content()
        config = self.folder / CONFIG
        replications = 0
        there = from_yaml(config.read_text(encoding="utf-8")) if config.is_file() else {}
        if there:
            found = difference({key: there[key] for key in content if key in there}, content)
            if found:
                raise UserError(f"out: {self.folder} holds another experiment: {found}; take another out")
            replications = int(there.get("replications", 0))
        elif any(path.name != ".lock" for path in self.folder.iterdir()):
            raise UserError(f"out: {self.folder} holds files that are no experiment of fishpond; take a new folder")
        with told_plainly("out", self.folder, UserError):
            shown = self.job.shown()
            if self.job.replications > replications or any(there.get(name) != value for name, value in shown.items()):
                if there and shown:
                    self._remove_derived()
                write_text(config, as_yaml(self.job, at_least=replications))
            self.done = self._parts.open()
            if (self.folder / f"{RUNS}.parquet").exists():
                self.done |= set(keys_in(self.folder / f"{RUNS}.parquet"))
            asked = [RunKey(name, number) for name in self.job.names for number in range(self.job.replications)]
            self.manifest.runs = {key: {"status": "pending"} for key in [*asked, *sorted(self.done - set(asked))]}
            self.manifest.begin(self.folder, self.done)
            (self.folder / FAILURES).unlink(missing_ok=True)

    def _remove_derived(self) -> None:
        for name in self.job.derived:
            (self.folder / name).unlink(missing_ok=True)

    def _log(self, run: FailedRun) -> None:
        with (self.folder / FAILURES).open("a", encoding="utf-8") as log:
            log.write(f"{run.key.strategy}, replication {run.key.replication}, stage {run.stage}\n{run.trace}\n")

    def _flush_later(self) -> None:
        """Flush from the timer's thread; what goes wrong is raised in the main thread, at the next chance."""
        with self._lock:
            try:
                self.flush()
            except StorageError as error:
                self._fault = error.__cause__ if isinstance(error.__cause__, OSError) else OSError(str(error))

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault


@contextmanager
def open_store(folder: Path, job: Job) -> Iterator[Store]:
    """Open, or make, the folder of an experiment for this process alone.

    Parameters
    ----------
    folder
        Where.
    job
        The experiment.

    Raises
    ------
    UserError
        When the folder holds another experiment or other files, when another process is writing it, or when it cannot
        be written.
    """
    with ExitStack() as stack:
        with told_plainly("out", folder, UserError):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(folder))
        store = Store(folder, job)
        store.begin()
        yield store
