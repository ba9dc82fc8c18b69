"""Kim and Nelson's fully sequential selection of the best of several systems, with an indifference zone.

S.-H. Kim and B. L. Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM Transactions on Modeling
and Computer Simulation 11(3), 251-273, with c = 1. Observations of one replication may depend on each other (common random numbers): the
procedure takes variances of paired differences. For independent normal replications it selects the best with at least the promised
probability, if the best is better than every other by the indifference zone at least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Selection", "first_rows", "kim_nelson"]

#: Replications that are looked at in one sweep.
_AT_ONCE = 64

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Selection:
    """How far the procedure has come.

    Attributes
    ----------
    rows
        Replications that it used, in their order; those in which an arm that was still in has no value are left out.
    used
        Of each arm, how many of `rows` it took part in.
    alive
        Of each arm, whether it is still in.
    ends_by
        Replications used at which only one arm will be left, whatever they say; 0 in the first stage, infinite without a zone.
    """

    rows: Integers
    used: Integers
    alive: NDArray[np.bool_]
    ends_by: float

    @property
    def best(self) -> int | None:
        """The arm that is selected; None while there are several."""
        return int(self.alive.argmax()) if self.alive.sum() == 1 else None

    def seen(self, arm: int) -> int:
        """Replications, from 0 on, that were looked at before an arm was left out, or until now."""
        return int(self.rows[self.used[arm] - 1]) + 1 if self.used[arm] else 0


def first_rows(values: Floats, tried: Integers, first_stage: int) -> Integers:
    """Find the replications of the first stage: the first in which all arms have a value; fewer where there are no more yet."""
    complete = ~np.isnan(values[: int(tried.min())]).any(axis=1)
    return np.flatnonzero(complete)[:first_stage]


def kim_nelson(values: Floats, zone: float, *, confidence: float = 0.95, first_stage: int = 20, tried: Integers | None = None) -> Selection:
    """Take the replications one after the other, and leave out arms as soon as they are seen to be worse.

    Parameters
    ----------
    values
        Replications x arms, more is better. NaN where there is no value: such a replication is left out for all arms that are still in.
    zone
        The indifference zone, in the unit of the values.
    confidence
        Probability of selecting the best.
    first_stage
        Replications from which the variances are estimated; no arm is left out before.
    tried
        Of each arm, how many replications are through; the procedure waits for those beyond. All of them by default.

    Returns
    -------
    Selection
        The same for the same values, whatever comes after the replications that it used.
    """
    length, arms = values.shape
    tried = np.full(arms, length) if tried is None else tried
    alive, used, rows = np.ones(arms, dtype=bool), np.zeros(arms, dtype=np.int64), np.empty(0, dtype=np.int64)
    spread, ends_by = np.zeros((arms, arms)), 0.0
    while alive.sum() > 1:
        there = np.flatnonzero(alive)
        start = int(rows[-1]) + 1 if rows.size else 0
        ahead = start + np.flatnonzero(~np.isnan(values[start : tried[there].min()][:, there]).any(axis=1))
        ahead = ahead[: first_stage - rows.size] if rows.size < first_stage else ahead[:_AT_ONCE]
        if not ahead.size:
            break
        before = rows.size
        rows = np.append(rows, ahead)
        if rows.size == first_stage:
            spread = _spread(values[rows], confidence)
        if rows.size >= first_stage:
            pairs = spread[np.ix_(there, there)]
            ends_by = _end(pairs, zone)
            # The last row of the first stage is the first that is looked at.
            counts = np.arange(max(before + 1, first_stage), rows.size + 1)
            sums = values[rows][:, there].cumsum(axis=0)[counts - 1]
            stays = _stays(sums, counts, pairs, zone)
            over = np.flatnonzero(~stays.all(axis=1) | (counts >= ends_by))
            if over.size:
                place = int(over[0])
                rows = rows[: counts[place]]
                left = there[stays[place]]
                if counts[place] >= ends_by:  # only arms with equal means are left
                    left = left[[sums[place][stays[place]].argmax()]]
                used[there] = rows.size
                alive[:] = False
                alive[left] = True
                inner = np.ix_(left, left)
                ends_by = float(rows.size) if left.size == 1 else _end(spread[inner], zone)
                continue
        used[there] = rows.size
    return Selection(rows, used, alive, ends_by)


def _spread(first: Floats, confidence: float) -> Floats:
    """Return h^2 S_il^2 of each pair, from the variances of the differences in the first stage."""
    count, arms = first.shape
    eta = 0.5 * ((2 * (1 - confidence) / (arms - 1)) ** (-2 / (count - 1)) - 1)
    squares = (first[:, :, None] - first[:, None, :]).var(axis=0, ddof=1)
    return np.asarray(2 * eta * (count - 1) * squares)


def _end(pairs: Floats, zone: float) -> float:
    """Return the number of replications at which the continuation regions of all pairs have closed."""
    if zone > 0:
        return float(np.floor(pairs / zone**2).max()) + 1
    return math.inf


def _stays(sums: Floats, counts: Integers, pairs: Floats, zone: float) -> NDArray[np.bool_]:
    """Say of each number of replications which arms no other arm is too far ahead of."""
    if not zone > 0:
        return np.ones(sums.shape, dtype=bool)
    # r times the paper's W_il(r), since sums take the place of means.
    slack = np.maximum(0.0, pairs / (2 * zone) - zone * counts[:, None, None] / 2)
    return np.asarray((sums[:, :, None] >= sums[:, None, :] - slack).all(axis=2))
