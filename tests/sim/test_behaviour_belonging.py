from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import simulate
from sim.behaviour import belonging, ties
from sim.codes import SHILL
from tests.sim.people import a_group, a_message, a_packet, parameters, somebody
from tests.sim.worlds import build, nurturing_tree

READ, FRIEND, WRITE, ANSWER, CLAIM = 0.01, 3.0, 0.04, 0.1, 0.02
P = parameters(
    {
        "belonging": {
            "read_gain": READ,
            "friend_factor": FRIEND,
            "write_gain": WRITE,
            "answer_gain": ANSWER,
            "claim_gain": CLAIM,
            "half_life_days": 45.0,
            "shelter": 2.0,
        },
        "ties.friend_strength": 2.0,
    }
)


def after_reading(relevance: float = 1.0, tie: float = 0.0, p: Any = P, **fields: Any) -> float:
    """Return the belonging of somebody who read one message of the person at place 7."""
    person = somebody(p)
    if tie:
        ties.strengthen(person, 7, tie)
    belonging.seen(person, a_group(), a_message(**{"post": -1, "author_place": 7, **fields}), relevance, p, 0.0)
    return float(person["belonging"])


def test_reading_members_counts_by_relevance_and_friendship() -> None:
    assert after_reading() == pytest.approx(READ)
    assert after_reading(0.3) == pytest.approx(READ * 0.3)
    assert after_reading(0.0) == 0.0
    assert after_reading(0.3, tie=2.0) == pytest.approx(READ * 0.3 * FRIEND)
    assert after_reading(0.3, tie=1.9) == pytest.approx(READ * 0.3)
    assert after_reading(tie=2.0, author_place=8) == pytest.approx(READ)


def test_neither_the_brand_nor_its_shills_make_anybody_belong() -> None:
    assert after_reading(post=0) == 0.0
    assert after_reading(post=0, kind=SHILL) == 0.0


def test_taking_part_closes_a_share_of_what_is_missing() -> None:
    person = somebody(P)
    packet = a_packet()
    for nth in range(1, 31):
        belonging.wrote(person, P, 0.0)
        assert person["belonging"] == pytest.approx(1 - (1 - WRITE) ** nth)
    belonging.claimed(person, packet, 100, P, 0.0)
    assert person["belonging"] == pytest.approx(1 - (1 - WRITE) ** 30 * (1 - CLAIM))


def test_answers_are_taken_in_when_time_has_passed() -> None:
    person = somebody(P, belonging=0.6, answers_new=3)
    belonging.elapsed(person, P, 45 * 24.0)
    assert person["belonging"] == pytest.approx(1 - 0.7 * (1 - ANSWER) ** 3)
    assert person["answers_new"] == 0


def test_belonging_halves_in_one_step_or_many() -> None:
    once, often = somebody(P, belonging=0.8), somebody(P, belonging=0.8)
    belonging.elapsed(once, P, 45 * 24.0)
    for _ in range(9):
        belonging.elapsed(often, P, 5 * 24.0)
    assert once["belonging"] == pytest.approx(0.4)
    assert often["belonging"] == pytest.approx(once["belonging"])


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 5000)), max_size=30))
def test_belonging_stays_between_0_and_1(history: list[tuple[float, float]]) -> None:
    person = somebody(P)
    for gain, hours in history:
        belonging.grow(person, gain)
        assert 0 <= person["belonging"] <= 1
        belonging.elapsed(person, P, hours)
        assert 0 <= person["belonging"] <= 1


@pytest.mark.parametrize("shelter", [0.0, 2.0])
def test_shelter_adds_up_and_zero_is_off(shelter: float) -> None:
    p = parameters({"belonging.shelter": shelter})
    person = somebody(p, belonging=0.25, shelter=1.5)
    belonging.act(person, a_group(), p, 0.0)
    assert person["shelter"] == 1.5 + shelter * 0.25


# ---- in small worlds ------------------------------------------------------------------------------------------------


def test_the_more_friends_count_the_more_everybody_belongs() -> None:
    # Without shelter belonging works on nothing, so that the two worlds are the same but for it.
    talkative = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.belonging.shelter": 0.0}
    runs = [simulate(build(nurturing_tree(), {**talkative, "behaviour.belonging.friend_factor": much}), 85) for much in (1.0, 10.0)]
    plain, fond = (run.members["belonging"].to_numpy() for run in runs)
    np.testing.assert_array_equal(runs[0].members["messages_read"], runs[1].members["messages_read"])
    assert (fond >= plain).all()
    assert (fond > plain).sum() > 10


def test_a_silent_community_makes_nobody_belong() -> None:
    quiet = {"behaviour.chat.talkativeness_per_day": 0.0, "behaviour.belonging.claim_gain": 0.0, "behaviour.red_packets.talk_dose": 0.0}
    quiet["behaviour.giving"] = {"intensity_per_yuan": 0.0, "spontaneous_per_day": 0.0}
    assert (simulate(build(nurturing_tree(), quiet), 85).members["belonging"] == 0).all()


def test_shelter_keeps_people() -> None:
    talkative = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.leaving.base_per_day": 0.1}
    left = [
        sum(
            simulate(build(nurturing_tree(), {**talkative, "behaviour.belonging.shelter": shelter}), 85, n).summary["leaves"]
            for n in range(4)
        )
        for shelter in (0.0, 20.0)
    ]
    assert left[1] < left[0]
