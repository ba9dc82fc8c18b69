"""The centre: the one set of parameters that passes the rows as `validate` judges them and is nearest the model's own values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.published.block import BlockFit
from experiments.calibrate.published.facts import Laboratory
from experiments.validate.row import Check

__all__ = ["Centre", "centre_of", "rounded"]

Numbers = NDArray[np.float64]

#: How near their middle facts are expected, in half widths, one after the other until what is simulated passes.
_MARGINS = (0.8, 0.6, 0.4, 0.2, 0.1)
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
        By row, as `validate size=quick` judges them there.
    tried
        Candidates that were simulated.
    """

    values: Mapping[str, float]
    checks: Mapping[str, Sequence[Check]]
    tried: int

    @property
    def passes(self) -> bool:
        """Whether all rows pass."""
        return not self._excess

    @property
    def _excess(self) -> int:
        return sum(check.verdict != "pass" for checks in self.checks.values() for check in checks)


def rounded(value: float) -> float:
    """Round to three digits: more would look like knowledge."""
    return float(f"{value:.{_DIGITS}g}")


def centre_of(fit: BlockFit, laboratory: Laboratory, others: Mapping[str, float]) -> Centre:
    """Choose the set nearest the model's own values that passes; the one that misses least of those tried where none does.

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
    best: Centre | None = None
    for tried, point in enumerate(_candidates(fit, own), start=1):
        values = {key: rounded(value) for key, value in fit.block.values(point).items()}
        checks = laboratory.judged(fit.block.rows, {**others, **values})
        found = Centre(values, checks, tried)
        if best is None or found._excess < best._excess:
            best = found
        if found.passes:
            break
    assert best is not None
    return Centre(best.values, best.checks, tried)


def _candidates(fit: BlockFit, own: Numbers) -> list[Numbers]:
    """Return the model's own point, and the nearest ones at which the emulators expect the facts ever better met."""
    return [own, *(_nearest(fit, own, margin) for margin in _MARGINS)]


def _nearest(fit: BlockFit, own: Numbers, margin: float) -> Numbers:
    """Return the point of the cube nearest the model's own where the emulators expect each fact that well within its tolerance."""
    from scipy.optimize import NonlinearConstraint, minimize

    def away(point: Numbers) -> float:
        return float(((point - own) ** 2).sum())

    def expected(point: Numbers) -> Numbers:
        found: Numbers = fit.distances(point[None])[0]
        return found

    worst = np.abs(fit.distances(fit.cube)).max(axis=1)
    inside = fit.cube[worst <= margin] if (worst <= margin).any() else fit.cube[[int(worst.argmin())]]
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
        if np.abs(expected(point)).max() <= margin + _SLACK and away(point) < away(best):
            best = point
    return best
