from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import simulate
from sim.behaviour import referral
from tests.sim.people import Record, a_group, parameters, somebody
from tests.sim.worlds import build, null_tree

P = parameters({"referral.accept_alone": 0.02, "referral.accept_weak": 0.08, "referral.accept_strong": 0.2})


@given(st.integers(0, 40), st.integers(0, 40))
def test_acceptance(weak: int, strong: int) -> None:
    assert referral.acceptance(weak, strong, P) == pytest.approx(1 - 0.98 * 0.92**weak * 0.8**strong)


def spent(p: Record, now: float, hours: float, **fields: float) -> float:
    """Return what somebody's inviting adds up to over some hours from ``now`` on."""
    person = somebody(p, last_h=now, invite_clock=0.0, **fields)
    referral.act(person, a_group(), p, now)
    referral.spend_time(person, p, hours)
    return -float(person["invite_clock"])


def rate(p: Record, now: float, **fields: float) -> float:
    """Return somebody's rate of inviting, a day."""
    return spent(p, now, 1e-4, **fields) * 24 / 1e-4


@given(st.floats(0, 500), st.lists(st.floats(0.01, 100), min_size=1, max_size=6))
def test_what_inviting_adds_up_to_does_not_depend_on_how_often_it_is_looked_at(start: float, gaps: list[float]) -> None:
    fields = {"invitations": 1, "invited_h": start / 2}
    steps, now = 0.0, start
    for gap in gaps:
        steps += spent(P, now, gap, **fields)
        now += gap
    assert steps == pytest.approx(spent(P, start, sum(gaps), **fields), rel=1e-9)


def test_inviting_adds_up_to_its_integral() -> None:
    # From joining on for ever: .15 a day over 2 days, and .002 a day.
    assert spent(P, 0.0, 2400.0) == pytest.approx(0.15 * 2 + 0.002 * 100)
    assert spent(P, 2400.0, 240.0, invitations=1, invited_h=2400.0) == pytest.approx(1.0 * 0.5 + 0.002 * 10, rel=1e-6)


def test_members_invite_most_right_after_joining_and_after_inviting() -> None:
    early, late, again = 0.15, 0.002, 1.0
    rel = 1e-4
    assert rate(P, 0.0) == pytest.approx(early + late, rel)
    assert rate(P, 48.0) == pytest.approx(early / math.e + late, rel)
    assert rate(P, 48.0, referral_propensity=3.0) == pytest.approx(3 * (early / math.e + late), rel)
    assert rate(P, 60.0, invitations=1, invited_h=48.0) == pytest.approx(early * math.exp(-1.25) + late + again / math.e, rel)
    assert rate(P, 0.0, trust=0.25) == pytest.approx((early + late) / 2, rel)
    assert rate(P, 0.0, member=False) == 0.0
    assert rate(P, 0.0, referral_propensity=0.0) == 0.0


def test_who_has_bought_has_something_to_tell() -> None:
    p = parameters({"referral.bought_per_day": 0.05})
    bought = {"orders": 1, "ordered_h": 2400.0}
    after, before = (spent(p, 2400.0, 2400.0, **fields) for fields in (bought, {}))
    assert after - before == pytest.approx(0.05 * 2)
    assert rate(p, 2448.0, **bought) == pytest.approx(0.002 + 0.05 / math.e, 1e-4)
    off = parameters({"referral.bought_per_day": 0.0})
    assert rate(off, 2400.0, **bought) == pytest.approx(rate(off, 2400.0))


def test_the_likest_is_like_in_interests_need_and_readiness() -> None:
    p = parameters({"referral.traits_weight": 0.6})
    assert referral.likeness(0.5, 2.0, 2.0, 1.0, 1.0, p) == pytest.approx(1.1)
    assert referral.likeness(0.5, 2.0, 8.0, 1.0, 0.5, p) == pytest.approx(0.5 + 0.3 * 0.25 + 0.3 * 0.5)
    assert referral.likeness(0.5, 0.0, 0.0, 0.0, 1.0, p) == pytest.approx(0.5 + 0.3)
    for one, other in ((3.0, 4.0), (4.0, 3.0)):
        assert referral.nearness(one, other) == 0.75


def test_who_needs_more_is_asked_rather_with_less_and_less_to_gain() -> None:
    p = parameters({"referral.matching_weight": 0.6})
    assert referral.match(2.0, 2.0, p) == pytest.approx(0.3)
    assert referral.match(6.0, 2.0, p) == pytest.approx(0.45)
    assert referral.match(0.0, 2.0, p) == referral.match(0.0, 0.0, p) == 0.0
    assert referral.match(2.0, 2.0, parameters({"referral.matching_weight": 0.0})) == 0.0


def test_like_invites_like() -> None:
    changes = {
        "horizon_days": 30.0,
        "market.pool": 5000,
        "population.size": 300,
        "behaviour.referral": {"propensity_mean": 3.0, "accept_weak": 0.9, "candidates": 6, "matching_weight": 0.0},
    }

    def correlation(weight: float, trait: str) -> float:
        members = simulate(build(null_tree(), {**changes, "behaviour.referral.traits_weight": weight}), 3).members.set_index("person")
        invited = members[members["inviter"] >= 0]
        assert len(invited) > 200
        return float(stats.spearmanr(invited[trait], members.loc[invited["inviter"], trait]).statistic)

    # 1 / sqrt(200) is .07: three times that parts chance from likeness.
    for trait in ("need_rate_per_week", "referral_propensity"):
        assert abs(correlation(0.0, trait)) < 0.21 < correlation(2.0, trait)


def test_who_needs_more_comes_by_invitation() -> None:
    changes = {
        "horizon_days": 30.0,
        "market.pool": 5000,
        "population.size": 300,
        "behaviour.referral": {"propensity_mean": 3.0, "accept_weak": 0.9, "candidates": 6, "traits_weight": 0.0},
    }

    def needs(weight: float) -> pd.Series:
        members = simulate(build(null_tree(), {**changes, "behaviour.referral.matching_weight": weight}), 3).members
        return members.loc[members["inviter"] >= 0, "need_rate_per_week"]

    assert stats.mannwhitneyu(needs(2.0), needs(0.0), alternative="greater").pvalue < 1e-6


def test_an_incentive_multiplies_inviting() -> None:
    person, other = somebody(P), somebody(P)
    referral.act(person, a_group(invite_incentive=1.5), P, 0.0)
    referral.act(other, a_group(), P, 0.0)
    assert person["invite_readiness"] == pytest.approx(2.5 * other["invite_readiness"]) == 2.5


def test_a_small_pool_is_exhausted_and_nobody_comes_twice() -> None:
    changes = {
        "horizon_days": 20.0,
        "market.pool": 30,
        "population.size": 60,
        "behaviour.referral": {"propensity_mean": 5.0, "early_per_day": 5.0, "accept_strong": 0.9, "accept_weak": 0.9},
    }
    members = simulate(build(null_tree(), changes), 3).members
    invited = members[members["inviter"] >= 0]
    assert len(invited) == 30
    assert invited["key"].is_unique
    assert members["invitations"].sum() > 60
    assert (members.loc[np.isin(members["person"], invited["inviter"]), "referred"] > 0).all()
    assert members["referred"].sum() == len(invited)
