from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.behaviour import buying
from tests.sim.people import a_group, a_message, a_product, an_offer, an_order, parameters, somebody

P = parameters(
    {
        "buying.advance_days": 7.0,
        "buying.stock_limit_days": 60.0,
        "buying.scarcity": 0.15,
        "buying.countdown": 0.2,
        "buying.countdown_hours": 3.0,
        "buying.social_proof": 0.1,
        "buying.relevance_weight": 1.0,
        "buying.neutral_relevance": 0.5,
        "prices.elasticity": 2.4,
    }
)
NEED = 0.01


def spent(offer: dict[str, Any], relevance: float = 0.5, now: float = 0.0, **fields: Any) -> float:
    """Return what an offer spends from the clock of somebody whose need is .01 an hour."""
    person = somebody(P, need_rate_per_hour=NEED, buy_clock=100.0, **fields)
    buying.offered(person, a_message(), an_offer(**offer), a_product(), relevance, P, now)
    return 100.0 - float(person["buy_clock"])


def multiple(**offer: Any) -> float:
    """Return M of an offer to somebody neutral, at neutral relevance."""
    return float(buying.attraction(somebody(P), an_offer(**offer), 0.5, P, 0.0))


def test_every_factor_is_1_in_the_neutral_state() -> None:
    assert multiple() == 1.0
    assert spent({}) == 0.0
    assert spent({}, relevance=0.1) == 0.0  # below neutral: no dose, and no negative dose


def test_each_factor() -> None:
    assert multiple(price_share=0.8) == pytest.approx(0.8**-2.4)
    assert multiple(limited=True) == pytest.approx(1.15)
    assert multiple(closes_h=0.0) == pytest.approx(1.2)
    assert multiple(closes_h=1.5) == pytest.approx(1.1)
    assert multiple(closes_h=3.0) == pytest.approx(1.0)
    assert multiple(counter=9.0) == pytest.approx(1 + 0.1 * math.log(10))
    assert buying.attraction(somebody(P), an_offer(), 0.9, P, 0.0) == pytest.approx(math.exp(0.4))
    assert buying.attraction(somebody(P, goodwill=1.3), an_offer(), 0.5, P, 0.0) == pytest.approx(1.3)
    assert buying.attraction(somebody(P, offer_lift=1.4), an_offer(), 0.5, P, 0.0) == pytest.approx(1.4)


def test_the_dose_is_need_times_days_brought_forward_times_the_excess() -> None:
    excess = 0.8**-2.4 - 1
    assert spent({"price_share": 0.8}) == pytest.approx(NEED * 24 * 7 * excess)
    assert spent({"price_share": 0.8}, surplus_days=30.0) == pytest.approx(NEED * 24 * 7 * excess / 2)
    assert spent({"price_share": 0.8}, surplus_days=60.0) == 0.0
    assert spent({"price_share": 0.8}, lapsed_h=0.0) == 0.0


def test_the_offer_on_which_the_clock_runs_out_is_remembered() -> None:
    person = somebody(P, need_rate_per_hour=NEED, buy_clock=1.0)
    for number, price in ((3, 0.95), (4, 0.5), (5, 0.2)):
        buying.offered(person, a_message(post=number + 10), an_offer(number=number, price_share=price), a_product(), 0.5, P, 0.0)
    assert person["buy_clock"] < 0
    assert (person["trigger_offer"], person["trigger_post"]) == (4, 14)


def test_what_offers_drew_forward_is_there_once() -> None:
    # A second, equal offer at once finds nothing; a deeper one finds the difference; after W days 1 - 1/e of it is back.
    excess = [price**-2.4 - 1 for price in (0.8, 0.5)]
    person = somebody(P, need_rate_per_hour=NEED, buy_clock=100.0)
    clock = [100.0]
    for price, days in ((0.8, 0.0), (0.8, 0.0), (0.5, 0.0), (0.5, 7.0)):
        buying.elapsed(person, P, days * 24)
        buying.offered(person, a_message(), an_offer(price_share=price), a_product(), 0.5, P, 0.0)
        clock.append(float(person["buy_clock"]))
    dose = NEED * 24 * 7
    expected = [dose * excess[0], 0.0, dose * (excess[1] - excess[0]), dose * excess[1] * (1 - 1 / math.e)]
    np.testing.assert_allclose(-np.diff(clock), expected, atol=1e-12)


def test_organic_rate() -> None:
    for fields, factor in (({}, 1.0), ({"goodwill": 1.5}, 1.5), ({"surplus_days": 15.0}, 0.75), ({"lapsed_h": 5.0}, 0.0)):
        person = somebody(P, need_rate_per_hour=NEED, **fields)
        buying.act(person, a_group(), P, 10.0)
        assert person["buy_rate"] == pytest.approx(NEED * factor)


def test_stock_comes_from_deals_on_storables_and_is_used_up() -> None:
    for storable, price, stock in ((True, 0.8, 36.0), (True, 1.0, 0.0), (False, 0.8, 0.0), (True, 0.3, 36.0)):
        person = somebody(P)
        buying.ordered(person, an_order(price_share=price, units=2), a_product(storable=storable, use_days=18.0), P, 0.0)
        assert person["surplus_days"][0] == stock
    person = somebody(P, surplus_days=2.0)
    buying.elapsed(person, P, 36.0)
    assert person["surplus_days"][0] == 0.5
    buying.elapsed(person, P, 36.0)
    assert person["surplus_days"][0] == 0.0


def test_lapse_after_a_repeat_purchase_only() -> None:
    lapsed = {True: 0, False: 0}
    for customer in lapsed:
        for key in range(3000):
            person = somebody(P, key=key, customer=customer, lapse_probability=0.3)
            buying.ordered(person, an_order(), a_product(), P, 7.0)
            lapsed[customer] += np.isfinite(person["lapsed_h"])
            assert person["customer"]
    assert lapsed[False] == 0
    assert stats.binomtest(lapsed[True], 3000, 0.3).pvalue > 0.001


def test_units_keep_the_mean_and_deals_on_storables_raise_it() -> None:
    p = parameters({"buying.units_shape": 6.0, "buying.deal_quantity": 0.5})
    for deal, storable, mean in ((False, True, 4.0), (True, True, 6.0), (True, False, 4.0)):
        product = a_product(storable=storable)
        units = [buying.draw_units(somebody(p, key=key, units_mean=4.0), deal, product, p, 0) for key in range(4000)]
        assert min(units) >= 1
        # Amounts below 1 are raised to 1: at a mean of 4 and shape 6 that adds less than .001.
        assert stats.ttest_1samp(units, mean).pvalue > 0.001


def test_budgets_are_unit_exponentials_of_the_person_and_the_occasion() -> None:
    person = somebody(P, buy_clock=-0.25)
    values = []
    for _ in range(2000):
        before = float(person["buy_clock"])
        buying.next_budget(person, P)
        values.append(float(person["buy_clock"]) - before)
    assert person["budgets"] == 2000
    assert stats.kstest(values, "expon").pvalue > 0.001
