"""Row 11: a week at 31 % off sells two to three times as much, little of it at the expense of the weeks after."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim import Scenario

__all__ = ["ROW", "first_after", "longer", "promoted", "weekly"]

_BRAND = "fresh_groceries"
_STORABLE, _PERISHABLE = ("rice", "eggs"), ("vegetables", "fruit")
_DISCOUNT = 0.31
_WEEK_H = 168.0
_BEFORE, _AFTER = 2, 4
_START_H, _END_H = _BEFORE * _WEEK_H, (_BEFORE + 1) * _WEEK_H
#: How soon after a purchase on the deal somebody buys without it, to count; and how long each interval is watched: twice that of rice.
_WITHIN_H, _WATCHED_H = 8 * _WEEK_H, 26 * _WEEK_H
_WEEKS = _BEFORE + 1 + 34
_SHOWN = _BEFORE + 9
_RUNS = {"quick": (1_500, 3), "full": (4_000, 10)}
#: "About 0", as the evidence has it: a range, of which the width is ours.
_NOTHING = 0.05


def _tree(good: str, *, beside: bool, promoted: bool, people: int, behaviour: Lines) -> dict[str, Any]:
    from experiments import load

    tree = load(
        f"brand={_BRAND}",
        *behaviour,
        f"population.size={people}",
        "population.customer_share=1",
        "market.pool=0",
        "behaviour.freeloading.share=0",
        # A shop: no talk buries a price, nobody leaves or mutes it, its shelf is not chosen for anybody, and people come once a day.
        "behaviour.chat.talkativeness_per_day=0",
        "behaviour.muting.strength_per_day=0",
        "behaviour.leaving.base_per_day=0",
        "behaviour.leaving.doubt_per_day=0",
        "behaviour.leaving.silence_per_day=0",
        "behaviour.buying.relevance_weight=0",
        "behaviour.sessions.rate_per_day=1",
    ).model_dump()
    brand = tree["brand"]
    goods = brand["products"]
    if not beside:
        brand["need"]["rate_scale_weeks"] *= sum(other["share"] for other in goods.values()) / goods[good]["share"]
        brand["products"] = {good: goods[good]}
    shelf = {"kind": "sales_post", "product": good, "window": "7d", "load": 0.0, "creative_days": 0}
    weekly = {**shelf, "when": "every 7 days 00:00"}
    first, last = 7 * _BEFORE, 7 * (_BEFORE + 1)
    deal = {
        "before": {**weekly, "until_day": first},
        "deal": {**shelf, "when": f"day {first} 00:00", "discount": _DISCOUNT},
        "after": {**weekly, "from_day": last},
    }
    tree["strategy"] = {"name": "shop", "programme": deal if promoted else {"shelf": weekly}, "staff": {"people": 0.0}}
    tree["horizon_days"] = 7.0 * (_BEFORE + 1 + _AFTER if beside else _WEEKS)
    return tree


def promoted(good: str, size: Size, behaviour: Lines, *, beside: bool) -> Unit:
    """Return the unit that has a week at 31 % off against the same people without it.

    Parameters
    ----------
    good
        What is promoted.
    size, behaviour
        As for every row.
    beside
        Whether the brand sells its other goods too, or only this one, bought as often as in the whole brand.
    """
    from sim import Scenario

    people, runs = _RUNS[size]
    deal, plain = (
        Scenario.model_validate(_tree(good, beside=beside, promoted=on, people=people, behaviour=behaviour)) for on in (True, False)
    )
    return Unit(good, partial(_pair, deal, plain, good), runs)


def weekly(orders: pd.DataFrame, weeks: int) -> Numbers:
    """Return the units that were bought in each of the first weeks."""
    week = (orders["time_h"] // _WEEK_H).astype(int)
    found: Numbers = np.bincount(week, orders["units"], minlength=weeks)[:weeks].astype(float)
    return found


def first_after(orders: pd.DataFrame, since: pd.Series) -> pd.Series:
    """Return when each person first bought after a time of their own, for those who did."""
    own = orders[orders["person"].isin(since.index)]
    later = own[own["time_h"].to_numpy() > since.loc[own["person"]].to_numpy()]
    found: pd.Series = later.groupby("person")["time_h"].min()
    return found


def _gap(orders: pd.DataFrame, since: pd.Series, watched_h: float) -> float:
    """Return the mean time to the next purchase, at a rate that is the same while it is watched: time watched by purchases."""
    gaps = first_after(orders, since).reindex(since.index) - since
    seen = gaps <= watched_h
    return float(gaps.where(seen, watched_h).sum() / seen.sum())


def longer(deal: pd.DataFrame, plain: pd.DataFrame, bought: pd.Series, within_h: float, watched_h: float) -> float:
    """Return by which share of the usual interval the next purchase after one on the deal comes later.

    The same people, without the promotion, make the purchase that they brought forward somewhat later, at list price: the interval after
    it is the usual one. So nothing depends on who buys on a deal, and intervals are watched for the same time.

    Parameters
    ----------
    deal, plain
        Orders of the good with and without the promotion: person and time_h.
    bought
        When each person bought on the deal.
    within_h
        People count whose purchase without the promotion comes that soon after it.
    watched_h
        How long each interval is watched.
    """
    usual = first_after(plain, bought)
    usual = usual[usual - bought.loc[usual.index] <= within_h]
    return _gap(deal, bought.loc[usual.index], watched_h) / _gap(plain, usual, watched_h) - 1.0


def _pair(with_deal: Scenario, without: Scenario, good: str, seed: int, replication: int, threads: int) -> Measures:
    from sim import simulate

    runs = (simulate(scenario, seed=seed, replication=replication, threads=threads).orders for scenario in (with_deal, without))
    deal, plain = (orders[orders["product"] == good] for orders in runs)
    weeks = min(_SHOWN, int(with_deal.horizon_days) // 7)
    units, usual = weekly(deal, weeks), weekly(plain, weeks)
    after = slice(_BEFORE + 1, _BEFORE + 1 + _AFTER)
    found: dict[str, Numbers | float] = {
        "weeks": units / usual,
        "promoted": units[_BEFORE] / usual[_BEFORE],
        "after": units[after].sum() / usual[after].sum(),
    }
    if weeks == _SHOWN:
        on_deal = deal[deal["time_h"].between(_START_H, _END_H) & (deal["paid_yuan"] < deal["list_yuan"])]
        found["longer"] = longer(deal, plain, on_deal.groupby("person")["time_h"].min(), _WITHIN_H, _WATCHED_H)
    return found


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [promoted(good, size, behaviour, beside=False) for good in (*_STORABLE, *_PERISHABLE)]


def _judge(found: Found) -> list[Check]:
    checks = []
    for label, goods in (("storables", _STORABLE), ("perishables", _PERISHABLE)):
        checks.append(between(f"{label}: units of the week, against the same week without", 1.8, 3.0, found.mixed(goods, "promoted")))
        checks.append(between(f"{label}: units of weeks +1 to +4, against the same without", 0.85, 1.05, found.mixed(goods, "after")))
    return [
        *checks,
        between("storables: the next interval is longer by", 0.07, 0.14, found.mixed(_STORABLE, "longer")),
        between("perishables: the next interval is longer by", -_NOTHING, _NOTHING, found.mixed(_PERISHABLE, "longer")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    weeks = np.arange(_SHOWN) - _BEFORE
    for label, goods, style in (("storables", _STORABLE, "o-"), ("perishables", _PERISHABLE, "s--")):
        ratio = np.mean([found.table(good, "weeks").mean(axis=0) for good in goods], axis=0)
        axes.plot(weeks, ratio, style, color=SIMULATED, label=f"simulated: {label}")
    axes.fill_between([-0.4, 0.4], 1.8, 3.0, color=PUBLISHED, alpha=0.25, label="published")
    axes.fill_between([0.6, _AFTER + 0.4], 0.85, 1.05, color=PUBLISHED, alpha=0.25)
    axes.axhline(1.0, color="#000000", linewidth=0.8)
    axes.set_xlabel("week, from that of the promotion")
    axes.set_ylabel("units, against the same week without it")


ROW = Row(
    number=11,
    use="C",
    title="A 31 % promotion",
    target="A week at 31 % off multiplies units by 1.8 to 3.0; weeks +1 to +4 sell .85 to 1.05 of what they would; the next purchase of a "
    "storable comes 7 to 14 % later, that of a perishable about as usual.",
    source="own analysis of a grocery panel; Bijmolt et al. 2005 (elasticity -2.62)",
    means="The shipped brand of groceries as a shop: its customers come once a day in the mean, and a new shelf price is there every week, "
    "of the good that is watched. Rice and eggs (storables), vegetables and fruit (perishables) are each watched as the only good, "
    "bought as often as in the whole brand. The arms differ by the price of the third week, on the same people. The interval after a "
    "purchase on the deal is held against that after the same purchase where there is no deal. 'About as usual' is taken as 5 points. A "
    "good that is promoted while the brand's others are there has a row of its own.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
