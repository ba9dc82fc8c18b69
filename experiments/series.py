"""Curves over time, one for each replication, from the tables of an experiment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.statistics import half_width

__all__ = ["Band", "band_of", "daily_totals", "member_means", "rolling_mean", "survival"]

Floats = NDArray[np.float64]

#: A survival curve ends where fewer members than this are left to look at.
_FEWEST_AT_RISK = 10


class Band(NamedTuple):
    """A mean curve with its 95 % interval at every point (NaN with fewer than two replications)."""

    mean: Floats
    low: Floats
    high: Floats


def band_of(curves: Floats) -> Band:
    """Summarise curves, one row a replication; at each point, replications that have a value there count."""
    known = ~np.isnan(curves)
    number = known.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, curves, 0.0).sum(axis=0) / number
        spread = np.sqrt(np.where(known, (curves - mean) ** 2, 0.0).sum(axis=0) / (number - 1))
        half = np.where(number > 1, half_width(spread, number), np.nan)
    return Band(mean, mean - half, mean + half)


def daily_totals(daily: pd.DataFrame, column: str, strategy: str, days: int) -> pd.DataFrame:
    """Sum a column of the daily table over groups.

    Returns
    -------
    DataFrame
        One row a replication, one column a day (0 ... days - 1); a day without a row counts zero.
    """
    own = daily[daily["strategy"] == strategy]
    totals = own.pivot_table(index="replication", columns="day", values=column, aggfunc="sum", fill_value=0.0)
    return totals.reindex(columns=range(days), fill_value=0.0).astype(float)


def member_means(daily: pd.DataFrame, column: str, strategy: str, days: int) -> pd.DataFrame:
    """Average a column of the daily table over the members of all groups; NaN on days without members."""
    own = daily[(daily["strategy"] == strategy) & (daily["group"] >= 0) & (daily["members"] > 0)].dropna(subset=[column])
    weighted = own.assign(total=own[column] * own["members"]).groupby(["replication", "day"])[["total", "members"]].sum()
    means = (weighted["total"] / weighted["members"]).unstack("day")
    return means.reindex(columns=range(days)).astype(float)


def rolling_mean(curves: pd.DataFrame, days: int) -> pd.DataFrame:
    """Mean of each day and the days before it, `days` in all; fewer at the start."""
    return curves.T.rolling(days, min_periods=1).mean().T


def survival(members: pd.DataFrame, strategy: str, horizon_days: float) -> pd.DataFrame:
    """Kaplan-Meier curves of membership by age.

    Parameters
    ----------
    members
        The table of members; those who never joined, or joined before day 0, are left out, those still there at the
        horizon are censored.
    strategy
        Whose.
    horizon_days
        When looking ends.

    Returns
    -------
    DataFrame
        One row a replication, one column a day of age, from 0 to the last age at which every replication has enough
        members left to look at.
    """
    from scipy import stats  # takes half a second, and of all commands only the report comes here

    own = members[(members["strategy"] == strategy) & (members["joined_h"] >= 0)]
    ages = np.arange(int(horizon_days) + 1)
    curves: dict[int, Floats] = {}
    end = len(ages)
    for replication, group in own.groupby("replication"):
        seen = np.minimum(group["left_h"].fillna(np.inf), 24 * horizon_days) - group["joined_h"]
        duration = np.asarray(seen.clip(lower=0.0) / 24, dtype=np.float64)
        stayed = np.asarray(group["left_h"].isna(), dtype=np.bool_)
        if (~stayed).any():
            sample: stats.CensoredData[np.float64] = stats.CensoredData(uncensored=duration[~stayed], right=duration[stayed])
            curve = np.asarray(stats.ecdf(sample).sf.evaluate(ages), dtype=np.float64)
        else:
            curve = np.ones(len(ages))
        curves[int(str(replication))] = curve
        at_risk = (duration[:, None] >= ages).sum(axis=0)
        end = min(end, int(np.count_nonzero(at_risk >= min(_FEWEST_AT_RISK, len(duration)))))
    return pd.DataFrame.from_dict(curves, orient="index", columns=ages).iloc[:, :end]
