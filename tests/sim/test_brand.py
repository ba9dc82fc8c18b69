"""The brand at work: whose turn it is, what caps and budgets refuse, and what each kind of action does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import simulate
from sim.brand.budget import Purse
from sim.brand.strategy import Budget
from sim.simulation import Result
from tests.sim.naive.observe import observe
from tests.sim.worlds import Tree, build, fen, null_tree, nurturing_tree

TIP = {"kind": "content_post", "column": "tips"}
TINY = {"population": {"size": 80, "group_size": 20}, "horizon_days": 7.0, "behaviour.sessions.rate_per_day": 12.0}


def run(items: dict[str, Tree], changes: dict[str, Any] | None = None, seed: int = 71) -> Result:
    """Return a run of the null world, in groups of up to 20, with the given items."""
    return simulate(build(null_tree(**items), {**TINY, **(changes or {})}), seed)


def done(result: Result) -> pd.DataFrame:
    """Return what the brand did, without what it was refused."""
    return result.actions[result.actions["status"] == "done"]


# ---- turns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("b", "a", "c", "urgent", "late"), ("late", "urgent", "c", "b", "a")])
def test_actions_of_a_minute_take_turns_by_priority_and_name(order: tuple[str, ...]) -> None:
    priorities = {"a": 5, "b": 5, "c": 5, "urgent": 1, "late": 9}
    result = run({name: {**TIP, "when": "daily 10:00", "priority": priorities[name]} for name in order})
    first_group = result.messages[(result.messages["time_h"] == 10.0) & (result.messages["group"] == 0)]
    assert first_group["item"].tolist() == ["urgent", "a", "b", "c", "late"]


def test_long_actions_wait_for_their_turn_too() -> None:
    # A KOL's second post, an announced flash sale's opening and a plain post, all at 10:00 sharp, woken at different times.
    items = {
        "zeta": {**TIP, "when": "day 1 10:00", "priority": 1},
        "kol": {"kind": "kol_session", "when": "day 1 09:00", "posts": 2, "spacing": "1h", "priority": 2, "fee_yuan": 0.0},
        "flash": {"kind": "flash_sale", "when": "day 1 10:00", "product": "hero", "stock": 1, "announce": "3h", "priority": 3},
        "alpha": {**TIP, "when": "day 1 10:00", "priority": 4},
    }
    messages = run(items).messages
    sharp = messages[(messages["time_h"] == 34.0) & (messages["group"] == 0)]
    assert sharp["item"].tolist() == ["zeta", "kol", "flash", "alpha"]


def test_scarce_money_goes_to_whom_the_turn_comes_first() -> None:
    items = {
        name: {"kind": "red_packet", "when": "day 0 10:00", "amount_yuan": 10.0, "shares": 2, "priority": n} for n, name in enumerate("zyx")
    }
    groups = len(run({}).groups)
    result = run(items, {"strategy.budget.total_yuan": 10.0 * groups + 9.99})
    assert set(done(result)["item"]) == {"z"}
    refused = result.actions[result.actions["status"] == "refused"]
    assert set(refused["item"]) == {"y", "x"}
    assert set(refused["reason"]) == {"total budget"}


# ---- caps and budgets -----------------------------------------------------------------------------------------------


@given(
    st.integers(1, 500),
    st.integers(0, 30),
    st.none() | st.integers(0, 20_00),
    st.none() | st.integers(0, 20_00),
    st.none() | st.integers(0, 20_00),
)
def test_the_purse_says_how_often_it_can_be_asked(fen: int, most: int, total: int | None, month: int | None, own: int | None) -> None:
    yuan = {name: None if limit is None else limit / 100 for name, limit in (("total_yuan", total), ("month_yuan", month))}
    purse = Purse(Budget(**yuan, items={} if own is None else {"item": own / 100}))
    purse.spend(fen, "another", 800.0)
    expected = purse.times(fen, most, "item", 10.0)
    paid = 0
    while paid < most and not purse.refusal(fen, "item", 10.0):
        purse.spend(fen, "item", 10.0)
        paid += 1
    assert paid == expected


@pytest.mark.parametrize("cap", [0, 1, 2])
def test_the_cap_on_mass_messages_refuses_and_records(cap: int) -> None:
    items = {name: {**TIP, "when": "daily 10:00,18:00", "delivery": "mass"} for name in ("one", "two")}
    items["typed"] = {**TIP, "when": "daily 09:00"}
    result = run(items, {"strategy.caps.mass_per_group_day": cap})
    groups, days = len(result.groups), 7
    counts = result.actions.groupby(["status", "item"]).size()
    assert counts[("done", "typed")] == groups * days
    mass = result.actions[result.actions["item"] != "typed"]
    assert (mass["status"] == "done").sum() == groups * days * cap
    refused = mass[mass["status"] == "refused"]
    assert len(refused) == groups * days * (4 - cap) == result.summary["refused_actions"]
    assert (refused["reason"] == "cap of the platform").all()
    assert len(result.messages) == len(done(result))


def test_personal_mass_messages_have_a_cap_of_their_own() -> None:
    items: dict[str, Tree] = {
        "note": {"kind": "coupon", "when": "daily 10:00,18:00"},
        "tip": {**TIP, "when": "daily 12:00", "delivery": "mass"},
    }
    result = run(items, {"strategy.caps": {"mass_per_group_day": 1, "mass_per_person_day": 1}})
    counts = result.actions.groupby(["item", "status"]).size() / len(result.groups) / 7
    assert counts.to_dict() == {("note", "done"): 1.0, ("note", "refused"): 1.0, ("tip", "done"): 1.0}


def test_a_kol_without_money_for_the_fee_does_not_come() -> None:
    kol = {"kind": "kol_session", "when": "day 1 10:00", "fee_yuan": 100.0, "outsiders": 50}
    poor, rich = (run({"kol": kol}, {"strategy.budget.total_yuan": yuan}) for yuan in (99.99, 10_000.0))
    assert poor.messages.empty
    assert len(poor.members) == len(run({}).members)
    (refusal,) = poor.actions.to_dict("records")
    assert (refusal["status"], refusal["reason"], refusal["cost_yuan"]) == ("refused", "total budget", 100.0)
    assert poor.summary["kol_cost"] == 0.0
    assert rich.summary["kol_cost"] == 100.0
    assert len(rich.members) > len(poor.members)


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        ({"total_yuan": 25.0}, "total budget"),
        ({"month_yuan": 25.0}, "budget of the month"),
        ({"items": {"tip": 25.0}}, "budget of the item"),
    ],
)
def test_each_budget_refuses_with_its_reason(budget: dict[str, Any], reason: str) -> None:
    result = run({"tip": {**TIP, "when": "daily 10:00", "production_yuan": 10.0}}, {"strategy.budget": budget})
    assert result.summary["staff_cost"] == 20.0
    refused = result.actions[result.actions["status"] == "refused"]
    assert refused["time_h"].tolist() == [58.0, 82.0, 106.0, 130.0, 154.0]
    assert set(refused["reason"]) == {reason}


amounts = st.lists(st.tuples(st.integers(-500, 3000), st.sampled_from("abc"), st.floats(0, 2000)), max_size=40)


@given(amounts, st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 3000))
def test_a_purse_is_never_overdrawn(payments: list[tuple[int, str, float]], total: int, month: int, item: int) -> None:
    purse = Purse(Budget(total_yuan=total / 100, month_yuan=month / 100, items={"a": item / 100}))
    spent: list[tuple[int, str, int]] = []
    for amount, name, hour in payments:
        if amount > 0 and purse.refusal(amount, name, hour):
            now = int(hour // 720)
            in_month = sum(paid for paid, _, when in spent if when == now)
            on_item = sum(paid for paid, who, _ in spent if who == "a")
            over = [sum(paid for paid, _, _ in spent) + amount > total, in_month + amount > month, name == "a" and on_item + amount > item]
            assert any(over)
            continue
        if amount < 0 and sum(paid for paid, _, _ in spent) + amount < 0:
            continue
        purse.spend(amount, name, hour)
        spent.append((amount, name, int(hour // 720)))
        assert purse.spent_fen == sum(paid for paid, _, _ in spent) <= total


# ---- kinds of action ------------------------------------------------------------------------------------------------

FLASH = {"kind": "flash_sale", "when": "day 2 20:00", "product": "hero", "discount": 0.6, "window": "2h", "announce": "5h"}
CROWD = {"population.size": 400, "population.group_size": 100, "behaviour.sessions.rate_per_day": 40.0, "brand.need.rate_scale_weeks": 0.3}


def test_a_flash_sale_announces_opens_sells_out_and_refuses() -> None:
    result = run({"flash": {**FLASH, "stock": 15}}, CROWD)
    assert result.messages.groupby("time_h").size().to_dict() == {63.0: len(result.groups), 68.0: len(result.groups)}
    sold = result.orders[result.orders["kind"] == "limited"]
    assert sold["units"].sum() == 15
    assert sold["time_h"].between(68.0, 70.0, inclusive="left").all()
    assert sold["product"].eq("soap").all()
    np.testing.assert_array_equal(fen(sold["paid_yuan"]), 1996 * sold["units"])
    # Who came too late is disappointed: with trust neutral but for losses, that is the only thing that lowers it.
    upset = run(
        {"flash": {**FLASH, "stock": 15, "commercial": 0.0, "credibility": 1.0}},
        {**CROWD, "behaviour.trust": {"gain": 0, "loss": 0.02, "expectation": 0}},
    )
    never = run(
        {"flash": {**FLASH, "stock": 1_000_000, "commercial": 0.0, "credibility": 1.0}},
        {**CROWD, "behaviour.trust": {"gain": 0, "loss": 0.02, "expectation": 0}},
    )
    assert (upset.members["trust"] < 0.5).sum() > 5
    assert (never.members["trust"] == 0.5).all()


def test_a_flash_sale_that_is_not_sold_out_ends_with_its_window() -> None:
    result = run({"flash": {**FLASH, "stock": 10_000}}, CROWD)
    sold = result.orders[result.orders["kind"] == "limited"]
    assert len(sold) > 20
    assert sold["time_h"].between(68.0, 70.0, inclusive="left").all()
    assert sold["person"].is_unique  # an offer is acted on once


def test_no_stock_no_sale() -> None:
    assert not (run({"flash": {**FLASH, "stock": 0}}, CROWD).orders["kind"] == "limited").any()


def test_offers_are_bought_within_their_window_only() -> None:
    result = run({"deal": {"kind": "sales_post", "when": "day 2 20:00", "product": "hero", "discount": 0.6, "window": "3h"}}, CROWD)
    sold = result.orders[result.orders["kind"] == "offer"]
    assert len(sold) > 20
    assert sold["time_h"].between(68.0, 71.0, inclusive="left").all()
    assert (sold["channel"] == "sales").all()
    np.testing.assert_array_equal(fen(sold["paid_yuan"]), 1996 * sold["units"])


def test_a_welcome_reaches_newcomers_only() -> None:
    hello = {"kind": "welcome", "when": "day 2 00:00", "ring": 1.0}
    result = run({"hello": hello}, {"strategy.leads": {"door": 10.0}, "brand.channels.door.join_share": 0.7})
    joined = result.members["joined_h"]
    newcomers = (joined >= 48.0).sum()
    assert 10 < newcomers < (result.members["admitted_h"] >= 48.0).sum()
    assert result.messages["delivered"].sum() == newcomers
    assert 0 < result.messages["seen"].sum() <= newcomers
    late = run({"hello": {**hello, "when": "day 0 00:00"}}, {"strategy.leads": {"door": 10.0}})
    # The founders arrive at midnight of day 0, after the brand has set its welcome.
    assert late.messages["delivered"].sum() == late.members["joined_h"].notna().sum()


def test_groups_that_open_later_greet_too() -> None:
    result = run({"hello": {"kind": "welcome"}}, {"strategy.leads": {"door": 30.0}, "brand.channels.door.join_share": 1.0})
    opened = result.groups[result.groups["opened_h"] > 0]
    assert len(opened) > 3
    greeted = result.messages.groupby("group")["delivered"].sum()
    assert (greeted[opened["group"]].to_numpy() == opened["members"].to_numpy()).all()


def test_a_coupon_is_used_once_and_counted_as_a_cost() -> None:
    note = {"kind": "coupon", "when": "day 1 09:00", "amount_yuan": 6.5, "valid": "5d", "delivery": "staff"}
    changes = {"brand.need.rate_scale_weeks": 0.3, "behaviour.sessions.rate_per_day": 40.0, "brand.products.soap.return_rate": 0.0}
    result = run({"note": note}, changes)
    used = result.orders[result.orders["coupon_yuan"] > 0]
    assert len(used) > 20
    assert used["person"].is_unique
    assert set(fen(used["coupon_yuan"])) == {650}
    assert result.summary["coupon_cost"] == pytest.approx(6.5 * len(used))
    assert used["time_h"].between(33.0, 33.0 + 2 * 120).all()
    assert (used["message"] >= 0).all()
    again = result.orders[result.orders["person"].isin(used["person"])].groupby("person").size()
    assert (again > 1).any()
    # A floor that no order reaches: nobody can use it. A coupon above the price: the order is free, not paid out.
    assert run({"note": {**note, "floor_yuan": 1e6}}, changes).summary["coupon_cost"] == 0.0
    large = run({"note": {**note, "amount_yuan": 1e4}}, changes).orders
    assert (large["coupon_yuan"] <= large["paid_yuan"]).all()
    assert (fen(large["coupon_yuan"]) == fen(large["paid_yuan"])).any()


def test_red_packets_come_back_after_a_day() -> None:
    packet = {"kind": "red_packet", "when": "day 1 03:00", "amount_yuan": 20.0, "shares": 50}
    result = run({"packet": packet})
    daily = result.daily[result.daily["group"] >= 0].pivot_table(index="day", columns="group", values="red_packets_yuan")
    assert (daily.loc[1] == 20.0).all()
    assert (daily.loc[2] < 0).all()
    assert (daily.loc[[0, 3, 4, 5, 6]] == 0).all(axis=None)
    assert 0 < fen(result.summary["red_packet_cost"]) < 2000 * len(result.groups)
    # What came back can be spent again: two packets in a row fit a purse that holds one and what is not claimed of it.
    twice = {"one": packet, "two": {**packet, "when": "day 3 03:00"}}
    groups = len(result.groups)
    again = run(twice, {"strategy.budget.total_yuan": 20.0 * groups + float(result.summary["red_packet_cost"])})
    assert (done(again)["kind"] == "red_packet").sum() == 2 * groups


def test_shills_write_one_message_after_another_in_every_group() -> None:
    warm = {"kind": "shill_chat", "when": "day 1 10:00,21:00", "messages": 4, "spacing": "20min"}
    result = run({"warm": warm})
    times = [start + nth / 3 for start in (34.0, 45.0) for nth in range(4)]
    for _, messages in result.messages.groupby("group"):
        np.testing.assert_allclose(messages["time_h"].sort_values(), times)
    assert len(result.messages) == len(times) * len(result.groups)
    assert (result.messages["kind"] == "shill").all()
    # They do not ring: everybody comes when they would have come.
    assert result.summary["sessions"] == run({}).summary["sessions"]
    assert result.summary["contribution"] == run({}).summary["contribution"]


def test_each_message_of_a_shill_is_one_of_its_own() -> None:
    warm = {"kind": "shill_chat", "when": "day 1 10:00,21:00", "messages": 3}
    community = observe(build(null_tree(warm=warm), TINY), 71, 0).community
    keys = community.world.posts["message"]["key"][: community.total.posts].tolist()
    # Draws hang on the key: the same in every group, another for every message and occasion.
    assert set(Counter(keys).values()) == {community.total.groups}
    assert len(set(keys)) == 2 * 3


def test_shills_are_typed() -> None:
    with pytest.raises(ValueError, match="delivery"):
        run({"warm": {"kind": "shill_chat", "when": "day 1 10:00", "delivery": "mass"}})


# ---- people who come ------------------------------------------------------------------------------------------------


def test_arrivals_are_poisson_paid_for_and_spread_over_the_day() -> None:
    result = run({}, {"strategy.leads": {"door": 40.0}, "horizon_days": 30.0, "population.size": 1})
    came = result.members[result.members["channel"] == "door"]
    by_day = np.bincount((came["admitted_h"] // 24).astype(int), minlength=30)
    dispersion = ((by_day - 40.0) ** 2).sum() / 40.0
    assert stats.poisson(30 * 40.0).cdf(len(came)) == pytest.approx(0.5, abs=0.4995)
    assert stats.chi2(30).cdf(dispersion) == pytest.approx(0.5, abs=0.4995)
    assert stats.kstest(came["admitted_h"] % 24 / 24, "uniform").pvalue > 0.001
    assert fen(result.summary["acquisition_cost"]) == 300 * len(came)
    # 60 % of the door's contacts enter a group.
    assert stats.binomtest(int(came["joined_h"].notna().sum()), len(came), 0.6).pvalue > 0.001


def test_contacts_that_cannot_be_paid_do_not_come() -> None:
    result = run({}, {"strategy.leads": {"door": 40.0}, "strategy.budget.items": {"door": 100.0}})
    assert (result.members["channel"] == "door").sum() == 33
    assert result.summary["acquisition_cost"] == 99.0
    assert set(result.actions["reason"]) == {"budget of the item"}


def test_the_same_contacts_come_under_two_strategies() -> None:
    # Freeloaders need less, and the null world has none: as many in both, or the people themselves would differ.
    leads = {"strategy.leads": {"door": 8.0}, "behaviour.freeloading.share": 0.05}
    bare = run({}, leads).members
    busy = simulate(build(nurturing_tree(), {**TINY, **leads, "behaviour.referral.propensity_mean": 0.0}), 71).members
    columns = ["key", "admitted_h", "need_rate_per_week", "session_rate_per_day", "gender", "region"]
    one, other = (table.loc[table["channel"] == "door", columns].reset_index(drop=True) for table in (bare, busy))
    assert len(one) > 30
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_kol_brings_outsiders_over_the_days_that_follow() -> None:
    kol = {"kind": "kol_session", "when": "day 1 12:00", "fee_yuan": 1.0, "outsiders": 200, "outsider_days": 3.0, "posts": 1}
    result = run({"kol": kol})
    came = result.members[result.members["channel"] == "kol"]
    # They come from the midnight that follows on, for what is left of the three days then: 2.5 of 3 days.
    assert came["admitted_h"].between(48.0, 120.0).all()
    assert stats.poisson(200 * 2.5 / 3).cdf(len(came)) == pytest.approx(0.5, abs=0.4995)
    assert fen(result.summary["acquisition_cost"]) == 150 * len(came)


def test_groups_open_when_the_others_are_full() -> None:
    result = run({}, {"strategy.leads": {"door": 40.0}, "brand.channels.door.join_share": 1.0})
    assert (result.groups["members"] <= 20).all()
    assert (result.groups["opened_h"] > 0).sum() > 5
    assert result.groups["members"].sum() == result.members["joined_h"].notna().sum()
    # No more groups than are needed: at most one of them is not full.
    assert (result.groups["members"] < 20).sum() <= 1


def test_without_a_community_there_are_no_groups_and_no_actions() -> None:
    result = simulate(build(nurturing_tree(), {"strategy.community": False}), 71)
    assert result.groups.empty
    assert result.messages.empty
    assert result.summary["joins"] == 0
    assert (result.orders["kind"] == "organic").all()
    assert (result.members["channel"] == "door").any()


def test_a_referrer_is_rewarded_for_everybody_who_came() -> None:
    changes = {"strategy.referral.reward_yuan": 3.21, "behaviour.referral.propensity_mean": 3.0, "population.group_size": 200}
    result = run({}, changes)
    came = (result.members["inviter"] >= 0).sum()
    assert came > 5
    assert fen(result.summary["commission_cost"]) == 321 * came
    late = result.members[result.members["inviter"] >= 0]
    inviters = result.members.set_index("person").loc[late["inviter"]]
    assert (inviters["joined_h"].to_numpy() < late["admitted_h"].to_numpy()).all()
    assert (inviters["group"].to_numpy() == late["group"].to_numpy()).all()
