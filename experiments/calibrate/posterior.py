"""Draws from a posterior distribution by random-walk Metropolis, and whether they may be trusted.

Source: Metropolis et al. 1953; scale of the steps: Roberts, Gelman, Gilks 1997; split R-hat and effective number: Gelman et al., Bayesian
Data Analysis, 3rd edition, section 11.4-11.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Draws", "sample"]

Numbers = NDArray[np.float64]

_CHAINS = 4
_WARM_UP, _KEPT = 1000, 1500
#: Times that the shape of the steps is learnt anew while warming up.
_ROUNDS = 4


@dataclass(frozen=True)
class Draws:
    """What was drawn.

    Attributes
    ----------
    values
        Chain, draw, parameter.
    log_density
        Chain, draw.
    accepted
        Share of steps that were taken.
    """

    values: Numbers
    log_density: Numbers
    accepted: float

    @property
    def flat(self) -> Numbers:
        """All draws, chain after chain."""
        return self.values.reshape(-1, self.values.shape[-1])

    def r_hat(self) -> Numbers:
        """Return split R-hat of each parameter: near 1 where the chains tell the same."""
        between, within, length = self._variances()
        found: Numbers = np.sqrt((within * (length - 1) / length + between / length) / within)
        return found

    def effective(self) -> Numbers:
        """Return how many independent draws each parameter's are worth."""
        chains, length, parameters = self.values.shape
        between, within, half = self._variances()
        total = within * (half - 1) / half + between / half
        found = []
        for place in range(parameters):
            centred = self.values[:, :, place] - self.values[:, :, place].mean(axis=1, keepdims=True)
            power = np.abs(np.fft.rfft(centred, 2 * length)) ** 2
            covariance = np.fft.irfft(power)[:, :length].mean(axis=0) / length
            correlation = 1.0 - (within[place] - covariance) / total[place]
            pairs = correlation[1:-1:2] + correlation[2::2]
            last = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
            found.append(chains * length / (1.0 + 2.0 * max(0.0, float(pairs[:last].sum()))))
        return np.array(found)

    def _variances(self) -> tuple[Numbers, Numbers, int]:
        half = self.values.shape[1] // 2
        split = np.concatenate([self.values[:, :half], self.values[:, half : 2 * half]])
        return half * split.mean(axis=1).var(axis=0, ddof=1), split.var(axis=1, ddof=1).mean(axis=0), half


def sample(density: Callable[[Numbers], Numbers], start: Numbers, spread: Numbers, seed: int, longer: int = 1) -> Draws:
    """Draw from a distribution.

    Parameters
    ----------
    density
        Logarithm of its density, but for a constant, at each row of points.
    start
        A likely point.
    spread
        About the standard deviations around it; the shape of the steps is learnt while warming up.
    seed
        Of the random numbers.
    longer
        Times as many steps as usual.
    """
    warm_up, kept_steps = longer * _WARM_UP, longer * _KEPT
    random = np.random.default_rng([seed, 20050526])
    size = len(start)
    root = np.diag(spread)
    points = start + random.normal(size=(_CHAINS, size)) * spread
    heights = density(points)
    kept, densities, taken = [], [], 0
    seen: list[Numbers] = []
    for step in range(warm_up + kept_steps):
        proposals = points + 2.38 / np.sqrt(size) * random.normal(size=(_CHAINS, size)) @ root.T
        proposed = density(proposals)
        accepted = np.log(random.random(_CHAINS)) < proposed - heights
        points = np.where(accepted[:, None], proposals, points)
        heights = np.where(accepted, proposed, heights)
        if step >= warm_up:
            kept.append(points)
            densities.append(heights)
            taken += int(accepted.sum())
            continue
        seen.append(points)
        if (step + 1) % (warm_up // _ROUNDS) == 0:
            covariance = np.atleast_2d(np.cov(np.concatenate(seen[len(seen) // 2 :]).T))
            root = np.asarray(np.linalg.cholesky(covariance + 1e-10 * np.eye(size)), np.float64)
    return Draws(np.stack(kept, axis=1), np.stack(densities, axis=1), taken / (kept_steps * _CHAINS))
