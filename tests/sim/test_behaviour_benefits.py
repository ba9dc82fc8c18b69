from __future__ import annotations

import math

import numpy as np
import pytest

from sim import simulate
from sim.behaviour import benefits
from tests.sim.people import a_group, a_packet, a_product, an_order, parameters, somebody
from tests.sim.worlds import build, null_tree

HALF_LIFE = 30.0
P = parameters({"benefits": {"half_life_days": HALF_LIFE, "half_yuan_per_week": 2.0, "shelter": 0.5}})
# What one yuan adds to a weekly average with this half-life.
WEIGHT = math.log(2) * 7 / HALF_LIFE


@pytest.mark.parametrize(("yuan", "a_day"), [(0.5, 1), (3.0, 4)])
def test_the_average_reaches_the_steady_rate(yuan: float, a_day: int) -> None:
    # Between two claims the average decays by d; its mean over that time is (value after a claim) x (1 - d) x half-life / (ln 2 x gap).
    person = somebody(P)
    for _ in range(800 * a_day):
        benefits.elapsed(person, P, 24.0 / a_day)
        benefits.claimed(person, a_packet(), round(yuan * 100), P, 0.0)
    decay = 2 ** (-1 / a_day / HALF_LIFE)
    mean = person["benefits_per_week"] * (1 - decay) * HALF_LIFE * a_day / math.log(2)
    assert mean == pytest.approx(7 * a_day * yuan, rel=0.001)


@pytest.mark.parametrize(
    ("fields", "yuan"),
    [
        ({"list_fen": 1000, "paid_fen": 1000}, 0.0),
        ({"list_fen": 1000, "paid_fen": 800}, 2.0),
        ({"list_fen": 1000, "paid_fen": 1000, "coupon_fen": 150}, 1.5),
        ({"list_fen": 3000, "paid_fen": 2400, "coupon_fen": 150}, 7.5),
    ],
)
def test_an_order_brings_what_was_saved(fields: dict[str, int], yuan: float) -> None:
    person = somebody(P)
    benefits.ordered(person, an_order(**fields), a_product(), P, 0.0)
    assert person["benefits_per_week"] == pytest.approx(yuan * WEIGHT)


def test_half_life_in_one_step_or_many() -> None:
    once, often = somebody(P, benefits_per_week=6.0), somebody(P, benefits_per_week=6.0)
    benefits.elapsed(once, P, 24 * HALF_LIFE)
    for _ in range(10):
        benefits.elapsed(often, P, 2.4 * HALF_LIFE)
    assert once["benefits_per_week"] == pytest.approx(3.0)
    assert often["benefits_per_week"] == pytest.approx(once["benefits_per_week"])


def test_shelter_saturates() -> None:
    found = []
    for weekly, shelter in ((0.0, 1.0), (2.0, 1.25), (6.0, 1.375), (1e12, 1.5)):
        person = somebody(P, benefits_per_week=weekly)
        benefits.act(person, a_group(), P, 0.0)
        assert person["shelter"] == pytest.approx(shelter)
        found.append(float(person["shelter"]))
    assert found == sorted(found)


def test_a_shelter_of_zero_is_off() -> None:
    p = parameters({"benefits.shelter": 0.0})
    person = somebody(p, benefits_per_week=50.0)
    benefits.act(person, a_group(), p, 0.0)
    assert person["shelter"] == 1.0


# ---- in small worlds ------------------------------------------------------------------------------------------------


def test_what_is_given_away_is_what_is_collected() -> None:
    packet = {"kind": "red_packet", "when": "day 1 20:00", "amount_yuan": 10.0, "shares": 5, "ring": 1.0}
    run = simulate(build(null_tree(packet=packet), {"horizon_days": 3.0, "behaviour.benefits.half_life_days": 1e4}), 86)
    # Nobody buys below list, and hardly anything is forgotten in two days of a half-life of 10,000.
    collected = run.members["benefits_per_week"].sum() / (math.log(2) * 7 / 1e4)
    assert run.summary["red_packet_cost"] > 5
    assert collected == pytest.approx(run.summary["red_packet_cost"], rel=0.001)
    bare = simulate(build(null_tree(), {"horizon_days": 3.0}), 86)
    assert (bare.members["benefits_per_week"] == 0).all()


def test_benefits_keep_people() -> None:
    packet = {"kind": "red_packet", "when": "daily 12:00", "amount_yuan": 100.0, "shares": 50, "ring": 1.0}
    changes = {"behaviour.leaving.base_per_day": 0.1, "population.size": 200}

    def left(shelter: float) -> list[float]:
        scenario = build(null_tree(packet=packet), {**changes, "behaviour.benefits.shelter": shelter})
        return [simulate(scenario, 86, n).summary["leaves"] for n in range(3)]

    none, some, much = left(0.0), left(1.0), left(10.0)
    assert np.sum(much) < np.sum(some) < np.sum(none)
