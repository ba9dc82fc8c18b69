"""Directions that any sound model has, on paired seeds: the 95 % interval of the paired difference excludes 0.

Each test that demands a strict sign would pass by chance in at most 1 case of 40 if there were no effect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.scenario import Scenario
from sim.simulation import Result
from tests.sim.worlds import Tree, brand_tree, build, interval, strategy_tree

PAIRS = 10


def world(changes: dict[str, Any], **programme: Tree) -> Scenario:
    """Return a world with all behaviour at its defaults and the given items only."""
    tree = {
        "horizon_days": 28.0,
        "population": {"size": 400, "group_size": 100},
        "brand": brand_tree(),
        "strategy": strategy_tree(**programme),
    }
    return build(tree, changes)


class Paired:
    """Runs of two scenarios on the same seeds."""

    def __init__(self, more: Scenario, less: Scenario) -> None:
        self.runs = [(simulate(more, 51, n), simulate(less, 51, n)) for n in range(PAIRS)]

    def differences(self, value: str | Callable[[Result], float]) -> list[float]:
        """Return the paired differences of a metric, or of a function of results."""
        get = value if callable(value) else (lambda run: run.summary[value])
        return [get(more) - get(less) for more, less in self.runs]

    def low(self, value: str | Callable[[Result], float]) -> float:
        """Return the lower end of the interval of the mean difference."""
        return interval(self.differences(value))[0]

    def high(self, value: str | Callable[[Result], float]) -> float:
        """Return the upper end of the interval of the mean difference."""
        return interval(self.differences(value))[1]


def posts(times: str) -> Tree:
    """Return irrelevant posts at the given times of every day."""
    return {"kind": "content_post", "when": f"daily {times}", "column": "noise"}


def test_more_irrelevant_messages_more_exits_and_mutes() -> None:
    paired = Paired(world({}, noise=posts("08:00,11:00,14:00,17:00,20:00")), world({}, noise=posts("20:00")))
    for metric in ("leaves", "mutes", "mean_fatigue"):
        assert paired.low(metric) > 0, metric
    assert paired.high("mean_trust") < 0


def deal(discount: float) -> Scenario:
    """Return a world with one promotion of the hero product, on day 10."""
    item = {"kind": "sales_post", "when": "day 10 12:00", "product": "hero", "discount": discount, "window": "72h"}
    return world({"horizon_days": 14.0}, deal=item)


@pytest.mark.parametrize(("deep", "shallow"), [(0.2, 0.05), (0.5, 0.2)])
def test_a_deeper_discount_sells_more_and_lowers_the_reference_price(deep: float, shallow: float) -> None:
    def units(run: Result) -> float:
        inside = run.orders["time_h"].between(252, 324) & (run.orders["product"] == "soap")
        return float(run.orders.loc[inside, "units"].sum())

    paired = Paired(deal(deep), deal(shallow))
    assert paired.low(units) > 0
    assert paired.high("mean_reference_price") < 0


@pytest.mark.parametrize(
    ("place", "much", "little"), [("behaviour.referral.propensity_mean", 3.0, 1.0), ("strategy.referral.incentive", 2.0, 0.0)]
)
def test_members_who_invite_more_bring_more(place: str, much: float, little: float) -> None:
    paired = Paired(world({place: much}), world({place: little}))
    assert paired.low("joins") > 0
    assert paired.low("k_factor") > 0


def test_more_stock_never_sells_less() -> None:
    def flash(stock: int) -> Scenario:
        item = {"kind": "flash_sale", "when": "Wed,Sat 20:00", "product": "entry", "discount": 0.5, "stock": stock, "window": "4h"}
        return world({}, flash=item)

    def units(run: Result) -> float:
        return float(run.orders.loc[run.orders["kind"] == "limited", "units"].sum())

    paired = Paired(flash(40), flash(3))
    assert min(paired.differences(units)) >= 0
    assert paired.low(units) > 0
    assert np.mean(paired.differences("orders")) >= 0


def test_more_need_more_orders() -> None:
    assert Paired(world({"brand.need.rate_scale_weeks": 1.5}), world({"brand.need.rate_scale_weeks": 2.0})).low("orders") > 0


def test_more_packets_of_the_brand_more_packets_of_members() -> None:
    def packets(times: str) -> Scenario:
        return world({}, packet={"kind": "red_packet", "when": f"daily {times}", "amount_yuan": 40.0, "shares": 20})

    paired = Paired(packets("12:00,20:00"), packets("20:00"))
    assert paired.low("member_packets") > 0
    assert paired.low("member_packets_yuan") > 0


def test_better_content_more_desire_trust_and_sales() -> None:
    def content(quality: float) -> Scenario:
        return world({}, tip={"kind": "content_post", "when": "daily 09:00,19:00", "column": "tips", "quality": quality})

    paired = Paired(content(1.0), content(0.0))
    assert paired.low(lambda run: run.members["desire"].mean()) > 0
    assert paired.low("mean_trust") > 0
    assert paired.low("orders") > 0
