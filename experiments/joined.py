"""The tables of an experiment, each with the rows of all its runs; made anew when runs were added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from pyarrow import ArrowException

from experiments.checksums import JOINING, SUMS, faults_in, write_sums
from experiments.tables import RUNS, RunKey, join_rows, join_tables, row_keys

__all__ = ["Joined"]


class Joined:
    """Joined tables in the folder of an experiment.

    Parameters
    ----------
    folder
        The folder.
    tables
        Names of the tables of a run, besides the table of runs.

    Attributes
    ----------
    faults
        By the names of files: what is wrong with them. With any, none of the tables counts.
    """

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self._folder = folder
        self._names = (*tables, RUNS)
        self.faults: dict[str, str] = {}

    def open(self) -> set[RunKey]:
        """Say which runs are there; none when a table is damaged or missing, since a run is in all tables or in none."""
        runs = self._folder / f"{RUNS}.parquet"
        self.faults = faults_in(self._folder) or self._unreadable()
        return set(row_keys(runs)) if runs.is_file() and not self.faults else set()

    def join(self, parts: Callable[[str], list[Path]], order: Sequence[RunKey], before_replacing: Callable[[], None]) -> None:
        """Join what is there and the files of `parts`, by table.

        Whenever the process ends, `open` finds the old tables, the new ones, or a mixture that counts together with the parts.
        """
        usable = (self._folder / f"{RUNS}.parquet").is_file() and not self.faults
        temporary = {name: self._folder / f"{name}.parquet.tmp" for name in self._names}
        try:
            for name in self._names:
                there = self._folder / f"{name}.parquet"
                join = join_rows if name == RUNS else join_tables
                join(temporary[name], [there] * (usable and there.is_file()) + parts(name), order)
            write_sums(self._folder / JOINING, {f"{name}.parquet": path for name, path in temporary.items()})
            before_replacing()
            # The table of runs comes last: until it is there, the parts still count.
            for name in self._names:
                temporary[name].replace(self._folder / f"{name}.parquet")
            (self._folder / JOINING).replace(self._folder / SUMS)
        finally:
            for path in temporary.values():
                path.unlink(missing_ok=True)
        self.faults = {}

    def _unreadable(self) -> dict[str, str]:
        """Find what cannot be opened, in a folder that was written before there were checksums."""
        faults = {}
        for path in (self._folder / f"{name}.parquet" for name in self._names):
            try:
                if path.is_file() and not (self._folder / SUMS).is_file():
                    pq.read_metadata(path)
            except (OSError, ArrowException):
                faults[path.name] = "is damaged"
        return faults
