"""The measures of finished runs, those of earlier sessions and those that come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.optimise.measures import SPENT, value_of
from experiments.runs import FailedRun, Outcome
from experiments.tables import RUNS, RunKey

__all__ = ["Ledger"]

Floats = NDArray[np.float64]


class Ledger:
    """What a search decides by.

    Parameters
    ----------
    measures
        What it looks at.
    files
        Tables of runs that are there.
    failed
        Runs that failed and are not to be waited for.
    """

    def __init__(self, measures: Sequence[str], files: Iterable[Path] = (), failed: Collection[RunKey] = ()) -> None:
        self._measures = tuple(measures)
        self._runs: dict[RunKey, dict[str, float]] = {key: {} for key in failed}
        for path in files:
            there = set(pq.read_schema(path).names)
            wanted = [name for name in dict.fromkeys(["strategy", "replication", *measures, *SPENT]) if name in there]
            self._enter(pq.read_table(path, columns=wanted))

    def take(self, outcome: Outcome) -> None:
        """Enter a run; one that failed has no values."""
        if isinstance(outcome, FailedRun):
            self._runs[outcome.key] = {}
        else:
            self._enter(outcome.tables[RUNS])

    def through(self, wanted: Mapping[str, int]) -> bool:
        """Say whether so many replications of the arms are through, whether they failed or not."""
        return all(RunKey(arm, number) in self._runs for arm, count in wanted.items() for number in range(count))

    def values(self, arm: str, measure: str, count: int) -> Floats:
        """Return a measure of the first replications of an arm; NaN where there is none."""
        runs = (self._runs.get(RunKey(arm, number), {}) for number in range(count))
        return np.array([run.get(measure, np.nan) for run in runs], dtype=np.float64)

    def _enter(self, table: pa.Table) -> None:
        for row in table.to_pylist():
            run = {name: np.nan if value is None else value for name, value in row.items()}
            self._runs[RunKey(row["strategy"], row["replication"])] = {name: value_of(name, run) for name in self._measures}
