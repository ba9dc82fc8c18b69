"""Measures of what practitioners report, on tables that were made by hand."""

from __future__ import annotations

from math import isnan, nan
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from experiments.reported.measures import MEASURES
from experiments.reported.people import gmv_of_repeats
from experiments.reported.run import COLUMNS, Run, run_of
from experiments.reported.section import verdict
from experiments.statistics import Interval
from sim import simulate
from sim.brand.reported import OVER_DAYS, Measure, Reported
from tests.sim.worlds import build, nurturing_tree

DAY = 24.0


def frame(table: str, rows: list[dict[str, Any]], **defaults: Any) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(COLUMNS[table], nan) | defaults | row for row in rows])


def person(number: int, joined_day: float, channel: str = "parcel_card", **values: Any) -> dict[str, Any]:
    return {"person": number, "channel": channel, "admitted_h": joined_day * DAY, "joined_h": joined_day * DAY, **values}


def order(who: int, day: float, paid: float, product: str = "serum", **values: Any) -> dict[str, Any]:
    own = {"message": -1, "channel": "", "kind": "organic", "place": "mall"}
    return {"person": who, "time_h": day * DAY, "paid_yuan": paid, "product": product} | own | values


#: 40 days; 0 was there, 1 to 3 came, 4 came too late to be watched for a week, 5 never entered a group.
MEMBERS = frame(
    "members",
    [
        person(0, 0, "founding"),
        person(1, 0),
        person(2, 2, muted_h=100.0),
        person(3, 10, "referral", left_h=12 * DAY),
        person(4, 39),
        {"person": 5, "channel": "parcel_card", "admitted_h": 0.0},
    ],
)
ORDERS = frame(
    "orders",
    [
        order(0, 1, 100.0),
        order(0, 31, 300.0),
        order(1, 3, 50.0, message=7, channel="sales", kind="offer"),
        order(1, 8, 50.0, "cream", message=8, channel="letter", kind="offer"),
        order(1, 9, 200.0, kind="service", place="shop"),
        order(2, 20, 80.0, channel="flash_sale", kind="limited", message=7),
        order(2, 21, 9.9, "", kind="membership"),
        order(4, 39.5, 20.0),
    ],
)
DAILY = frame(
    "daily",
    [
        {"day": day, "group": 0, "members": 10, "leaves": day in (2, 35), "gmv": 10.0 * (1 + 3 * (day == 20)), "interactions": day < 9}
        for day in range(40)
    ]
    + [{"day": 0, "group": 1, "members": 4, "joins": 4}, {"day": 1, "group": 1, "members": 3, "leaves": 1}]
    + [{"day": 5, "group": -1, "gmv": 1000.0}],
    joins=0,
    leaves=0,
    moves_in=0,
    moves_out=0,
    pruned=0,
    gmv=0.0,
    interactions=0,
)
GROUPS = frame(
    "groups",
    [
        {"group": 0, "opened_h": 0.0, "last_member_message_h": 39 * DAY},
        {"group": 1, "opened_h": 0.0, "last_member_message_h": 5 * DAY},
        {"group": 2, "opened_h": 0.0},  # nobody ever came
        {"group": 3, "opened_h": 38 * DAY},
    ],
)
MESSAGES = frame("messages", [{"message": 7, "channel": "group"}, {"message": 8, "channel": "one_to_one"}])
TABLES = {"members": MEMBERS, "orders": ORDERS, "daily": DAILY, "groups": GROUPS, "messages": MESSAGES}
METRICS = {"acquisition_cost": 30.0, "staff_cost": 40.0, "questions_answered": 80.0, "interaction_rate": 0.2, "mean_reference_price": 0.9}
PLAIN = Run(40.0, {}, {"orders": frame("orders", [order(0, 1, 300.0), order(1, 9, 100.0, place="shop")])})
SHIFTS = {"week": {"when": "Mon-Fri 09:00-18:00", "people": 2}}
RUN = Run(40.0, METRICS, TABLES, {"desk": {"shifts": SHIFTS, "robot_share": 0.25}}, PLAIN)
WHOLE = 100.0 + 300 + 50 + 50 + 200 + 80 + 20  # purchases


@pytest.mark.parametrize(
    ("measure", "days", "expected"),
    [
        ("bought_after_joining", 7, 1 / 3),  # of 1, 2 and 3; 4 cannot be watched so long
        ("bought_after_joining", 20, 2 / 3),
        ("bought_again", 7, 1 / 3),  # of 0, 1 and 2: 1 after five days
        ("bought_again", 20, 1 / 3),
        ("bought_related", 5, 1 / 3),
        ("bought_related", 4, 0.0),
        ("gmv_per_buyer", 7, (100 + 300 + 80) / 3),
        ("gmv_per_buyer", 37, (100 + 300 + 300) / 2),
        ("repeat_share", nan, (300 + 50 + 200) / WHOLE),
        ("old_to_new_gmv", 15, (300 / 3) / (300 / 4)),  # 0, 1 and 2 had bought; 1, 2, 3 and 5 came
        ("new_to_old_effort", nan, (30 / 3) / (40 / 3)),  # 1, 2 and 4 won
        ("gmv_gain", nan, (WHOLE + 9.9) / 400 - 1),
        ("mall_gain", nan, (WHOLE + 9.9 - 200) / 300 - 1),
        ("shop_gain", nan, 1.0),
        ("shop_share", nan, 200 / (WHOLE + 9.9)),
        ("flash_share", nan, 80 / (WHOLE + 9.9)),
        ("sales_without_flash", nan, 10 / 40),
        ("group_share", nan, (50 + 80) / (50 + 50 + 200 + 80)),
        ("reference_price", nan, 0.9),
        ("interaction_rate", nan, 0.2),
        ("exits_after_joining", 7, 1 / 3),
        ("exits_after_joining", 1, 0.0),
        ("churned", 12, 0.0),  # 3 leaves at that minute
        ("churned", 13, 1 / 4),  # 4 is not yet there
        ("churned", 40, 1 / 5),
        ("churned", 41, nan),
        ("exits_of_new_groups", 7, 2 / 4),
        ("exits_a_month", nan, 1 / 100 * 30),
        ("muted_share", nan, 1 / 5),
        ("accepts_push", nan, 3 / 5),
        ("groups_dead", 7, 1 / 2),
        ("groups_alive", 30, 1 / 2),
        ("groups_silent", 6, 0.0),  # three of 70 days of members
        ("groups_silent", 7, 1.0),  # two of 70
        ("joins_a_month", nan, 3.0),
        ("invited_share", nan, 1 / 4),
        ("answers_a_desk_day", nan, 60 / 60),  # thirty working days of two people
    ],
)
def test_a_measure(measure: str, days: float, expected: float) -> None:
    assert MEASURES[measure].of(RUN, days) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("days", "expected"), [(20, 250.0), (37, (300 + 250) / 2)])
def test_repeats_of_who_bought_again(days: float, expected: float) -> None:
    assert gmv_of_repeats(RUN, days) == pytest.approx(expected)  # without the first purchases


def test_nobody_bought_again() -> None:
    assert np.isnan(gmv_of_repeats(RUN, 1))


@pytest.mark.parametrize("measure", ["gmv_growth", "mall_growth", "moments_reach_change"])
def test_growth_takes_two_months(measure: str) -> None:
    assert isnan(MEASURES[measure].of(RUN, nan))


def test_growth_is_of_the_last_month_over_the_first() -> None:
    posts = [
        {"channel": "moments", "time_h": day * DAY, "delivered": 100, "seen": seen}
        for day, seen in ((3, 40), (20, 20), (50, 999), (80, 15))
    ]
    posts.append({"channel": "group", "time_h": 81 * DAY, "delivered": 1, "seen": 1})
    orders = [order(0, 5, 10.0), order(0, 6, 10.0, place="shop"), order(1, 45, 500.0), order(1, 80, 60.0), order(2, 89, 40.0, place="shop")]
    run = Run(90.0, {}, {"orders": frame("orders", orders), "messages": frame("messages", posts)})
    assert MEASURES["gmv_growth"].of(run, nan) == pytest.approx(5.0)
    assert MEASURES["mall_growth"].of(run, nan) == pytest.approx(6.0)
    assert MEASURES["moments_reach_change"].of(run, nan) == pytest.approx(0.15 / 0.3)


def test_those_of_day_0_count_where_nobody_else_came() -> None:
    run = Run(10.0, {}, {"members": frame("members", [person(0, 0, "founding"), person(1, 0, "founding", left_h=DAY)])})
    assert MEASURES["exits_after_joining"].of(run, 7.0) == pytest.approx(0.5)


def test_who_was_removed_is_no_exit() -> None:
    members = frame("members", [person(0, 0, left_h=DAY), person(1, 0, pruned_h=2 * DAY), person(2, 0)])
    assert MEASURES["exits_after_joining"].of(Run(10.0, {}, {"members": members}), 7.0) == pytest.approx(1 / 2)


def test_the_churn_of_a_whole_run_is_its_metric() -> None:
    scenario = build(nurturing_tree(), {"behaviour.leaving.base_per_day": 0.05, "horizon_days": 20.0})
    result = simulate(scenario, seed=3)
    assert result.summary["leaves"] > 20
    assert MEASURES["churned"].of(run_of(result, scenario), 20.0) == pytest.approx(result.summary["churn_rate"])


@pytest.mark.parametrize("measure", MEASURES)
def test_without_tables_nothing_can_be_said(measure: str) -> None:
    assert isnan(MEASURES[measure].of(Run(90.0, {}, {}), 7.0))


def test_there_is_a_measure_for_every_name() -> None:
    assert set(MEASURES) == set(get_args(Measure))
    assert {name for name, measure in MEASURES.items() if "{days}" in measure.label} == set(OVER_DAYS)


@pytest.mark.parametrize(
    ("low", "high", "mean", "expected"),
    [
        (0.1, 0.2, 0.1, "inside"),
        (0.1, 0.2, 0.21, "outside"),
        (None, 0.2, 0.0, "inside"),
        (0.1, None, 0.09, "outside"),
        (None, None, 0.5, "no figure"),
    ],
)
def test_a_verdict(low: float | None, high: float | None, mean: float, expected: str) -> None:
    assert verdict(low, high, Interval(mean, nan, nan, 1)) == expected
    assert verdict(low, high, Interval(nan, nan, nan, 0)) == "not to be seen"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"measure": "bought_again"}, "takes days"),
        ({"measure": "gmv_gain", "within_days": 7}, "takes no days"),
        ({"measure": "gmv_gain", "low": 2, "high": 1}, "at least low"),
    ],
)
def test_a_figure_that_does_not_fit_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Reported.model_validate({"says": "so", **values})
