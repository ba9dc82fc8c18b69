"""Classes of groups follow from the columns of their table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.vitality import JUNK_SHARE, SILENT_HOURS
from tests.sim.worlds import build, null_tree, nurturing_tree

DAYS = 14
CALL = {"kind": "check_in", "when": "daily 08:00", "column": "tips", "window": "12h", "pull": 2.0, "every": 50}
PACKET = {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 5.0, "shares": 8}


@pytest.mark.parametrize("item", [CALL, PACKET])
def test_who_answers_or_claims_without_a_word_keeps_no_group_from_being_dead(item: Any) -> None:
    groups = simulate(build(null_tree(item=item), {"horizon_days": DAYS, "population.size": 100}), 7).groups
    assert (groups["interaction_rate_14d"] > 0.1).all()
    assert set(groups["vitality"]) == {"dead"}


def test_dead_is_a_week_without_a_message_unless_it_is_junk() -> None:
    groups = simulate(build(nurturing_tree(), {"horizon_days": DAYS, "behaviour.chat.talkativeness_per_day": 0.0}), 3).groups
    silent = 24.0 * DAYS - np.maximum(groups["last_member_message_h"].fillna(-np.inf), groups["opened_h"]) > SILENT_HOURS
    assert 0 < silent.sum() < len(groups)
    assert ((groups["vitality"] == "dead") == (silent & (groups["promotion_share"] <= JUNK_SHARE))).all()
