"""Runs that another experiment has already: known by what they are made of, and taken over as they are.

A run is made of its scenario, its seed and replication, what is recorded and kept of it, and the code. The name of its arm does not
count. What is taken is compared with checksums first, so a run is either the same to the last bit or simulated.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from experiments import runs, tables
from experiments.checksums import SUMS, read_sums
from experiments.runs import FinishedRun, Task
from experiments.tables import RUNS, RunKey, keys_in, row_keys, without_rows

if TYPE_CHECKING:
    from experiments.simulator import Simulator
    from sim import Scenario

__all__ = ["Contents", "columns_of", "found_in", "prepared", "sources_hash"]

#: Packages whose version may change a bit of a result or of its table.
_PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "scipy", "simpy")
_MANIFEST = "manifest.json"


@cache
def sources_hash(simulator: Path) -> str:
    """Hash the code that runs are made with: the simulator's, compiled or not, what keeps their tables, packages, and the kind of machine.

    Parameters
    ----------
    simulator
        The simulator's folder, or its only file.
    """
    digest = hashlib.sha256()
    told = [f"{name} {metadata.version(name)}" for name in _PACKAGES]
    digest.update(repr([*told, *sys.version_info[:2], platform.system(), platform.machine()]).encode())
    files = sorted(simulator.rglob("*.py")) if simulator.is_dir() else [simulator]
    for path in [*files, *(Path(str(module.__file__)) for module in (tables, runs))]:
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def prepared(simulator: Simulator) -> str:
    """Load the simulator, compiling it where need be, and hash its code: two processes with the same hash make the same runs."""
    simulator.warm_up()
    return sources_hash(simulator.sources())


class Contents:
    """What runs are made of, each as a hash.

    Parameters
    ----------
    sources
        Hash of the code; empty when it is not known, and then nothing is said of any run.
    """

    def __init__(self, sources: str) -> None:
        self._sources = sources
        self._scenarios: dict[str, tuple[Scenario, str]] = {}

    def of(self, task: Task) -> str:
        """Return the hash of what a run is made of; empty when it cannot be told."""
        take = task.take
        name = getattr(take, "__qualname__", "<")
        source = getattr(sys.modules.get(take.__module__), "__file__", None)
        if not self._sources or "<" in name or source is None:
            return ""
        arm = task.key.strategy
        # Mostly an arm has one scenario; where replications have worlds of their own, each is hashed.
        if arm not in self._scenarios or self._scenarios[arm][0] is not task.scenario:
            self._scenarios[arm] = (task.scenario, hashlib.sha256(task.scenario.model_dump_json().encode()).hexdigest())
        made_of = [self._sources, self._scenarios[arm][1], task.seed, task.key.replication, task.record, name, _hash_of(source)]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:32]


@cache
def _hash_of(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _typed(schema: pa.Schema) -> list[str]:
    return _typed_of(schema.serialize().to_pybytes())


@cache
def _typed_of(serialized: bytes) -> list[str]:
    # Runs have few schemas: to write down the types of all columns of each took a third of what the driver does for a run.
    return [f"{field.name} {field.type}" for field in pa.ipc.read_schema(pa.py_buffer(serialized))]


@cache
def _untyped(names: tuple[str, ...]) -> list[str]:
    return [f"{name} " for name in names]


def columns_of(run: Mapping[str, pa.Table]) -> str:
    """Hash the columns of a run's tables. Types count where there are rows: joined, they could have become others."""
    columns = {name: _typed(table.schema) if table.num_rows else _untyped(tuple(table.column_names)) for name, table in run.items()}
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()[:8]


def found_in(roots: Iterable[Path], own: Path, sources: str, wanted: Mapping[str, Sequence[RunKey]]) -> Iterator[FinishedRun]:
    """Find runs in the joined tables of other experiments.

    Parameters
    ----------
    roots
        Folders of experiments, or folders that hold such folders.
    own
        The folder that is not looked into.
    sources
        Hash of the code.
    wanted
        From what a run is made of to the runs that are.

    Yields
    ------
    FinishedRun
        Under the name of the arm that wants it.
    """
    left = dict(wanted)
    for manifest in dict.fromkeys(path for root in roots for path in _manifests(root)):
        if not left:
            return
        if manifest.parent.resolve() == own.resolve():
            continue
        for content, run in _runs_in(manifest, sources, dict(left)):
            if left.pop(content, None) is not None:
                yield from run


def _manifests(root: Path) -> list[Path]:
    """List experiments: the folder itself, those in it, and the maps in those."""
    return [root / _MANIFEST, *sorted(root.glob(f"*/{_MANIFEST}")), *sorted(root.glob(f"*/*/{_MANIFEST}"))]


def _runs_in(manifest: Path, sources: str, wanted: Mapping[str, Sequence[RunKey]]) -> Iterator[tuple[str, list[FinishedRun]]]:
    folder = manifest.parent
    try:
        text = manifest.read_text(encoding="utf-8")
        if sources not in text:  # quicker than to parse it
            return
        there = json.loads(text)
        sums = (folder / SUMS).read_bytes()
        # The manifest speaks of these very tables, and not of some that are about to take their place.
        if there.get("tables") != hashlib.sha256(sums).hexdigest():
            return
        matches = [run for run in there["runs"] if run.get("content") in wanted]
        if not matches:
            return
        with ExitStack() as stack:
            files = _verified(folder, read_sums(sums), stack)
            rows_of_runs = pq.read_table(files[RUNS])
            places = {name: keys_in(file) for name, file in files.items() if name != RUNS}
            rows_at = {key: place for place, key in enumerate(row_keys(files[RUNS]))}
            for run in matches:
                key = RunKey(run["strategy"], run["replication"])
                rows = {name: _rows(file, places[name].get(key)) for name, file in files.items() if name != RUNS}
                rows[RUNS] = rows_of_runs.slice(rows_at[key], 1)
                if columns_of(rows) == run["columns"]:
                    cost = (run["simulate_seconds"], run["sessions"])
                    yield (
                        run["content"],
                        [FinishedRun(asked, _renamed(rows, asked), *cost, str(folder)) for asked in wanted[run["content"]]],
                    )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return  # whatever is wrong there is told when that experiment is continued


def _verified(folder: Path, sums: Mapping[str, str], stack: ExitStack) -> dict[str, IO[bytes]]:
    """Open the tables, and compare what was opened with the checksums: what is read later is that, whatever happens to the folder."""
    files: dict[str, IO[bytes]] = {}
    for name, expected in sums.items():
        file = stack.enter_context((folder / name).open("rb"))
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            raise ValueError(f"{folder / name} is damaged")
        files[name.removesuffix(".parquet")] = file
    return files


def _rows(file: IO[bytes], group: int | None) -> pa.Table:
    source = pq.ParquetFile(file)
    return source.schema_arrow.empty_table() if group is None else source.read_row_group(group)


def _renamed(rows: Mapping[str, pa.Table], key: RunKey) -> dict[str, pa.Table]:
    """Put the name of the arm that takes a run in the place of the one that had it; what has no rows has no types."""
    renamed = {}
    for name, table in rows.items():
        place = table.column_names.index("strategy")
        names = pa.array([key.strategy] * table.num_rows, pa.string())
        renamed[name] = table.set_column(place, "strategy", names) if table.num_rows else without_rows(tuple(table.column_names))
    return renamed
