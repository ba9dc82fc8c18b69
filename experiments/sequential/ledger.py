"""The metrics of finished runs, those of earlier sessions and those that come in."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from experiments.runs import FailedRun, Outcome
from experiments.sequential.samples import Sample, sample_of
from experiments.statistics import with_incremental_gmv
from experiments.store import Store
from experiments.tables import RUNS, RunKey

__all__ = ["Ledger"]

_KEY = ["strategy", "replication"]


class Ledger:
    """What a plan decides by.

    Parameters
    ----------
    store
        Where the runs of earlier sessions are.
    """

    def __init__(self, store: Store) -> None:
        self._names = store.job.names
        self._community = {arm.name: bool(arm.scenario.strategy.community) for arm in store.job.arms}
        self._rows = [pd.DataFrame({"strategy": [], "replication": []}), *(pd.read_parquet(path) for path in store.files(RUNS))]
        self._new: list[pa.Table] = []
        self._failed: set[RunKey] = set()

    def take(self, outcome: Outcome) -> None:
        """Enter a run."""
        if isinstance(outcome, FailedRun):
            self._failed.add(outcome.key)
        else:
            self._new.append(outcome.tables[RUNS])

    def sample(self, metric: str) -> Sample:
        """Take one metric out of all runs."""
        if self._new:
            self._rows.append(pa.concat_tables(self._new, promote_options="permissive").to_pandas())
            self._new = []
        filled = [rows for rows in self._rows if not rows.empty]
        if len(filled) > 1:
            self._rows = [pd.concat(filled, ignore_index=True).drop_duplicates(_KEY, keep="last")]
        runs = self._rows[-1]
        return sample_of(with_incremental_gmv(runs, self._community), self._failed, self._names, metric)
