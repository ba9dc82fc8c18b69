"""Row 14: who was invited is worth more, stays longer while the inviter does, and brings more people in turn."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.statistics import Interval
from experiments.validate.programmes import programme
from experiments.validate.ratios import ratio_of
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from sim import Result

__all__ = ["ROW", "against_others", "exits_by_age", "stays_with_inviter", "won"]

_STRATEGY = "fish_raising"
#: Days, people of day 0, and runs.
_RUNS = {"quick": (180, 1_000, 20), "full": (360, 1_500, 20)}
_LEAST_DAYS = 30
_WEEK_H = 168.0
#: Ages in days at which the hazard of leaving is taken anew: it falls fast at first.
_AGES = np.array([0.0, 1.0, 3.0, 7.0, 14.0, 28.0, 56.0, 112.0, np.inf])
_UNIT = "community"


def against_others(members: pd.DataFrame, measure: str) -> tuple[float, float]:
    """Return the mean of a measure over referred members, and what others who joined in the same weeks have.

    Parameters
    ----------
    members
        Columns joined_h, inviter (-1: none) and the measure. Weeks without both are left out.
    measure
        Name of the measure.
    """
    week = (members["joined_h"] // _WEEK_H).astype(int)
    table = members.groupby([week, members["inviter"] >= 0])[measure].agg(["mean", "size"]).unstack()
    table = table.dropna()
    weights = table[("size", True)]
    return float(np.average(table[("mean", True)], weights=weights)), float(np.average(table[("mean", False)], weights=weights))


def exits_by_age(start_h: Numbers, end_h: Numbers, left: Numbers, since_h: Numbers) -> tuple[Numbers, Numbers]:
    """Return exits and days at risk by age.

    Parameters
    ----------
    start_h, end_h
        When each spell of membership is watched.
    left
        Whether it ends with an exit.
    since_h
        When the member joined: age begins there.
    """
    first, last = (start_h - since_h) / 24.0, (end_h - since_h) / 24.0
    watched = last > first
    days = np.array([np.maximum(np.minimum(last, high) - np.maximum(first, low), 0.0).sum() for low, high in pairwise(_AGES)])
    place = np.digitize(last[watched & (left > 0)], _AGES) - 1
    return np.bincount(place, minlength=len(days)).astype(float), days


def stays_with_inviter(members: pd.DataFrame, inviters: pd.DataFrame, horizon_h: float) -> dict[str, float]:
    """Count exits of referred members while their inviter is a member and afterwards, and what they would be at the others' rates by age.

    Parameters
    ----------
    members
        Who is watched: joined_h, left_h and pruned_h (NaN: not), inviter (-1: none).
    inviters
        Everybody, by number of person, with left_h and pruned_h.
    horizon_h
        Until when they are watched.
    """
    joined = members["joined_h"].to_numpy(np.float64)
    left = members["left_h"].to_numpy(np.float64)
    end = members[["left_h", "pruned_h"]].min(axis=1).fillna(horizon_h).to_numpy(np.float64)
    exited = (left == end).astype(float)
    referred = (members["inviter"] >= 0).to_numpy()
    gone = inviters[["left_h", "pruned_h"]].min(axis=1).fillna(np.inf)
    alone = gone.reindex(members["inviter"]).fillna(np.inf).to_numpy(np.float64)
    exits, days = exits_by_age(joined[~referred], end[~referred], exited[~referred], joined[~referred])
    rates = exits / np.maximum(days, 1e-9)
    found: dict[str, float] = {}
    for name, start, stop in (("with", joined, np.clip(alone, joined, end)), ("without", np.clip(alone, joined, end), end)):
        last = exited * (stop == end) * (stop > start)
        exits, days = exits_by_age(start[referred], stop[referred], last[referred], joined[referred])
        found |= {f"exits {name}": float(exits.sum()), f"expected {name}": float((rates * days).sum())}
    return found


def won(everybody: pd.DataFrame, until_h: float) -> pd.DataFrame:
    """Return who was won for the brand after day 0 and up to some hour: they joined, and had not bought before they came."""
    return everybody[(everybody["joined_h"] > 0) & (everybody["joined_h"] <= until_h) & ~everybody["had_bought"]]


def _compared(horizon_h: float, result: Result) -> Measures:
    everybody = result.members
    members = won(everybody, horizon_h - 24.0 * _LEAST_DAYS)
    found: dict[str, Numbers | float] = {}
    for measure, those in (("contribution", members[members["orders"] > 0]), ("referred", members)):
        found[measure], found[f"{measure} of others"] = against_others(those, measure)
    return found | stays_with_inviter(members, everybody.set_index("person"), horizon_h)


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    from sim import Scenario

    days, people, runs = _RUNS[size]
    tree = programme(_STRATEGY, behaviour=behaviour, horizon_days=days, population__size=people).model_dump()
    for channel in tree["brand"]["channels"].values():
        channel["traits"] = {}
    world = Scenario.model_validate(tree)
    return [simulated(_UNIT, world, partial(_compared, 24.0 * days), runs)]


def _judge(found: Found) -> list[Check]:
    def ratio(value: str, part: str) -> Interval:
        return ratio_of(found.joined(_UNIT, value), found.joined(_UNIT, part))

    return [
        between("worth of a customer, against others won in the same weeks", 1.10, 1.25, ratio("contribution", "contribution of others")),
        between("leaving while the inviter is a member, against others", 0.0, 0.95, ratio("exits with", "expected with")),
        between("leaving when the inviter has gone, against others", 0.95, 3.0, ratio("exits without", "expected without")),
        between("members brought, against others", 1.2, 1.7, ratio("referred", "referred of others")),
    ]


ROW = Row(
    number=14,
    use="V",
    title="Referred members",
    target="Against others of the same community and joining period referred members are worth 10 to 25 % more, leave less only while the "
    "inviter stays, and make 1.2 to 1.7 times the referrals.",
    source="Schmitt et al. 2011; Van den Bulte et al. 2018; Gershon & Jiang 2025",
    means="The playbook fish_raising, half a year (full: a year); others came by the brand's channels. What sort of people one brings is "
    "assumed in the brand's file; here all bring people as the pool has them, so that what is measured is what an invitation does: whom "
    "members ask, and whom the newcomer then knows. As in the studies, all of whose customers were won in one period, only people count "
    "who had not bought before they came: most contacts by parcel cards and guides are customers already, as hardly anybody is who was "
    "invited. Worth and referrals: what a person has brought by the end, people who joined in the same week compared, 30 days before the "
    "end or earlier. Worth is the column `contribution` of members who have bought by then, with the cost of the contact: who never buys "
    "is nobody's customer. Leaving: exits, divided by those that would be at the rates of others as long in the group. 'Less' is taken as "
    "5 % less and below. The model has no parameter for referred members.",
    units=_units,
    judge=_judge,
)
