from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim import kernel, simulate
from sim.behaviour import contagion, ties
from sim.codes import CONTAGION
from sim.encode import parameter_record, product_table, week_profile
from sim.randomness import run_key
from sim.world import PERSON, World, new_world
from tests.sim.people import a_group, parameters, somebody
from tests.sim.worlds import build, null_tree, nurturing_tree

P = parameters({"contagion": {"per_day": 0.01, "memory_days": 30.0}, "ties.friend_strength": 2.0})


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


@pytest.mark.parametrize("per_day", [0.0, 0.01])
def test_leaving_grows_with_the_exits(per_day: float) -> None:
    p = parameters({"contagion.per_day": per_day})
    for exits in (0.0, 0.5, 3.0):
        person = somebody(p, tie_exits=exits)
        contagion.act(person, a_group(), p, 0.0)
        assert person["leave_rates"][CONTAGION] == pytest.approx(per_day * exits / 24)
        assert person["leave_rates"].sum() == person["leave_rates"][CONTAGION]


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
            kernel.spread_news(world, 2)
        assert world.people["tie_exits_new"].tolist() == [0.0, heard]


# ---- in small worlds ------------------------------------------------------------------------------------------------

LEAVING = {"behaviour.chat.talkativeness_per_day": 1.0, "behaviour.leaving.base_per_day": 0.05}


def test_nobody_catches_it_without_ties() -> None:
    alone = {
        "behaviour.ties": {"inviter_strength": 0.0, "answer_strength": 0.0},
        "behaviour.contagion.per_day": 1.0,
        "behaviour.giving.tie_strength": 0.0,
    }
    lonely = simulate(build(nurturing_tree(), {**LEAVING, **alone}), 87).members
    assert lonely["left_h"].notna().sum() > 10
    assert (lonely["tie_exits"] == 0).all()
    assert (lonely["share_contagion"].dropna() == 0).all()


def test_the_more_catching_the_more_leave_for_that_cause() -> None:
    runs = [simulate(build(nurturing_tree(), {**LEAVING, "behaviour.contagion.per_day": rate}), 87) for rate in (0.0, 0.05, 1.0)]
    shares = [run.members["share_contagion"].sum() for run in runs]
    assert shares[0] == 0 < shares[1] < shares[2]
    assert (runs[2].members["tie_exits"] > 0).any()
    assert runs[2].summary["leaves"] > runs[0].summary["leaves"]
