"""People who come by themselves and by word of mouth are Bass diffusion (EVIDENCE row 2): the closed form.

A reduced world: one group without limit that everybody enters, nobody leaves, nobody buys; each person outside comes by themselves at rate
p, and each member invites at rate q people drawn evenly from the pool, who always accept and come once. A year of the closed form is ten
days of the world, since only the products of rates and time count; sessions, at which invitations are made, are frequent beside it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import simulate
from sim.scenario import Scenario
from tests.sim.worlds import ALIKE_HOURS, build, null_tree

P, Q = 0.03, 0.38  # a year: Sultan, Farley, Lehmann 1990
DAYS_A_YEAR = 10.0
YEARS = 10.0


def share_adopted(years: float) -> float:
    """Return Bass's F(t)."""
    passed = math.exp(-(P + Q) * years)
    return (1.0 - passed) / (1.0 + Q / P * passed)


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
    # The platform's limit on groups is off: a complete graph has no groups.
    unlimited = scenario.population.model_copy(update={"group_size": people + 1})
    return scenario.model_copy(update={"population": unlimited})


def adoption(people: int, seed: int) -> np.ndarray:
    """Return the years at which people came in, in order."""
    members = simulate(world(people), seed).members
    came = members[members["channel"].isin(["walk_in", "referral"])]
    return np.sort(came["admitted_h"].to_numpy()) / (24.0 * DAYS_A_YEAR)


def test_walk_ins_and_word_of_mouth_are_bass_diffusion() -> None:
    # 8,000 people, two seeds: a standard error of about 1 % in time.
    people = 8_000
    years = [adoption(people, seed) for seed in (5, 6)]
    assert share_adopted(6.19) == pytest.approx(0.4605, abs=0.001)
    assert np.mean([found[int(0.4605 * people)] for found in years]) == pytest.approx(6.19, rel=0.03)
    for year in (3.0, 10.0):
        share = np.mean([np.searchsorted(found, year) / people for found in years])
        assert share == pytest.approx(share_adopted(year), rel=0.03)


def test_without_word_of_mouth_the_hours_are_exponential() -> None:
    scenario = build(null_tree(), {"horizon_days": 100.0, "market": {"pool": 2000, "pool_arrivals_per_year": 3.65, "pool_join_share": 0.5}})
    members = simulate(scenario, 8).members
    came = members[members["channel"] == "walk_in"]
    # One in a hundred a day, for 100 days.
    assert len(came) == pytest.approx(2000 * (1.0 - math.exp(-1.0)), abs=4.0 * math.sqrt(2000 * 0.63 * 0.37))
    assert came["joined_h"].notna().mean() == pytest.approx(0.5, abs=4.0 * 0.5 / math.sqrt(len(came)))
    assert (came["inviter"] == -1).all()
    assert came["key"].is_unique
