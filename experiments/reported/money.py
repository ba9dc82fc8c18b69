"""Measures of money and of what brings it: growth, gain over no community, shops, flash sales, groups beside letters, the desk."""

from __future__ import annotations

from math import ceil, nan

import pandas as pd

from experiments.reported.run import Run
from sim.clock import parse_hours

__all__ = [
    "answers_a_desk_day",
    "flash_share",
    "gmv_gain",
    "gmv_growth",
    "group_share",
    "mall_gain",
    "mall_growth",
    "reference_price",
    "sales_without_flash",
    "shop_gain",
    "shop_share",
]

_MONTH_H = 720.0


def gmv_growth(run: Run, _days: float) -> float:
    """GMV of the last 30 days over that of the first 30, of runs of two such months at least."""
    return _growth(run, run.orders)


def mall_growth(run: Run, _days: float) -> float:
    """GMV of the last 30 days over that of the first 30, of what was not bought in shops."""
    return _growth(run, _at(run, "mall"))


def gmv_gain(run: Run, _days: float) -> float:
    """GMV over that of the same people without any community, less 1."""
    return nan if run.plain is None else _gain(run.orders, run.plain.orders)


def mall_gain(run: Run, _days: float) -> float:
    """GMV outside shops over that of the same people without any community, less 1."""
    return nan if run.plain is None else _gain(_at(run, "mall"), _at(run.plain, "mall"))


def shop_gain(run: Run, _days: float) -> float:
    """GMV of shops over that of the same people without any community, less 1."""
    return nan if run.plain is None else _gain(_at(run, "shop"), _at(run.plain, "shop"))


def shop_share(run: Run, _days: float) -> float:
    """Share of GMV that was made in shops."""
    return _ratio(_paid(_at(run, "shop")), _paid(run.orders))


def flash_share(run: Run, _days: float) -> float:
    """Share of GMV of orders that a flash sale brought."""
    return _ratio(_paid(run.orders[run.orders["channel"] == "flash_sale"]), _paid(run.orders))


def sales_without_flash(run: Run, _days: float) -> float:
    """Mean GMV in groups of a day on which no flash sale sold anything, over that of a day on which one did."""
    flash = run.orders.loc[run.orders["channel"] == "flash_sale", "time_h"] // 24.0
    daily = run.table("daily")
    by_day = daily[daily["group"] >= 0].groupby("day")["gmv"].sum()
    with_one = by_day.index.isin(flash.unique())
    return _ratio(float(by_day[~with_one].mean()), float(by_day[with_one].mean())) if with_one.any() and not with_one.all() else nan


def group_share(run: Run, _days: float) -> float:
    """Share of what messages and conversations brought that came by messages in groups."""
    brought = run.purchases[(run.purchases["message"] >= 0) | (run.purchases["kind"] == "service")]
    way = run.table("messages").drop_duplicates("message").set_index("message")["channel"]
    in_groups = (brought["message"].map(way) == "group") & (brought["kind"] != "service")
    return _ratio(_paid(brought[in_groups]), _paid(brought))


def reference_price(run: Run, _days: float) -> float:
    """Mean reference price of members at the end, as a share of list."""
    return run.metrics.get("mean_reference_price", nan)


def answers_a_desk_day(run: Run, _days: float) -> float:
    """Questions answered by people (a robot's share is taken off) for each person and day at the desk."""
    desk = run.strategy.get("desk") or {}
    shifts = (desk.get("shifts") or {}).values()
    paid = sum(int(shift["people"]) for shift in shifts for day in range(ceil(run.days)) if day % 7 in parse_hours(shift["when"]).weekdays)
    answered = run.metrics.get("questions_answered", nan) * (1.0 - float(desk.get("robot_share") or 0.0))
    return _ratio(answered, float(paid)) if answered > 0.0 else nan


def _at(run: Run, place: str) -> pd.DataFrame:
    return run.orders[run.orders["place"] == place]


def _growth(run: Run, orders: pd.DataFrame) -> float:
    if run.hours < 2.0 * _MONTH_H:
        return nan
    return _ratio(_paid(orders[orders["time_h"] >= run.hours - _MONTH_H]), _paid(orders[orders["time_h"] < _MONTH_H]))


def _gain(orders: pd.DataFrame, without: pd.DataFrame) -> float:
    return _ratio(_paid(orders), _paid(without)) - 1.0


def _paid(orders: pd.DataFrame) -> float:
    return float(orders["paid_yuan"].sum())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else nan
