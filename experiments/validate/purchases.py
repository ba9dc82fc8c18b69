"""BG/NBD of Fader, Hardie and Lee (2005): expected histogram and maximum-likelihood fit; and the CDNOW sample, where it is installed."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, special

from experiments.validate.row import Numbers
from experiments.validate.worlds import CDNOW_NEED

__all__ = ["CUSTOMERS", "MOST", "WEEKS", "expected_histogram", "histogram", "refit", "sample_file", "sample_weeks"]

CUSTOMERS = 2357
WEEKS = 39
#: The last bin of histograms: so many repeat purchases or more.
MOST = 7


def sample_file() -> Path | None:
    """Return the file of the CDNOW sample's customers, without importing the package that carries it; None where it is not installed."""
    try:
        carrier = metadata.distribution("lifetimes")
    except metadata.PackageNotFoundError:
        return None
    return Path(str(carrier.locate_file("lifetimes/datasets/cdnow_customers_summary.csv")))


def sample_weeks() -> Numbers:
    """Return how many weeks each customer of the sample was observed after the first purchase: CDNOW's, else evenly from 27 to 39."""
    file = sample_file()
    return np.linspace(27, WEEKS, CUSTOMERS) if file is None else pd.read_csv(file)["T"].to_numpy(np.float64)


def expected_histogram(weeks: Numbers, most: int = MOST) -> Numbers:
    """Return how many customers BG/NBD expects to make 0, 1, ..., ``most`` or more repeat purchases.

    Parameters
    ----------
    weeks
        How long each customer is observed after the first purchase.
    most
        The last bin.

    Source: Fader, Hardie, Lee 2005, equation 8.
    """
    r, alpha, a, b = CDNOW_NEED.values()
    missed, made = alpha / (alpha + weeks), weeks / (alpha + weeks)
    counts = []
    for x in range(most):
        coefficient = np.exp(special.gammaln(r + x) - special.gammaln(r) - special.gammaln(x + 1))
        alive = np.exp(special.betaln(a, b + x) - special.betaln(a, b)) * coefficient * missed**r * made**x
        lapsed = 0.0
        if x:
            js = np.arange(x)
            weights = np.exp(special.gammaln(r + js) - special.gammaln(r) - special.gammaln(js + 1))
            reached = 1 - missed**r * (weights * made[:, None] ** js).sum(axis=1)
            lapsed = np.exp(special.betaln(a + 1, b + x - 1) - special.betaln(a, b)) * reached
        counts.append((alive + lapsed).sum())
    return np.array([*counts, len(weeks) - sum(counts)])


def histogram(orders: pd.DataFrame, weeks: Numbers, week_days: float, most: int = MOST) -> Numbers:
    """Return how many people made 0, 1, ..., ``most`` or more purchases in their weeks of observation.

    Parameters
    ----------
    orders
        Table of orders of a run whose people all made their trial purchase at time 0.
    weeks
        How long each person is observed.
    week_days
        Days that such a week lasts in the run.
    most
        The last bin.
    """
    observed = orders[orders["time_h"] < weeks[orders["person"]] * week_days * 24]
    counts = np.bincount(observed["person"], minlength=len(weeks))
    return np.bincount(np.minimum(counts, most), minlength=most + 1).astype(float)


def refit(x: NDArray[np.int64], last: Numbers, weeks: Numbers) -> Numbers:
    """Return the maximum-likelihood BG/NBD parameters.

    Parameters
    ----------
    x, last, weeks
        Of each customer: repeat purchases, the week of the last one, and weeks of observation.

    Returns
    -------
    array
        r, alpha, a, b.
    """
    many = np.arange(x.max() + 1)
    bought = x > 0

    def cost(logs: Numbers) -> float:
        r, alpha, a, b = np.exp(logs)
        coefficient = (special.gammaln(r + many) - special.gammaln(r) + r * np.log(alpha))[x]
        alive = (special.betaln(a, b + many) - special.betaln(a, b))[x] - (r + x) * np.log(alpha + weeks)
        gone = np.full(len(x), -np.inf)
        lapsed = special.betaln(a + 1, b + np.maximum(many, 1) - 1) - special.betaln(a, b)
        gone[bought] = lapsed[x[bought]] - (r + x[bought]) * np.log(alpha + last[bought])
        return -float((coefficient + np.logaddexp(alive, gone)).mean())

    return np.asarray(np.exp(optimize.minimize(cost, np.zeros(4), method="L-BFGS-B", tol=1e-10).x))
