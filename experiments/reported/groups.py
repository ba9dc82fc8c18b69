"""Measures of groups: exits, life and death, interaction, the reach of Moments."""

from __future__ import annotations

from math import nan

import pandas as pd

from experiments.reported.run import Run

__all__ = [
    "exits_a_month",
    "exits_of_new_groups",
    "groups_alive",
    "groups_dead",
    "groups_silent",
    "interaction_rate",
    "moments_reach_change",
]

_MONTH_DAYS = 30.0
_MONTH_H = 24.0 * _MONTH_DAYS
#: A group without a member's message for so many days is dead: so long it must be watched.
_SILENT_DAYS = 7.0
#: Interaction on a day below which operators call a group silent (PRACTICE section 3).
_SILENT_SHARE = 0.03
#: Those who were members on a day, but no more at its end.
_GONE = ["leaves", "moves_out", "pruned"]


def interaction_rate(run: Run, _days: float) -> float:
    """Members who wrote, gave, claimed or bought on a day, mean over days."""
    return run.metrics.get("interaction_rate", nan)


def exits_of_new_groups(run: Run, days: float) -> float:
    """Return exits in the first days of groups for each who entered them in those days; of groups that opened early enough."""
    opened = run.table("groups").set_index("group")["opened_h"].astype(float)
    young = opened.index[(opened >= 0.0) & (opened + 24.0 * days <= run.hours)]
    first = run.in_groups[run.in_groups["group"].isin(young) & (run.in_groups["age"] < days)]
    entered = float(first["joins"].sum() + first["moves_in"].sum())
    return float(first["leaves"].sum()) / entered if entered > 0.0 else nan


def exits_a_month(run: Run, _days: float) -> float:
    """Return exits for each member in 30 days, in groups that are older than 30 days."""
    old = run.in_groups[run.in_groups["age"] >= _MONTH_DAYS]
    members = float(old["members"].sum())
    return float(old["leaves"].sum()) / members * _MONTH_DAYS if members > 0.0 else nan


def groups_dead(run: Run, days: float) -> float:
    """Share of groups in which no member wrote any more from so many days after the opening on, watched for a further week."""
    watched = _watched(run, days)
    if watched.empty:
        return nan
    last = watched["last_member_message_h"].astype(float).fillna(watched["opened_h"].astype(float))
    return float((last < watched["opened_h"] + 24.0 * days).mean())


def groups_alive(run: Run, days: float) -> float:
    """Share of groups in which a member still wrote so many days after the opening."""
    return 1.0 - groups_dead(run, days)


def groups_silent(run: Run, days: float) -> float:
    """Share of groups in which fewer than 3 % of members interacted on a day of the week that begins so many days after the opening."""
    groups = _watched(run, days)
    week = run.in_groups[(run.in_groups["age"] >= days) & (run.in_groups["age"] < days + _SILENT_DAYS)]
    sums = week[week["group"].isin(groups["group"])].groupby("group")[["interactions", "members", *_GONE]].sum()
    # Of those who were members at some time of a day; where everybody has gone nobody interacts.
    members = sums[["members", *_GONE]].sum(axis=1).clip(lower=1)
    return float((sums["interactions"] < _SILENT_SHARE * members).mean()) if len(sums) else nan


def moments_reach_change(run: Run, _days: float) -> float:
    """Share of those delivered who saw a Moments post, in the last 30 days over the first 30, of runs of two such months at least."""
    posts = run.table("messages")
    posts = posts[posts["channel"] == "moments"]
    if run.hours < 2.0 * _MONTH_H:
        return nan
    late, early = (_seen(part) for part in (posts[posts["time_h"] >= run.hours - _MONTH_H], posts[posts["time_h"] < _MONTH_H]))
    return late / early if early > 0.0 else nan


def _watched(run: Run, days: float) -> pd.DataFrame:
    """Return the groups that anybody ever entered and that were watched for so many days and a week."""
    daily = run.in_groups
    entered = daily.loc[(daily["joins"] + daily["moves_in"] > 0) | (daily["members"] > 0), "group"].unique()
    groups = run.table("groups")
    opened = groups["opened_h"].astype(float)
    return groups[groups["group"].isin(entered) & (opened >= 0.0) & (opened + 24.0 * (days + _SILENT_DAYS) <= run.hours)]


def _seen(posts: pd.DataFrame) -> float:
    delivered = float(posts["delivered"].sum())
    return float(posts["seen"].sum()) / delivered if delivered > 0.0 else nan
