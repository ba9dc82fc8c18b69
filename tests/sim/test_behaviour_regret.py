from __future__ import annotations

import pytest

from sim.behaviour import regret
from sim.codes import REGRET
from tests.sim.people import a_group, a_message, a_product, an_offer, an_order, parameters, somebody

P = parameters({"regret.strength": 2.0, "regret.recency_days": 21.0, "regret.half_life_days": 30.0})


def after_offer(price: float, days: float, paid: float = 0.9) -> float:
    """Return the regret of somebody who paid a share of list and sees an offer some days later."""
    person = somebody(P)
    regret.ordered(person, an_order(price_share=paid), a_product(), P, 100.0)
    regret.offered(person, a_message(), an_offer(price_share=price), a_product(), 0.5, P, 100.0 + 24 * days)
    return float(person["regret"])


def test_only_a_lower_price_is_regretted() -> None:
    assert after_offer(0.9, 1.0) == after_offer(1.0, 1.0) == 0.0
    assert after_offer(0.6, 0.0) == pytest.approx(2.0 * 0.3)
    assert after_offer(0.6, 21.0) == pytest.approx(2.0 * 0.3 / 2)


def test_the_same_gap_is_felt_once_and_a_wider_one_by_what_is_new() -> None:
    person = somebody(P, paid_share=1.0, paid_h=100.0, paid_product=0)
    felt = []
    for price in (0.8, 0.8, 0.9, 0.7):
        regret.offered(person, a_message(), an_offer(price_share=price), a_product(), 0.5, P, 100.0)
        felt.append(float(person["regret"]))
    strength = felt[0] / 0.2
    assert felt[1] == felt[2] == felt[0] > 0
    assert felt[3] == pytest.approx(strength * 0.3)


def test_another_product_is_not_regretted() -> None:
    person = somebody(P)
    regret.ordered(person, an_order(price_share=0.9, product=1), a_product(), P, 100.0)
    regret.offered(person, a_message(), an_offer(price_share=0.5, product=0), a_product(), 0.5, P, 100.0)
    assert person["regret"] == 0.0


def test_who_never_bought_regrets_nothing() -> None:
    person = somebody(P)
    regret.offered(person, a_message(), an_offer(price_share=0.05), a_product(), 0.5, P, 10.0)
    assert person["regret"] == 0.0
    assert person["trust"] == 0.5


def test_regret_costs_trust_and_goodwill_speaks_in_leaving_and_fades() -> None:
    person = somebody(P, paid_share=1.0, paid_h=0.0, paid_product=0)
    regret.offered(person, a_message(), an_offer(price_share=0.5), a_product(), 0.5, P, 0.0)
    assert person["trust"] == pytest.approx(0.5 - 0.02 * 4.0 * 1.0 * 0.5)
    regret.act(person, a_group(), P, 0.0)
    assert person["goodwill"] == pytest.approx(1 / 1.5)
    assert person["leave_rates"][REGRET] == pytest.approx(0.01 / 24)
    regret.elapsed(person, P, 30 * 24.0)
    assert person["regret"] == pytest.approx(0.5)
