from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour import trust
from sim.codes import DISTRUST
from tests.sim.people import a_group, a_message, parameters, somebody

P = parameters()


def moved(value: float, start: float = 0.5) -> float:
    """Return by how much one experience moves trust."""
    person = somebody(P, trust=start)
    trust.experience(person, value, P)
    return float(person["trust"]) - start


def test_a_bad_experience_weighs_twice_a_good_one() -> None:
    assert moved(1.0) == pytest.approx(0.01 * 0.5)
    assert moved(-1.0) == pytest.approx(-2 * moved(1.0))
    assert moved(0.3, 0.9) == pytest.approx(0.01 * 0.3 * 0.1)
    assert moved(-0.3, 0.9) == pytest.approx(-0.02 * 0.3 * 0.9)
    assert moved(0.0) == 0.0


@given(st.lists(st.floats(-1e6, 1e6), max_size=30), st.floats(0, 1))
def test_trust_stays_between_0_and_1(values: list[float], start: float) -> None:
    person = somebody(P, trust=start)
    for value in values:
        trust.experience(person, value, P)
        assert 0 <= person["trust"] <= 1


@pytest.mark.parametrize(
    ("fields", "relevance", "worth"),
    [
        ({"credibility": 0.8, "quality": 0.5}, 0.5, 0.8 * 0.5 * 0.5 - 0.1),
        ({"commercial": 1.0}, 0.2, -0.5 * 0.8 - 0.1),
        ({"commercial": 0.5, "credibility": 0.6}, 0.4, 0.6 * 0.4 * 0.5 - 0.5 * 0.5 * 0.6 - 0.1),
    ],
)
def test_what_a_message_of_the_brand_is_worth(fields: dict[str, float], relevance: float, worth: float) -> None:
    person = somebody(P)
    trust.seen(person, a_group(), a_message(**fields), relevance, P, 0.0)
    assert person["trust"] - 0.5 == pytest.approx(moved(worth))


def test_talk_among_members_is_no_promise_of_the_brand() -> None:
    person = somebody(P)
    trust.seen(person, a_group(), a_message(post=-1), 1.0, P, 0.0)
    assert person["trust"] == 0.5


def test_trust_speaks_in_goodwill_and_distrust_in_leaving() -> None:
    for value, factor, rate in ((0.5, 1.0, 0.0), (0.7, math.exp(0.2), 0.0), (0.2, math.exp(-0.3), 0.02 * 0.3 / 24)):
        person = somebody(P, trust=value)
        trust.act(person, a_group(), P, 0.0)
        assert person["goodwill"] == pytest.approx(factor)
        assert person["leave_rates"][DISTRUST] == pytest.approx(rate)
