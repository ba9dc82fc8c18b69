"""What row 21 computes, on made numbers."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validate.ratios import ratio_of
from experiments.validate.rows.clv_elasticities import Lives, at_published_cost, elasticity, yearly_retention
from experiments.validate.worlds import build, null_tree

YEAR = 365 * 24.0


def test_elasticity_of_a_power_is_its_exponent() -> None:
    assert elasticity((0.8**3.5, 0.84**3.5), (0.8, 0.84)) == pytest.approx(3.5)


def test_contacts_cost_what_makes_a_new_customer_cost_the_published_quarters_of_margin() -> None:
    # Every fourth person becomes a customer, who brings 100 yuan a quarter: 261 yuan a customer are 65 a person, not 2.
    shipped = build(null_tree())
    lives = Lives(worth=0.0, kept=0.8, margin=40.0, quarter=100.0, contacts=4.0, cost=2.0)
    dear = at_published_cost(shipped, lives)
    for name, channel in shipped.brand.channels.items():
        assert dear.brand.channels[name].cost_yuan == pytest.approx(channel.cost_yuan * 11.26 / 4.31 * 100 / (2 * 4))


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
