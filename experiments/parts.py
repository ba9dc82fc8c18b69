"""Finished runs on disk while others are under way: folders of parquet files, each of them whole or not there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from pyarrow import ArrowException

from experiments.executor import FinishedRun
from experiments.tables import RUNS, TABLES, RunKey, keys_in, write_table

__all__ = ["Parts"]

_UNFINISHED = ".tmp"


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
    """

    def __init__(self, folder: Path, tables: Sequence[str] = TABLES) -> None:
        self._folder = folder
        self._names = (*tables, RUNS)
        self._next = 1

    def open(self) -> set[RunKey]:
        """Clear away what an interruption left half-written, and say which runs are there."""
        runs: set[RunKey] = set()
        for part in self._all(with_unfinished=True):
            keys = None if part.name.endswith(_UNFINISHED) else self._readable(part)
            if keys is None:
                shutil.rmtree(part)
            else:
                runs |= keys
                self._next = max(self._next, int(part.name) + 1)
        return runs

    def write(self, runs: Sequence[FinishedRun]) -> None:
        """Write one part."""
        part = self._folder / f"{self._next:06d}"
        self._next += 1  # first, so that a part which an interruption left complete is never met again
        temporary = part.with_name(part.name + _UNFINISHED)
        temporary.mkdir(parents=True)
        try:
            for name in self._names:
                write_table(temporary / f"{name}.parquet", [run.tables[name] for run in runs])
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
        """Read the runs of a part; None when a file is missing or damaged (a machine that lost power)."""
        try:
            keys = {name: set(keys_in(part / f"{name}.parquet")) for name in self._names}
        except (OSError, ArrowException):
            return None
        return keys[RUNS]
