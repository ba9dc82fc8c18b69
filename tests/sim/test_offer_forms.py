"""Forms of offers: what members pay, what the brand owes for it, and what its books say of both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from sim import simulate
from sim.simulation import Result
from tests.sim.worlds import Tree, build, fen, null_tree, nurturing_tree

BUSY = {
    "population": {"size": 160, "group_size": 40},
    "horizon_days": 10.0,
    "behaviour.sessions.rate_per_day": 12.0,
    "brand.products.soap.return_rate": 0.2,
}


def run(changes: dict[str, Any] | None = None, **items: Tree) -> Result:
    """Return a run of the null world with the given items, all as loud as can be."""
    programme = {name: {"ring": 1.0, "product": "hero", **item} for name, item in items.items()}
    return simulate(build(null_tree(**programme), {**BUSY, **(changes or {})}), 73)


def on(result: Result, item: str = "it") -> pd.DataFrame:
    """Return the orders that came of an item."""
    return result.orders[result.orders["message"].map(result.messages.set_index("message")["item"]) == item]


def kept(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that were not sent back."""
    return orders[orders["refund_yuan"] == 0]


def share_of(orders: pd.DataFrame, share: float) -> int:
    """Return what a share of each order, to the fen, adds up to."""
    return int(np.floor(fen(orders["paid_yuan"]) * share + 0.5).sum())


def test_spend_and_save_takes_the_saving_off_once_from_the_amount_on() -> None:
    full = {"kind": "spend_and_save", "when": "daily 12:00", "floor_yuan": 120.0, "save_yuan": 40.0}
    result = run(it=full)
    orders = on(result)
    reached = orders["list_yuan"] >= 120.0
    assert 0 < reached.sum() < len(orders)
    assert (fen(orders["discount_yuan"]) == np.where(reached, 4000, 0)).all()
    assert fen(result.summary["discount_cost"]) == 4000 * reached.sum()
    nobody_adds = on(run({"behaviour.terms.willingness": 0.0}, it=full))
    assert (nobody_adds["list_yuan"] >= 120.0).mean() < reached.mean()


def test_a_saving_as_large_as_the_amount_is_refused() -> None:
    with pytest.raises(ValidationError, match="save_yuan: takes less than floor_yuan = 50, got 50"):
        run(it={"kind": "spend_and_save", "when": "daily 12:00", "floor_yuan": 50, "save_yuan": 50})


def test_cashback_is_paid_on_what_was_kept_and_not_beyond_the_budget() -> None:
    item = {"kind": "cashback", "when": "daily 12:00", "back_share": 0.3, "window": "20h", "pays_after": "1d"}
    result = run(it=item)
    orders = on(result)
    assert (orders["refund_yuan"] > 0).any()
    assert fen(result.summary["coupon_cost"]) == share_of(kept(orders), 0.3) > 0
    poor = run({"strategy.budget.items": {"it": 50.0}}, it=item)
    assert 30.0 < poor.summary["coupon_cost"] <= 50.0
    refused = poor.actions[poor.actions["status"] == "refused"]
    assert set(refused["reason"]) == {"budget of the item"}
    assert fen(poor.summary["coupon_cost"]) + fen(refused["cost_yuan"]).sum() == share_of(kept(on(poor)), 0.3)


def test_cashback_as_a_coupon_costs_when_it_is_used() -> None:
    item = {"kind": "cashback", "when": "day 0 12:00", "back_share": 0.5, "pays": "coupon", "pays_after": "1h", "valid": "30d"}
    result = run({"brand.need.rate_scale_weeks": 0.3}, it=item)
    used = fen(result.orders["coupon_yuan"])
    assert fen(result.summary["coupon_cost"]) == used.sum() > 0
    assert used.sum() <= share_of(kept(on(result)), 0.5)
    assert (result.orders["time_h"][used > 0] >= 37.0).all()


def test_a_gift_goes_with_every_order_of_the_amount_that_is_kept() -> None:
    item = {"kind": "gift", "when": "daily 12:00", "floor_yuan": 90.0, "gift_yuan": 3.21, "worth_yuan": 30.0}
    result = run(it=item)
    due = kept(on(result))["paid_yuan"] >= 90.0
    assert 0 < due.sum() < len(due)
    assert fen(result.summary["gift_cost"]) == 321 * due.sum()
    worthless = run(it={**item, "worth_yuan": 0.0})
    assert len(on(worthless)) < len(on(result))


def test_a_presale_delivers_later_to_who_still_wants_it() -> None:
    item = {"kind": "presale", "when": "day 0 12:00", "discount": 0.5, "deposit_share": 0.25, "window": "36h", "delivers_after": "5d"}
    cool = {"behaviour.terms.cooling_per_week": 1.0}
    keeps, returns = run(cool, it=item), run(cool, it={**item, "keeps_deposit": False})
    goods, deposits = (on(keeps)[on(keeps)["kind"] == kind] for kind in ("presale", "deposit"))
    assert len(goods) > 10
    assert len(deposits) > 5
    assert set(on(keeps)["time_h"]) == {12.0 + 36 + 120}
    assert (fen(goods["paid_yuan"]) == goods["units"] * 2495).all()
    assert (fen(deposits["paid_yuan"]) % round(4990 * 0.5 * 0.25) == 0).all()
    assert deposits[["units", "cost_yuan", "refund_yuan"]].eq(0).all(axis=None)
    assert set(on(returns)["kind"]) == {"presale"}
    assert len(on(returns)) == len(goods)
    bound = on(run(cool, it={**item, "deposit_share": 1.0}))
    assert (bound["kind"] == "deposit").sum() < len(deposits)  # who has lapsed meanwhile wants nothing


def test_hype_counts_down_to_the_hour_and_makes_desire() -> None:
    item = {"kind": "hype", "when": "day 3 20:00", "column": "tips", "posts": 3, "spacing": "6h"}
    result = run({"behaviour.desire": {}}, it=item)
    assert sorted(result.messages["time_h"].unique()) == [92.0 - 18, 92.0 - 12, 92.0 - 6]
    announced = run({"behaviour.desire": {}}, it={"kind": "flash_sale", "when": "day 3 20:00", "stock": 0, "announce": "18h"})
    assert announced.members["desire"].sum() == 0 < result.members["desire"].sum()
    seen = result.messages.groupby("time_h")["seen"].sum()
    assert len(seen) == 3


def test_commissions_are_a_share_of_what_contacts_bought() -> None:
    item = {
        "kind": "commission_selling",
        "when": "daily 12:00",
        "discount": 0.4,
        "commission_share": 0.2,
        "window": "3d",
        "join_share": 0.5,
    }
    tree = nurturing_tree(it={"ring": 1.0, "product": "hero", **item})
    result = simulate(build(tree, {"market.pool": 2000, "behaviour.sharing.intensity_per_yuan": 0.3, "strategy.referral": {}}), 5)
    orders = result.orders[result.orders["referrer"] >= 0]
    assert len(orders) > 5
    assert (orders["referrer"] != orders["person"]).all()
    assert fen(result.summary["commission_cost"]) == share_of(kept(orders), 0.2) > 0
    came = result.members.set_index("person").loc[orders["person"]]
    assert (came["channel"] == "referral").any()
    alone = simulate(build(tree, {"market.pool": 2000, "behaviour.sharing.intensity_per_yuan": 0.0, "strategy.referral": {}}), 5)
    assert (alone.orders["referrer"] < 0).all()
    assert alone.summary["commission_cost"] == 0.0


def test_teams_buy_whole_and_others_not_at_all() -> None:
    item = {"kind": "group_buy", "when": "daily 12:00", "discount": 0.5, "team": 3, "window": "20h"}
    result = run(it=item)
    orders = on(result)
    assert len(orders) > 20
    assert set(orders["kind"]) == {"team"}
    assert (fen(orders["paid_yuan"]) == orders["units"] * 2495).all()
    teams = orders.groupby(["offer", "group", "time_h"]).size()
    assert (teams % 3 == 0).all()
    assert on(run(it={**item, "team": 41})).empty
    sizes = [len(on(run(it={**item, "team": team}))) for team in (2, 3, 8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2]


def test_an_incomplete_team_disappoints() -> None:
    item = {"kind": "group_buy", "when": "daily 12:00", "discount": 0.5, "team": 41, "window": "20h"}
    result = run({"behaviour.trust": {"gain": 0.0}}, it={**item, "commercial": 0.0})
    mild = run({"behaviour.trust": {"gain": 0.0, "disappointment": 0.0}}, it={**item, "commercial": 0.0})
    assert result.summary["mean_trust"] < mild.summary["mean_trust"]


def test_a_bargain_costs_what_helpers_left_of_the_price() -> None:
    item = {"kind": "bargain", "when": "daily 12:00", "asks": 4, "cut": 0.1, "deepest": 0.3, "expected": 0.9, "window": "20h"}
    result = run({"market.pool": 500, "behaviour.referral": {"propensity_mean": 0.0, "accept_alone": 0.2}}, it=item)
    orders = on(result)
    prices = fen(orders["paid_yuan"]) / orders["units"]
    assert set(prices) <= {4990, 4491, 3992, 3493}
    assert len(set(prices)) >= 3
    assert (result.members["channel"] == "referral").any()
    helpful = run({"market.pool": 500, "behaviour.sharing.help_contact": 1.0}, it=item)
    assert set(fen(on(helpful)["paid_yuan"]) / on(helpful)["units"]) == {3493}


def test_who_pays_a_membership_pays_less_for_everything_while_it_lasts() -> None:
    item = {
        "kind": "vip_membership",
        "when": "day 0 12:00",
        "fee_yuan": 4.0,
        "discount": 0.2,
        "lasts": "4d",
        "window": "1d",
        "gift_yuan": 1.5,
    }
    result = run({"brand.need.rate_scale_weeks": 0.3}, it=item)
    fees = result.orders[result.orders["kind"] == "membership"].set_index("person")
    assert len(fees) > 20
    assert fees.index.is_unique
    assert (fees["paid_yuan"] == 4.0).all()
    assert fees[["units", "cost_yuan", "refund_yuan"]].eq(0).all(axis=None)
    assert result.summary["gift_cost"] == 1.5 * len(fees)
    goods = result.orders[result.orders["kind"] != "membership"]
    since = goods["time_h"] - goods["person"].map(fees["time_h"])
    inside = (since >= 0) & (since < 96)
    assert inside.sum() > 20
    assert (goods["discount_yuan"] > 0).eq(inside).all()
    assert goods[inside]["product"].nunique() == 2
    dear = run({"brand.need.rate_scale_weeks": 0.3}, it={**item, "fee_yuan": 40.0})
    assert (dear.orders["kind"] == "membership").sum() < len(fees)


def test_the_more_somebody_has_spent_lately_the_less_they_pay() -> None:
    levels = {"silver": {"spend_yuan": 60.0, "discount": 0.1}, "gold": {"spend_yuan": 150.0, "discount": 0.25}}
    result = run({"brand.need.rate_scale_weeks": 0.3, "strategy.tiers": {"window_days": 3.0, "levels": levels}})
    orders = result.orders
    net = orders["paid_yuan"] - orders["refund_yuan"]
    found = set()
    for person, time_h, listed, paid in orders[["person", "time_h", "list_yuan", "paid_yuan"]].itertuples(index=False):
        midnight = time_h // 24 * 24
        lately = (orders["person"] == person) & (orders["time_h"] < midnight) & (orders["time_h"] >= midnight - 72.0)
        spent = net[lately].sum().round(2)
        discount = 0.25 if spent >= 150 else 0.1 if spent >= 60 else 0.0
        assert abs(1.0 - paid / listed - discount) < 0.001
        found.add(discount)
    assert found == {0.0, 0.1, 0.25}


def test_tiers_in_which_more_spending_gives_less_are_refused() -> None:
    levels = {"silver": {"spend_yuan": 60.0, "discount": 0.1}, "gold": {"spend_yuan": 150.0, "discount": 0.05}}
    with pytest.raises(ValidationError, match="more spending never gives a smaller discount"):
        run({"strategy.tiers.levels": levels})
