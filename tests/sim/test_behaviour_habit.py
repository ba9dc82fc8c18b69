from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import simulate
from sim.behaviour import habit
from sim.codes import MOST_SLOTS
from sim.simulation import Result
from tests.sim.people import a_group, a_message, a_product, an_offer, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree

GAIN, HALF_LIFE = 0.1, 40.0
P = parameters(
    {
        "habit.gain": GAIN,
        "habit.practice_hours": 3.0,
        "habit.half_life_days": HALF_LIFE,
        "habit.buying_weight": 0.3,
        "habit.shelter": 0.5,
        "habit.broken_promise": 2.0,
        "trust.loss": 0.02,
    }
)
# Habits are kept in single precision.
NEAR = 1e-6


def used(person: object, slot: int = 0) -> float:
    """Return the habit of a slot."""
    return float(habit.strength(person, slot))


@pytest.mark.parametrize(("worth", "times"), [(1.0, 1), (1.0, 66), (0.5, 10), (0.0, 10)])
def test_each_practice_closes_a_share_of_what_is_missing(worth: float, times: int) -> None:
    person = somebody(P)
    for _ in range(times):
        habit.practise(person, 2, worth, P)
    assert used(person, 2) == pytest.approx(1 - (1 - GAIN * worth) ** times, rel=NEAR)
    assert person["habit_most"] == pytest.approx(used(person, 2))
    assert [used(person, slot) for slot in (0, 1, 3, 7, -1)] == [0.0] * 5


@pytest.mark.parametrize(
    ("fields", "worth"),
    [
        ({"quality": 0.8}, 0.8 * 0.5),
        ({"quality": 0.8, "commercial": 0.25}, 0.8 * 0.5 * 0.75),
        ({"commercial": 1.0}, 0.0),
        ({"packet": 3, "quality": 0.0}, 1.0),
        ({"slot": -1}, 0.0),
    ],
)
def test_what_a_message_is_worth_as_practice(fields: dict[str, float], worth: float) -> None:
    person = somebody(P)
    habit.seen(person, a_group(), a_message(**{"slot": 4, **fields}), 0.5, P, 1.0)
    assert used(person, 4) == pytest.approx(GAIN * worth, rel=NEAR)
    assert person["habit"].sum() == pytest.approx(used(person, 4))


def test_who_comes_late_does_not_practise() -> None:
    for now, share in ((20.0, GAIN), (23.0, GAIN), (23.01, 0.0)):
        person = somebody(P)
        habit.seen(person, a_group(), a_message(slot=0, packet=1, time_h=20.0), 1.0, P, now)
        assert used(person) == pytest.approx(share, rel=NEAR)
        person = somebody(P)
        habit.offered(person, a_message(slot=0, time_h=20.0), an_offer(price_share=0.9), a_product(), 0.5, P, now)
        assert used(person) == pytest.approx(share, rel=NEAR)


def test_an_offer_below_list_is_practice_and_habit_lifts_the_response() -> None:
    for slot, price, after in ((0, 0.9, 0.4 + GAIN * 0.6), (0, 1.0, 0.4), (-1, 0.9, 0.0)):
        person = somebody(P, offer_lift=2.0, habit_most=0.4)
        person["habit"][0] = 0.4
        habit.offered(person, a_message(slot=slot), an_offer(price_share=price), a_product(), 0.5, P, 0.0)
        assert used(person, slot) == pytest.approx(after, rel=NEAR)
        assert person["offer_lift"] == pytest.approx(2.0 * (1 + 0.3 * after), rel=NEAR)


def test_habits_halve_without_practice_in_one_step_or_many() -> None:
    once, often = somebody(P), somebody(P)
    for person in (once, often):
        habit.practise(person, 0, 1.0, P)
        habit.practise(person, 5, 0.4, P)
    habit.elapsed(once, P, 24 * HALF_LIFE)
    for _ in range(8):
        habit.elapsed(often, P, 3 * HALF_LIFE)
    np.testing.assert_allclose(once["habit"][[0, 5]], [GAIN / 2, GAIN * 0.4 / 2], rtol=NEAR)
    np.testing.assert_allclose(often["habit"], once["habit"], rtol=NEAR)
    assert often["habit_most"] == pytest.approx(once["habit_most"], rel=NEAR) == GAIN / 2


steps = st.lists(st.tuples(st.integers(0, MOST_SLOTS - 1), st.floats(0, 1), st.floats(0, 5000)), max_size=30)


@given(steps)
def test_habits_stay_between_0_and_1_and_the_most_is_the_most(history: list[tuple[int, float, float]]) -> None:
    p = parameters({"habit.gain": 1.0})
    person = somebody(p)
    for slot, worth, hours in history:
        habit.practise(person, slot, worth, p)
        habit.elapsed(person, p, hours)
        assert 0 <= person["habit"].min() <= person["habit"].max() <= 1
        assert person["habit_most"] == pytest.approx(person["habit"].max(), rel=1e-4, abs=1e-9)


def test_a_gain_of_zero_is_off() -> None:
    p = parameters({"habit.gain": 0.0})
    person = somebody(p)
    habit.seen(person, a_group(), a_message(slot=0, packet=1), 1.0, p, 0.0)
    habit.offered(person, a_message(slot=0), an_offer(price_share=0.5), a_product(), 1.0, p, 0.0)
    habit.act(person, a_group(), p, 0.0)
    habit.disappoint(person, 0, p)
    assert (person["habit_most"], person["offer_lift"], person["shelter"], person["trust"]) == (0.0, 1.0, 1.0, 0.5)


def test_habit_shelters_and_a_broken_promise_costs_in_proportion() -> None:
    for strength in (0.0, 0.25, 1.0):
        person = somebody(P, habit_most=strength)
        person["habit"][1] = strength
        habit.act(person, a_group(), P, 0.0)
        assert person["shelter"] == 1 + 0.5 * strength
        habit.disappoint(person, 0, P)
        assert person["trust"] == 0.5
        habit.disappoint(person, 1, P)
        assert person["trust"] == pytest.approx(0.5 - 0.02 * 2 * strength * 0.5)


# ---- in small worlds ------------------------------------------------------------------------------------------------

PACKET = {"kind": "red_packet", "amount_yuan": 1.0, "shares": 100, "ring": 0.0}
FELT = {"horizon_days": 14.0, "behaviour.habit": {"gain": 0.2}, "behaviour.sessions.rate_per_day": 3.0}


def run(when: str, changes: dict[str, object] | None = None) -> Result:
    """Return a run of the null world but for habit, with a red packet at the given times."""
    packet: Tree = {**PACKET, "when": when}
    return simulate(build(null_tree(packet=packet), {**FELT, **(changes or {})}), 83)


def test_more_practice_more_habit() -> None:
    habits = [run(when).members["habit"] for when in ("daily 20:00", "Tue,Fri 20:00", "Fri 20:00")]
    means = [float(own.mean()) for own in habits]
    assert means[0] > means[1] > means[2] > 0
    # At most one practice an occasion, with nothing forgotten: 1 - .8^14 of 14 occasions.
    assert habits[0].max() <= 1 - 0.8**14


def test_only_fixed_hours_make_a_habit() -> None:
    assert (run("every 1 days 20:00").members["habit"] == 0).all()


def test_habit_brings_people_who_would_not_come() -> None:
    came = {pull: run("daily 20:00", {"behaviour.habit.pull": pull}).summary["sessions"] for pull in (0.0, 0.5, 1.0)}
    # Nothing else moves sessions here: the message does not ring.
    assert came[0.0] == run("every 1 days 20:00").summary["sessions"]
    assert came[0.0] < came[0.5] < came[1.0]


def tips(when: str, yuan: float) -> Result:
    """Return a run of four days with a tip that costs a yuan each time, and so much money; only broken promises move trust."""
    tip = {"kind": "content_post", "when": when, "column": "tips", "production_yuan": 1.0, "ring": 0.0}
    stung = {"gain": 0.0, "loss": 0.5, "expectation": 0.0}
    changes = {"horizon_days": 4.0, "behaviour.trust": stung, "strategy.budget.total_yuan": yuan, "behaviour.sessions.rate_per_day": 0.7}
    return simulate(build(null_tree(tip=tip), {**FELT, **changes}), 83)


def test_a_cancelled_occasion_costs_the_trust_of_those_with_the_habit_only() -> None:
    # Money for three days: on the fourth what was promised does not come.
    broken = tips("daily 20:00", 3.0)
    expecting = broken.members["habit"] > 0
    assert broken.summary["refused_actions"] == 1
    assert 10 < expecting.sum() < len(expecting) - 10
    assert ((broken.members["trust"] < 0.5) == expecting).all()
    # At no fixed hour nothing was promised; and a promise kept costs nothing.
    unpromised, kept = tips("every 1 days 20:00", 3.0), tips("daily 20:00", 4.0)
    assert unpromised.summary["refused_actions"] == 1
    assert (kept.members["habit"] > 0).any()
    for run_without in (unpromised, kept):
        assert (run_without.members["trust"] == 0.5).all()


def test_only_what_does_not_come_at_its_hour_is_cancelled() -> None:
    # The cap lets one message a group and day out. A guest's second post is refused, but the guest came.
    guest = {"kind": "kol_session", "when": "daily 20:00", "fee_yuan": 0.0, "posts": 2, "delivery": "mass", "commercial": 0.0, "ring": 0.0}
    stung = {"behaviour.trust": {"gain": 0.0, "loss": 0.5, "expectation": 0.0}, "horizon_days": 4.0}
    came = simulate(build(null_tree(guest=guest), {**FELT, **stung}), 83)
    assert came.summary["refused_actions"] == 4 * len(came.groups)
    assert (came.members["habit"] > 0).any()
    assert (came.members["trust"] == 0.5).all()
    # With no message let out the guest does not come either, but as nobody ever saw them, nobody is used to them.
    never = simulate(build(null_tree(guest=guest), {**FELT, **stung, "strategy.caps.mass_per_group_day": 0}), 83)
    assert never.summary["refused_actions"] == 8 * len(never.groups)
    assert (never.members["trust"] == 0.5).all()
    # Another item that takes the day's message away on the last day: now they are missed.
    usurper = {"kind": "content_post", "when": "day 3 19:00", "column": "noise", "delivery": "mass", "ring": 0.0}
    missed = simulate(build(null_tree(guest=guest, usurper=usurper), {**FELT, **stung}), 83).members
    assert ((missed["trust"] < 0.5) == (missed["habit"] > 0)).all()
    assert (missed["trust"] < 0.5).any()
