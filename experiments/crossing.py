"""When the order of two strategies turns: the last sign change of the mean cumulative difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import distinct_bootstrap_means

__all__ = ["Crossing", "crossing_of", "last_sign_change"]

Floats = NDArray[np.float64]


class Crossing(NamedTuple):
    """When the order turns.

    Attributes
    ----------
    day
        Last sign change of the mean cumulative difference, in days from the start; NaN when there is none.
    low, high
        Middle 95 % of the bootstrap samples in which there is one; NaN with fewer than two replications.
    never
        Share of bootstrap samples without a sign change; NaN with fewer than two replications.
    replications
        How many there are.
    """

    day: float
    low: float
    high: float
    never: float
    replications: int


def crossing_of(differences: Floats) -> Crossing:
    """Find the crossing, and bootstrap it over replications.

    Parameters
    ----------
    differences
        Daily differences of two strategies, one row a replication, one column a day.
    """
    replications = len(differences)
    if replications == 0:
        return Crossing(np.nan, np.nan, np.nan, np.nan, 0)
    cumulative = np.cumsum(differences, axis=1)
    day = float(last_sign_change(cumulative.mean(axis=0)[np.newaxis])[0])
    if replications == 1:
        return Crossing(day, np.nan, np.nan, np.nan, 1)
    means, times = distinct_bootstrap_means(cumulative)
    days = np.repeat(last_sign_change(means), times)
    crossed = days[~np.isnan(days)]
    low, high = np.quantile(crossed, [0.025, 0.975]) if crossed.size else (np.nan, np.nan)
    return Crossing(day, float(low), float(high), float(np.isnan(days).mean()), replications)


def last_sign_change(curves: Floats) -> Floats:
    """Find where each curve changes its sign for the last time.

    Parameters
    ----------
    curves
        One row a curve; column d is the value at the end of day d, that is at time d + 1.

    Returns
    -------
    array
        Time in days, interpolated between the ends of days; NaN for a curve that never changes its sign. A curve that
        is zero for a while changes its sign where it reaches the zeros, if it goes on on the other side.
    """
    curves = np.atleast_2d(curves)
    days = np.arange(curves.shape[1])
    # Position of the last value before each day that is not zero (-1: none).
    last = np.maximum.accumulate(np.where(curves != 0, days, -1), axis=1)
    before = np.concatenate([np.full((len(curves), 1), -1), last[:, :-1]], axis=1)
    earlier = np.where(before >= 0, np.take_along_axis(curves, np.maximum(before, 0), axis=1), 0.0)
    changes = curves * earlier < 0
    changed = changes.any(axis=1)
    after = curves.shape[1] - 1 - np.argmax(changes[:, ::-1], axis=1)
    rows = np.arange(len(curves))
    start = np.maximum(before[rows, after], 0)
    old, new = curves[rows, start], curves[rows, after]
    # Straight from the last day of the old sign to the next day.
    following = curves[rows, np.minimum(start + 1, curves.shape[1] - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(start + 1 == after, old / (old - new), old / (old - following))
    return np.where(changed, start + 1 + share, np.nan)
