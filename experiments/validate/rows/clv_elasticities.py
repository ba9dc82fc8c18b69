"""Row 21: what customers are worth hangs on retention more than on margin, and on what they cost to win least."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.validate.ratios import ratio_of
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, within_points

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["ROW", "elasticity", "yearly_retention"]

_YEARS = 10
_YEAR_H = 365 * 24.0
_STRATEGY = "fish_raising"
#: Items of the plan that cost by the customer: wages and what is made once for all would hang on how many customers are simulated.
_ITEMS = ("welcome", "member_day", "thank_you")
#: Chance of lapsing after a repeat purchase is beta(1, this): yearly retention is near .8 then.
_LAPSE_B = 4.0
_LAPSE_STEP, _STEP = 0.2, 0.1
_PEOPLE = {"quick": 300, "full": 500}
_RUNS = {"quick": 3, "full": 10}
_UNIT = "customers"


def elasticity(values: tuple[float, float], causes: tuple[float, float]) -> float:
    """Return by how many per cent a value changes with one per cent of its cause, from two pairs."""
    return float(np.log(values[1] / values[0]) / np.log(causes[1] / causes[0]))


def yearly_retention(since_h: Numbers, lapsed_h: Numbers, end_h: float) -> float:
    """Return the share of customers who are still customers a year on, over all years that were watched to their end.

    Parameters
    ----------
    since_h
        When each became one.
    lapsed_h
        When each lapsed; NaN who has not.
    end_h
        Until when they are watched.
    """
    lapsed = np.where(np.isnan(lapsed_h), np.inf, lapsed_h)
    began, stayed = 0, 0
    for year in range(int(end_h // _YEAR_H)):
        start, end = since_h + year * _YEAR_H, since_h + (year + 1) * _YEAR_H
        had = (end <= end_h) & (lapsed > start)
        began += int(had.sum())
        stayed += int((had & (lapsed > end)).sum())
    return stayed / began


def _world(size: Size, behaviour: Lines, *, lapse: float = 1.0, margin: float = 1.0, cost: float = 1.0) -> Scenario:
    """Return the world with the mean chance of lapsing, margins of list price, and costs of contacts as factors of its own."""
    from experiments import load
    from sim import Scenario

    tree = load(
        f"experiment=playbook_{_STRATEGY}",
        f"strategy={_STRATEGY}",
        *behaviour,
        f"horizon_days={365 * _YEARS}",
        "population.size=1",
        "market.pool=0",
        "behaviour.sessions.rate_per_day=0.2",
        "brand.need.lapse_a=1",
        f"brand.need.lapse_b={(1.0 + _LAPSE_B) / lapse - 1.0}",
    ).model_dump()
    for product in tree["brand"]["products"].values():
        product["cost_yuan"] = product["list_yuan"] - margin * (product["list_yuan"] - product["cost_yuan"])
    plan = tree["strategy"]
    leads: dict[str, float] = plan["leads"]
    comers: dict[str, dict[str, Any]] = {}
    for name, many in leads.items():
        tree["brand"]["channels"][name]["cost_yuan"] *= cost
        people = round(_PEOPLE[size] * many / sum(leads.values()))
        comers[f"from {name}"] = {
            "kind": "kol_session",
            "when": "day 0 00:15",
            "fee_yuan": 0.0,
            "posts": 1,
            "channel": name,
            "outsiders": people,
            "outsider_days": 14.0,
        }
    plan["programme"] = comers | {name: plan["programme"][name] for name in _ITEMS}
    plan |= {"leads": {}, "staff": {"people": 0.0}, "budget": {}}
    return Scenario.model_validate(tree)


def _lived(scenario: Scenario, seed: int, replication: int, threads: int) -> tuple[float, float, float]:
    """Return what a person is worth, the yearly retention of those who bought, and the margin of an order."""
    from sim import simulate

    result = simulate(scenario, seed=seed, replication=replication, threads=threads)
    orders = result.orders
    first: pd.Series = orders.groupby("person")["time_h"].min()
    lapsed = result.members.set_index("person")["lapsed_h"].loc[first.index]
    kept = yearly_retention(first.to_numpy(), lapsed.to_numpy(np.float64), scenario.horizon_hours)
    margin = (orders["paid_yuan"] - orders["refund_yuan"] - orders["cost_yuan"]).mean()
    return result.summary["ltv"], kept, float(margin)


def _measured(worlds: dict[str, Scenario], seed: int, replication: int, threads: int) -> Measures:
    found = {name: _lived(world, seed, replication, threads) for name, world in worlds.items()}
    worth = {name: values[0] for name, values in found.items()}
    base = found["base"]
    return {
        "retained": base[1],
        "worth": base[0],
        "worth by retention": float(np.log(worth["more kept"] / worth["less kept"])),
        "retention": float(np.log(found["more kept"][1] / found["less kept"][1])),
        "margin": elasticity((worth["base"], worth["more margin"]), (base[2], found["more margin"][2])),
        "acquisition": -elasticity((worth["base"], worth["dearer"]), (1.0, 1.0 + _STEP)),
    }


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    worlds = {
        "base": _world(size, behaviour),
        "less kept": _world(size, behaviour, lapse=1.0 + _LAPSE_STEP),
        "more kept": _world(size, behaviour, lapse=1.0 - _LAPSE_STEP),
        "more margin": _world(size, behaviour, margin=1.0 + _STEP),
        "dearer": _world(size, behaviour, cost=1.0 + _STEP),
    }
    return [Unit(_UNIT, partial(_measured, worlds), _RUNS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        within_points("yearly retention", 0.8, 0.03, found.mean(_UNIT, "retained")),
        between("elasticity to retention", 2.5, 7.0, ratio_of(found.joined(_UNIT, "worth by retention"), found.joined(_UNIT, "retention"))),
        within_points("elasticity to margin", 1.0, 0.1, found.mean(_UNIT, "margin")),
        between("elasticity to acquisition cost (a loss)", 0.02, 0.3, found.mean(_UNIT, "acquisition")),
    ]


ROW = Row(
    number=21,
    use="V",
    title="Elasticities of customer value",
    target="By finite differences, with yearly retention near .8, a long horizon and 10 % a year: to retention 2.5 to 7, to margin about "
    "1, to acquisition cost .02 to .3.",
    source="Gupta, Lehmann, Stuart 2004",
    means="People who come by the channels of fish_raising in the first two weeks, at the shipped costs of contacts, live "
    f"for {_YEARS} years with what of this plan costs by the customer: welcome, member day, monthly coupon. Value is the metric `ltv`. "
    "Lapsing is set so that yearly retention of who has bought is near .8, over all years. The mean chance of lapsing is moved by "
    f"{_LAPSE_STEP:.0%} up and down, margins of list price and costs of contacts by {_STEP:.0%} up, on the same people; retention "
    "and margin are then measured. People open the app every fifth day in the mean, which saves time.",
    units=_units,
    judge=_judge,
)
