"""The centre: the one set of parameters that passes the rows as `validate` judges them and is nearest the model's own values.

The nearest points lie where a fact is only just met, and there an emulator that is a little wrong decides, or luck; and what is published
as a number is that number, not an end of its tolerance. So a number is to be met within a fifth of its tolerance, and a range within the
inner half, when they are simulated in the full size of the rows, in which averages are known. All rows must pass in the quick size, too, in
which the evidence is kept. What the emulators missed at one candidate is taken into account for the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.published.block import BlockFit
from experiments.calibrate.published.facts import FAR, Laboratory
from experiments.validate.row import Check

__all__ = ["Centre", "centre_of", "rounded"]

Numbers = NDArray[np.float64]

#: How near the middle of what is taken the simulated value is to come, in half widths: of a published number, of a published range.
_NUMBER, _RANGE = 0.2, 0.5
#: The emulators' candidates are to come nearer, since they miss; and how many are tried.
_ASKED, _CANDIDATES = 0.9, 8
#: Draws from which the search for the nearest point sets out, and how far outside a point may be that counts as found.
_STARTS, _SLACK = 4, 1e-6
_DIGITS = 3


@dataclass(frozen=True)
class Centre:
    """One set of parameters.

    Attributes
    ----------
    values
        By key, rounded.
    checks
        By row, as `validate size=full` judges them there.
    quick
        The same in the quick size.
    tried
        Candidates that were simulated.
    """

    values: Mapping[str, float]
    checks: Mapping[str, Sequence[Check]]
    quick: Mapping[str, Sequence[Check]]
    tried: int

    @property
    def passes(self) -> bool:
        """Whether all rows pass."""
        return not self._excess

    @property
    def _excess(self) -> int:
        return sum(check.verdict != "pass" for size in (self.checks, self.quick) for checks in size.values() for check in checks)


def rounded(value: float) -> float:
    """Round to three digits: more would look like knowledge."""
    return float(f"{value:.{_DIGITS}g}")


def centre_of(fit: BlockFit, laboratory: Laboratory, others: Mapping[str, float]) -> Centre:
    """Choose the set nearest the model's own values that meets the facts; the one that misses least of those tried where none does.

    What the facts do not tell stays as it is, with the source that it has: the middle of a posterior that is as wide as its prior would be
    nobody's value.

    Parameters
    ----------
    fit
        Of the block.
    laboratory
        What simulates.
    others
        Values of all free parameters; those of the block are the model's own.
    """
    own = np.array([free.prior.share(others[free.key]) for free in fit.block.free])
    within = np.array([_RANGE if np.isnan(fact.target) else _NUMBER for fact in fit.facts])
    missed = np.zeros(len(fit.facts))
    best: Centre | None = None
    least = (0, 0.0)
    for tried in range(1, _CANDIDATES + 1):
        point = own if best is None else _nearest(fit, own, _ASKED * within, missed)
        values = {key: rounded(value) for key, value in fit.block.values(point).items()}
        full, quick = (laboratory.judged(fit.block.rows, {**others, **values}, size) for size in ("full", "quick"))
        found = Centre(values, full, quick, tried)
        distances = _simulated(fit, found)
        rank = (found._excess, float((np.abs(distances) / within).max()))
        if best is None or rank < least:
            best, least = found, rank
        if found.passes and rank[1] <= 1.0:
            break
        missed = distances - np.clip(fit.distances(point[None])[0], -FAR, FAR)
    assert best is not None
    return replace(best, tried=tried)


def _simulated(fit: BlockFit, found: Centre) -> Numbers:
    """Return how far from the middle of each fact a candidate came, in half widths; far where it had no value."""
    means = {f"{row}: {check.name}": check.simulated.mean for row, checks in found.checks.items() for check in checks}
    distances = [float(fact.distance(means[fact.label])) for fact in fit.facts]
    return np.clip(np.nan_to_num(distances, nan=FAR), -FAR, FAR)


def _nearest(fit: BlockFit, own: Numbers, margin: Numbers, missed: Numbers) -> Numbers:
    """Return the point of the cube nearest the model's own where each fact is expected within a margin, in half widths.

    Expected is what the emulators say and what they ``missed`` at the last candidate.
    """
    from scipy.optimize import NonlinearConstraint, minimize

    def away(point: Numbers) -> float:
        return float(((point - own) ** 2).sum())

    def expected(point: Numbers) -> Numbers:
        found: Numbers = fit.distances(point[None])[0] + missed
        return found

    worst = (np.abs(fit.distances(fit.cube) + missed) / margin).max(axis=1)
    inside = fit.cube[worst <= 1.0] if (worst <= 1.0).any() else fit.cube[[int(worst.argmin())]]
    order = np.argsort([away(point) for point in inside], kind="stable")
    # A draw that is inside is a way out where the search ends outside.
    best: Numbers = inside[order[0]]
    for start in (own, *inside[order[:_STARTS]]):
        end = minimize(
            away,
            start,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * len(own),
            constraints=[NonlinearConstraint(expected, -margin, margin)],
        )
        point = np.clip(end.x, 0.0, 1.0)
        if (np.abs(expected(point)) <= margin + _SLACK).all() and away(point) < away(best):
            best = point
    return best
