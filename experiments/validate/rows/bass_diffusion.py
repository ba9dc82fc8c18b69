"""Row 2: people who come by themselves and by word of mouth are Bass diffusion: the closed form.

A reduced world: one group without limit that everybody enters, nobody leaves, nobody buys; each person outside comes by themselves at rate
p, and each member invites at rate q people drawn evenly from the pool, who always accept and come once. A year of the closed form is ten
days of the world, since only the products of rates and time count; sessions, at which invitations are made, are frequent beside it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import draw_curves
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, simulated, within
from experiments.validate.worlds import ALIKE_HOURS, build, null_tree, unlimited

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result, Scenario

__all__ = ["ROW", "share_adopted", "world"]

P, Q = 0.03, 0.38  # a year
DAYS_A_YEAR = 10.0
YEARS = 10.0
_HALF_WAY, _HALF_WAY_YEARS = 0.4605, 6.19
_TOLERANCE = 0.03
_PEOPLE = {"quick": 8_000, "full": 100_000}
_REPLICATIONS = {"quick": 3, "full": 4}
_GRID = np.linspace(0.0, YEARS, 51)


def share_adopted(years: Numbers | float) -> Numbers:
    """Return Bass's F(t)."""
    passed = np.exp(-(P + Q) * np.asarray(years))
    return np.asarray((1.0 - passed) / (1.0 + Q / P * passed))


def world(people: int) -> Scenario:
    """Return the world with a pool of so many people, and one group that takes them all."""
    scenario = build(
        null_tree(),
        {
            "horizon_days": YEARS * DAYS_A_YEAR,
            "population.size": 1,
            "population.likeness": 0.0,
            "market": {
                "pool": people,
                "pool_arrivals_per_year": P * 365.0 / DAYS_A_YEAR,
                "pool_join_share": 1.0,
                "hour_weights": ALIKE_HOURS,
                "weekend_factor": 1.0,
            },
            "brand.need.rate_scale_weeks": 1e9,
            "behaviour.sessions": {"rate_per_day": 4.0, "rate_shape": 1e6},
            "behaviour.referral": {
                "propensity_mean": 1.0,
                "propensity_shape": 1e6,
                "early_per_day": 0.0,
                "late_per_day": Q / DAYS_A_YEAR,
                "again_per_day": 0.0,
                "trust_weight": 0.0,
                "candidates": 1,
                "accept_alone": 1.0,
            },
        },
    )
    return unlimited(scenario, people + 1)  # a complete graph has no groups


def _adoption(people: int, result: Result) -> Measures:
    members = result.members
    came = members[members["channel"].isin(["walk_in", "referral"])]
    years = np.sort(came["admitted_h"].to_numpy()) / (24.0 * DAYS_A_YEAR)
    half_way = years[min(int(_HALF_WAY * people), len(years) - 1)]
    at_3, at_10 = np.searchsorted(years, [3.0, 10.0]) / people
    return {"half way": half_way, "at 3": at_3, "at 10": at_10, "curve": np.searchsorted(years, _GRID) / people}


def _units(size: Size, _behaviour: Lines) -> list[Unit]:
    people = _PEOPLE[size]
    return [simulated("pool", world(people), partial(_adoption, people), _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        within("years until F = .4605", _HALF_WAY_YEARS, _TOLERANCE, found.mean("pool", "half way")),
        within("F at 3 years", float(share_adopted(3.0)), _TOLERANCE, found.mean("pool", "at 3")),
        within("F at 10 years", float(share_adopted(10.0)), _TOLERANCE, found.mean("pool", "at 10")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    runs = found.table("pool", "curve")
    draw_curves(axes, _GRID, share_adopted(_GRID), runs.mean(axis=0), runs)
    axes.set_xlabel("years")
    axes.set_ylabel("share of people who came, F")


ROW = Row(
    number=2,
    use="exact",
    title="Bass diffusion on a complete graph",
    target="With p = .03 and q = .38 a year, F = .4605 is reached after 6.19 years; that time, and F at 3 and at 10 years, within 3 %.",
    source="closed form; averages: Sultan, Farley, Lehmann 1990",
    means="A reduced world: one group without limit, adoption only. Full size has 100,000 people, quick 8,000.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
