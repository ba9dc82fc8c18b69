from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour import asking, belonging, leaving, reception
from sim.codes import BASE, DIALOGUE, GROUP_FEED, MOMENTS, OFFICIAL, ONE_TO_ONE, TO_MEMBERS
from tests.sim.people import a_group, a_message, parameters, somebody

P = parameters({"reception": {"message": 0.4, "answer": 0.5, "reply": 0.2}, "asking.expected_hours": 2.0})
SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize("channel", [TO_MEMBERS, ONE_TO_ONE, DIALOGUE])
def test_a_personal_message_receives_as_far_as_it_is_good_relevant_and_no_advertising(channel: int) -> None:
    def after(relevance: float, **fields: float) -> float:
        person = somebody(P)
        reception.seen(person, a_group(), a_message(channel=channel, **fields), relevance, P, 0.0)
        return float(person["received"])

    assert after(1.0) == pytest.approx(0.4)
    assert after(0.5, quality=0.6, commercial=0.25) == pytest.approx(0.4 * 0.5 * 0.6 * 0.75)
    assert after(0.0) == after(1.0, commercial=1.0) == 0.0


@pytest.mark.parametrize("channel", [GROUP_FEED, MOMENTS, OFFICIAL])
def test_what_is_said_to_everybody_receives_nobody(channel: int) -> None:
    person = somebody(P)
    reception.seen(person, a_group(), a_message(channel=channel), 1.0, P, 0.0)
    assert person["received"] == 0.0


def test_an_answer_in_time_receives_and_a_late_one_does_not() -> None:
    quick, late, none = (somebody(P) for _ in range(3))
    for person, waited_h in ((quick, 1.0), (late, 3.0), (none, float("inf"))):
        asking.answered(person, waited_h, waited_h, 0.8, P)
    assert quick["received"] == pytest.approx(0.5 * 0.8 * 0.5)
    assert late["received"] == none["received"] == 0.0


def test_being_answered_by_members_receives_each_time() -> None:
    person = somebody(P, answers_new=3)
    belonging.elapsed(person, P, 1.0)
    assert person["received"] == pytest.approx(1 - 0.8**3)


@given(start=SHARE, gains=st.lists(SHARE, max_size=20))
def test_reception_stays_a_share_and_never_falls(start: float, gains: list[float]) -> None:
    person = somebody(P, received=start)
    for gain in gains:
        before = person["received"]
        reception.receive(person, gain)
        assert before <= person["received"] <= 1.0


@pytest.mark.parametrize("received", [0.0, 0.25, 1.0])
def test_doubt_is_what_reception_leaves_of_it(received: float) -> None:
    p = parameters({"leaving.doubt_per_day": 0.02})
    plain, met = somebody(p), somebody(p, received=received)
    for person in (plain, met):
        leaving.spend_time(person, p, 48.0)
    assert met["leave_spent"][BASE] == pytest.approx((1.0 - received) * plain["leave_spent"][BASE])
    assert plain["leave_spent"][BASE] > 0.0


def test_an_exit_of_doubt_is_as_near_as_reception_leaves_it() -> None:
    p = parameters({"leaving.doubt_per_day": 0.024})
    for received, near in ((0.0, True), (0.5, False)):
        person = somebody(p, leave_clock=0.009, received=received)
        person["leave_rates"][:] = 0.0
        assert leaving.is_near(person, a_group(), p, 0.0, 10.0) is near
