"""BG/NBD: likelihood, fit, and what it expects of customers.

Purchases are Poisson at a gamma-distributed rate, and after each repeat purchase the customer lapses with a beta-distributed chance. It is
what the simulator's need and lapse are where nothing else works. Weeks are the unit of time.

Source: Fader, Hardie, Lee 2005, equations 6 (likelihood), 8 (counts), 9 (expectation), 10 (expectation given a history).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

__all__ = ["BOUNDS", "NAMES", "Likelihood", "Need", "expected_counts", "expected_given", "expected_repeats", "fit"]

Numbers = NDArray[np.float64]

#: Parameters, as the key brand.need calls them.
NAMES = ("rate_shape", "rate_scale_weeks", "lapse_a", "lapse_b")
#: Where a fit is looked for; beyond, parameters mean nothing that data could tell.
BOUNDS = (0.01, 1e4)
_NEAR_ONE = 1e-6


@dataclass(frozen=True)
class Need:
    """Parameters: r and alpha of the gamma distribution of rates a week, a and b of the beta distribution of lapsing."""

    rate_shape: float
    rate_scale_weeks: float
    lapse_a: float
    lapse_b: float

    @property
    def logs(self) -> Numbers:
        """Their logarithms."""
        return np.asarray(np.log(astuple(self)), np.float64)

    @classmethod
    def of_logs(cls, logs: Numbers) -> Need:
        """Return the parameters of logarithms."""
        return cls(*(float(value) for value in np.exp(logs)))

    @property
    def _lapse_a(self) -> float:
        """`lapse_a`, moved off 1, where the expectations are limits."""
        return self.lapse_a if abs(self.lapse_a - 1.0) > _NEAR_ONE else 1.0 + 2 * _NEAR_ONE


class Likelihood:
    """Log likelihood of histories; equal histories are computed once.

    Parameters
    ----------
    repeats
        Repeat purchases of each customer.
    recency_weeks
        From the first purchase to the last.
    observed_weeks
        From the first purchase to the end of observation.
    """

    def __init__(self, repeats: NDArray[np.int64], recency_weeks: Numbers, observed_weeks: Numbers) -> None:
        rows, self._counts = np.unique(np.column_stack([repeats, recency_weeks, observed_weeks]), axis=0, return_counts=True)
        self._repeats = rows[:, 0].astype(np.int64)
        self._recency, self._observed = rows[:, 1], rows[:, 2]
        self._many = np.arange(self._repeats.max() + 1)

    def __call__(self, logs: Numbers) -> Numbers:
        """Return it at each row of logarithms of r, alpha, a, b."""
        r, alpha, a, b = np.exp(np.atleast_2d(logs)).T[:, :, None]
        x = self._repeats
        many = self._many
        of_rate = (special.gammaln(r + many) - special.gammaln(r))[:, x] + r * np.log(alpha)
        still = (special.betaln(a, b + many) - special.betaln(a, b))[:, x] - (r + x) * np.log(alpha + self._observed)
        lapsed = (special.betaln(a + 1, b + np.maximum(many, 1) - 1) - special.betaln(a, b))[:, x]
        gone = np.where(x > 0, lapsed - (r + x) * np.log(alpha + self._recency), -np.inf)
        found: Numbers = ((of_rate + np.logaddexp(still, gone)) * self._counts).sum(axis=1)
        return found

    @cached_property
    def size(self) -> int:
        """Customers."""
        return int(self._counts.sum())


def fit(likelihood: Likelihood) -> Need:
    """Return the parameters of maximum likelihood, from several starts."""
    bounds = [(float(np.log(BOUNDS[0])), float(np.log(BOUNDS[1])))] * 4

    def cost(logs: Numbers) -> float:
        return -float(likelihood(logs)[0]) / likelihood.size

    starts = ([0.0, 0.0, 0.0, 0.0], [-1.0, 1.5, 0.0, 1.0], [0.5, 2.5, -1.0, 2.0])
    found = [optimize.minimize(cost, np.array(start), method="L-BFGS-B", bounds=bounds, tol=1e-11) for start in starts]
    return Need.of_logs(min(found, key=lambda result: float(result.fun)).x)


def expected_repeats(need: Need, weeks: Numbers) -> Numbers:
    """Return how many repeat purchases somebody makes in so many weeks after the first purchase."""
    r, alpha, a, b = need.rate_shape, need.rate_scale_weeks, need._lapse_a, need.lapse_b
    still = (alpha / (alpha + weeks)) ** r * special.hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
    found: Numbers = (a + b - 1) / (a - 1) * (1 - still)
    return found


def expected_given(need: Need, repeats: NDArray[np.int64], recency_weeks: Numbers, observed_weeks: Numbers, weeks: float) -> Numbers:
    """Return how many purchases each customer makes in the next `weeks`, given the history."""
    r, alpha, a, b = need.rate_shape, need.rate_scale_weeks, need._lapse_a, need.lapse_b
    x, end = repeats, alpha + observed_weeks
    still = (end / (end + weeks)) ** (r + x) * special.hyp2f1(r + x, b + x, a + b + x - 1, weeks / (end + weeks))
    odds = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * (end / (alpha + recency_weeks)) ** (r + x), 0.0)
    found: Numbers = (a + b + x - 1) / (a - 1) * (1 - still) / (1 + odds)
    return found


def expected_counts(need: Need, observed_weeks: Numbers, most: int = 7) -> Numbers:
    """Return how many customers make 0, 1, ..., `most` or more repeat purchases."""
    r, alpha, a, b = astuple(need)
    weeks, customers = np.unique(observed_weeks, return_counts=True)
    missed, made = alpha / (alpha + weeks), weeks / (alpha + weeks)
    found = []
    for x in range(most):
        coefficient = np.exp(special.gammaln(r + x) - special.gammaln(r) - special.gammaln(x + 1))
        share = np.exp(special.betaln(a, b + x) - special.betaln(a, b)) * coefficient * missed**r * made**x
        if x:
            fewer = np.arange(x)
            weights = np.exp(special.gammaln(r + fewer) - special.gammaln(r) - special.gammaln(fewer + 1))
            reached = 1 - missed**r * (weights * made[:, None] ** fewer).sum(axis=1)
            share = share + np.exp(special.betaln(a + 1, b + x - 1) - special.betaln(a, b)) * reached
        found.append(float((share * customers).sum()))
    return np.array([*found, len(observed_weeks) - sum(found)])
