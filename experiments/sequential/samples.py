"""One metric of finished runs, by replication and arm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.tables import RunKey

__all__ = ["Sample", "sample_of"]


@dataclass(frozen=True)
class Sample:
    """Values of a metric.

    Attributes
    ----------
    arms
        Names of the columns, the baseline first.
    values
        Replications x arms; NaN where a run failed, is not there, or has no value.
    tried
        Of each arm, how many replications are through without a gap, whether they failed or not. Later ones are no part of any
        decision: it may depend on the replications in their order only.
    """

    arms: tuple[str, ...]
    values: NDArray[np.float64]
    tried: NDArray[np.int64]

    def only(self, columns: Sequence[int]) -> Sample:
        """Return the same of some arms."""
        return Sample(tuple(self.arms[column] for column in columns), self.values[:, columns], self.tried[list(columns)])

    def signed(self, better: int) -> Sample:
        """Return the same with more always better."""
        return replace(self, values=better * self.values)


def sample_of(runs: pd.DataFrame, failed: Collection[RunKey], arms: Sequence[str], metric: str) -> Sample:
    """Take a metric out of the table of runs.

    Parameters
    ----------
    runs
        One row a run: strategy, replication, metrics; a metric that is not there has no values.
    failed
        Runs that failed.
    arms
        In the order to have; the baseline first.
    metric
        Name of the metric.
    """
    column = {arm: place for place, arm in enumerate(arms)}
    own = runs[runs["strategy"].isin(list(arms))]
    rows = own["replication"].to_numpy(dtype=np.int64)
    columns = own["strategy"].map(column).to_numpy(dtype=np.int64)
    lost = [(key.replication, column[key.strategy]) for key in failed if key.strategy in column]
    length = 1 + max([*rows.tolist(), *(row for row, _ in lost)], default=-1)
    values = np.full((length, len(arms)), np.nan)
    if metric in own:
        values[rows, columns] = own[metric].to_numpy(dtype=np.float64)
    gaps = np.ones((length + 1, len(arms)), dtype=bool)
    gaps[rows, columns] = False
    for row, place in lost:
        gaps[row, place] = False
    return Sample(tuple(arms), values, gaps.argmax(axis=0))
