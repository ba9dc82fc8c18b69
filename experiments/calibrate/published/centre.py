"""The centre of a posterior: one set of parameters in its middle that passes the rows as `validate` judges them."""

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

#: Candidates that are simulated; they are the middle ones of those in which the emulators expect all facts well within their tolerance.
_MOST, _WELL_WITHIN = 8, 0.5
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
    """Choose the draw nearest the middle of the posterior that passes; the one that misses least of those tried where none does."""
    best: Centre | None = None
    for tried, point in enumerate(_candidates(fit), start=1):
        values = {key: rounded(value) for key, value in fit.block.values(point).items()}
        checks = laboratory.judged(fit.block.rows, {**others, **values})
        found = Centre(values, checks, tried)
        if best is None or found._excess < best._excess:
            best = found
        if found.passes:
            break
    assert best is not None
    return Centre(best.values, best.checks, tried)


def _candidates(fit: BlockFit) -> Numbers:
    """Return the middle ones, nearest first, in the distance that the posterior's covariance makes."""
    line = fit.draws.flat
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(line.T)))
    away = line - line.mean(axis=0)
    far = np.einsum("ij,jk,ik->i", away, inverse, away)
    worst = np.abs(fit.distances(fit.cube)).max(axis=1)
    order = np.lexsort((far, np.maximum(worst, _WELL_WITHIN)))
    _, first = np.unique(line[order], axis=0, return_index=True)  # chains stay where they are for a while
    found: Numbers = fit.cube[order[np.sort(first)[:_MOST]]]
    return found
