from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import heap, simulate
from sim.behaviour import desire, ties
from sim.behaviour.ties import MOST_TIES
from sim.encode import parameter_record, product_table, week_profile
from sim.randomness import run_key
from sim.session import answer
from sim.world import MESSAGE, PERSON, World, new_world
from tests.sim.people import a_group, a_message, filled, parameters, somebody
from tests.sim.worlds import build, null_tree, nurturing_tree

P = parameters({"ties.friend_strength": 2.0, "ties.friend_credibility": 0.85})


def crowd(size: int) -> Any:
    """Return people who do not know each other."""
    return np.zeros(size, PERSON)


def known(person: Any) -> dict[int, float]:
    """Return whom a person knows, and how well."""
    pairs = zip(person["ties"].tolist(), person["tie_strength"].tolist(), strict=True)
    return {other: strength for other, strength in pairs if strength > 0}


def small_world(people: int) -> World:
    """Return a world of people in group 0, who do not know each other."""
    scenario = build(null_tree())
    return new_world(
        people, 2, people, parameter_record(scenario, run_key(1, 0)), product_table(scenario.brand), week_profile(scenario.market)
    )


def test_a_tie_goes_both_ways_and_adds_up() -> None:
    people = crowd(4)
    for one, other, amount in ((0, 1, 1.0), (1, 0, 1.0), (2, 0, 2.5)):
        ties.meet(people, one, other, amount)
    assert [known(person) for person in people] == [{1: 2.0, 2: 2.5}, {0: 2.0}, {0: 2.5}, {}]
    assert ties.strength(people[0], 1) == ties.strength(people[1], 0) == 2.0
    assert ties.strength(people[0], 3) == 0.0


def test_nobody_is_tied_to_themselves_or_by_nothing() -> None:
    people = crowd(3)
    ties.meet(people, 1, 1, 5.0)
    ties.meet(people, 0, 2, 0.0)
    assert [known(person) for person in people] == [{}, {}, {}]


def test_the_first_person_is_nobody_s_friend_by_default() -> None:
    # Free places hold 0, which is also the place of a person.
    assert ties.strength(crowd(1)[0], 0) == 0.0


def test_the_frequent_are_kept_and_passers_by_are_not() -> None:
    person = crowd(1)[0]
    for friend in (1, 2, 3):
        for _ in range(5):
            ties.strengthen(person, friend, 1.0)
    # Strangers met once each share the last place: one takes it, the next ends that tie, and so on.
    for nth in range(20):
        ties.strengthen(person, 100 + nth, 1.0)
        assert known(person) == {1: 5.0, 2: 5.0, 3: 5.0, **({} if nth % 2 else {100 + nth: 1.0})}


def test_somebody_stronger_takes_the_weakest_place() -> None:
    person = crowd(1)[0]
    for other, amount in ((1, 3.0), (2, 1.5), (3, 4.0), (4, 2.0)):
        ties.strengthen(person, other, amount)
    ties.strengthen(person, 5, 1.0)
    assert known(person) == {1: 3.0, 2: 0.5, 3: 4.0, 4: 2.0}
    ties.strengthen(person, 6, 1.0)
    assert known(person) == {1: 3.0, 6: 1.0, 3: 4.0, 4: 2.0}


@given(st.lists(st.integers(1, 9), max_size=60))
def test_a_short_list_never_overrates_and_keeps_the_majority(met: list[int]) -> None:
    # Every meeting that is not credited is set off against a meeting with somebody else.
    person = crowd(1)[0]
    for other in met:
        ties.strengthen(person, other, 1.0)
    counts = Counter(met)
    assert len(known(person)) == np.count_nonzero(person["tie_strength"]) <= MOST_TIES
    assert person["tie_strength"].min() >= 0
    for other, count in counts.items():
        assert 2 * count - len(met) <= ties.strength(person, other) <= count


def test_a_friend_s_word_is_credible() -> None:
    for strength, fields, credibility in (
        (2.0, {"post": -1, "credibility": 0.3}, 0.85),
        (1.99, {"post": -1, "credibility": 0.3}, 0.3),
        (2.0, {"post": -1, "credibility": 0.95}, 0.95),
        (2.0, {"post": 0, "credibility": 0.3}, 0.3),
        (2.0, {"post": -1, "credibility": 0.3, "author_place": 8}, 0.3),
    ):
        person = somebody(P)
        ties.strengthen(person, 7, strength)
        message = a_message(**{"author_place": 7, **fields})
        assert ties.credibility(person, message, P) == credibility
        desire.seen(person, a_group(), message, 1.0, P, 0.0)
        assert person["desire"] == pytest.approx(float(P["desire"]["gain"]) * credibility)


def test_an_answer_ties_members_of_one_group() -> None:
    world = small_world(4)
    world.people["member"] = [True, True, True, False]
    world.people["group"][2] = 1
    p = world.parameters[0].copy()
    p["ties"]["answer_strength"] = 1.5
    p["chat"]["address_ring"] = 0.0
    message = filled(MESSAGE)
    for _ in range(2):
        answer(world, 0, 1, message, p, 8.0)
    assert message["answers"] == world.people[1]["key"] + 1
    message["answers"] = 0
    for elsewhere_or_gone in (2, 3):
        answer(world, 0, elsewhere_or_gone, message, p, 8.0)
    assert message["answers"] == 0
    assert [known(person) for person in world.people] == [{1: 3.0}, {0: 3.0}, {}, {}]
    assert world.people["answers_new"].tolist() == [0, 2, 0, 0]


# ---- in small worlds ------------------------------------------------------------------------------------------------


def test_without_answers_only_inviters_and_invited_are_tied() -> None:
    quiet = {"behaviour.ties.answer_strength": 0.0, "behaviour.giving.tie_strength": 0.0}
    members = simulate(build(nurturing_tree(), quiet), 84).members
    invited = members["inviter"] >= 0
    inviting = members["person"].isin(members.loc[invited, "inviter"])
    assert invited.sum() > 5
    assert ((members["ties"] > 0) == (invited | inviting)).all()


def test_talk_ties_and_zero_is_off() -> None:
    talkative = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.giving.tie_strength": 0.0}
    tied = simulate(build(nurturing_tree(), {**talkative, "behaviour.ties.inviter_strength": 0.0}), 84).members
    assert (tied["ties"] > 0).sum() > 10
    assert (tied.loc[tied["ties"] > 0, "joined_h"].notna()).all()
    off = simulate(build(nurturing_tree(), {**talkative, "behaviour.ties": {"inviter_strength": 0.0, "answer_strength": 0.0}}), 84).members
    assert (off["ties"] == 0).all()


def test_an_answer_calls_its_author_back() -> None:
    world = small_world(3)
    people, p = world.people, world.parameters[0].copy()
    people["member"] = people["arrived"] = True
    people["notice_probability"] = 1.0
    people["next_h"], people["pull_h"] = [8.0, 30.0, 20.0], np.inf
    for index in range(3):
        heap.push(world, 0, index)
    p["sessions"]["reaction_median_minutes"], p["sessions"]["reaction_sigma"] = 30.0, 0.0
    answer(world, 0, 1, filled(MESSAGE, key=77), p, 8.0)
    assert people["next_h"].tolist() == [8.0, 8.5, 20.0]
    assert world.queue_person[0, :3].tolist() == [0, 1, 2]
    assert people["pull_key"][1] == 77
