from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import fatigue, leaving
from sim.codes import BASE, CAUSES, IRRELEVANCE, PRESSURE, SILENCE
from tests.sim.people import a_group, a_message, parameters, somebody
from tests.sim.worlds import ALIKE_HOURS, build, null_tree


def test_rates_by_cause_are_weighted_by_frailty() -> None:
    p = parameters({"leaving.base_per_day": 0.01, "leaving.silence_per_day": 0.03})
    for days, silence in ((0.0, 0.0), (7.0, 0.0), (8.0, 0.03)):
        person = somebody(p, frailty=2.0)
        leaving.act(person, a_group(), p, days * 24)
        assert person["leave_rates"][BASE] * 24 == pytest.approx(2 * 0.01)
        assert person["leave_rates"][SILENCE] * 24 == pytest.approx(2 * silence)


def test_doubt_is_spent_as_it_fades_however_seldom_somebody_looks() -> None:
    p = parameters({"leaving.doubt_per_day": 0.02, "leaving.doubt_days": 7.0})
    often, seldom = (somebody(p, frailty=2.0, leave_clock=1.0, joined_h=24.0, last_h=24.0) for _ in range(2))
    for day in range(1, 10):
        leaving.spend_time(often, p, 24.0)
        often["last_h"] = 24.0 * (day + 1)
    leaving.spend_time(seldom, p, 24.0 * 9)
    exact = 2 * 0.02 * 7 * (1 - math.exp(-9 / 7))
    for person in (often, seldom):
        assert 1.0 - person["leave_clock"] == pytest.approx(exact)
        assert person["leave_spent"][BASE] == pytest.approx(exact)


def test_an_exit_is_near_where_time_may_bring_it_or_the_group_has_changed() -> None:
    p = parameters({"leaving.doubt_per_day": 0.02, "leaving.silence_per_day": 0.03, "leaving.silence_days": 7.0})
    person = somebody(p, leave_clock=0.05)
    person["leave_rates"][:] = 0.0
    person["leave_rates"][BASE] = 0.01
    assert not leaving.is_near(person, a_group(), p, 24.0, 4.0)
    assert leaving.is_near(person, a_group(), p, 24.0, 5.0)
    assert leaving.is_near(person, a_group(), p, 24.0 * 8, 1.0), "silent since"
    person["leave_rates"][SILENCE] = 0.001
    assert not leaving.is_near(person, a_group(), p, 24.0 * 8, 1.0)
    assert leaving.is_near(person, a_group(), p, 24.0, 1.0), "somebody spoke"


def test_shelter_divides_every_cause_and_every_dose() -> None:
    p = parameters({"leaving.base_per_day": 0.01, "leaving.doubt_per_day": 0.0, "leaving.pressure_per_day": 0.01})
    plain, sheltered = (somebody(p, shelter=shelter, fatigue_slow=5.0, frailty=2.0, tie_exits=1.0) for shelter in (1.0, 2.5))
    for person in (plain, sheltered):
        person["leave_rates"][:] = 0.03
        leaving.act(person, a_group(), p, 24.0 * 30)
        leaving.seen(person, a_group(), a_message(), 0.2, p, 0.0)
    assert (plain["leave_rates"] > 0).all()
    np.testing.assert_allclose(plain["leave_rates"], 2.5 * sheltered["leave_rates"])
    np.testing.assert_allclose(plain["leave_spent"], 2.5 * sheltered["leave_spent"])


def test_somebody_who_talks_ends_the_silence() -> None:
    p = parameters()
    person = somebody(p)
    leaving.act(person, a_group(member_message_h=24.0 * 25), p, 24.0 * 30)
    assert person["leave_rates"][SILENCE] == 0.0


def test_time_is_spent_cause_by_cause() -> None:
    p = parameters({"leaving.doubt_per_day": 0.0})
    person = somebody(p, leave_clock=1.0)
    person["leave_rates"][:] = np.arange(len(CAUSES)) / 100
    leaving.spend_time(person, p, 2.0)
    np.testing.assert_allclose(person["leave_spent"], np.arange(len(CAUSES)) / 50)
    assert person["leave_clock"] == pytest.approx(1.0 - person["leave_spent"].sum())


def test_a_message_spends_pressure_and_boredom() -> None:
    p = parameters({"leaving.pressure_per_day": 0.01, "leaving.irrelevance_dose": 0.002})
    person = somebody(p, fatigue_fast=5.0, fatigue_slow=5.0, frailty=3.0, leave_clock=1.0)
    assert fatigue.pressure(person, p) == pytest.approx(1.0)
    leaving.seen(person, a_group(), a_message(), 0.2, p, 0.0)
    assert person["leave_spent"][PRESSURE] == pytest.approx(3 * 0.01 * 7 * 0.8 / 5)
    assert person["leave_spent"][IRRELEVANCE] == pytest.approx(3 * 0.002 * 0.8)
    assert person["leave_clock"] == pytest.approx(1 - person["leave_spent"].sum())
    before = person["leave_spent"][IRRELEVANCE]
    leaving.seen(person, a_group(), a_message(post=-1), 0.0, p, 0.0)
    assert person["leave_spent"][IRRELEVANCE] == before


def test_muting_eases_the_pressure_and_not_the_boredom() -> None:
    p = parameters({"leaving.pressure_per_day": 0.01, "leaving.irrelevance_dose": 0.002, "fatigue.interruption": 0.25})
    open_one, muted = (somebody(p, fatigue_slow=5.0, muted=muted) for muted in (False, True))
    for person in (open_one, muted):
        leaving.seen(person, a_group(), a_message(), 0.2, p, 0.0)
    assert muted["leave_spent"][PRESSURE] == pytest.approx(0.75 * open_one["leave_spent"][PRESSURE])
    assert muted["leave_spent"][IRRELEVANCE] == open_one["leave_spent"][IRRELEVANCE] > 0


def test_the_cause_is_drawn_in_proportion() -> None:
    p = parameters()
    counts = np.zeros(len(CAUSES))
    for key in range(4000):
        person = somebody(p, key=key)
        person["leave_spent"][[BASE, PRESSURE, SILENCE]] = 0.5, 0.3, 0.2
        counts[leaving.draw_cause(person, p)] += 1
    assert counts[[BASE, PRESSURE, SILENCE]].sum() == 4000
    assert stats.chisquare(counts[[BASE, PRESSURE, SILENCE]], [2000, 1200, 800]).pvalue > 0.001


def test_competing_risks_two_to_one() -> None:
    # Two constant hazards, .2 and .1 a day, in a group that is silent from the start: exits 2 : 1, and each exit carries shares 2 : 1.
    # Rates are fixed at a person's events, so silence speaks from the first session on: with 100 a day that is a hundredth of a day late,
    # which moves the share of base by .2 %, of the 3 % that the test can see.
    changes = {
        "population.size": 2000,
        "horizon_days": 10.0,
        "market": {"hour_weights": ALIKE_HOURS, "weekend_factor": 1.0},
        "behaviour.sessions": {"rate_per_day": 100.0, "rate_shape": 1e6},
        "behaviour.leaving": {"base_per_day": 0.2, "silence_per_day": 0.1, "silence_days": 0.01, "frailty_shape": 1e9},
    }
    run = simulate(build(null_tree(), changes), 5)
    gone = run.members[run.members["left_h"].notna()]
    assert len(gone) > 1800
    assert set(gone["left_cause"]) == {"base", "silence"}
    assert stats.binomtest(int((gone["left_cause"] == "base").sum()), len(gone), 2 / 3).pvalue > 0.001
    late = gone[gone["left_h"] > 24]
    np.testing.assert_allclose(late["share_base"], 2 / 3, atol=0.05)
    np.testing.assert_allclose(gone.filter(like="share_").sum(axis=1), 1.0)
