from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import chat, red_packets
from sim.codes import SHILL
from sim.world import MESSAGE
from tests.sim.people import a_group, a_message, a_packet, filled, parameters, somebody
from tests.sim.worlds import build, nurturing_tree

P = parameters(
    {
        "chat.answers_per_message": 0.6,
        "chat.reply_readers": 8.0,
        "chat.silence_floor": 0.1,
        "chat.liveliness_half": 0.2,
        "chat.reply_memory_hours": 3.0,
        "chat.depth_factor": 0.8,
        "chat.capacity_posters": 40.0,
        "chat.novelty": 2.0,
        "chat.audience_restraint": 0.5,
    }
)


def dose(now: float = 0.0, group: dict[str, Any] | None = None, person: dict[str, Any] | None = None, **message: Any) -> float:
    """Return the reply dose that a member who answers as the mean of members does spends on a message of another."""
    member = somebody(P, talk_clock=1.0, **(person or {}))
    chat.seen(member, a_group(**(group or {})), a_message(**{"post": -1, **message}), 1.0, P, now)
    return 1.0 - float(member["talk_clock"])


def test_the_reply_dose() -> None:
    first = 0.6 / 9
    assert dose() == pytest.approx(first)
    assert dose(appeal=0.3) == pytest.approx(first * 0.3)
    assert dose(now=3.0) == pytest.approx(first / math.e)
    assert dose(depth=3) == pytest.approx(first * 0.8**3)
    assert dose(readers=8) == pytest.approx(0.6 * 8 / (16 * 17))
    assert dose(person={"answering": 2.5}) == pytest.approx(first * 2.5)
    assert dose(person={"answering": 0.0}) == 0.0
    assert dose(person={"member": False}) == 0.0


def test_a_message_that_many_read_at_once_is_answered_as_often_as_the_parameter_says() -> None:
    message = a_message(post=-1)
    spent = np.zeros(4000)
    for nth in range(spent.size):
        member = somebody(P, talk_clock=1.0)
        chat.seen(member, a_group(), message, 1.0, P, 0.0)
        spent[nth] = 1.0 - member["talk_clock"]
    assert spent[:8].sum() == pytest.approx(0.6 / 2), "half of the answers come from the first readers"
    assert spent.sum() == pytest.approx(0.6 * 4000 / 4008)


@pytest.mark.parametrize("half", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("sigma", [0.5, 2.0, 4.0])
def test_members_answer_as_the_mean_says_and_the_talkative_more_up_to_a_limit(half: float, sigma: float) -> None:
    p = parameters({"chat.answering_half": half, "chat.talkativeness_sigma": sigma, "chat.talkativeness_per_day": 0.1})
    shares = (np.arange(20_000) + 0.5) / 20_000
    talkativeness = 0.1 * np.exp(sigma * stats.norm.ppf(shares) - 0.5 * sigma**2)
    answering = np.array([chat.answering(own, p) for own in talkativeness])
    assert answering.mean() == pytest.approx(1.0, rel=0.02), "the rare largest are few among 20,000"
    assert (np.diff(answering) >= 0).all()
    most = chat.answering(1e12, p)
    assert chat.answering(0.1 * half, p) == pytest.approx(most / 2)
    assert chat.answering(1e-6 * half, p) == pytest.approx(1e-5 * most, rel=1e-4), "in proportion, far below"
    assert chat.answering(0.0, p) == 0.0
    assert chat.answering(1.0, parameters({"chat.talkativeness_per_day": 0.0})) == 0.0


def test_who_is_drawn_answers_so() -> None:
    tree = nurturing_tree()
    members = simulate(build(tree, {"horizon_days": 0.1}), 4, trace=3).biographies
    assert "answering" not in members, "it never changes"


def test_nobody_likes_to_speak_first_into_a_silence() -> None:
    lively = {"liveliness": 0.2}  # half of the pull
    alone, half, loud = (dose(post=0, group=group) for group in ({}, lively, {"liveliness": 20.0}))
    member = dose()
    assert alone == pytest.approx(0.1 * member)
    assert half == pytest.approx(0.55 * member)
    assert loud == pytest.approx(member, rel=1e-3)
    # What a member wrote is no silence, nor what a shill wrote who passes for one.
    assert dose(group=lively) == member
    assert dose(post=0, kind=SHILL) == member
    # A floor of 1 is off.
    off = parameters({"chat.silence_floor": 1.0, "chat.answers_per_message": 0.6, "chat.reply_readers": 8.0})
    person = somebody(off, talk_clock=1.0)
    chat.seen(person, a_group(), a_message(), 1.0, off, 0.0)
    assert 1.0 - person["talk_clock"] == pytest.approx(member)


def test_a_word_or_two_wake_no_group() -> None:
    half = float(P["chat"]["liveliness_half"])
    shares = [chat.pull_share(a_group(liveliness=value * half), P, 0.0) for value in (0.0, 0.1, 0.5, 1.0, 2.0, 100.0)]
    assert shares == pytest.approx([0.0, 0.01 / 1.01, 0.2, 0.5, 0.8, 1.0], abs=1e-3)


def test_a_silent_group_keeps_thanks_to_itself_but_not_to_a_member() -> None:
    p = parameters({"chat.silence_floor": 0.1, "chat.liveliness_half": 0.2, "red_packets.talk_dose": 0.05})

    def thanks(sender: int, **group: Any) -> float:
        person = somebody(p, talk_clock=1.0)
        chat.act(person, a_group(**group), p, 0.0)
        red_packets.claimed(person, a_packet(sender=sender), 100, p, 0.0)
        return 1.0 - float(person["talk_clock"])

    assert thanks(-1) == pytest.approx(0.005)
    assert thanks(-1, liveliness=0.2) == pytest.approx(0.05 * 0.55)
    assert thanks(3) == pytest.approx(0.05)


def test_what_all_can_see_is_a_sign_of_life() -> None:
    p = parameters({"chat.sign_weight": 0.2})
    group = a_group(liveliness=0.3)
    chat.show(group, p, 96.0)
    assert group["liveliness"] == pytest.approx(0.3 / math.e + 0.2 / chat.voices(group, p))
    assert (group["heat"], group["member_message_h"]) == (0.0, -np.inf), "it is no message"
    chat.show(group, parameters({"chat.sign_weight": 0.0}), 192.0)
    assert group["liveliness_h"] == 96.0


def test_a_group_opens_with_greetings() -> None:
    chats = [
        simulate(build(nurturing_tree(), {"horizon_days": 1.0, "behaviour.chat.opening_liveliness": value}), 4)
        .members["messages_written"]
        .sum()
        for value in (0.0, 5.0)
    ]
    assert chats[0] < chats[1]


def test_a_friend_is_answered_more_than_a_stranger() -> None:
    p = parameters({"chat.tie_excitation": 0.5, "ties.friend_strength": 2.0})

    def factor(strength: float, **message: Any) -> float:
        doses = []
        for tie in (0.0, strength):
            member = somebody(p, talk_clock=1.0)
            member["ties"][2], member["tie_strength"][2] = 7, tie
            chat.seen(member, a_group(), a_message(**{"post": -1, "author_place": 7, **message}), 1.0, p, 0.0)
            doses.append(1.0 - float(member["talk_clock"]))
        return doses[1] / doses[0]

    assert factor(1.0) == pytest.approx(1.25)
    assert factor(2.0) == factor(9.0) == pytest.approx(1.5)
    assert factor(9.0, author_place=3) == 1.0
    assert factor(9.0, post=0) == 1.0, "a message of the brand has no friends"


def test_talk_among_friends_grows_and_is_no_chain_reaction() -> None:
    # That the mesh grows is a row of the table of ablations.
    lively = {"population": {"size": 200, "group_size": 100}, "horizon_days": 14.0, "behaviour.chat.talkativeness_per_day": 0.3}
    worlds = [build(nurturing_tree(), {**lively, "behaviour.chat.tie_excitation": excitation}) for excitation in (0.0, 0.5, 1.0)]
    # Two groups a run: what one conversation comes to hangs on luck, what those of sixteen groups come to does not.
    written = [sum(simulate(world, seed).members["messages_written"].sum() for seed in range(8)) for world in worlds]
    assert written == sorted(written)
    assert written[0] < written[2] < 2.0 * written[0]


def test_readers_are_counted() -> None:
    message = a_message()
    for _ in range(5):
        chat.seen(somebody(P), a_group(), message, 1.0, P, 0.0)
    assert message["readers"] == 5


def test_a_full_chat_is_silent() -> None:
    assert dose(group={"heat": 20.0}) == pytest.approx(0.6 / 9 / 2)
    assert dose(group={"heat": 40.0}) == dose(group={"heat": 90.0}) == 0.0
    # Heat fades in 20 minutes: after that e-fold of 80 posters 29 are left.
    assert chat.room(a_group(heat=80.0), P, 1 / 3) == pytest.approx(1 - 80 / math.e / 40)


def test_spontaneous_talk() -> None:
    half = float(P["chat"]["liveliness_half"])
    for fields, now, pull in (
        ({}, 0.0, 2.0 * 0.1),
        ({}, 72.0, 2.0 * 0.1 / math.e),
        ({"liveliness": half, "cohesion": 0.0}, 0.0, 2.0 * 0.55),
        ({"liveliness": half, "liveliness_h": 7200.0, "cohesion": 0.6}, 7200.0, 0.3),
        ({"liveliness": half * math.e, "liveliness_h": 7200.0, "cohesion": 0.6}, 7200.0 + 96.0, 0.3),
    ):
        person = somebody(P, talkativeness_per_day=1.2)
        chat.act(person, a_group(members=20, **fields), P, now)
        assert person["talk_rate"] == pytest.approx(0.05 * pull)
    gone = somebody(P, member=False, talk_rate=1.0)
    chat.act(gone, a_group(), P, 0.0)
    assert gone["talk_rate"] == 0.0


def test_talk_is_spent_at_the_mean_of_both_ends_however_much_others_add_to_its_rate() -> None:
    for factor in (1.0, 3.0):
        person, group = somebody(P, talkativeness_per_day=1.2, talk_clock=1.0, joined_h=0.0), a_group(members=20)
        chat.act(person, group, P, 0.0)
        person["talk_rate"] *= factor
        first = float(person["talk_rate"])
        chat.spend_time(person, group, P, 12.0)
        last = factor * chat.pull(person, group, P, 12.0)
        assert last < first
        assert person["talk_rate"] == pytest.approx(last)
        assert 1.0 - person["talk_clock"] == pytest.approx(6.0 * (first + last))
        chat.spend_time(person, group, P, 12.0)
        assert 1.0 - person["talk_clock"] == pytest.approx(6.0 * (first + last)), "no time has passed"


def test_talk_comes_back_where_there_was_no_room() -> None:
    person, full, free = somebody(P, talk_clock=1.0), a_group(heat=40.0), a_group()
    chat.act(person, full, P, 0.0)
    assert person["talk_rate"] == 0.0
    chat.spend_time(person, free, P, 2.0)
    assert 1.0 - person["talk_clock"] == pytest.approx(chat.pull(person, free, P, 2.0))


def test_answers_are_as_many_in_the_mean_of_a_thread_as_chats_are_known_for() -> None:
    defaults = chat.ChatParameters()
    b, d = defaults.answers_per_message, defaults.depth_factor
    messages = sum(b**depth * d ** (depth * (depth - 1) / 2) for depth in range(60))
    assert 1 - 1 / messages == pytest.approx((0.6 + 0.75) / 2, abs=0.001)


def test_before_many_each_says_less() -> None:
    rates = []
    for members in (5, 20, 80, 500):
        group = a_group(members=members)
        person = somebody(P)
        chat.act(person, group, P, 0.0)
        rates.append(float(person["talk_rate"]))
        assert chat.voices(group, P) == pytest.approx(20.0 * math.sqrt(members / 20.0))
    assert np.array(rates) / rates[1] == pytest.approx([2.0, 1.0, 0.5, 0.2])
    # Somebody comes or goes: the number of voices follows.
    group["members"] = 45
    assert chat.voices(group, P) == pytest.approx(30.0)
    for restraint, voices in ((0.0, 45.0), (1.0, 20.0)):
        p = parameters({"chat.audience_restraint": restraint})
        assert chat.voices(a_group(members=45), p) == pytest.approx(voices)


def test_who_is_answered_answers_back() -> None:
    p = parameters({"chat.address_dose": 0.5, "chat.answers_per_message": 0.6, "chat.reply_readers": 8.0})

    def spent(now: float = 0.0, key: int = 9, **message: Any) -> float:
        member = somebody(p, key=key, talk_clock=1.0)
        chat.seen(member, a_group(), a_message(**{"post": -1, "readers": 24, **message}), 1.0, p, now)
        return 1.0 - float(member["talk_clock"])

    assert spent() == spent(answers=9) == pytest.approx(0.6 * 8 / (32 * 33))
    assert spent(key=0) == spent()
    assert spent(answers=10) == pytest.approx(0.5), "however many have read it"
    assert spent(answers=10, depth=2) == pytest.approx(0.5 * float(p["chat"]["depth_factor"]) ** 2)
    assert spent(answers=10, now=3.0) == pytest.approx(0.5 / math.e)
    assert spent(answers=10, readers=0, appeal=9.0) == pytest.approx(0.6), "no less than anybody"


def test_heat_counts_a_poster_once_in_a_window_and_liveliness_every_message() -> None:
    group = a_group()
    one, other = somebody(P, key=1), somebody(P, key=2)
    for person, now in ((one, 10.0), (one, 10.01), (other, 10.02), (one, 10.03)):
        chat.write(person, 0, group, filled(MESSAGE), P, now)
    assert group["heat"] == pytest.approx(2.0, rel=0.1)
    assert group["liveliness"] == pytest.approx(4 / chat.voices(group, P), rel=0.01)
    assert group["member_message_h"] == 10.03
    assert (one["written"], one["wrote_h"]) == (3, 10.03)
    assert one["wrote_h"] > other["wrote_h"]


def test_a_member_answers_the_message_on_which_the_clock_ran_out() -> None:
    person = somebody(P, talk_clock=0.25)
    for key, appeal in ((11, 3.0), (12, 1.5), (13, 6.0)):  # doses .2, .1, .4
        chat.seen(person, a_group(liveliness=1e9), a_message(key=key, thread=77, post=key, appeal=appeal, author_place=key), 1.0, P, 0.0)
    assert person["talk_clock"] == pytest.approx(0.25 - 0.7)
    message = filled(MESSAGE)
    assert chat.write(person, 4, a_group(), message, P, 1.0) == (12, 12)
    assert (message["author_place"], message["thread"], message["depth"]) == (4, 77, 1)
    # What is written beyond that is nobody's answer.
    assert chat.write(person, 4, a_group(), message, P, 1.0) == (-1, -1)
    assert (message["depth"], message["thread"]) == (0, message["key"])


def test_who_wanted_to_talk_anyway_begins_a_thread() -> None:
    person = somebody(P, talk_clock=-0.1)
    chat.seen(person, a_group(), a_message(key=11, thread=77, author_place=3), 1.0, P, 0.0)
    message = filled(MESSAGE)
    assert chat.write(person, 4, a_group(), message, P, 1.0) == (-1, -1)
    assert message["thread"] == message["key"]


def test_answers_are_as_frequent_as_what_is_spent_on_messages() -> None:
    # Unit-exponential clocks meet a spontaneous dose of .3 and then two replies of .2 and .4: causes in proportion to hazard.
    causes = {0: 0, 1: 0, 2: 0}
    for key in range(6000):
        person = somebody(P, key=key, talk_clock=0.0)
        chat.next_budget(person, P)
        person["talk_clock"] -= 0.3
        if person["talk_clock"] <= 0.0:
            causes[0] += 1
            continue
        for place, appeal in ((1, 3.0), (2, 6.0)):
            chat.seen(person, a_group(), a_message(post=-1, key=place, appeal=appeal, author_place=place), 1.0, P, 0.0)
        if person["talk_clock"] <= 0.0:
            causes[int(person["parent_place"])] += 1
    survived = np.exp([0.0, -0.3, -0.5, -0.9])
    expected = -np.diff(survived)
    found = [*causes.values(), 6000 - sum(causes.values())]
    assert stats.chisquare(found, 6000 * np.append(expected, survived[-1])).pvalue > 0.001


def test_a_muted_member_talks_less_by_themselves() -> None:
    rates = []
    for muted in (False, True):
        person = somebody(P, muted=muted)
        chat.act(person, a_group(), P, 0.0)
        rates.append(float(person["talk_rate"]))
    assert rates[1] == pytest.approx(rates[0] * float(P["muting"]["talk_factor"]))
    assert 0 < rates[1] < rates[0]


def test_the_appeal_of_what_members_write_is_exponential() -> None:
    appeals = []
    for key in range(2000):
        message = filled(MESSAGE)
        chat.write(somebody(P, key=key), 0, a_group(), message, P, 1.0)
        appeals.append(float(message["appeal"]))
    assert stats.kstest(appeals, "expon").pvalue > 0.001
