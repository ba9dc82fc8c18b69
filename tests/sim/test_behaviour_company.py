"""Company: who is there of somebody's ties, and what that is worth for staying."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.behaviour import company, ties
from sim.behaviour.ties import MOST_TIES
from sim.community import Community
from sim.randomness import run_key
from sim.simulation import found
from sim.world import PERSON
from tests.sim.people import a_group, parameters, somebody
from tests.sim.worlds import build, nurturing_tree

P = parameters({"company": {"shelter": 1.0, "half_friends": 2.0}, "ties.friend_strength": 2.0})


def crowd(groups: list[int]) -> Any:
    """Return members of the given groups, who do not know each other."""
    people = np.zeros(len(groups), PERSON)
    people["group"] = groups
    people["member"] = True
    return people


def here(people: Any) -> list[set[int]]:
    """Return whom each of some people has there."""
    return [{int(person["ties"][k]) for k in range(MOST_TIES) if person["tie_here"][k]} for person in people]


def check_who_is_here(people: Any) -> None:
    """Ties are there exactly for members of one group who know each other, from both sides."""
    for one, person in enumerate(people):
        for k in range(MOST_TIES):
            other = int(person["ties"][k])
            known = person["tie_strength"][k] > 0 and ties.strength(people[other], one) > 0
            together = person["member"] and people[other]["member"] and person["group"] == people[other]["group"]
            assert bool(person["tie_here"][k]) == bool(known and together), (one, other)


# ---- who is there -----------------------------------------------------------------------------------------------------


def test_only_ties_of_the_same_group_are_there() -> None:
    people = crowd([0, 0, 1, 0])
    people["member"][3] = False
    for other in (1, 2, 3):
        ties.meet(people, 0, other, 1.0)
    assert here(people) == [{1}, {0}, set(), set()]


def test_who_comes_finds_their_ties_and_who_goes_is_missed() -> None:
    people = crowd([0, 0, 0, 1])
    people["member"][0] = False
    for other in (1, 2, 3):
        ties.meet(people, 0, other, 1.0)
    assert here(people) == [set()] * 4
    people["member"][0] = True
    ties.look_around(people, 0)
    assert here(people) == [{1, 2}, {0}, {0}, set()]
    ties.go_away(people, 0)
    people["group"][0] = 1
    ties.look_around(people, 0)
    assert here(people) == [{3}, set(), set(), {0}]


def test_who_is_pushed_out_of_a_list_is_there_no_more_from_both_sides() -> None:
    people = crowd([0] * 7)
    for other in (1, 2, 3, 4):
        ties.meet(people, 0, other, 2.0)
    ties.meet(people, 0, 5, 1.0)  # weakens the first, and finds no place
    check_who_is_here(people)
    assert here(people)[0] == {1, 2, 3, 4}
    ties.meet(people, 0, 5, 1.0)  # ends it
    check_who_is_here(people)
    assert here(people)[:2] == [{2, 3, 4}, set()]
    ties.meet(people, 0, 6, 1.0)  # takes its place
    ties.meet(people, 0, 5, 3.0)  # and is pushed out
    check_who_is_here(people)
    assert here(people)[0] == {2, 3, 4, 5}


def test_any_history_of_meetings_keeps_the_books() -> None:
    lots = np.random.default_rng(8)
    people = crowd([0] * 8 + [1] * 4)
    for _ in range(400):
        one, other = (int(n) for n in lots.choice(len(people), 2, replace=False))
        act = lots.random()
        if act < 0.8:
            ties.meet(people, one, other, float(lots.choice([0.2, 1.0, 2.0])))
        else:
            if people["member"][one]:
                ties.go_away(people, one)
            people["member"][one] = act < 0.9
            people["group"][one] = lots.integers(2)
            if people["member"][one]:
                ties.look_around(people, one)
        check_who_is_here(people)


# ---- what it is worth -------------------------------------------------------------------------------------------------


def sheltered(friends: list[float], p: Any = P, **fields: Any) -> float:
    """Return the shelter of somebody with ties of these strengths who are there."""
    person = somebody(p, shelter=1.5, **fields)
    for other, strength in enumerate(friends):
        ties.strengthen(person, 10 + other, strength)
        person["tie_here"][other] = 1
    company.act(person, a_group(), p, 0.0)
    return float(person["shelter"])


def test_shelter_is_bounded_and_half_of_it_comes_from_half_friends() -> None:
    assert sheltered([]) == 1.5
    assert sheltered([2.0, 9.0]) == pytest.approx(1.5 + 2 / 4)
    assert sheltered([1.0]) == pytest.approx(1.5 + 0.5 / 2.5)
    assert sheltered([2.0], member=False) == 1.5
    assert sheltered([9.0] * 4, parameters({"company.shelter": 0.0})) == 1.5


def test_more_company_holds_more_and_each_further_friend_less() -> None:
    worth = [sheltered([2.0] * friends) for friends in range(MOST_TIES + 1)]
    gains = [after - before for before, after in pairwise(worth)]
    assert all(gain > 0 for gain in gains)
    assert all(later < earlier for earlier, later in pairwise(gains))
    assert worth[-1] < 2.5


def test_a_tie_elsewhere_holds_nobody() -> None:
    person = somebody(P)
    ties.strengthen(person, 7, 9.0)
    company.act(person, a_group(), P, 0.0)
    assert person["shelter"] == 1.0


# ---- in small worlds ------------------------------------------------------------------------------------------------


def test_the_books_are_right_in_a_lively_community_with_moves() -> None:
    changes = {"population": {"size": 60, "group_size": 25}, "strategy.groups": {"vip": {"kind": "vip"}}, "strategy.programme": {}}
    community = Community(build(nurturing_tree(), {**changes, "behaviour.chat.talkativeness_per_day": 2.0}), run_key(3, 0))
    found(community)
    other = community.open_group(street=False, type_name="vip")
    lots = np.random.default_rng(5)
    moved = 0
    for day in range(1, 15):
        community.catch_up(24.0 * day)
        check_who_is_here(community.world.people[: community.total.people])
        community.begin_moves()
        for index in lots.choice(np.flatnonzero(community.world.people["member"]), 3, replace=False):
            community.move(int(index), int(lots.choice([0, other, -1])))
            moved += 1
        check_who_is_here(community.world.people[: community.total.people])
    everybody = community.world.people[: community.total.people]
    assert moved > 30
    assert everybody["tie_here"].sum() > 20
    assert (np.isfinite(everybody["left_h"])).sum() > 5


def test_company_keeps_people() -> None:
    talkative = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.leaving.base_per_day": 0.1}
    left = [
        sum(
            simulate(build(nurturing_tree(), {**talkative, "behaviour.company.shelter": shelter}), 85, n).summary["leaves"]
            for n in range(4)
        )
        for shelter in (0.0, 1.0, 20.0)
    ]
    assert left[2] < left[1] < left[0]
