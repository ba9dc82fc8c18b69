"""From orders to purchase histories: when each customer came, came again, and how long each was observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Histories", "histories_of"]

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

DAYS_A_WEEK = 7.0


@dataclass(frozen=True)
class Histories:
    """Customers of the weeks that are fitted, and all their purchases.

    Attributes
    ----------
    start
        Midnight before the first order, ISO.
    fit_weeks, weeks
        How much is fitted, and how long the data are.
    lag_days
        1 where purchases are whole days: the last day that is observed is the last of the weeks, not the moment after it. Else 0.
    first_days
        Of each customer, the day of the first purchase, counted from the start.
    customer, day, fen
        Of each repeat purchase: place of the customer, day, amount.
    """

    start: str
    fit_weeks: int
    weeks: int
    lag_days: float
    first_days: Numbers
    customer: Counts
    day: Numbers
    fen: Numbers

    @property
    def size(self) -> int:
        """Customers."""
        return len(self.first_days)

    def closing_day(self, weeks: int) -> float:
        """Return the day until which purchases of the first so many weeks are counted."""
        return DAYS_A_WEEK * weeks - self.lag_days

    def observed_weeks(self, weeks: int) -> Numbers:
        """Return how many weeks after their first purchase customers are observed by the end of a week (0 for those who come later)."""
        return np.maximum(self.closing_day(weeks) - self.first_days, 0.0) / DAYS_A_WEEK

    def repeats(self, after: int, until: int) -> Counts:
        """Count each customer's repeat purchases after one week's end and until another's."""
        inside = (self.day <= self.closing_day(until)) & ((self.day > self.closing_day(after)) | (after == 0))
        return np.bincount(self.customer[inside], minlength=self.size)

    def recency_weeks(self) -> Numbers:
        """Return how many weeks after the first purchase the last of the fitted ones was; 0 where there was only one."""
        last = self.first_days.copy()
        inside = self.day <= self.closing_day(self.fit_weeks)
        np.maximum.at(last, self.customer[inside], self.day[inside])
        return (last - self.first_days) / DAYS_A_WEEK


def histories_of(orders: pd.DataFrame, fit_weeks: int | None, *, by_day: bool) -> Histories:
    """Read histories off orders.

    Parameters
    ----------
    orders
        Member, time and amount (fen) of each.
    fit_weeks
        How many weeks are fitted; None for half of them.
    by_day
        Whether orders of a customer on one day are one purchase, as is usual where a basket may be paid in parts. Else each is one.
    """
    start = orders["time"].min().normalize()
    days = (orders["time"] - start).dt.total_seconds() / 86400.0
    table = orders[["member", "amount"]].assign(day=np.floor(days) if by_day else days)
    if by_day:
        table = table.groupby(["member", "day"], sort=False)["amount"].sum().reset_index()
    table = table.sort_values(["member", "day"], kind="stable")
    weeks = max(1, int((np.floor(days.max()) + 1) // DAYS_A_WEEK))
    fitted = fit_weeks or max(1, weeks // 2)
    lag = 1.0 if by_day else 0.0
    first = ~table["member"].duplicated()
    firsts = table[first]
    early = firsts[firsts["day"] <= DAYS_A_WEEK * fitted - lag]
    places = {member: place for place, member in enumerate(early["member"])}
    again = table[~first & table["member"].isin(places)]
    return Histories(
        start=str(start.date()),
        fit_weeks=fitted,
        weeks=weeks,
        lag_days=lag,
        first_days=early["day"].to_numpy(float),
        customer=again["member"].map(places).to_numpy(np.int64),
        day=again["day"].to_numpy(float),
        fen=again["amount"].to_numpy(float),
    )
