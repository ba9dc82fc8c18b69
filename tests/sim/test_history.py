"""Another strategy before the comparison: who takes over what, and that the comparison sees only what is its own."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, simulate, simulate_until
from sim.brand.rhythm import Creatives, fixed_slots
from sim.simulation import Result
from tests.sim.worlds import Tree, build, nurturing_tree, strategy_tree

SEED = 5
DAYS = 10
TABLES = ("members", "orders", "daily", "messages", "groups", "actions", "biographies")


def past(**changes: Any) -> Tree:
    """Return the strategy that ran before: the nurturing one under another name."""
    return {**nurturing_tree()["strategy"], "name": "past", **changes}


def arm(programme: Tree | None = None, history: Tree | None = None, days: int = DAYS, **changes: Any) -> Scenario:
    """Return a world that lived under another strategy for some days, then under the programme."""
    tree = nurturing_tree()
    strategy = strategy_tree(**(programme or {}))
    strategy |= {"name": "arm", "leads": {"door": 2.0}}
    tree["strategy"] = strategy
    tree["history"] = {"strategy": history or past(), "days": days}
    return build(tree, {"horizon_days": 14.0, **{place.replace("__", "."): value for place, value in changes.items()}})


def at_switch(scenario: Scenario) -> Any:
    """Return the community at the switch: before anything of that hour."""
    operator, _ = pickle.loads(simulate_until(scenario, scenario.history.days, SEED).state)
    return operator.community


def assert_equal(one: Result, other: Result) -> None:
    """Compare summaries and all tables exactly: every bit of every number."""
    pd.testing.assert_series_equal(pd.Series(one.summary), pd.Series(other.summary), check_exact=True)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


TIP = {"kind": "content_post", "when": "daily 09:30", "column": "tips"}
DEAL = {"kind": "sales_post", "when": "Wed,Sat 12:00", "product": "hero", "discount": 0.4}


@pytest.fixture(scope="module")
def quiet() -> Result:
    """A brand that falls silent after the history."""
    return simulate(arm({}), SEED, trace=4)


@pytest.fixture(scope="module")
def loud() -> Result:
    return simulate(arm({"deal": DEAL, "tip": TIP, "once": {**DEAL, "when": "day 2 12:00"}}), SEED)


def test_no_days_of_history_are_no_history() -> None:
    tree = nurturing_tree()
    plain = simulate(build(tree), SEED, trace=4)
    assert_equal(simulate(build(tree, {"history": {"strategy": past(), "days": 0}}), SEED, trace=4), plain)


def test_every_arm_meets_the_same_people_at_the_switch() -> None:
    one, other = at_switch(arm({})), at_switch(arm({"deal": DEAL}, strategy__leads={"door": 9.0}, strategy__referral__incentive=9.0))
    for name in ("people", "groups", "queue_time", "queue_person", "feed", "posts", "offers", "packets"):
        assert getattr(one.world, name).tobytes() == getattr(other.world, name).tobytes()
    assert (one.world.people["orders"] > 0).any()
    # They are those whom a run of that strategy without any switch has at that time.
    alone = nurturing_tree()
    alone["strategy"] = past()
    operator, _ = pickle.loads(simulate_until(build(alone), DAYS, SEED).state)
    many = one.total.people
    assert operator.community.total == one.total
    assert operator.community.world.people[:many].tobytes() == one.world.people[:many].tobytes()


def test_the_same_people_come_after_the_switch_too(quiet: Result, loud: Result) -> None:
    leads = [run.members[run.members["channel"] == "door"].set_index("key")["admitted_h"] for run in (quiet, loud)]
    assert (leads[0] > 0).sum() > 10
    pd.testing.assert_series_equal(*leads)


def test_orders_are_those_of_the_comparison(quiet: Result) -> None:
    assert (quiet.orders["time_h"] >= 0).all()
    assert quiet.orders["time_h"].max() < 14 * 24
    assert quiet.summary["gmv"] == pytest.approx(quiet.orders["paid_yuan"].sum())
    assert quiet.members["orders"].sum() == len(quiet.orders)
    assert quiet.members["gmv"].sum() == pytest.approx(quiet.summary["gmv"])


def test_days_are_counted_from_the_switch(quiet: Result) -> None:
    assert sorted(quiet.daily["day"].unique()) == list(range(14))
    assert quiet.daily["gmv"].sum() == pytest.approx(quiet.summary["gmv"])
    assert quiet.daily["joins"].sum() == quiet.summary["joins"]
    assert quiet.daily["leaves"].sum() == quiet.summary["leaves"]
    assert quiet.daily["sessions"].sum() == quiet.summary["sessions"]


def test_costs_of_the_history_are_left_out(quiet: Result) -> None:
    # Nothing but contacts costs anything in the quiet arm; packets of the history that come back are no income of it.
    bought = quiet.members[(quiet.members["channel"] == "door") & (quiet.members["admitted_h"] >= 0)]
    assert quiet.summary["acquisition_cost"] >= 3.0 * len(bought) > 0
    assert all(quiet.summary[line] == 0 for line in ("red_packet_cost", "staff_cost", "kol_cost", "commission_cost", "event_cost"))
    packets = past(programme={"packet": {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 9.0, "shares": 3}})
    assert simulate(arm({}, packets), SEED).summary["red_packet_cost"] == 0


def test_joins_leaves_and_members_at_the_switch(quiet: Result) -> None:
    people = quiet.members[quiet.members["joined_h"].notna()]
    here = people[~(people["left_h"] < 0)]
    assert (people["left_h"] < 0).any()
    assert (here["joined_h"] < 0).any()
    assert quiet.summary["joins"] == (here["joined_h"] >= 0).sum() > 0
    assert quiet.summary["leaves"] == here["left_h"].notna().sum() > 0
    assert quiet.summary["churn_rate"] == pytest.approx(here["left_h"].notna().mean())
    assert quiet.summary["retention_end"] == pytest.approx(1 - quiet.summary["churn_rate"])
    assert quiet.summary["mutes"] == (here["muted_h"] >= 0).sum()


def test_ages_count_from_joining_after_the_switch(quiet: Result) -> None:
    people = quiet.members
    rows = people[(people["joined_h"] >= 0) & (people["joined_h"] <= 13 * 24)]
    stayed = ~(rows["left_h"] - rows["joined_h"] <= 24)
    assert quiet.summary["retention_d1"] == pytest.approx(stayed.mean())
    assert np.isnan(quiet.summary["retention_d30"])
    long = simulate(arm({}, horizon_days=40.0), SEED)
    early = long.members[(long.members["admitted_h"] >= 0) & (long.members["admitted_h"] <= 10 * 24)]
    first = long.orders.groupby("person")["time_h"].min().reindex(early["person"]).to_numpy()
    assert long.summary["conversion"] == pytest.approx((first - early["admitted_h"].to_numpy() <= 720).mean())


def test_worth_counts_from_the_switch(quiet: Result) -> None:
    orders = quiet.orders
    margin = orders["paid_yuan"] - orders["refund_yuan"] - orders["cost_yuan"] - orders["coupon_yuan"]
    value = (margin * 1.1 ** (-orders["time_h"] / 8760)).sum()
    assert quiet.summary["ltv"] * len(quiet.members) <= value
    assert quiet.summary["ltv"] * len(quiet.members) >= value - quiet.summary["acquisition_cost"] - 1e-6


def test_first_orders_before_the_switch_are_no_first_orders_of_the_comparison() -> None:
    # Everybody ordered before, and nobody comes: there is no first order left.
    run = simulate(arm({}, days=120, strategy__leads={}, behaviour__referral__propensity_mean=0.0), SEED)
    before = run.members["admitted_h"] < 0
    assert before.all()
    assert run.summary["orders"] > 0


def test_messages_and_deeds_are_those_of_the_comparison(loud: Result) -> None:
    assert (loud.messages["time_h"] >= 0).all()
    assert (loud.actions["time_h"] >= 0).all()
    # The calendar goes on: day 0 is a Thursday, the eleventh day of the history's weeks.
    deals = loud.messages[loud.messages["item"] == "deal"]
    assert sorted({int((hour + DAYS * 24) // 24) % 7 for hour in deals["time_h"]}) == [2, 5]
    assert set((deals["time_h"] % 24).round(6)) == {12.0}
    # Days without a weekday are the strategy's own.
    assert set(loud.messages.loc[loud.messages["item"] == "once", "time_h"]) == {60.0}


def test_what_has_begun_is_completed_and_nothing_new_begins() -> None:
    sale = {"kind": "flash_sale", "when": "daily 22:00", "product": "entry", "discount": 0.5, "stock": 900, "window": "6h"}
    talk = {"kind": "shill_chat", "when": "daily 23:00", "messages": 5, "spacing": "30min"}
    run = simulate(arm({}, past(programme={"sale": sale, "talk": talk})), SEED)
    assert set(run.messages["item"]) == {"talk"}
    assert sorted(set(run.messages["time_h"])) == [0.0, 0.5, 1.0]
    limited = run.orders[run.orders["kind"] == "limited"]
    assert len(limited) > 0
    assert limited["time_h"].max() <= 4.1


def test_welcomes_and_budgets_are_new() -> None:
    hello = {"kind": "welcome", "coupon_yuan": 3.0}
    silent = simulate(arm({}), SEED)
    assert "welcome" not in set(silent.messages["kind"])
    run = simulate(arm({"hello": hello, "tip": {**TIP, "production_yuan": 9.0}}, past(budget={"total_yuan": 40.0})), SEED)
    welcomes = run.messages[run.messages["kind"] == "welcome"]
    assert (welcomes["time_h"] == 0).any()
    assert welcomes["delivered"].sum() > 0
    # The history ran out of money; the arm has no limit. What was asked before the switch is still answered from the old purse.
    refused = run.actions[run.actions["status"] == "refused"]
    assert (refused["time_h"] == 0).all()
    assert set(refused["item"]) <= {"referral"}
    poor = simulate(arm({"tip": {**TIP, "production_yuan": 9.0}}, strategy__budget={"total_yuan": 45.0}), SEED)
    assert poor.summary["event_cost"] + poor.summary["staff_cost"] + poor.summary["acquisition_cost"] <= 45.0
    assert poor.summary["refused_actions"] > 0


def test_keys_of_items_of_one_name_are_apart() -> None:
    community = at_switch(arm({}))
    operator, _ = pickle.loads(simulate_until(arm({**past()["programme"]}), DAYS + 14, SEED).state)
    posts = operator.community.world.posts[: operator.community.total.posts]
    before = set(posts["message"]["key"][: community.total.posts].tolist())
    after = set(posts["message"]["key"][community.total.posts :].tolist())
    assert before.isdisjoint(after)
    assert after


def test_groups_dissolve_where_the_arm_has_no_community() -> None:
    run = simulate(arm({}, strategy__community=False), SEED)
    assert run.daily["members"].sum() == 0
    assert run.summary["joins"] == run.summary["leaves"] == 0
    assert not run.orders["in_group"].any()
    assert len(run.orders) > 20


def test_a_community_may_begin_after_none() -> None:
    run = simulate(arm({"tip": TIP}, past(community=False, programme={})), SEED)
    assert (run.members["joined_h"].dropna() >= 0).all()
    assert run.summary["joins"] > 5
    assert run.messages["seen"].sum() > 0


def test_biographies_begin_at_the_switch(quiet: Result) -> None:
    assert quiet.biographies["time_h"].between(0, 14 * 24).all()
    assert len(quiet.biographies) > 20


@pytest.mark.parametrize("day", [4.8, DAYS, DAYS + 0.5, DAYS + 3.1])
def test_it_can_be_saved_on_either_side_of_the_switch(loud: Result, day: float) -> None:
    scenario = arm({"deal": DEAL, "tip": TIP, "once": {**DEAL, "when": "day 2 12:00"}})
    assert_equal(simulate_until(scenario, day, SEED).finish(eager=True, threads=2), loud)


def test_items_of_one_name_keep_their_slot_and_place_others_get_new_ones() -> None:
    before = build(nurturing_tree()).strategy.programme
    after = arm({"aaa": TIP, "deal": DEAL}).strategy.programme
    slots = fixed_slots(before)
    taken_over = fixed_slots(after, slots)
    assert taken_over["deal"] == slots["deal"]
    assert taken_over["aaa"] not in slots.values()
    places = Creatives(before).places
    assert Creatives(after, places).places["deal"] == places["deal"]


def test_names_of_the_history_are_checked() -> None:
    with pytest.raises(ValueError, match=r"history\.strategy\.leads\.dor: unknown channel 'dor'"):
        arm({}, past(leads={"dor": 1.0}))
    with pytest.raises(ValueError, match="takes the strategy that ran for the 3 days"):
        build(nurturing_tree(), {"history": {"days": 3}})
