"""People who come by themselves; that with word of mouth they are Bass diffusion is row 2 of `fishpond validate`."""

from __future__ import annotations

import math

import pytest

from experiments.validate.rows.bass_diffusion import share_adopted
from sim import simulate
from tests.sim.worlds import build, null_tree


def test_theory_is_the_published_one() -> None:
    assert float(share_adopted(6.19)) == pytest.approx(0.4605, abs=0.001)


def test_without_word_of_mouth_the_hours_are_exponential() -> None:
    scenario = build(null_tree(), {"horizon_days": 100.0, "market": {"pool": 2000, "pool_arrivals_per_year": 3.65, "pool_join_share": 0.5}})
    members = simulate(scenario, 8).members
    came = members[members["channel"] == "walk_in"]
    # One in a hundred a day, for 100 days.
    assert len(came) == pytest.approx(2000 * (1.0 - math.exp(-1.0)), abs=4.0 * math.sqrt(2000 * 0.63 * 0.37))
    assert came["joined_h"].notna().mean() == pytest.approx(0.5, abs=4.0 * 0.5 / math.sqrt(len(came)))
    assert (came["inviter"] == -1).all()
    assert came["key"].is_unique
