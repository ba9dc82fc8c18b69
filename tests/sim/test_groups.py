"""Types of groups, their gates, and moving members between them."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from sim import grouping, simulate, simulate_until
from sim.adjusting import settle_cohesion
from sim.brand.group_types import FeeGate, InvitationGate, TaskGate
from sim.community import Community
from sim.gates import GateParameters, worth_yuan
from sim.randomness import run_key
from sim.scenario import Scenario
from sim.simulation import Result, found
from sim.touch import Lead
from sim.world import NEVER
from tests.sim.people import filled, parameters, somebody
from tests.sim.test_determinism import assert_same
from tests.sim.worlds import Tree, build, fen, null_tree, nurturing_tree

LIVELY = {"population": {"size": 200, "group_size": 60, "regions": 3}, "horizon_days": 6.0}


def groups_of(*kinds: str, **fields: Any) -> dict[str, Tree]:
    """Return types of groups named by their kinds, all with the given fields."""
    return {kind: {"kind": kind, **copy.deepcopy(fields)} for kind in kinds}


def lively(changes: dict[str, Any] | None = None, **programme: Tree) -> Scenario:
    """Return a lively world with further items."""
    return build(nurturing_tree(**programme), {**LIVELY, **(changes or {})})


# ---- what a strategy may say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("groups", {"vip": {"kind": "club"}}, "interest_circle"),
        ("groups", {"vip": {"kind": "vip", "capacity": 501}}, "less than or equal to 500"),
        ("groups", {"vip": {"kind": "vip", "channels": ["dor"]}}, "did you mean 'door'"),
        ("groups", {"vip": {"kind": "vip", "gate": {"kind": "fee", "effort_yuan": 3}}}, "Extra inputs"),
        ("groups", {"vip": {"kind": "vip", "invitees_to": "vop"}}, "did you mean 'vip'"),
        ("groups", {"ordinary": {"kind": "vip"}}, "a name other than 'ordinary'"),
        ("groups", groups_of("vip", "store", channels=["door"]), "takes channels of no other type, got 'door' of 'vip'"),
        ("programme.tip.groups", ["vips"], "strategy.programme.tip: unknown type of groups 'vips': takes one of ordinary"),
        ("programme.up", {"kind": "promote", "when": "daily 10:00", "to": "vip"}, "unknown type of groups 'vip'"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(place: str, value: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        build(nurturing_tree(), {f"strategy.{place}": value})


def test_a_kind_is_a_label() -> None:
    channels = ["founding", "door"]
    one, other = (simulate(lively({"strategy.groups": {"a": {"kind": kind, "channels": channels}}}), 3) for kind in ("vip", "outlet"))
    assert set(one.groups["kind"]) == {"vip", ""}
    pd.testing.assert_frame_equal(one.members, other.members, check_exact=True)


def test_types_for_nobody_change_nothing() -> None:
    plain, declared = simulate(lively(), 3), simulate(lively({"strategy.groups": groups_of("vip", split=True)}), 3)
    assert_same(plain, declared)
    assert set(plain.groups["type"]) == {"ordinary"}


def test_channels_capacity_and_attribute() -> None:
    types = {
        "circle": {"kind": "interest_circle", "channels": ["door"], "capacity": 7, "form_by": "nothing"},
        "local": {"kind": "store", "channels": ["founding"], "capacity": 30, "form_by": "region"},
    }
    changes = {"strategy.groups": types, "strategy.leads": {"door": 9.0}, "behaviour.referral.propensity_mean": 0.0}
    run = simulate(lively(changes), 4)
    inside = run.members[run.members["group"] >= 0].merge(run.groups[["group", "type"]], on="group")
    expected = inside["channel"].map({"door": "circle", "founding": "local", "kol": "ordinary"})
    assert (inside["type"] == expected).all()
    assert set(inside["channel"]) == {"door", "founding", "kol"}
    assert (run.groups["members"] <= run.groups["type"].map({"circle": 7, "local": 30, "ordinary": 60})).all()
    assert (run.groups["type"] == "circle").sum() > 2
    local = inside[inside["type"] == "local"]
    assert (local.groupby("group")["region"].nunique() == 1).all()


def test_invitees_go_where_the_type_says() -> None:
    types = {
        "circle": {"kind": "interest_circle", "channels": ["founding"], "invitees_to": "fission"},
        "fission": {"kind": "fission", "capacity": 12},
    }
    run = simulate(lively({"strategy.groups": types}), 4)
    invited = run.members[run.members["inviter"] >= 0].merge(run.groups[["group", "type"]], on="group")
    inviters = run.members.set_index("person").loc[invited["inviter"]].merge(run.groups[["group", "type"]], on="group", how="left")["type"]
    assert (inviters == "circle").sum() > 10
    assert (invited["type"].to_numpy()[inviters.isin(["circle", "fission"])] == "fission").all()


def test_items_are_aimed_at_types() -> None:
    types = groups_of("vip", "outlet") | {"vip": {"kind": "vip", "channels": ["founding"]}}
    types["outlet"]["channels"] = ["door"]
    aimed = {
        "tip": {"kind": "content_post", "when": "daily 09:30", "column": "tips", "groups": ["vip"]},
        "hello": {"kind": "welcome", "groups": ["outlet"]},
        "greet": {"kind": "welcome", "groups": ["vip", "ordinary"]},
        "packet": {"kind": "red_packet", "when": "daily 20:00", "groups": ["outlet", "ordinary"]},
    }
    run = simulate(lively({"strategy.groups": types}, **aimed), 4)
    sent = run.messages.merge(run.groups[["group", "type"]], on="group").groupby("item")["type"].agg(set)
    assert sent["tip"] == {"vip"}
    assert sent["hello"] == {"outlet"}
    assert sent["greet"] == {"vip", "ordinary"}
    assert sent["packet"] == {"outlet", "ordinary"}
    assert sent["deal"] == {"vip", "outlet", "ordinary"}


# ---- gates ------------------------------------------------------------------------------------------------------------


def test_what_entry_is_worth_and_costs() -> None:
    p, topics = parameters(), np.ones(8)
    settings = GateParameters(worth_yuan=10.0, worth_sigma=0.0, need_power=0.5, freeloader_factor=0.2)

    def worth(**fields: Any) -> float:
        person = somebody(p, interests=np.ones(8), need_rate_per_hour=0.01, key=7)
        for name, value in fields.items():
            person[name] = value
        return worth_yuan(person, "vip", run_key(1, 0), settings, topics, 0.01)

    assert worth() == pytest.approx(20.0)
    assert worth(need_rate_per_hour=0.04) == pytest.approx(40.0)
    assert worth(freeloader=True) == pytest.approx(4.0)
    assert worth(interests=[1, 0, 0, 0, 0, 0, 0, 0]) == pytest.approx(20.0 / np.sqrt(8))
    assert worth(interests=np.zeros(8)) == 0.0
    assert FeeGate(kind="fee", fee_yuan=8.0).cost_yuan(1.5, True) == 12.0
    assert TaskGate(kind="task", effort_yuan=8.0).cost_yuan(1.5, True) == 8.0
    assert [InvitationGate(kind="invitation", trouble_yuan=8.0).cost_yuan(1.5, invited) for invited in (True, False)] == [0.0, 8.0]


def behind(gate: Tree) -> Result:
    """Return a run in which everybody of day 0 stands before a gate, and nothing happens to them."""
    types = {"circle": {"kind": "interest_circle", "channels": ["founding"], "gate": gate, "capacity": 50}}
    changes = {"population.size": 600, "horizon_days": 1.0, "strategy.groups": types, "behaviour.freeloading.share": 0.2}
    return simulate(build(null_tree(), changes), 6)


@pytest.fixture(scope="module")
def fees() -> dict[float, Result]:
    return {fee: behind({"kind": "fee", "fee_yuan": fee}) for fee in (0.0, 5.0, 20.0, 80.0)}


def test_the_dearer_the_fewer_and_the_better(fees: dict[float, Result]) -> None:
    # One draw a person: who pays more would have paid less, so that the quality of groups rises by selection alone.
    inside = [run.members[run.members["joined_h"].notna()] for run in fees.values()]
    keys = [set(rows["key"]) for rows in inside]
    assert len(keys[0]) == 600
    for more, fewer in pairwise(keys):
        assert fewer < more
    for name, rises in (("need_rate_per_week", True), ("freeloader", False), ("deal_proneness", False)):
        means = [float(rows[name].mean()) for rows in inside]
        assert means == sorted(means, reverse=not rises), name
    unmoved = ["key", "need_rate_per_week", "freeloader", "trust"]
    pd.testing.assert_frame_equal(fees[0.0].members[unmoved], fees[80.0].members[unmoved], check_exact=True)


def test_a_fee_is_money(fees: dict[float, Result]) -> None:
    for fee, run in fees.items():
        paid = run.orders[run.orders["kind"] == "membership"]
        assert len(paid) == (run.summary["joins"] if fee else 0)
        assert (paid["paid_yuan"] == fee).all()
        assert (paid["product"] == "").all()
        free = fees[0.0].summary
        earned = int(fen(fee)) * len(paid)
        for name in ("gmv", "net_revenue", "contribution"):
            assert fen(run.summary[name]) - fen(free[name]) == earned, name
        for name in ("orders", "buyers", "aov"):
            assert run.summary[name] == free[name], name


def test_task_and_invitation_keep_out_without_earning() -> None:
    for gate in ({"kind": "task", "effort_yuan": 20.0}, {"kind": "invitation", "trouble_yuan": 20.0}):
        run = behind(gate)
        assert 0 < run.summary["joins"] < 600
        assert "membership" not in set(run.orders["kind"])


def test_a_questionnaire_tags_who_comes_in() -> None:
    gate = {"kind": "task", "effort_yuan": 20.0}
    plain, asked = behind(gate).members, behind({**gate, "questionnaire": True}).members
    assert list(plain["joined_h"].notna()) == list(asked["joined_h"].notna())
    assert (plain["tag"] == "").all()
    assert (asked["tag"] != "").equals(asked["joined_h"].notna())
    # By chance some answers about another topic name the first interest, too: at least four of five are right, within 3.3 standard errors.
    inside = asked[asked["joined_h"].notna()]
    right = (inside["first_interest"] == inside["tag"]).mean()
    assert right > 0.8 - 3.3 * np.sqrt(0.16 / len(inside))


def test_whom_a_member_invites_has_the_invitation() -> None:
    gate = {"kind": "invitation", "trouble_yuan": 1e5}
    types = {"circle": {"kind": "interest_circle", "channels": ["door"], "capacity": 40, "gate": gate}}
    regrouped = {"kind": "regroup", "when": "day 0 01:00", "to": "circle", "most": 20}
    run = simulate(lively({"strategy.groups": types | {"circle": {**types["circle"], "form_by": "nothing"}}}, sort=regrouped), 4)
    inside = run.members.merge(run.groups[["group", "type"]], on="group").query("type == 'circle'")
    assert set(inside["channel"]) == {"founding", "referral"}


# ---- moving -----------------------------------------------------------------------------------------------------------


def small_community(**types: Tree) -> Community:
    """Return a community of 30 people in two groups, at hour 30, with the given types declared."""
    tree = nurturing_tree()
    changes = {"population": {"size": 30, "group_size": 20, "regions": 2}, "strategy.groups": types, "strategy.programme": {}}
    community = Community(build(tree, changes), run_key(3, 0))
    found(community)
    community.catch_up(30.0)
    return community


def test_a_move_keeps_clocks_requests_and_counts() -> None:
    community = small_community(vip={"kind": "vip", "form_by": "nothing"})
    other = community.open_group(street=False, type_name="vip")
    groups, people = community.world.groups, community.world.people
    index = int(np.flatnonzero(people["member"])[0])
    old = int(people["group"][index])
    request = filled(community.logs[0].requests.dtype, person=index, group=old, due_h=31.0, time_h=29.9)
    community.waiting = np.array([request])
    groups["paused_h"][old] = 31.0
    before, members = people[index].copy(), groups["members"].copy()
    community.begin_moves()
    community.move(index, other)
    after = people[index]
    for name in ("leave_clock", "talk_clock", "mute_clock"):
        spent = float(before[name] - after[name])
        assert spent >= 0.0
    for name in ("base_h", "pull_h", "follow_h", "trust", "joined_h", "muted", "written"):
        assert after[name] == before[name], name
    assert after["last_h"] == 30.0
    assert after["read_sequence"] == groups["sequence"][other]
    assert (groups["members"][[old, other]] - members[[old, other]]).tolist() == [-1, 1]
    assert community.waiting["group"].tolist() == [other]
    assert groups["paused_h"][[old, other]].tolist() == [NEVER, 31.0]
    check_queues(community)
    community.waiting = community.waiting[:0]
    groups["paused_h"][other] = NEVER
    community.catch_up(60.0)
    check_queues(community)
    assert community.world.people["last_h"][index] > 30.0


def check_queues(community: Community) -> None:
    """Everybody stands in the queue of their own group once, at their place and hour, and queues are heaps."""
    world = community.world
    seen = []
    for g in range(community.total.groups):
        many = world.groups["queued"][g]
        persons, times = world.queue_person[g, :many], world.queue_time[g, :many]
        seen += persons.tolist()
        assert (world.people["group"][persons] == g).all()
        assert (world.places[persons] == np.arange(many)).all()
        assert (world.people["next_h"][persons] == times).all()
        assert (times[(np.arange(1, many) - 1) // 2] <= times[1:]).all()
        present = world.people["member"][persons] & world.people["arrived"][persons]
        assert world.groups["street"][g] or present.sum() == world.groups["members"][g]
    assert sorted(seen) == list(range(community.total.people))


def test_many_moves_leave_every_queue_in_order() -> None:
    community = small_community(vip={"kind": "vip"})
    targets = [community.open_group(street=False, type_name="vip") for _ in range(3)]
    lots = np.random.default_rng(5)
    for hour in range(31, 61):
        community.now = float(hour)
        community.begin_moves()
        for index in lots.choice(np.flatnonzero(community.world.people["member"]), 5, replace=False):
            community.move(int(index), int(lots.choice([0, 1, *targets])))
        check_queues(community)


def test_full_queues_are_widened() -> None:
    community = small_community(vip={"kind": "vip"})
    other = community.open_group(street=False, type_name="vip")
    width = community.world.queue_time.shape[1]
    community.world.groups["queued"][other] = width  # as if that many had once been there
    community.world.queue_person[other, :width] = 29
    community.begin_moves()
    index = int(np.flatnonzero(community.world.people["member"])[0])
    community.world.groups["queued"][other] = width
    community.move(index, other)
    assert community.world.queue_time.shape[1] > width


def test_an_exit_is_told_once_to_a_tie_who_is_moved() -> None:
    community = small_community(vip={"kind": "vip"})
    people = community.world.people
    leaver, friend = (int(n) for n in np.flatnonzero(people["member"] & (people["group"] == 0))[:2])
    people["ties"][leaver][0], people["tie_strength"][leaver][0] = friend, 9.0
    other = community.open_group(street=False, type_name="vip")
    told = float(people["tie_exits"][friend] + people["tie_exits_new"][friend])
    community.begin_moves()
    community.move(leaver, -1)
    community.now = 32.0
    community.begin_moves()
    community.move(friend, other)
    community.now = 48.0
    community.catch_up(48.0)
    community.spread_news()
    heard = float(people["tie_exits"][friend] + people["tie_exits_new"][friend])
    assert told + 0.9 < heard <= told + 1.0


# ---- promoting, regrouping, pruning, splitting ------------------------------------------------------------------------


def test_the_most_valued_are_promoted() -> None:
    honour = {"kind": "promote", "when": "day 4 12:00", "to": "vip", "by": "gmv", "at_least": 50.0, "most": 12, "groups": ["ordinary"]}
    types = {"vip": {"kind": "vip", "capacity": 5, "form_by": "nothing"}}
    scenario = lively({"strategy.groups": types, "horizon_days": 5.0}, honour=honour)
    run, plain = simulate(scenario, 5), simulate(lively({"horizon_days": 5.0}), 5)
    moved = run.members.merge(run.groups[["group", "type"]], on="group").query("type == 'vip'")
    assert len(moved) == 12 == run.daily["moves_in"].sum()
    assert (run.groups["type"] == "vip").sum() == 3
    early = plain.orders[plain.orders["time_h"] < 108.0].groupby("person")["paid_yuan"].sum()
    present = plain.members[plain.members["joined_h"].lt(108.0) & ~plain.members["left_h"].lt(108.0)]["person"]
    best = early[early.index.isin(present)].sort_values()
    assert early[moved["person"]].min() >= best.iloc[-12]
    assert (run.actions["kind"] == "promote").sum() == 1


@pytest.mark.parametrize("form_by", ["region", "age_band", "gender"])
def test_regrouping_brings_like_together(form_by: str) -> None:
    sort = {"kind": "regroup", "when": "day 2 12:00", "to": "like"}
    types = {"like": {"kind": "store", "form_by": form_by, "capacity": 40}}
    run = simulate(lively({"strategy.groups": types, "horizon_days": 3.0}, sort=sort), 5)
    like = run.members.merge(run.groups[["group", "type"]], on="group").query("type == 'like' and joined_h < 60")
    assert len(like) > 120
    assert (like.groupby("group")[form_by].nunique() == 1).all()


def test_regrouping_by_interest_follows_purchases() -> None:
    sort = {"kind": "regroup", "when": "daily 12:00", "to": "like"}
    types = {"like": {"kind": "interest_circle"}}
    run = simulate(lively({"strategy.groups": types}, sort=sort), 5)
    like = run.members.merge(run.groups[["group", "type"]], on="group").query("type == 'like' and channel != 'referral'")
    assert 20 < len(like) < len(run.members) / 2
    assert (like["orders"] > 0).all()


def test_only_who_collects_and_gives_nothing_is_pruned() -> None:
    sweep = {"kind": "prune", "when": "daily 12:00", "claimed_yuan": 0.2, "after_days": 2.0, "most": 5}
    packet = {"kind": "red_packet", "when": "daily 10:00", "amount_yuan": 20.0, "shares": 30}
    run = simulate(lively({"behaviour.freeloading.share": 0.3}, sweep=sweep, packet=packet), 5)
    gone = run.members[run.members["pruned_h"].notna()]
    assert 3 < len(gone) == run.summary["pruned"] == run.daily["pruned"].sum()
    assert (gone["claimed_yuan"] >= 0.2).all()
    assert (gone["messages_written"] == 0).all()
    assert (gone["pruned_h"] >= gone["joined_h"] + 48.0).all()
    assert gone["left_h"].isna().all()
    assert gone["group"].ge(0).all()
    assert (gone["stage"] == "left").all()
    orders = run.orders.merge(gone[["person", "pruned_h"]], on="person")
    assert (orders["time_h"] > orders["pruned_h"]).all(), "who had bought was not pruned"
    assert not orders["in_group"].any()
    assert run.daily.groupby("day")["pruned"].sum().max() <= 5
    everybody = run.summary["leaves"] + run.summary["pruned"] + run.daily[run.daily["day"] == 5]["members"].sum()
    assert everybody == run.summary["joins"]
    assert run.summary["churn_rate"] == run.summary["leaves"] / run.summary["joins"]
    assert run.summary["retention_end"] == pytest.approx(1 - (run.summary["leaves"] + len(gone)) / run.summary["joins"])


def test_a_full_group_splits_into_likelier_halves() -> None:
    types = {"circle": {"kind": "interest_circle", "channels": ["founding"], "form_by": "nothing", "capacity": 60, "split": True}}
    changes = {"population.size": 120, "horizon_days": 1.5, "strategy.groups": types}
    split, whole = (
        simulate(build(null_tree(), {**changes, "strategy.groups": {"circle": {**types["circle"], "split": flag}}}), 6)
        for flag in (True, False)
    )
    assert sorted(whole.groups["members"]) == [60, 60]
    assert sorted(split.groups["members"]) == [30, 30, 30, 30]
    assert split.groups["cohesion"].iloc[:2].to_numpy() == pytest.approx(whole.groups["cohesion"].to_numpy(), rel=5)
    rows = np.random.default_rng(2).dirichlet(np.ones(4), 50)
    halves = grouping.likeness_halves(rows)
    assert halves.sum() == 25

    def spread(part: Any) -> float:
        return float(((part - part.mean(axis=0)) ** 2).sum())

    assert spread(rows[halves]) + spread(rows[~halves]) < 0.8 * spread(rows)


# ---- cohesion: three near, one opposite --------------------------------------------------------------------------------


def test_nearness_and_mixed_genders_make_cohesion() -> None:
    settings = build(null_tree(), {"population.cohesion_region": 1.0, "population.cohesion_mixed": 2.0}).population
    people = np.zeros(8, [("interests", "f8", 2), ("group", "i8"), ("region", "i8"), ("age_band", "i8"), ("gender", "i8")])
    people["interests"] = 1.0
    people["group"] = [0] * 4 + [1] * 4
    people["region"] = [0] * 4 + [0, 0, 1, 1]
    people["gender"] = [0, 0, 1, 1] + [0] * 4
    factors = grouping.likeness_factors(people, np.ones(8, bool), 2, settings)
    region = np.array([1.0, 0.5]) / (0.75**2 + 0.25**2)
    mixed = np.array([1.5, 1.0]) / (2 - (0.75**2 + 0.25**2))
    assert factors == pytest.approx(region * mixed**2)
    off = grouping.likeness_factors(people, np.ones(8, bool), 2, build(null_tree()).population)
    assert off == pytest.approx([1.0, 1.0])


def test_forming_by_region_raises_cohesion_where_nearness_counts() -> None:
    cohesion = {}
    for form_by in ("nothing", "region"):
        for power in (0.0, 1.0):
            types = {"local": {"kind": "store", "channels": ["founding"], "form_by": form_by, "capacity": 50}}
            changes = {"population.size": 400, "population.cohesion_region": power, "horizon_days": 0.5, "strategy.groups": types}
            groups = simulate(build(null_tree(), {**changes, "behaviour.chat.cohesion_sigma": 0.0}), 7).groups
            cohesion[form_by, power] = float((groups["cohesion"] * groups["members"]).sum() / groups["members"].sum())
    assert cohesion["nothing", 0.0] == pytest.approx(cohesion["region", 0.0], rel=0.15)
    assert cohesion["region", 1.0] > 4 * cohesion["nothing", 1.0]


def test_regrouping_by_region_raises_cohesion_the_next_midnight() -> None:
    sort = {"kind": "regroup", "when": "day 1 12:00", "to": "local"}
    types = {"local": {"kind": "store", "form_by": "region", "capacity": 60}}
    changes = {"population.cohesion_region": 1.0, "behaviour.chat.cohesion_sigma": 0.0, "strategy.groups": types}
    run = simulate(lively({**changes, "horizon_days": 3.0}, sort=sort), 5)
    means = run.groups[run.groups["members"] > 20].groupby("type")["cohesion"].mean()
    plain = simulate(lively({**changes, "horizon_days": 3.0}), 5).groups["cohesion"].mean()
    assert means["local"] > 2 * plain


def test_single_joins_leave_ordinary_groups_as_cohesive_as_they_were() -> None:
    community = small_community()
    before = community.world.groups["cohesion"].copy()
    community.admit([Lead(2, 5, 31.0, -1, 0, 0.5, 1.0, community.plain_traits)])
    community.catch_up(48.0)
    settle_cohesion(community)
    assert (community.world.groups["cohesion"] == before).all()


# ---- a change of strategy, and whether it matters how it is computed ----------------------------------------------------


def switching() -> Scenario:
    """Return a world in which types of groups change hands after four days, with strangers about."""
    sort = {"kind": "regroup", "when": "daily 15:00", "to": "both", "most": 5}
    honour = {"kind": "promote", "when": "daily 14:00", "to": "both", "by": "messages", "at_least": 3}
    before, after = nurturing_tree(honour=honour)["strategy"], nurturing_tree(sort=sort)["strategy"]
    old = {"kind": "outlet", "channels": ["door"], "form_by": "nothing"}
    both = {"kind": "store", "form_by": "region", "channels": ["founding"], "capacity": 40}
    new = {"kind": "vip", "channels": ["door"], "gate": {"kind": "fee", "fee_yuan": 3.0}, "split": True, "capacity": 8}
    before["groups"], after["groups"] = {"old": old, "both": both}, {"new": new, "both": {**both, "capacity": 50, "invitees_to": "new"}}
    strangers = {"market.spam_per_day": 5.0, "market.infiltrators_per_day": 2.0, "behaviour.poaching.report_chance": 0.02}
    history = {"history": {"strategy": before, "days": 4}, "strategy": after}
    return build(nurturing_tree(), {**LIVELY, **strangers, **history, "strategy.leads": {"door": 9.0}})


@pytest.fixture(scope="module")
def switched() -> Result:
    return simulate(switching(), 5)


def test_types_change_hands(switched: Result) -> None:
    later = switched.members.query("joined_h > 1 and channel == 'door' and group >= 0").merge(
        switched.groups[["group", "type"]], on="group"
    )
    assert set(later["type"]) <= {"new", "both"}
    assert (later["type"] == "new").sum() > 5
    assert {"old", "both", "new", "ordinary"} == set(switched.groups["type"])
    assert (switched.groups.query("type == 'old'")["kind"] == "").all()
    assert (switched.orders["kind"] == "membership").any()
    assert (switched.actions["kind"] == "infiltrator").any()


@pytest.mark.parametrize("settings", [{"threads": 2}, {"eager": True}, {"backwards": True, "threads": 3}], ids=str)
def test_how_it_is_computed_changes_nothing(switched: Result, settings: dict[str, Any]) -> None:
    assert_same(switched, simulate(switching(), 5, **settings))


@pytest.mark.parametrize("day", [3.9, 4.0, 6.61])
def test_a_saved_run_goes_on_as_it_would_have(switched: Result, day: float) -> None:
    assert_same(switched, pickle.loads(pickle.dumps(simulate_until(switching(), day, 5))).finish())
