"""EVIDENCE row 26: with every mechanism neutral and equal offers at equal times, content cannot move sales."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim import simulate
from sim.scenario import Scenario
from tests.sim.worlds import build, interval, null_tree

OFFERS: dict[str, dict[str, Any]] = {
    "deal": {"kind": "sales_post", "when": "Wed,Sat 12:00", "product": "hero", "discount": 0.2},
    "cheap": {"kind": "sales_post", "when": "Mon 19:00", "product": "entry", "discount": 0.3, "window": "48h"},
    "rush": {"kind": "flash_sale", "when": "Fri 20:00", "product": "hero", "discount": 0.4, "stock": 25, "window": "3h", "announce": "4h"},
}
GOOD = {"column": "tips", "quality": 0.9, "credibility": 0.9, "load": 0.1, "commercial": 0.0}
BAD = {"column": "noise", "quality": 0.0, "credibility": 0.0, "load": 5.0, "commercial": 1.0}


def arm(content: dict[str, Any], changes: dict[str, Any] | None = None) -> Scenario:
    """Return the null world with the offers above and daily content of the given sort."""
    tip = {"kind": "content_post", "when": "daily 09:30", **content}
    size = {"population": {"size": 600, "group_size": 100}, "horizon_days": 28.0}
    return build(null_tree(**OFFERS, tip=tip), {**size, **(changes or {})})


def test_content_sells_nothing_when_it_works_on_nobody() -> None:
    good, bad = (simulate(arm(content), 41) for content in (GOOD, BAD))
    assert (good.orders["kind"] == "offer").sum() > 100
    assert (good.orders["kind"] == "limited").sum() > 20
    pd.testing.assert_frame_equal(good.orders, bad.orders, check_exact=True)
    assert good.summary["gmv"] == bad.summary["gmv"]


# Irritation that is felt, but neither weakens response nor keeps anybody from reading.
FELT = {
    "behaviour.fatigue.strength": 1.0,
    "behaviour.fatigue.response_resistance": 0.0,
    "behaviour.attention.pressure_aversion": 0.0,
}


@pytest.mark.parametrize(
    ("place", "needs"),
    [
        ("fatigue.strength", {}),
        ("trust.gain", {}),
        ("trust.loss", {}),
        ("desire.gain", {}),
        ("muting.strength_per_day", FELT),
        ("leaving.irrelevance_dose", FELT),
        ("leaving.pressure_per_day", FELT),
    ],
)
def test_each_mechanism_is_what_the_null_world_lacks(place: str, needs: dict[str, Any]) -> None:
    # The comparison above can fail: with one mechanism on (and what it needs to speak) the two arms part.
    good, bad = (simulate(arm(content, {**needs, f"behaviour.{place}": 1.0}), 41) for content in (GOOD, BAD))
    assert not good.orders.equals(bad.orders)


def test_irritation_that_is_felt_and_nothing_else_sells_nothing() -> None:
    good, bad = (simulate(arm(content, FELT), 41) for content in (GOOD, BAD))
    assert good.summary["mean_fatigue"] != bad.summary["mean_fatigue"]
    pd.testing.assert_frame_equal(good.orders, bad.orders, check_exact=True)


def test_chat_about_content_moves_sales_by_less_than_a_hundredth() -> None:
    # Talk moves when people look, not what they want. 32 pairs: pilot runs put the half-width of the 95 % interval near .4 %.
    ratios = []
    talk = {"behaviour.chat.talkativeness_per_day": 0.1}
    for replication in range(32):
        lively = simulate(arm({**GOOD, "appeal": 1.0}, talk), 42, replication)
        dull = simulate(arm({**BAD, "appeal": 0.1}, talk), 42, replication)
        assert lively.daily["messages"].sum() > dull.daily["messages"].sum()
        ratios.append(lively.summary["gmv"] / dull.summary["gmv"] - 1)
    low, high = interval(ratios)
    assert -0.01 < low < high < 0.01
