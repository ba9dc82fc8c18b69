"""Repeat purchases of a run, counted as those of the CDNOW sample are; and what is known of the sample, where it is installed."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.validate.row import Lines, Numbers
from experiments.validate.worlds import CDNOW_NEED

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["CUSTOMERS", "MOST", "WEEKS", "bought_on", "customers_alone", "first_days", "histogram", "sample_file", "sample_weeks"]

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


def first_days(people: int) -> Numbers:
    """Return the day of each person's first purchase, spread over twelve weeks as those of the sample."""
    days = np.maximum(np.rint(7 * WEEKS - 1 - 7 * sample_weeks()), 0.0)
    return np.asarray(np.resize(days, people), np.float64)


def customers_alone(people: int, days: int, behaviour: Lines) -> Scenario:
    """Return people with the need of CDNOW's customers, whom no brand reaches; all made their first purchase at time 0.

    What people do is at its defaults, or at what is tried instead, but that nobody opens an app, which nothing depends on here, and that
    nobody is a freeloader: the need that was fitted is that of everybody, whoever they are.
    """
    from experiments import load

    return load(
        "strategy=no_community",
        "~strategy.leads",
        *behaviour,
        f"horizon_days={days}",
        f"population.size={people}",
        "population.customer_share=1",
        "population.join_share=0",
        "market.pool=0",
        "behaviour.freeloading.share=0",
        "behaviour.sessions.rate_per_day=0",
        *(f"brand.need.{name}={value}" for name, value in CDNOW_NEED.items()),
    )


def bought_on(orders: pd.DataFrame, first: Numbers, until_day: int) -> pd.DataFrame:
    """Return the days on which people bought, first purchases among them: person and day, in order.

    Purchases of a person on one day are one, as in the CDNOW data, which know no hours.

    Parameters
    ----------
    orders
        Table of orders of a run whose people all made their first purchase at time 0.
    first
        Day on which each person's clock begins: its first purchase is at noon of it.
    until_day
        The last day that is observed.
    """
    person = orders["person"].to_numpy()
    again = pd.DataFrame({"person": person, "day": np.floor(first[person] + 0.5 + orders["time_h"].to_numpy() / 24.0)})
    table = pd.concat([pd.DataFrame({"person": np.arange(len(first)), "day": first}), again])
    found: pd.DataFrame = table[table["day"] <= until_day].drop_duplicates().sort_values(["person", "day"], ignore_index=True)
    return found
