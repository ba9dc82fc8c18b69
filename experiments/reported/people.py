"""Measures of people: who buys, who buys again, what they bring, who goes."""

from __future__ import annotations

from math import nan

import pandas as pd

from experiments.reported.run import Run

__all__ = [
    "accepts_push",
    "bought_after_joining",
    "bought_again",
    "bought_related",
    "churned",
    "exits_after_joining",
    "gmv_of_repeats",
    "gmv_per_buyer",
    "invited_share",
    "joins_a_month",
    "muted_share",
    "new_to_old_effort",
    "old_to_new_gmv",
    "repeat_share",
]

_MONTH_DAYS = 30.0
_REFERRAL = "referral"
#: What a community costs to run, beside what new contacts cost.
_UPKEEP = ("red_packet_cost", "coupon_cost", "gift_cost", "kol_cost", "staff_cost", "event_cost")


def bought_after_joining(run: Run, days: float) -> float:
    """Share of joiners, watched for so many days, who bought within them."""
    joiners = _watched(run.joiners, "joined_h", run, days)
    bought = run.purchases.merge(joiners[["person", "joined_h"]], on="person")
    age_h = bought["time_h"] - bought["joined_h"]
    return _share(bought.loc[(age_h >= 0.0) & (age_h <= 24.0 * days), "person"].nunique(), len(joiners))


def bought_again(run: Run, days: float) -> float:
    """Share of first purchases, watched for so many days, that another one followed within them."""
    return _followed(run, days, another=False)


def bought_related(run: Run, days: float) -> float:
    """Share of first purchases, watched for so many days, that one of another product followed within them."""
    return _followed(run, days, another=True)


def gmv_per_buyer(run: Run, days: float) -> float:
    """Mean of what buyers paid from their first purchase on, that one included, of those watched for so many days."""
    first = _watched(run.first_purchases, "time_h", run, days)
    later = _since_first(run, first, days)
    return float(later["paid_yuan"].sum() / len(first)) if len(first) else nan


def gmv_of_repeats(run: Run, days: float) -> float:
    """Mean of what those who bought again within so many days of the first purchase paid in that time, that purchase left out."""
    first = _watched(run.first_purchases, "time_h", run, days)
    later = _repeats(run, first, days)
    return float(later["paid_yuan"].sum() / later["person"].nunique()) if len(later) else nan


def repeat_share(run: Run, _days: float) -> float:
    """Share of GMV of purchases that were not the buyer's first within the run."""
    whole = float(run.purchases["paid_yuan"].sum())
    return 1.0 - float(run.first_purchases["paid_yuan"].sum()) / whole if whole > 0.0 else nan


def old_to_new_gmv(run: Run, days: float) -> float:
    """GMV of an old customer (who had bought before) in the last days, over that of a newcomer in as many days from being admitted."""
    begins_h = run.hours - 24.0 * days
    members, bought = run.table("members"), run.purchases
    came = members[(members["channel"] != "founding") & (members["admitted_h"] >= 0.0)]
    new = _watched(came, "admitted_h", run, days)
    old = bought.loc[bought["time_h"] < begins_h, "person"].unique()
    if begins_h <= 0.0 or not len(new) or not len(old):
        return nan
    of_new = bought.merge(new[["person", "admitted_h"]], on="person")
    of_new = of_new[of_new["time_h"] <= of_new["admitted_h"] + 24.0 * days]
    of_old = bought[bought["person"].isin(old) & (bought["time_h"] >= begins_h)]
    each_new = float(of_new["paid_yuan"].sum()) / len(new)
    return float(of_old["paid_yuan"].sum()) / len(old) / each_new if each_new > 0.0 else nan


def new_to_old_effort(run: Run, _days: float) -> float:
    """Cost of contacts for a newcomer who bought, over the upkeep of the community for a repeat purchase."""
    members = run.table("members")
    came = members.loc[(members["channel"] != "founding") & (members["channel"] != _REFERRAL) & (members["admitted_h"] >= 0.0), "person"]
    won = int(run.first_purchases["person"].isin(came).sum())
    again = len(run.purchases) - len(run.first_purchases)
    upkeep = sum(run.metrics.get(name, 0.0) for name in _UPKEEP)
    if not won or not again or upkeep <= 0.0:
        return nan
    return (run.metrics.get("acquisition_cost", nan) / won) / (upkeep / again)


def exits_after_joining(run: Run, days: float) -> float:
    """Share of joiners, watched for so many days, who left within them; who was removed in that time is left out."""
    joiners = _watched(run.joiners, "joined_h", run, days)
    stays = joiners[~(joiners["pruned_h"] - joiners["joined_h"] <= 24.0 * days)]
    return _share(int((stays["left_h"] - stays["joined_h"] <= 24.0 * days).sum()), len(stays))


def churned(run: Run, days: float) -> float:
    """Share of those who were members at some time in the first days who left in them: the metric ``churn_rate`` of so long a run."""
    members, until_h = run.ever_members, 24.0 * days
    there = members[(members["joined_h"] < until_h) & ~(members[["left_h", "pruned_h"]] < 0.0).any(axis=1)]
    return _share(int((there["left_h"] < until_h).sum()), len(there)) if until_h <= run.hours else nan


def muted_share(run: Run, _days: float) -> float:
    """Share of all who were ever members who muted."""
    return _share(int(run.ever_members["muted_h"].notna().sum()), len(run.ever_members))


def accepts_push(run: Run, _days: float) -> float:
    """Share of all who were ever members who neither muted, left, nor blocked."""
    refused = run.ever_members[["muted_h", "left_h", "blocked_h"]].notna().any(axis=1)
    return _share(int((~refused).sum()), len(run.ever_members))


def joins_a_month(run: Run, _days: float) -> float:
    """Members who joined, those of day 0 left out, in 30 days."""
    return len(run.newcomers) / run.days * _MONTH_DAYS if len(run.table("members")) else nan


def invited_share(run: Run, _days: float) -> float:
    """Share of newcomers whom members brought."""
    return _share(int((run.newcomers["channel"] == _REFERRAL).sum()), len(run.newcomers))


def _followed(run: Run, days: float, *, another: bool) -> float:
    first = _watched(run.first_purchases, "time_h", run, days)
    later = _repeats(run, first, days)
    if another:
        later = later[later["product"] != later["first_product"]]
    return _share(later["person"].nunique(), len(first))


def _repeats(run: Run, first: pd.DataFrame, days: float) -> pd.DataFrame:
    """Return the purchases of some buyers within so many days of their first, without it."""
    later = _since_first(run, first, days)
    return later[later.index != later["first_order"]]


def _since_first(run: Run, first: pd.DataFrame, days: float) -> pd.DataFrame:
    """Return all purchases of some buyers within so many days of their first, beside which the first stands."""
    begun = first.reset_index(names="first_order")[["person", "first_order", "time_h", "product"]]
    begun = begun.rename(columns={"time_h": "first_h", "product": "first_product"}).set_index("person")
    joined = run.purchases.join(begun, on="person", how="inner")
    return joined[joined["time_h"] <= joined["first_h"] + 24.0 * days]


def _watched(people: pd.DataFrame, since: str, run: Run, days: float) -> pd.DataFrame:
    """Leave out those of whom less than so many days can be seen."""
    return people[(people[since] >= 0.0) & (people[since] + 24.0 * days <= run.hours)]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else nan
