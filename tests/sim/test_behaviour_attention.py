from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from sim.behaviour import attention
from tests.sim.people import Record, parameters, somebody

P = parameters({"attention.span_messages": 25.0, "attention.pressure_aversion": 0.2, "attention.muted_opening": 0.1})
MANY = 4000


def share_is(chance: float, happens: Callable[[int], bool]) -> bool:
    """Return whether an event of many people has the chance (binomial test at alpha = .001)."""
    count = sum(bool(happens(key)) for key in range(MANY))
    return bool(stats.binomtest(count, MANY, chance).pvalue > 0.001)


@pytest.mark.parametrize(("fatigue", "muted", "chance"), [(0.0, False, 1.0), (25.0, False, 0.5), (25.0, True, 0.05), (0.0, True, 0.1)])
def test_opening_falls_with_pressure_and_muting(fatigue: float, muted: bool, chance: float) -> None:
    def opens(key: int) -> bool:
        person = somebody(P, key=key, fatigue_fast=fatigue, fatigue_slow=fatigue, muted=muted)
        return bool(attention.opens(person, P, 0.0, np.uint64(3), 0))

    assert share_is(chance, opens)


@pytest.mark.parametrize("on_top", [0, 10, 25, 60])
def test_buried_messages_are_seen_less(on_top: int) -> None:
    person = somebody(P)
    chance = math.exp(-on_top / 25)
    assert share_is(chance, lambda key: attention.sees(person, np.uint64(key), on_top, P))


def test_a_message_seen_under_many_is_seen_under_fewer() -> None:
    person = somebody(P)
    for key in range(500):
        seen = [bool(attention.sees(person, np.uint64(key), on_top, P)) for on_top in range(0, 100, 5)]
        assert seen == sorted(seen, reverse=True)


def test_personal_messages_are_seen_by_their_own_chance() -> None:
    person: Record = somebody(P, muted=True)
    assert share_is(0.3, lambda key: attention.sees_personal(person, np.uint64(key), 0.3, P))
