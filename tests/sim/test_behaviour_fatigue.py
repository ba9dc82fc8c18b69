from __future__ import annotations

import math

import pytest

from sim.behaviour import fatigue
from sim.codes import MOMENTS, ONE_TO_ONE, TO_MEMBERS
from tests.sim.people import a_group, a_message, parameters, somebody

HALF_LIVES = {"fatigue_fast": 2.0, "fatigue_slow": 120.0}


@pytest.mark.parametrize("per_day", [1, 4])
def test_both_averages_reach_the_steady_rate(per_day: int) -> None:
    # Between two messages an average decays by d; its mean over that time is (value after a message) x (1 - d) x half-life / (ln 2 x gap).
    p, group = parameters(), a_group()
    person = somebody(p)
    gap_days = 1 / per_day
    for _ in range(1500 * per_day):
        fatigue.elapsed(person, p, 24.0 * gap_days)
        fatigue.seen(person, group, a_message(), 0.0, p, 0.0)
    for name, half_life in HALF_LIVES.items():
        decay = 2 ** (-gap_days / half_life)
        mean = person[name] * (1 - decay) * half_life / (math.log(2) * gap_days)
        assert mean == pytest.approx(7 * per_day, rel=0.001), name
    assert fatigue.pressure(person, p) == pytest.approx(7 * per_day / 5.0, rel=0.2)


@pytest.mark.parametrize(("name", "half_life"), HALF_LIVES.items())
def test_half_lives(name: str, half_life: float) -> None:
    p = parameters()
    person = somebody(p, fatigue_fast=8.0, fatigue_slow=8.0)
    fatigue.elapsed(person, p, 24.0 * half_life)
    assert person[name] == pytest.approx(4.0)


def test_irritation() -> None:
    p = parameters({"fatigue.strength": 2.0, "fatigue.commercial_extra": 3.0})
    person, message = somebody(p), a_message(load=0.5, commercial=0.4)
    assert fatigue.irritation(person, message, 0.25, p) == fatigue.annoyance(message, 0.25, p)
    assert fatigue.annoyance(message, 0.25, p) == pytest.approx(2.0 * 0.5 * 0.75 * (1 + 3.0 * 0.4))
    assert fatigue.irritation(person, a_message(), 1.0, p) == 0.0


@pytest.mark.parametrize("interruption", [0.0, 0.3, 1.0])
def test_who_has_muted_the_group_is_spared_the_interruption(interruption: float) -> None:
    p = parameters({"fatigue.interruption": interruption})
    muted, message = somebody(p, muted=True), a_message(commercial=0.4)
    full = fatigue.annoyance(message, 0.25, p)
    assert fatigue.irritation(muted, message, 0.25, p) == pytest.approx((1.0 - interruption) * full)
    for channel in (TO_MEMBERS, ONE_TO_ONE, MOMENTS):
        assert fatigue.irritation(muted, a_message(commercial=0.4, channel=channel), 0.25, p) == full
    fatigue.seen(muted, a_group(), message, 0.25, p, 0.0)
    spared, open_one = float(muted["fatigue_fast"]), somebody(p)
    fatigue.seen(open_one, a_group(), message, 0.25, p, 0.0)
    assert spared == pytest.approx((1.0 - interruption) * float(open_one["fatigue_fast"]))


def test_pressure_weighs_both_against_tolerance_and_weakens_goodwill() -> None:
    p = parameters({"fatigue.fast_weight": 0.25, "fatigue.response_resistance": 0.15})
    person = somebody(p, fatigue_fast=8.0, fatigue_slow=4.0, tolerance_per_week=2.5)
    assert fatigue.pressure(person, p) == pytest.approx((0.25 * 8 + 0.75 * 4) / 2.5)
    fatigue.act(person, a_group(), p, 0.0)
    assert person["goodwill"] == pytest.approx(1 / (1 + 0.15 * 2.0))


def test_strength_zero_is_off() -> None:
    p = parameters({"fatigue.strength": 0.0})
    person = somebody(p)
    fatigue.seen(person, a_group(), a_message(commercial=1.0), 0.0, p, 0.0)
    fatigue.act(person, a_group(), p, 0.0)
    assert person["fatigue_fast"] == person["fatigue_slow"] == 0.0
    assert person["goodwill"] == 1.0
