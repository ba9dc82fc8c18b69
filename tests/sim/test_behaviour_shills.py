from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import messaging, simulate
from sim.behaviour import belonging, chat, desire, fatigue, leaving, shills, trust
from sim.codes import IRRELEVANCE, MESSAGES, PRESSURE, SHILL, SILENCE
from sim.encode import parameter_record, product_table, week_profile
from sim.randomness import run_key
from sim.simulation import Result
from sim.world import new_world
from tests.sim.people import a_group, a_message, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree, nurturing_tree

P = parameters({"shills": {"found_chance": 0.3, "betrayal": 20.0}, "trust.loss": 0.02})
PEOPLE = 3000


def test_each_message_is_found_out_with_its_chance_once() -> None:
    first = both = 0
    for key in range(PEOPLE):
        person = somebody(P, key=key)
        shills.seen(person, a_group(), a_message(kind=SHILL, key=5), 1.0, P, 0.0)
        at_once = bool(person["shills_found"])
        assert person["trust"] == pytest.approx(0.5 - at_once * 0.02 * 20 * 0.5)
        shills.seen(person, a_group(), a_message(kind=SHILL, key=6), 1.0, P, 0.0)
        first += at_once
        both += bool(person["shills_found"])
        # A betrayal is felt once.
        assert person["trust"] == pytest.approx(0.5 - bool(person["shills_found"]) * 0.02 * 20 * 0.5)
    assert stats.binomtest(first, PEOPLE, 0.3).pvalue > 0.001
    assert stats.binomtest(both, PEOPLE, 1 - 0.7**2).pvalue > 0.001


@pytest.mark.parametrize("fields", [{"post": -1, "kind": 0}, {"kind": 1}, {"kind": 5}])
def test_other_messages_hide_nothing(fields: dict[str, int]) -> None:
    p = parameters({"shills.found_chance": 1.0})
    person = somebody(p)
    shills.seen(person, a_group(), a_message(**fields), 1.0, p, 0.0)
    assert not person["shills_found"]
    assert person["trust"] == 0.5


def test_a_betrayal_of_zero_costs_nothing() -> None:
    p = parameters({"shills.found_chance": 1.0, "shills.betrayal": 0.0})
    person = somebody(p)
    shills.seen(person, a_group(), a_message(kind=SHILL), 1.0, p, 0.0)
    assert person["shills_found"]
    assert person["trust"] == 0.5


@pytest.mark.parametrize("found", [False, True])
def test_a_shill_passes_for_a_member_until_it_is_seen_through(found: bool) -> None:
    group = a_group()
    person, other = (somebody(P, shills_found=found, talk_clock=1.0, leave_clock=1.0, fatigue_slow=1.0) for _ in range(2))
    for reader, message in ((person, a_message(kind=SHILL)), (other, a_message(post=-1))):
        for mechanism in (trust, desire, chat, leaving, fatigue):
            mechanism.seen(reader, group, message, 0.5, P, 0.0)
    for name in ("trust", "fatigue_fast", "fatigue_slow"):
        assert person[name] == other[name]
    np.testing.assert_array_equal(person["leave_spent"], other["leave_spent"])
    assert person["leave_spent"][IRRELEVANCE] == 0 < person["leave_spent"][PRESSURE]
    # What members write is believed and answered; so is a shill's, until they know.
    assert other["desire"] > 0
    assert other["talk_clock"] < 1
    assert person["desire"] == (0.0 if found else other["desire"])
    assert person["talk_clock"] == (1.0 if found else other["talk_clock"])
    belonging.seen(person, group, a_message(kind=SHILL), 1.0, P, 0.0)
    assert person["belonging"] == 0.0


@pytest.mark.parametrize(("kind", "heard"), [(SHILL, 20.0), (1, -np.inf)])
def test_a_shill_warms_the_group_that_it_writes_in(kind: int, heard: float) -> None:
    scenario = build(null_tree())
    world = new_world(4, 1, 4, parameter_record(scenario, run_key(1, 0)), product_table(scenario.brand), week_profile(scenario.market))
    group = world.groups[0]
    group["members"], group["member_message_h"], group["shill_message_h"] = 4, -np.inf, -np.inf
    world.posts["message"][0] = a_message(kind=kind)
    messaging.publish(world, 0, np.array([0]), np.array([0.5]), np.array([-1]), 20.0)
    warm = kind == SHILL
    assert group["heat"] == warm
    assert group["liveliness"] == pytest.approx(warm / chat.voices(group, world.parameters[0]))
    assert (group["shill_message_h"], group["member_message_h"]) == (heard, -np.inf)
    assert group["counters"][MESSAGES] == 0
    # A week later the group is not yet silent to anybody, if somebody seemed to write.
    p = parameters({"leaving.silence_days": 7.0})
    person = somebody(p)
    leaving.act(person, group, p, 20.0 + 7 * 24.0)
    assert (person["leave_rates"][SILENCE] == 0) == warm


# ---- in small worlds ------------------------------------------------------------------------------------------------

WARM: Tree = {"kind": "shill_chat", "when": "daily 12:00,20:00", "column": "tips"}
SILENT = {"behaviour.leaving.silence_per_day": 0.5, "behaviour.leaving.silence_days": 1.0, "population.size": 200}


def run(changes: dict[str, Any] | None = None, **programme: Tree) -> Result:
    """Return a run of the null world with the given items."""
    return simulate(build(null_tree(**programme), changes), 92)


def test_shills_make_a_silent_group_look_alive() -> None:
    dead, warmed = run(SILENT), run(SILENT, warm=WARM)
    assert dead.summary["leaves"] > 20
    assert warmed.summary["leaves"] == 0


def test_shills_are_no_members() -> None:
    warmed = run(warm=WARM)
    assert set(warmed.messages["kind"]) == {"shill"}
    assert len(warmed.messages) == len(warmed.groups) * 14 * 2 * 3
    assert warmed.messages["seen"].sum() > 100
    assert warmed.daily["messages"].sum() == 0
    assert (warmed.members["messages_written"] == 0).all()
    assert set(warmed.groups["vitality"]) == {"dead"}


@pytest.mark.parametrize("chance", [0.0, 0.02, 1.0])
def test_they_cost_the_trust_of_who_finds_out_and_of_nobody_else(chance: float) -> None:
    # Trust is judged against an expectation: a message of the brand's own would move it.
    judging = {"behaviour.trust": {"gain": 0.01, "loss": 0.02, "expectation": 0.1}, "behaviour.shills.found_chance": chance}
    members = run(judging, warm=WARM).members
    found = members["shills_found"]
    assert ((members["trust"] - np.where(found, 0.3, 0.5)).abs() < 1e-12).all()
    if chance == 0.02:
        assert 5 < found.sum() < len(found) - 5
    else:
        assert (found == (members["messages_read"] > 0) * bool(chance)).all()


def test_shills_set_off_talk() -> None:
    def written(programme: dict[str, Tree], chance: float) -> list[int]:
        changes = {"behaviour.shills": {"found_chance": chance, "betrayal": 0.0}, "behaviour.chat.talkativeness_per_day": 0.3}
        tree = nurturing_tree(**programme)
        return [int(simulate(build(tree, changes), 92, n).members["messages_written"].sum()) for n in range(3)]

    warm = {"warm": {**WARM, "appeal": 3.0}}
    without, believed, exposed = written({}, 0.0), written(warm, 0.0), written(warm, 1.0)
    assert sum(believed) > sum(exposed) > 0
    assert sum(believed) > sum(without)
