"""EVIDENCE row 26 (`fishpond validate`) can fail: with one mechanism on, the arms of its null world part."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from experiments.validate.rows.null_world import BAD, GOOD, arm
from sim import simulate

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
    good, bad = (simulate(arm(content, {**needs, f"behaviour.{place}": 1.0}), 41) for content in (GOOD, BAD))
    assert not good.orders.equals(bad.orders)


def test_irritation_that_is_felt_and_nothing_else_sells_nothing() -> None:
    good, bad = (simulate(arm(content, FELT), 41) for content in (GOOD, BAD))
    assert good.summary["mean_fatigue"] != bad.summary["mean_fatigue"]
    pd.testing.assert_frame_equal(good.orders, bad.orders, check_exact=True)
