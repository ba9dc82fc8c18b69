from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour import prices
from tests.sim.people import a_message, a_product, an_offer, an_order, parameters, somebody

P = parameters({"prices.elasticity": 2.4, "prices.reference_part": 0.25, "prices.loss_weight": 1.5, "prices.memory_per_week": 0.7})
shares = st.floats(0.05, 1.0)


def response(price: float, reference: float = 1.0, **fields: float) -> float:
    """Return the response of a member of mean deal-proneness to a price."""
    return float(prices.response(somebody(P, reference_price=reference, reference_log=math.log(reference), **fields), price, P))


def test_list_price_is_neutral() -> None:
    assert response(1.0) == 1.0


@given(shares, shares)
def test_the_log_log_slope_at_a_full_reference_is_the_elasticity(one: float, other: float) -> None:
    change = math.log(response(one)) - math.log(response(other))
    assert change == pytest.approx(-2.4 * (math.log(one) - math.log(other)), abs=1e-9)


@given(shares)
def test_a_price_that_is_expected_keeps_only_the_part_outside_the_reference(price: float) -> None:
    assert math.log(response(price, price)) == pytest.approx(-0.75 * 2.4 * math.log(price), abs=1e-9)


@given(shares, shares)
def test_losses_against_the_reference_weigh_more(price: float, reference: float) -> None:
    against = math.log(reference / price)
    weight = 1.0 if against >= 0 else 1.5
    expected = 2.4 * (0.25 * weight * against - 0.75 * math.log(price))
    assert math.log(response(price, reference)) == pytest.approx(expected, abs=1e-9)


def test_elasticity_is_proportional_to_deal_proneness() -> None:
    mean = float(P["prices"]["deal_proneness_mean"])
    assert math.log(response(0.5, deal_proneness=mean / 2)) == pytest.approx(math.log(response(0.5)) / 2)


@pytest.mark.parametrize(("weeks", "kept"), [(0.0, 1.0), (1.0, 0.7), (3.0, 0.343)])
def test_the_reference_moves_on_prices_seen_and_keeps_its_share_a_week(weeks: float, kept: float) -> None:
    for hook, seen in (
        (prices.offered, lambda person: (person, a_message(), an_offer(price_share=0.6), a_product(), 0.5, P, 168.0 * weeks)),
        (prices.ordered, lambda person: (person, an_order(price_share=0.6), a_product(), P, 168.0 * weeks)),
    ):
        person = somebody(P, reference_price=1.0, price_seen_h=0.0)
        hook(*seen(person))
        assert person["reference_price"] == pytest.approx(0.6 + 0.4 * kept)
        assert person["price_seen_h"] == 168.0 * weeks
