"""Finished runs on disk while others are under way: folders of parquet files, each of them whole or not there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyarrow import ArrowException

from experiments.checksums import SUMS, faults_in, write_sums
from experiments.runs import FinishedRun
from experiments.tables import RUNS, TABLES, RunKey, keys_in, row_keys, write_rows, write_table

__all__ = ["Parts"]

_UNFINISHED = ".tmp"
#: What the manifest says of the runs of a part; it is with them, since the manifest itself is written seldom.
_RECORDS = "runs.json"


class Parts:
    """The folder `parts` of an experiment.

    A part holds some runs, one file a table. It is written under a temporary name and renamed, so that a run is in all
    tables of a part or in none.

    Parameters
    ----------
    folder
        The folder; it need not exist.
    tables
        Names of the tables of a run, besides the table of runs.

    Attributes
    ----------
    faults
        By place of a file, relative to the folder of the experiment: what was wrong with it.
    records
        What the parts say of their runs.
    """

    def __init__(self, folder: Path, tables: Sequence[str] = TABLES) -> None:
        self._folder = folder
        self._names = (*tables, RUNS)
        self._next = 1
        self.faults: dict[str, str] = {}
        self.records: dict[RunKey, dict[str, Any]] = {}

    def open(self) -> set[RunKey]:
        """Clear away what is damaged or was left half-written, and say which runs are there."""
        runs: set[RunKey] = set()
        for part in self._all(with_unfinished=True):
            keys = None if part.name.endswith(_UNFINISHED) else self._readable(part)
            if keys is None:
                shutil.rmtree(part)
            else:
                runs |= keys
                self.records |= _records(part / _RECORDS)
                self._next = max(self._next, int(part.name) + 1)
        return runs

    def write(self, runs: Sequence[FinishedRun], records: Sequence[dict[str, Any]] = ()) -> None:
        """Write one part, and with it what the manifest says of its runs."""
        part = self._folder / f"{self._next:06d}"
        self._next += 1  # first, so that a part which an interruption left complete is never met again
        temporary = part.with_name(part.name + _UNFINISHED)
        temporary.mkdir(parents=True)
        try:
            files = {f"{name}.parquet": temporary / f"{name}.parquet" for name in self._names}
            for name, path in zip(self._names, files.values(), strict=True):
                write = write_rows if name == RUNS else write_table
                write(path, [run.tables[name] for run in runs])
            write_sums(temporary / SUMS, files)
            (temporary / _RECORDS).write_text(json.dumps(list(records)), encoding="utf-8")
            temporary.rename(part)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise

    def files(self, table: str) -> list[Path]:
        """List the files of one table, the oldest first."""
        return [part / f"{table}.parquet" for part in self._all()]

    def clear(self) -> None:
        """Remove all parts, once their runs are in the tables of the experiment."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _all(self, *, with_unfinished: bool = False) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(part for part in self._folder.iterdir() if with_unfinished or not part.name.endswith(_UNFINISHED))

    def _readable(self, part: Path) -> set[RunKey] | None:
        """Read the runs of a part; None when a file is missing or damaged (a bad disk, a machine that lost power)."""
        faults = faults_in(part)
        keys: dict[str, set[RunKey]] = {}
        for name in self._names:
            try:
                file = part / f"{name}.parquet"
                keys[name] = set(row_keys(file) if name == RUNS else keys_in(file))
            except (OSError, ArrowException):
                faults.setdefault(f"{name}.parquet", "is damaged" if (part / f"{name}.parquet").exists() else "is missing")
        self.faults |= {f"{self._folder.name}/{part.name}/{name}": fault for name, fault in faults.items()}
        return None if faults else keys[RUNS]


def _records(path: Path) -> dict[RunKey, dict[str, Any]]:
    """Read what is said of the runs of a part; empty when it cannot be read, since it can be missed."""
    try:
        return {RunKey(run.pop("strategy"), run.pop("replication")): run for run in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}
