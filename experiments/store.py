"""The folder of an experiment: continued when it holds the same one, refused when it holds another, never deleted."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from experiments.checksums import JOINING, SUMS, checksum
from experiments.errors import StorageError, UserError
from experiments.files import locked, told_plainly, write_text
from experiments.job import Arm, Job
from experiments.joined import Joined
from experiments.manifest import Manifest
from experiments.parts import Parts
from experiments.resolved import as_yaml, difference, fingerprint, from_yaml
from experiments.reuse import Contents, columns_of, found_in
from experiments.runs import FailedRun, FinishedRun, Outcome, Task
from experiments.tables import RUNS, RunKey

__all__ = ["CONFIG", "FAILURES", "Store", "open_store"]

CONFIG = "config.yaml"
#: Tracebacks of runs that failed in the last session.
FAILURES = "failures.log"

_MOST_RUNS = 50
_MOST_BYTES = 256 * 2**20
_MOST_SECONDS = 10.0
#: Between two manifests, so that writing them takes a small part of the time however many runs there are.
_MANIFEST_SECONDS = 5.0


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

    def __init__(self, folder: Path, job: Job, sources: str = "") -> None:
        self.folder = folder
        self.job = job
        self._sources = sources
        self._contents = Contents(sources)
        self._arms = {arm.name: arm for arm in job.arms}
        self._parts = Parts(folder / "parts", job.tables)
        self._joined = Joined(folder, job.tables)
        self._saved = -math.inf
        self._buffer: list[FinishedRun] = []
        self._bytes = 0
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self._fault: OSError | None = None
        #: Most replications that were ever wanted of an arm, and those that the configuration says.
        self._replications = self._written = 0
        self.done: set[RunKey] = set()
        self.manifest = Manifest(job.command, job.settings.seed, fingerprint(job.content()), {}, sources=sources)

    def missing(self, wanted: Mapping[str, int] | None = None) -> list[Task]:
        """List the runs that are still to do, replication by replication, so that what is finished can be paired.

        Parameters
        ----------
        wanted
            Replications by arm; None takes those of the job for all. Runs that failed in this session are not listed again.
        """
        job = self.job
        wanted = dict.fromkeys(job.names, job.replications) if wanted is None else wanted
        most = max(wanted.values(), default=0)
        self._replications = max(self._replications, most)
        names = [name for name in job.names if name in wanted]
        keys = [RunKey(name, number) for number in range(most) for name in names if number < wanted[name]]
        with self._lock:  # the timer's thread writes the manifest
            states = [self.manifest.runs.setdefault(key, {"status": "pending"})["status"] for key in keys]
        return [self._task(key) for key, status in zip(keys, states, strict=True) if status not in ("done", "failed")]

    def extend(self, arms: Sequence[Arm]) -> None:
        """Add arms that came up while others were simulated; those that are there stay as they are."""
        new = {arm.name: arm for arm in arms if arm.name not in self._arms}
        self._arms.update(new)
        self.job = replace(self.job, arms=(*self.job.arms, *new.values()))

    def take_over(self, tasks: Sequence[Task], tell_of: Callable[[Outcome], None]) -> list[Task]:
        """Take from other experiments, by the key ``reuse``, what they have of `tasks`, tell of each run, and return the rest."""
        asked = self.job.settings.reuse
        roots = [Path("outputs")] * (self.job.settings.out is None) if asked == "auto" else [Path(place) for place in asked]
        wanted: dict[str, list[RunKey]] = {}
        for task in tasks:
            wanted.setdefault(self._contents.of(task), []).append(task.key)
        wanted.pop("", None)
        taken = set()
        for run in found_in(roots, self.folder, self._sources, wanted):
            self.add(run)
            tell_of(run)
            taken.add(run.key)
        return [task for task in tasks if task.key not in taken]

    def damaged(self) -> list[str]:
        """Name, a line each, the files that were damaged or missing when the folder was opened."""
        faults = {**self._joined.faults, **self._parts.faults}
        return [f"{self.folder / name} {fault}; the runs in it are computed again" for name, fault in faults.items()]

    def start(self, key: RunKey) -> None:
        """Note that a run is handed to the executor."""
        with self._lock:
            self.manifest.start(key)
            self._flush_soon()

    def files(self, table: str) -> list[Path]:
        """List the files that hold a table, the oldest first; those that are damaged are left out."""
        joined = self.folder / f"{table}.parquet"
        return [joined] * (joined.is_file() and not self._joined.faults) + self._parts.files(table)

    def add(self, outcome: Outcome) -> None:
        """Take a run. It is on disk after some seconds, or when enough have come together."""
        with self._lock, self._told():
            self._raise_fault()
            if isinstance(outcome, FailedRun):
                self.manifest.note(outcome)
                self._log(outcome)
                return
            content = self._contents.of(self._task(outcome.key)) if outcome.key.strategy in self._arms else ""
            self.manifest.note(outcome, **({"content": content, "columns": columns_of(outcome.tables)} if content else {}))
            self._buffer.append(outcome)
            self._bytes += sum(table.nbytes for table in outcome.tables.values() if table.num_rows)
            if len(self._buffer) >= _MOST_RUNS or self._bytes >= _MOST_BYTES:
                self._write()
            else:
                self._flush_soon()

    def flush(self) -> None:
        """Write every run taken so far, and the manifest."""
        with self._lock, self._told():
            self._raise_fault()
            self._write(manifest=True)

    def finish(self) -> None:
        """Join all runs into the tables of the experiment."""
        self.flush()
        with self._told():
            start = time.perf_counter()
            if self._parts.files(RUNS):
                rank = {name: position for position, name in enumerate(self.job.names)}
                # Arms that an earlier job of this folder asked for (a map with other values) come after those of this one.
                order = sorted(self.done, key=lambda key: (rank.get(key.strategy, len(rank)), key))
                self._joined.join(self._parts.files, order, self._remove_derived)
                self._parts.clear()
                self._tie()
            if self._replications > self._written:  # more were wanted than the job began with
                self._write_config()
            self.manifest.timing["write"] += time.perf_counter() - start
            self.manifest.save(self.folder)

    def close(self) -> None:
        """Keep what was finished; nothing is under way any more. Without a word, since this comes after whatever ended the work."""
        with self._lock, suppress(OSError, StorageError):
            if self.manifest.stop() or self._timer is not None or self._buffer:
                self.flush()

    def begin(self) -> None:
        """Look at what is there, and refuse a folder that is not ours."""
        content = self.job.content()
        config = self.folder / CONFIG
        there = from_yaml(config.read_text(encoding="utf-8")) if config.is_file() else {}
        if there:
            found = difference({key: there[key] for key in content if key in there}, content)
            if found:
                raise UserError(f"out: {self.folder} holds another experiment: {found}; take another out")
            self._replications = self._written = int(there.get("replications", 0))
        elif any(path.name != ".lock" for path in self.folder.iterdir()):
            raise UserError(f"out: {self.folder} holds files that are no experiment of fishpond; take a new folder")
        with told_plainly("out", self.folder, UserError):
            shown = self.job.shown()
            if self.job.replications > self._replications or any(there.get(name) != value for name, value in shown.items()):
                if there and shown:
                    self._remove_derived()
                self._write_config()
            self.done = self._parts.open() | self._joined.open()
            asked = [RunKey(name, number) for name in self.job.names for number in range(self.job.replications)]
            self.manifest.runs = {key: {"status": "pending"} for key in [*asked, *sorted(self.done - set(asked))]}
            self.manifest.begin(self.folder, self.done, self._parts.records)
            self._tie()
            self.manifest.save(self.folder)
            (self.folder / FAILURES).unlink(missing_ok=True)

    def _task(self, key: RunKey) -> Task:
        job = self.job
        return Task(key, job.scenario_of(self._arms[key.strategy], key.replication), job.seed_of(key.strategy), job.record, job.take)

    def _tie(self) -> None:
        """Tie the manifest to the joined tables where it speaks of them alone."""
        alone = not self._parts.files(RUNS) and not self._joined.faults and not (self.folder / JOINING).exists()
        self.manifest.tables = checksum(self.folder / SUMS) if alone and (self.folder / SUMS).is_file() else ""

    def _write_config(self) -> None:
        self._replications = self._written = max(self._replications, self.job.replications)
        write_text(self.folder / CONFIG, as_yaml(self.job, at_least=self._replications))

    def _remove_derived(self) -> None:
        for name in self.job.derived:
            (self.folder / name).unlink(missing_ok=True)

    def _log(self, run: FailedRun) -> None:
        with (self.folder / FAILURES).open("a", encoding="utf-8") as log:
            log.write(f"{run.key.strategy}, replication {run.key.replication}, stage {run.stage}\n{run.trace}\n")

    def _write(self, *, manifest: bool = False) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        start = time.perf_counter()
        if self._buffer:
            keys = [run.key for run in self._buffer]
            self.manifest.tables = ""
            self._parts.write(self._buffer, self.manifest.records(keys))
            self.done |= set(keys)
            self._buffer, self._bytes = [], 0
        self.manifest.timing["write"] += time.perf_counter() - start
        if manifest or start - self._saved > _MANIFEST_SECONDS:
            self._saved = start
            self.manifest.save(self.folder)

    def _flush_soon(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(_MOST_SECONDS, self._flush_later)
            self._timer.daemon = True
            self._timer.start()

    def _flush_later(self) -> None:
        """Write from the timer's thread; what goes wrong is raised in the main thread, at the next chance."""
        with self._lock:
            try:
                self._write()
            except OSError as fault:
                self._fault = fault

    def _told(self) -> AbstractContextManager[None]:
        kept = f"; the {len(self.done)} runs before it are kept, and the same command continues" if self.done else ""
        return told_plainly("out", self.folder, more=kept)

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault


@contextmanager
def open_store(folder: Path, job: Job, sources: str = "") -> Iterator[Store]:
    """Open, or make, the folder of an experiment for this process alone.

    Parameters
    ----------
    folder
        Where.
    job
        The experiment.
    sources
        Hash of the code that makes its runs; without it, no other experiment can take them over.

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
        store = Store(folder, job, sources)
        store.begin()
        stack.callback(store.close)
        yield store
