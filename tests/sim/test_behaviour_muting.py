from __future__ import annotations

import pytest
from scipy import stats

from sim.behaviour import fatigue, muting
from tests.sim.people import a_group, a_message, parameters, somebody


@pytest.mark.parametrize("per_day", [20, 60])
def test_at_a_steady_load_muting_is_strength_times_pressure_to_the_power_of_three_halves(per_day: int) -> None:
    # Many small messages, so that pressure hardly moves between them. Slow fatigue off: steady after a month.
    p = parameters({"muting.strength_per_day": 0.012, "fatigue.fast_weight": 1.0})
    person, group, message = somebody(p), a_group(), a_message(load=0.1)
    for day in range(32):
        if day == 31:
            person["mute_clock"] = 1.0
        for _ in range(per_day):
            fatigue.elapsed(person, p, 24.0 / per_day)
            fatigue.seen(person, group, message, 0.0, p, 0.0)
            muting.seen(person, group, message, 0.0, p, 0.0)
    pressure = per_day * 0.1 * 7 / 5.0
    assert 1.0 - person["mute_clock"] == pytest.approx(0.012 * pressure**1.5, rel=0.02)


def test_a_relevant_message_mutes_nobody() -> None:
    p = parameters()
    person = somebody(p, fatigue_fast=100.0, mute_clock=1.0)
    muting.seen(person, a_group(), a_message(), 1.0, p, 0.0)
    assert person["mute_clock"] == 1.0


def test_the_first_budget_is_a_unit_exponential_of_the_person() -> None:
    p = parameters()
    budgets = []
    for key in range(2000):
        person = somebody(p, key=key)
        muting.first_budget(person, p)
        budgets.append(float(person["mute_clock"]))
    assert stats.kstest(budgets, "expon").pvalue > 0.001
