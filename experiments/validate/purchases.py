"""Repeat purchases of a run, counted as those of the CDNOW sample are; and what is known of the sample, where it is installed."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.validate.row import Numbers

__all__ = ["CUSTOMERS", "MOST", "WEEKS", "histogram", "sample_file", "sample_weeks"]

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
