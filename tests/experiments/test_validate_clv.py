"""What row 21 computes, on made numbers."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validate.ratios import ratio_of
from experiments.validate.rows.clv_elasticities import Lives, elasticity, loss_by_cost, published_cost, yearly_retention, years_held

YEAR = 365 * 24.0
LIVES = Lives(worth=103.0, kept=0.8, margin=40.0, quarter=100.0, contacts=4.0, cost=2.0, years_held=4.0)


def test_elasticity_of_a_power_is_its_exponent() -> None:
    assert elasticity((0.8**3.5, 0.84**3.5), (0.8, 0.84)) == pytest.approx(3.5)


def test_contacts_cost_what_makes_a_new_customer_cost_the_published_quarters_of_margin() -> None:
    # Every fourth person becomes a customer, who brings 100 yuan a quarter: 261 yuan a customer are 65 a person, not 2.
    assert published_cost(LIVES) == pytest.approx(11.26 / 4.31 * 100 / 4)


def test_who_stays_with_a_constant_chance_is_held_for_the_mean_length_of_a_life() -> None:
    # Margins come at a constant rate until an exponential end: what is left is e^(-hazard age) of the whole, at any rate of discount.
    # Ten years of it are seen; what is held is in terms of the worth of these.
    hazard, force = 0.25, np.log(1.1)
    age = np.arange(0.005, 10.0, 0.01)
    seen = 1 - np.exp(-10 * (hazard + force))
    assert years_held(age * YEAR, np.exp(-hazard * age), 0.1, np.exp(-hazard)) == pytest.approx(1 / hazard / seen, rel=1e-3)


def test_all_customers_of_a_firm_feel_the_cost_of_new_ones_less_than_a_new_one_does() -> None:
    # Worth 105 before a cost of 30: a steady firm holds 4 years of customers, and 1 / ln 1.1 = 10.5 years are ahead.
    ahead = 1 / np.log(1.1)
    exact = 30 * ahead / (105 * 4 + 75 * ahead)
    assert loss_by_cost(LIVES, 30.0, 1e-6, 0.1) == pytest.approx(exact, rel=1e-4)
    assert exact < 30 / 75
    assert loss_by_cost(LIVES._replace(years_held=0.0), 30.0, 1e-6, 0.1) == pytest.approx(30 / 75, rel=1e-4)


def test_ratio_of_means_has_the_interval_of_what_it_does_not_explain() -> None:
    exact = ratio_of(np.array([2.0, 4.0, 9.0]), np.array([1.0, 2.0, 4.5]))
    assert exact[:3] == pytest.approx((2.0, 2.0, 2.0))
    rng = np.random.default_rng(22)
    inside = 0
    for _ in range(200):
        causes = 1.0 + 0.2 * rng.normal(size=10)
        found = ratio_of(3.0 * causes + 0.5 * rng.normal(size=10), causes)
        inside += found.low <= 3.0 <= found.high
    # 95 % of 200 are 190, with a standard deviation of 3.
    assert 178 <= inside <= 199


def test_retention_counts_whole_years_of_who_was_still_there() -> None:
    since = np.array([0.0, 0.0, 0.5 * YEAR, 0.0])
    lapsed = np.array([np.nan, 1.5 * YEAR, 0.6 * YEAR, 0.1 * YEAR])
    # First year: four began (until 1.5 years all were watched), two stayed; second: two began, of whom one stayed.
    assert yearly_retention(since, lapsed, 2.2 * YEAR) == pytest.approx(3 / 6)


def test_retention_of_a_constant_hazard() -> None:
    rng = np.random.default_rng(21)
    lapsed = rng.exponential(YEAR / -np.log(0.8), 20_000)
    # About 90,000 years at risk: a standard error of .0013; four of them.
    assert yearly_retention(np.zeros(20_000), lapsed, 10 * YEAR) == pytest.approx(0.8, abs=0.0053)
