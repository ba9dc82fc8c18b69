from __future__ import annotations

import pytest

from sim.behaviour import desire
from tests.sim.people import a_group, a_message, parameters, somebody

P = parameters({"desire.gain": 0.25, "desire.half_life_days": 6.0, "desire.weight": 0.5})


def test_half_life() -> None:
    person = somebody(P, desire=1.0)
    for _ in range(12):
        desire.elapsed(person, P, 12.0)
    assert person["desire"] == pytest.approx(0.5)


def test_only_relevant_good_credible_content_is_wanted() -> None:
    person = somebody(P)
    desire.seen(person, a_group(), a_message(quality=0.8, credibility=0.5, commercial=0.25), 0.6, P, 0.0)
    assert person["desire"] == pytest.approx(0.25 * 0.6 * 0.8 * 0.5 * 0.75)
    for fields, relevance in (({"commercial": 1.0}, 1.0), ({"quality": 0.0}, 1.0), ({}, 0.0)):
        other = somebody(P)
        desire.seen(other, a_group(), a_message(**fields), relevance, P, 0.0)
        assert other["desire"] == 0.0


def test_goodwill_saturates() -> None:
    for stock, factor in ((0.0, 1.0), (1.0, 1.25), (1e9, 1.5)):
        person = somebody(P, desire=stock)
        desire.act(person, a_group(), P, 0.0)
        assert person["goodwill"] == pytest.approx(factor)
