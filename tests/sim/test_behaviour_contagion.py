from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim import moving, simulate
from sim.behaviour import contagion, leaving, ties
from sim.codes import BASE, CONTAGION, DISTRUST, IRRELEVANCE, PRESSURE
from sim.encode import parameter_record, product_table, week_profile
from sim.randomness import run_key
from sim.world import MESSAGE, PERSON, World, new_world
from tests.sim.people import a_group, filled, parameters, somebody
from tests.sim.worlds import build, null_tree, nurturing_tree

P = parameters({"contagion": {"excess": 0.5, "memory_days": 30.0}, "ties.friend_strength": 2.0})


def crowd(groups: list[int], leaver_s_ties: dict[int, float]) -> Any:
    """Return people in the given groups, of whom the first knows some others."""
    people = np.zeros(len(groups), PERSON)
    people["group"] = groups
    for other, strength in leaver_s_ties.items():
        ties.strengthen(people[0], other, strength)
    return people


def test_only_ties_hear_of_it_in_the_same_group_or_elsewhere() -> None:
    for elsewhere, heard in ((False, [0, 0.5, 1, 0, 0, 0]), (True, [0, 0, 0, 0, 0.25, 0])):
        people = crowd([3, 3, 3, 3, 4, 4], {1: 1.0, 2: 7.0, 4: 0.5})
        contagion.tell(people, 0, P, elsewhere)
        assert people["tie_exits_new"].tolist() == heard


def test_exits_of_several_ties_add_up_and_are_taken_in_once() -> None:
    person = somebody(P, tie_exits=1.0, tie_exits_new=1.5)
    contagion.elapsed(person, P, 24 * 30.0)
    assert person["tie_exits"] == pytest.approx(1 / math.e + 1.5)
    contagion.elapsed(person, P, 0.0)
    assert person["tie_exits"] == pytest.approx(1 / math.e + 1.5)


def test_exits_fade_in_one_step_or_many() -> None:
    once, often = somebody(P, tie_exits=2.0), somebody(P, tie_exits=2.0)
    contagion.elapsed(once, P, 24 * 60.0)
    for _ in range(12):
        contagion.elapsed(often, P, 24 * 5.0)
    assert once["tie_exits"] == pytest.approx(2 * math.exp(-2))
    assert often["tie_exits"] == pytest.approx(once["tie_exits"])


@pytest.mark.parametrize("excess", [0.0, 0.5])
@pytest.mark.parametrize("exits", [0.0, 0.4, 3.0])
def test_exits_multiply_all_that_makes_a_member_leave(excess: float, exits: float) -> None:
    p = parameters({"contagion.excess": excess, "leaving.irrelevance_dose": 0.001})
    fields = {
        "member": True,
        "frailty": 1.3,
        "shelter": 1.7,
        "joined_h": 0.0,
        "last_h": 48.0,
        "fatigue_slow": 3.0,
        "tolerance_per_week": 5.0,
        "leave_clock": 1.0,
    }
    alone, bereft = (somebody(p, **fields, tie_exits=each) for each in (0.0, exits))
    for person in (alone, bereft):
        person["leave_rates"][:] = 0.0
        person["leave_rates"][DISTRUST] = 0.01
        leaving.act(person, a_group(), p, 48.0)
        leaving.seen(person, a_group(), filled(MESSAGE, load=2.0, post=0), 0.3, p, 48.0)
        leaving.spend_time(person, p, 5.0)
    spent, without = bereft["leave_spent"].copy(), alone["leave_spent"].copy()
    caught = spent[CONTAGION]
    spent[CONTAGION] = 0.0
    assert (without[[BASE, PRESSURE, DISTRUST, IRRELEVANCE]] > 0.0).all()
    np.testing.assert_allclose(spent, without, rtol=1e-12)
    assert caught == pytest.approx(excess * exits * without.sum())
    fallen = float(alone["leave_clock"]) - float(bereft["leave_clock"])
    assert fallen == pytest.approx(caught, abs=1e-12)


def news_world(**leaver: Any) -> World:
    """Return a world in which the first person, of group 0, knows the second, of group 1."""
    scenario = build(null_tree())
    world = new_world(2, 2, 2, parameter_record(scenario, run_key(1, 0)), product_table(scenario.brand), week_profile(scenario.market))
    world.people["group"] = [0, 1]
    world.people["left_h"] = np.inf
    ties.meet(world.people, 0, 1, 9.0)
    for name, value in leaver.items():
        world.people[name][0] = value
    return world


def test_news_travels_at_midnight_and_once() -> None:
    gone = {"ever_member": True, "member": False, "left_h": 30.0}
    for fields, heard in ((gone, 1.0), ({**gone, "missed": True}, 0.0), ({"ever_member": True, "member": True}, 0.0), ({}, 0.0)):
        world = news_world(**fields)
        for _ in range(3):
            moving.spread_news(world, 2)
        assert world.people["tie_exits_new"].tolist() == [0.0, heard]


# ---- in small worlds ------------------------------------------------------------------------------------------------

LEAVING = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.leaving.base_per_day": 0.05}


def test_nobody_catches_it_without_ties() -> None:
    alone = {
        "behaviour.ties": {"inviter_strength": 0.0, "answer_strength": 0.0},
        "behaviour.contagion.excess": 20.0,
        "behaviour.giving.tie_strength": 0.0,
    }
    lonely = simulate(build(nurturing_tree(), {**LEAVING, **alone}), 87).members
    assert lonely["left_h"].notna().sum() > 10
    assert (lonely["tie_exits"] == 0).all()
    assert (lonely["share_contagion"].dropna() == 0).all()


def test_the_more_catching_the_more_leave_for_that_cause() -> None:
    runs = [simulate(build(nurturing_tree(), {**LEAVING, "behaviour.contagion.excess": excess}), 87) for excess in (0.0, 1.0, 20.0)]
    shares = [run.members["share_contagion"].sum() for run in runs]
    assert shares[0] == 0 < shares[1] < shares[2]
    assert (runs[2].members["tie_exits"] > 0).any()
    assert runs[2].summary["leaves"] > runs[0].summary["leaves"]
