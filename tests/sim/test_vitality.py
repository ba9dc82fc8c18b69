"""Classes of groups: what keeps a group from being dead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.simulation import Result
from sim.vitality import SILENT_HOURS
from tests.sim.worlds import build, null_tree, nurturing_tree

DAYS = 14
CALL = {"kind": "check_in", "when": "daily 08:00", "column": "tips", "window": "12h", "pull": 2.0, "every": 50}
PACKET = {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 5.0, "shares": 8}
TIP = {"kind": "content_post", "when": "daily 12:00", "column": "tips"}


def without_a_word(**programme: Any) -> Result:
    """Return two weeks in which nobody ever writes."""
    return simulate(build(null_tree(**programme), {"horizon_days": DAYS, "population.size": 100}), 7)


def test_a_group_in_which_nobody_does_anything_is_dead() -> None:
    result = without_a_word(tip=TIP)
    assert set(result.groups["vitality"]) == {"dead"}
    assert result.groups["last_member_sign_h"].isna().all()


@pytest.mark.parametrize("item", [CALL, PACKET])
def test_a_group_that_answers_or_claims_is_not_dead_without_a_word(item: Any) -> None:
    result = without_a_word(item=item)
    assert (result.members["messages_written"] == 0).all()
    assert result.groups["last_member_message_h"].isna().all()
    assert (result.groups["last_member_sign_h"] > 24.0 * (DAYS - 2)).all()
    assert set(result.groups["vitality"]) == {"value"}


@pytest.mark.parametrize(("last_day", "class_of_it"), [(5, {"dead"}), (9, {"value"})])
def test_it_is_dead_a_week_after_the_last_sign(last_day: int, class_of_it: set[str]) -> None:
    assert set(without_a_word(call={**CALL, "until_day": last_day}).groups["vitality"]) == class_of_it


def test_an_old_packet_does_not_keep_a_group_alive() -> None:
    groups = without_a_word(packet={**PACKET, "when": "day 3 20:00"}).groups
    assert groups["last_member_sign_h"].between(3 * 24 + 20, 4 * 24 + 20).all()
    assert set(groups["vitality"]) == {"dead"}


def test_classes_follow_from_the_columns_of_the_table() -> None:
    groups = simulate(build(nurturing_tree(), {"horizon_days": DAYS, "behaviour.chat.talkativeness_per_day": 0.005}), 3).groups
    signs, words = (groups[f"last_member_{what}_h"].fillna(-np.inf) for what in ("sign", "message"))
    assert (signs >= words).all()
    assert (signs > words).any()
    silent = 24.0 * DAYS - np.maximum(signs, groups["opened_h"]) > SILENT_HOURS
    assert ((groups["vitality"] == "dead") == (silent & (groups["promotion_share"] <= 0.8))).all()
