from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.behaviour import lifecycle
from sim.codes import STAGES
from sim.world import PERSON
from tests.sim.people import a_product, an_order, parameters, somebody
from tests.sim.worlds import build, nurturing_tree

DAY = 24.0
NOW = 500 * DAY
P = parameters({"lifecycle": {"new_days": 14.0, "dormant_days": 21.0, "lapsed_days": 120.0}})

OLD = {"admitted_h": 0.0, "ever_member": True}
CASES: list[tuple[dict[str, Any], str]] = [
    # The last hour of each stage, and the first of the next.
    ({**OLD, "admitted_h": NOW - 14 * DAY}, "new"),
    ({**OLD, "admitted_h": NOW - 14 * DAY - 1, "last_session_h": NOW}, "active"),
    ({**OLD, "last_session_h": NOW - 21 * DAY}, "active"),
    ({**OLD, "last_session_h": NOW - 21 * DAY - 1}, "dormant"),
    ({**OLD, "last_session_h": NOW, "orders": 1, "ordered_h": NOW - 120 * DAY}, "active"),
    ({**OLD, "last_session_h": NOW, "orders": 1, "ordered_h": NOW - 120 * DAY - 1}, "lapsed"),
    # An order wakes as a session does.
    ({**OLD, "last_session_h": NOW - 50 * DAY, "orders": 1, "ordered_h": NOW - DAY}, "active"),
    # Nobody has seen them do anything.
    (OLD, "dormant"),
    # Who never bought has not lapsed, whatever the model knows of a purchase before its time.
    ({**OLD, "last_session_h": NOW, "customer": True, "lapsed_h": 1.0}, "active"),
    # What is later in a life goes first: left, new, lapsed, dormant.
    ({**OLD, "member": False, "admitted_h": NOW, "last_session_h": NOW}, "left"),
    ({**OLD, "admitted_h": NOW, "orders": 1, "ordered_h": 0.0}, "new"),
    ({**OLD, "last_session_h": 0.0, "orders": 1, "ordered_h": 0.0}, "lapsed"),
    # Outside groups there is nothing to leave.
    ({"admitted_h": 0.0, "ever_member": False, "member": False, "last_session_h": NOW}, "active"),
]


@pytest.mark.parametrize(("fields", "stage"), CASES)
def test_the_stage_of_somebody(fields: dict[str, Any], stage: str) -> None:
    assert STAGES[lifecycle.stage(somebody(P, **fields), P, NOW)] == stage


def test_the_stages_of_everybody() -> None:
    people = np.zeros(len(CASES), PERSON)
    for place, (fields, _) in enumerate(CASES):
        people[place] = somebody(P, **fields)
    found = lifecycle.stages(people, np.array([P], P.dtype), NOW)
    assert [STAGES[number] for number in found] == [stage for _, stage in CASES]


def test_an_order_is_remembered_by_its_time() -> None:
    person = somebody(P)
    assert person["ordered_h"] == -np.inf
    for now in (30.0, 41.5):
        lifecycle.ordered(person, an_order(), a_product(), P, now)
        assert person["ordered_h"] == now


def test_stages_change_nothing() -> None:
    strict = {"new_days": 0.0, "dormant_days": 0.1, "lapsed_days": 1.0}
    mild, strictly = (simulate(build(nurturing_tree(), changes), 91) for changes in ({}, {"behaviour.lifecycle": strict}))
    assert mild.orders.equals(strictly.orders)
    assert mild.members.drop(columns="stage").equals(strictly.members.drop(columns="stage"))
    # In two weeks everybody is new who has not left; by the strict limits nobody is.
    assert set(mild.members["stage"]) == {"new", "left"}
    assert "new" not in set(strictly.members["stage"])
    assert {"active", "dormant", "lapsed", "left"} <= set(strictly.members["stage"])
    for run in (mild, strictly):
        assert ((run.members["stage"] == "left") == run.members["left_h"].notna()).all()
