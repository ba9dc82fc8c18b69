from __future__ import annotations

import math
from typing import Any

import pytest
from scipy import stats

from sim.behaviour import chat
from sim.world import MESSAGE
from tests.sim.people import a_group, a_message, filled, parameters, somebody

P = parameters(
    {
        "chat.reply_strength": 0.4,
        "chat.reply_half_per_day": 0.03,
        "chat.reply_readers": 8.0,
        "chat.reply_memory_hours": 3.0,
        "chat.depth_factor": 0.8,
        "chat.capacity_posters": 40.0,
        "chat.novelty": 2.0,
    }
)


def dose(now: float = 0.0, group: dict[str, Any] | None = None, person: dict[str, Any] | None = None, **message: Any) -> float:
    """Return the reply dose that a member of talkativeness .03 spends on a message of the brand."""
    member = somebody(P, talk_clock=1.0, **(person or {}))
    chat.seen(member, a_group(**(group or {})), a_message(**message), 1.0, P, now)
    assert member["talk_replies"] == pytest.approx(1.0 - member["talk_clock"])
    return 1.0 - float(member["talk_clock"])


def test_the_reply_dose() -> None:
    first = 0.4 * 0.5
    assert dose() == pytest.approx(first)
    assert dose(appeal=0.3) == pytest.approx(first * 0.3)
    assert dose(now=3.0) == pytest.approx(first / math.e)
    assert dose(depth=3) == pytest.approx(first * 0.8**3)
    assert dose(readers=8) == pytest.approx(first / 4)
    assert dose(person={"talkativeness_per_day": 0.09}) == pytest.approx(0.4 * 0.75)
    assert dose(person={"talkativeness_per_day": 0.0}) == 0.0
    assert dose(person={"member": False}) == 0.0


def test_readers_are_counted() -> None:
    message = a_message()
    for _ in range(5):
        chat.seen(somebody(P), a_group(), message, 1.0, P, 0.0)
    assert message["readers"] == 5


def test_a_full_chat_is_silent() -> None:
    assert dose(group={"heat": 20.0}) == pytest.approx(0.1)
    assert dose(group={"heat": 40.0}) == dose(group={"heat": 90.0}) == 0.0
    # Heat fades in 20 minutes: after that e-fold of 80 posters 29 are left.
    assert chat.room(a_group(heat=80.0), P, 1 / 3) == pytest.approx(1 - 80 / math.e / 40)


def test_spontaneous_talk() -> None:
    half = float(P["chat"]["liveliness_half"])
    for fields, now, pull in (
        ({}, 0.0, 2.0),
        ({}, 72.0, 2.0 / math.e),
        ({"liveliness": half, "liveliness_h": 7200.0, "cohesion": 0.6}, 7200.0, 0.3),
        ({"liveliness": half * math.e, "liveliness_h": 7200.0, "cohesion": 0.6}, 7200.0 + 96.0, 0.3),
    ):
        person = somebody(P, talkativeness_per_day=1.2)
        chat.act(person, a_group(**fields), P, now)
        assert person["talk_rate"] == pytest.approx(0.05 * pull)
    gone = somebody(P, member=False, talk_rate=1.0)
    chat.act(gone, a_group(), P, 0.0)
    assert gone["talk_rate"] == 0.0


def test_heat_counts_a_poster_once_in_a_window_and_liveliness_every_message() -> None:
    group = a_group()
    one, other = somebody(P, key=1), somebody(P, key=2)
    for person, now in ((one, 10.0), (one, 10.01), (other, 10.02), (one, 10.03)):
        chat.write(person, 0, group, filled(MESSAGE), P, now)
    assert group["heat"] == pytest.approx(2.0, rel=0.1)
    assert group["liveliness"] == pytest.approx(4 / 100, rel=0.01)
    assert group["member_message_h"] == 10.03
    assert (one["written"], one["wrote_h"]) == (3, 10.03)
    assert one["wrote_h"] > other["wrote_h"]


def test_answers_and_threads_in_proportion_to_what_was_spent() -> None:
    answered = 0
    for key in range(3000):
        person = somebody(P, key=key, talk_alone=0.3, talk_replies=0.7, parent_thread=77, parent_depth=2, parent_post=5, parent_place=9)
        message = filled(MESSAGE)
        post, author = chat.write(person, 4, a_group(), message, P, 1.0)
        assert message["author_place"] == 4
        if post == 5:
            answered += 1
            assert (author, message["thread"], message["depth"]) == (9, 77, 3)
        else:
            assert (post, author, message["depth"]) == (-1, -1, 0)
            assert message["thread"] == message["key"]
    assert stats.binomtest(answered, 3000, 0.7).pvalue > 0.001


def test_the_parent_is_drawn_by_its_share() -> None:
    # Two messages with doses 1 : 3.
    later = 0
    for key in range(3000):
        person = somebody(P, key=key)
        chat.seen(person, a_group(), a_message(key=11, thread=11, appeal=0.2, author_place=3), 1.0, P, 0.0)
        chat.seen(person, a_group(), a_message(key=12, thread=12, appeal=0.6, author_place=4), 1.0, P, 0.0)
        assert (int(person["parent_thread"]), person["parent_place"]) in {(11, 3), (12, 4)}
        later += int(person["parent_thread"]) == 12
    assert stats.binomtest(later, 3000, 0.75).pvalue > 0.001


def test_the_appeal_of_what_members_write_is_exponential() -> None:
    appeals = []
    for key in range(2000):
        message = filled(MESSAGE)
        chat.write(somebody(P, key=key), 0, a_group(), message, P, 1.0)
        appeals.append(float(message["appeal"]))
    assert stats.kstest(appeals, "expon").pvalue > 0.001
