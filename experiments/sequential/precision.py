"""Replications until intervals of paired differences are narrow enough: a stopping rule with looks at fixed numbers.

One looks after the first replications (20 at least) and after every ten more, and stops at the first look at which half the width of the
95 % t interval of every difference is the wanted share of the baseline's mean. The rule is that of Y. S. Chow and H. Robbins (1965), On the
asymptotic theory of fixed-width sequential confidence intervals for the mean, Annals of Mathematical Statistics 36(2), 457-462, with a
relative precision as in A. M. Law (2015), Simulation modeling and analysis, chapter 9. To stop when the variance looks small costs some
coverage: an interval of nominally 95 % holds the true difference in 94 to 95 % of cases (measured in tests/experiments/test_precision.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.sequential.samples import Sample
from experiments.sequential.settings import LEAST
from experiments.statistics import half_width

__all__ = ["EVERY", "Widths", "looks_between", "next_look", "replications_needed", "stopping_look", "widths_of"]

#: Replications from one look to the next.
EVERY = 10
_NORMAL = 1.96

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Widths:
    """Intervals of the differences from the baseline at each look.

    Attributes
    ----------
    looks
        Replications done at each look.
    pairs
        Looks x other arms: replications that have a value in both arms.
    differences, half_widths
        Looks x other arms: mean of the paired differences, and half the width of its 95 % t interval.
    targets
        Looks: half the width that is wanted, in the unit of the metric.
    """

    looks: NDArray[np.int64]
    pairs: NDArray[np.int64]
    differences: Floats
    half_widths: Floats
    targets: Floats

    @property
    def undefined(self) -> NDArray[np.bool_]:
        """Arms that have no pair at the first look: the metric is not defined there, or every run fails."""
        return self.pairs[0] == 0 if self.looks.size else np.zeros(self.pairs.shape[1], dtype=bool)

    @property
    def narrow(self) -> NDArray[np.bool_]:
        """Looks x other arms: whether the interval is narrow enough, over enough pairs to say so."""
        return (self.half_widths <= self.targets[:, None]) & (self.pairs >= LEAST)


def widths_of(sample: Sample, share: float, least: int, most: int) -> Widths:
    """Look at a metric at every number of replications at which the rule looks, as far as they are there.

    Parameters
    ----------
    sample
        The metric; the baseline is the first arm.
    share
        Half the width that is wanted, as a share of the baseline's mean.
    least, most
        Replications at the first and at the last look.
    """
    there = int(sample.tried.min())
    looks = np.array([look for look in looks_between(least, most) if look <= there], dtype=np.int64)
    base = sample.values[:there, :1]
    pairs, differences, deviations = _moments(sample.values[:there, 1:] - base, looks)
    _, means, _ = _moments(base, looks)
    return Widths(looks, pairs, differences, half_width(deviations, np.maximum(pairs, 1)), share * np.abs(means[:, 0]))


def looks_between(least: int, most: int) -> list[int]:
    """List the numbers of replications at which the rule looks: the last is `most`, whether or not ten have come together."""
    return [*range(least, most, EVERY), max(least, most)]


def stopping_look(widths: Sequence[Widths]) -> int | None:
    """Find the first look at which every interval of every metric is narrow enough; None when there is none yet.

    Parameters
    ----------
    widths
        Of each metric, with the same looks.
    """
    enough = np.all([(own.narrow | own.undefined).all(axis=1) for own in widths], axis=0)
    return int(enough.argmax()) if enough.any() else None


def replications_needed(widths: Widths, look: int) -> Floats:
    """Estimate how many replications each arm would take, from the variance at a look; infinite where the target is 0.

    Parameters
    ----------
    widths
        Of a metric.
    look
        Place of the look.
    """
    needed = []
    for pairs, half in zip(widths.pairs[look], widths.half_widths[look], strict=True):
        deviation = half / half_width(1.0, pairs) if pairs > 1 else math.nan
        count = _count(deviation, float(widths.targets[look]))
        needed.append(count * widths.looks[look] / pairs if pairs else math.nan)
    return np.ceil(needed)


def next_look(least: int, most: int, now: int, needed: float, at_once: int) -> int:
    """Choose up to which look to simulate before the rule looks again.

    Half the way that the estimate says, since it is rough, at most twice what is there; never less than `at_once` more.

    Parameters
    ----------
    least, most
        Replications at the first and at the last look.
    now
        Replications at the present look.
    needed
        Replications that the estimate says.
    at_once
        Fewer would leave workers idle.
    """
    aim = now + max(at_once, min(now, (needed - now) / 2))
    return next((look for look in looks_between(least, most) if look >= aim), most)


def _moments(values: Floats, looks: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Count, mean and standard deviation of the first values of each column at each look, those that are NaN left out."""
    known = ~np.isnan(values)
    # Sums of squares lose digits where the mean is large: values are moved to around 0 first, by an amount that no later value changes.
    first = np.array([column[here][0] if here.any() else 0.0 for column, here in zip(values.T, known.T, strict=True)])
    moved = np.where(known, values - first, 0.0)
    counts, sums, squares = (np.cumsum(own, axis=0)[looks - 1] for own in (known, moved, moved**2))
    some = np.maximum(counts, 1)
    means = np.where(counts > 0, sums / some, np.nan)
    spread = np.maximum(squares - some * (sums / some) ** 2, 0.0)
    deviations = np.where(counts > 1, np.sqrt(spread / np.maximum(counts - 1, 1)), np.nan)
    return counts.astype(np.int64), means + first, deviations


def _count(deviation: float, target: float) -> float:
    """Find the smallest number of pairs whose half-width is `target`, if their standard deviation stays."""
    if not deviation > 0:
        return 2.0 if deviation == 0 else math.nan
    if target <= 0:
        return math.inf
    # A normal interval is narrower than a t interval, by a few pairs.
    count = max(2.0, math.ceil((_NORMAL * deviation / target) ** 2))
    while half_width(deviation, count) > target:
        count += 1
    return count
