"""Whether the posterior of need is right: simulation-based calibration of what `calibrate data=FOLDER` draws.

``python -m benchmarks.ranks`` (some minutes). Parameters are drawn from the prior of the fit and customers from BG/NBD with them; the
posterior of these customers is drawn as the command does. The rank of the truth among thinned draws is then uniform, whatever the truth.
Data that the command refuses, or whose customers buy too often to be computed quickly, are drawn anew together with their truth: what
depends on the data alone leaves the posterior as it is.

Source: Talts, Betancourt, Simpson, Vehtari, Gelman 2018, Validating Bayesian Inference Algorithms with Simulation-Based Calibration.
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2

from experiments.calibrate.bg_nbd import NAMES, Likelihood, Need, fit
from experiments.calibrate.fitting import LEAST_REPEATS, PRIOR_SD, posterior_of

Numbers = np.ndarray[Any, np.dtype[np.float64]]

FITS, CUSTOMERS, MOST_REPEATS = 400, 150, 300
#: Draws that a rank is among; with it, ranks fill bins of the same size.
DRAWS, BINS = 99, 20
#: Of wrongly finding fault with any quantity.
ERROR = 0.01
QUANTITIES = (*NAMES, "mean rate", "mean lapse")


@dataclass(frozen=True)
class Customers:
    """Histories: repeat purchases, weeks from the first to the last, weeks of observation."""

    repeats: np.ndarray[Any, np.dtype[np.int64]]
    recency_weeks: Numbers
    observed_weeks: Numbers


def drawn_customers(need: Need, customers: int, random: np.random.Generator) -> Customers:
    """Draw customers of BG/NBD, observed from 13 to 39 weeks; nobody's purchases are gone through one by one."""
    observed = random.uniform(13.0, 39.0, customers)
    tiny = np.finfo(float).tiny
    rate = np.maximum(random.gamma(need.rate_shape, 1.0 / need.rate_scale_weeks, customers), tiny)
    lapse = np.maximum(random.beta(need.lapse_a, need.lapse_b, customers), 1e-15)
    last = random.geometric(lapse)
    with np.errstate(over="ignore"):
        lapsed = random.gamma(last) / rate
    # Given the moment of the last purchase, those before are spread evenly up to it.
    within = random.binomial(last - 1, np.minimum(observed / lapsed, 1.0))
    latest = observed * random.random(customers) ** (1.0 / np.maximum(within, 1))
    gone = lapsed <= observed
    return Customers(np.where(gone, last, within), np.where(gone, lapsed, np.where(within > 0, latest, 0.0)), observed)


def drawn_case(customers: int, random: np.random.Generator) -> tuple[Need, Customers]:
    """Draw a truth from the prior, and customers, until they are such as the command takes."""
    while True:
        truth = Need.of_logs(random.normal(0.0, PRIOR_SD, len(NAMES)))
        found = drawn_customers(truth, customers, random)
        if found.repeats.sum() >= LEAST_REPEATS and found.repeats.max() <= MOST_REPEATS:
            return truth, found


def quantities(values: Numbers) -> Numbers:
    """Return what is ranked, of rows of parameters: each of them, and what is known best of them."""
    r, alpha, a, b = values.T
    return np.column_stack([values, r / alpha, a / (a + b)])


def ranks(fits: int, customers: int, seed: int, draws: int = DRAWS) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Numbers]:
    """Return of each fit the ranks of the truths among thinned draws, and the largest R-hat."""
    found, agreed = [], []
    for number in range(fits):
        random = np.random.default_rng([seed, number])
        truth, seen = drawn_case(customers, random)
        likelihood = Likelihood(seen.repeats, seen.recency_weeks, seen.observed_weeks)
        posterior = posterior_of(likelihood, fit(likelihood), int(seen.repeats.sum()), int(random.integers(2**32)))
        thinned = posterior.flat[np.linspace(0, len(posterior.flat) - 1, draws).round().astype(int)]
        drawn, true = quantities(np.exp(thinned)), quantities(np.array([astuple(truth)]))
        found.append((drawn < true).sum(axis=0))
        agreed.append(posterior.r_hat().max())
    return np.array(found), np.array(agreed)


def uniform(found: np.ndarray[Any, np.dtype[np.int64]], bins: int, draws: int = DRAWS) -> Numbers:
    """Return the p value of each quantity's ranks: chi-square over bins of the same size."""
    expected = len(found) / bins
    counts = np.array([np.bincount(column * bins // (draws + 1), minlength=bins) for column in found.T])
    return np.asarray(chi2.sf(((counts - expected) ** 2).sum(axis=1) / expected, bins - 1))


def main() -> int:
    """Print the table."""
    found, agreed = ranks(FITS, CUSTOMERS, seed=1)
    apart = f"{(agreed > 1.05).mean():.1%}, largest {agreed.max():.2f}"
    print(f"{FITS} fits of {CUSTOMERS} customers, truths from the prior; R-hat above 1.05: {apart}")
    print(f"{'quantity':<20}{'p, chi-square':>14}{'within 50 %':>13}{'within 96 %':>13}")
    values = uniform(found, BINS)
    for name, value, column in zip(QUANTITIES, values, found.T, strict=True):
        half, most = (float((np.abs(2 * column - DRAWS) <= share * (DRAWS + 1)).mean()) for share in (0.5, 0.96))
        print(f"{name:<20}{value:>14.3f}{half:>13.1%}{most:>13.1%}")
    good = bool(values.min() > ERROR / len(values))
    print(f"ranks are {'uniform' if good else 'NOT UNIFORM'} at {ERROR:.0%} for all quantities together")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
