"""What must add up, in random small worlds with strategies of random items of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import simulate
from sim.brand.actions import KINDS
from sim.brand.actions.base import Sending
from sim.ledger import COST_LINES
from sim.scenario import Scenario
from sim.simulation import Result
from tests.sim.worlds import brand_tree, build, fen, nurturing_tree

EXAMPLES = settings(max_examples=50)

times = st.builds(lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59))
whens = st.one_of(
    st.builds(lambda time: f"daily {time}", times),
    st.builds(lambda day, time: f"day {day} {time}", st.integers(0, 4), times),
    st.builds(lambda period, time: f"every {period} days {time}", st.integers(1, 3), times),
)
due = {"when": whens, "priority": st.integers(0, 3)}
shared = {**due, "delivery": st.sampled_from(["staff", "mass"])}
goods = st.sampled_from(["hero", "entry"])
discounts = st.floats(0, 0.9)
windows = st.sampled_from(["1min", "30min", "5h", "2d"])

personal = {
    **shared,
    "column": st.just("tips"),
    "to": st.sampled_from([{}, {"who": "outside"}, {"orders_min": 1}, {"stages": ["new", "left"]}, {"tags": ["care", "untagged"]}]),
    "product": st.one_of(st.none(), goods),
    "discount": st.floats(0, 0.5),
    "coupon_yuan": st.sampled_from([0.0, 4.0]),
    "production_yuan": st.sampled_from([0.0, 5.0]),
    "cost_yuan": st.sampled_from([0.0, 0.13]),
}

called = {**shared, "column": st.just("tips"), "pull": st.floats(0.01, 9)}
items: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "welcome": st.fixed_dictionaries({"coupon_yuan": st.sampled_from([0.0, 3.0, 100.0]), "floor_yuan": st.sampled_from([0.0, 30.0])}),
    "content_post": st.fixed_dictionaries({**shared, "column": st.just("tips"), "production_yuan": st.sampled_from([0.0, 20.0])}),
    "sales_post": st.fixed_dictionaries({**shared, "product": goods, "discount": discounts, "window": windows}),
    "coupon": st.fixed_dictionaries({**shared, "product": goods, "amount_yuan": st.floats(0.01, 80), "floor_yuan": st.floats(0, 60)}),
    "red_packet": st.fixed_dictionaries({**shared, "amount_yuan": st.floats(0.5, 200), "shares": st.integers(1, 50)}),
    "flash_sale": st.fixed_dictionaries(
        {
            **shared,
            "product": goods,
            "discount": discounts,
            "stock": st.integers(0, 8),
            "window": st.sampled_from(["1min", "3h", "30h"]),
            "announce": st.sampled_from([0, "90min", "6h"]),
        }
    ),
    "kol_session": st.fixed_dictionaries(
        {
            **shared,
            "fee_yuan": st.floats(0, 100),
            "posts": st.integers(1, 3),
            "spacing": st.sampled_from(["15min", "2h"]),
            "product": st.one_of(st.none(), goods),
            "discount": st.floats(0, 0.5),
            "outsiders": st.integers(0, 10),
        }
    ),
    "spend_and_save": st.fixed_dictionaries(
        {**shared, "product": goods, "window": windows, "floor_yuan": st.floats(20, 300), "save_yuan": st.floats(0.01, 19.9)}
    ),
    "cashback": st.fixed_dictionaries(
        {
            **shared,
            "product": goods,
            "discount": discounts,
            "window": windows,
            "back_share": st.floats(0, 0.9),
            "pays": st.sampled_from(["money", "coupon"]),
            "pays_after": st.sampled_from(["0h", "7h", "3d"]),
        }
    ),
    "gift": st.fixed_dictionaries(
        {**shared, "product": goods, "window": windows, "floor_yuan": st.floats(0, 80), "gift_yuan": st.floats(0, 30)}
    ),
    "presale": st.fixed_dictionaries(
        {
            **shared,
            "product": goods,
            "discount": discounts,
            "window": windows,
            "delivers_after": st.just("24h"),
            "keeps_deposit": st.booleans(),
        }
    ),
    "hype": st.fixed_dictionaries({**shared, "product": goods, "column": st.just("tips"), "posts": st.integers(1, 3)}),
    "commission_selling": st.fixed_dictionaries(
        {**shared, "product": goods, "discount": discounts, "window": windows, "commission_share": st.floats(0, 0.9)}
    ),
    "group_buy": st.fixed_dictionaries({**shared, "product": goods, "discount": discounts, "window": windows, "team": st.integers(2, 4)}),
    "bargain": st.fixed_dictionaries({**shared, "product": goods, "deepest": discounts, "cut": st.floats(0, 0.5), "window": windows}),
    "vip_membership": st.fixed_dictionaries(
        {**shared, "fee_yuan": st.floats(0, 20), "discount": st.floats(0, 0.5), "window": windows, "gift_yuan": st.floats(0, 9)}
    ),
    "shill_chat": st.fixed_dictionaries(
        {"when": whens, "messages": st.integers(1, 3), "spacing": st.sampled_from(["1min", "5h"]), "appeal": st.floats(0, 3)}
    ),
    "live_session": st.fixed_dictionaries(
        {
            **shared,
            "column": st.just("expert"),
            "shown": st.lists(goods, min_size=1, max_size=3),
            "discount": discounts,
            "length": st.sampled_from(["30min", "4h"]),
            "announce": st.sampled_from([0, "2h"]),
            "fee_yuan": st.floats(0, 50),
            "return_factor": st.sampled_from([0.0, 1.0, 9.0]),
        }
    ),
    "survey": st.fixed_dictionaries({**personal, "channel": st.sampled_from(["personal", "one_to_one", "official", "dialogue"])}),
    **{kind: st.fixed_dictionaries(personal) for kind in ("one_to_one", "moments_post", "official_article", "dialogue")},
    "check_in": st.fixed_dictionaries(
        {**called, "window": st.sampled_from(["1h", "30h"]), "every": st.integers(1, 3), "reward_yuan": st.floats(0, 9)}
    ),
    "prize_quiz": st.fixed_dictionaries(
        {**called, "answer_after": st.sampled_from(["5min", "7h"]), "prizes": st.integers(1, 9), "prize_yuan": st.floats(0, 20)}
    ),
    "offline_event": st.fixed_dictionaries(
        {
            **called,
            "announce": st.sampled_from(["10min", "20h"]),
            "capacity": st.integers(1, 9),
            "cost_yuan": st.floats(0, 50),
            "person_yuan": st.floats(0, 9),
        }
    ),
    "koc_sampling": st.fixed_dictionaries(
        {
            **due,
            "column": st.just("tips"),
            "product": goods,
            "by": st.sampled_from(["orders", "gmv", "messages"]),
            "at_least": st.floats(0, 2),
            "most": st.integers(1, 9),
            "after": st.sampled_from(["10min", "9h"]),
        }
    ),
    "customer_case": st.fixed_dictionaries(
        {**shared, "column": st.just("tips"), "at_least": st.integers(1, 2), "thanks_yuan": st.floats(0, 20)}
    ),
    "audit": st.fixed_dictionaries({"when": whens, "cost_yuan": st.sampled_from([0.0, 40.0])}),
}
adjusted = {"when": whens, "groups": st.lists(st.sampled_from(["ordinary", "vip", "circle"]), max_size=2, unique=True)}
items |= {
    "promote": st.fixed_dictionaries(
        {**adjusted, "to": st.just("vip"), "by": st.sampled_from(["orders", "gmv", "messages"]), "at_least": st.floats(0, 3)}
    ),
    "regroup": st.fixed_dictionaries({**adjusted, "to": st.sampled_from(["vip", "circle"]), "most": st.integers(0, 30)}),
    "prune": st.fixed_dictionaries({**adjusted, "claimed_yuan": st.floats(0, 1), "after_days": st.floats(0, 1)}),
    "report_reward": st.fixed_dictionaries({"reward_yuan": st.floats(0, 9)}),
    "invite": st.fixed_dictionaries({"when": whens, "into": st.sampled_from(["vip", "circle"]), "pull": st.floats(0.1, 9.0)}),
}
gates = st.sampled_from([{"kind": "free"}, {"kind": "fee", "fee_yuan": 7.77}, {"kind": "task"}, {"kind": "invitation"}])
attributes = st.sampled_from(["interest", "region", "age_band", "gender", "nothing"])
types_of_groups = st.fixed_dictionaries(
    {
        "vip": st.fixed_dictionaries({"kind": st.just("vip"), "capacity": st.integers(2, 9), "form_by": attributes}),
        "circle": st.fixed_dictionaries(
            {
                "kind": st.just("interest_circle"),
                "capacity": st.integers(2, 9),
                "split": st.booleans(),
                "form_by": attributes,
                "gate": gates,
                "invitees_to": st.sampled_from([None, "vip"]),
                "channels": st.sampled_from([[], ["door"], ["door", "founding"]]),
            }
        ),
    }
)
desks = st.fixed_dictionaries(
    {
        "shifts": st.sampled_from(
            [{}, {"day": {"when": "daily 08:00-20:00", "people": 1}}, {"all": {"when": "daily 00:00-24:00", "people": 3}}]
        ),
        "minutes": st.sampled_from([2.0, 300.0]),
        "robot_share": st.sampled_from([0.0, 0.5]),
        "coupon_yuan": st.sampled_from([0.0, 30.0]),
        "floor_yuan": st.sampled_from([0.0, 25.0]),
    }
)
some_yuan = st.one_of(st.none(), st.floats(0, 400))


@st.composite
def worlds(draw: st.DrawFn) -> Scenario:
    """Return a random small scenario of up to 8 items."""
    kinds = draw(st.lists(st.sampled_from(sorted(items)), max_size=8))
    programme = {f"{kind}_{n}": {"kind": kind, **draw(items[kind])} for n, kind in enumerate(kinds)}
    limited = draw(st.lists(st.sampled_from([*programme, "door", "referral"]), max_size=3, unique=True))
    strategy = {
        "name": "random",
        "community": draw(st.sampled_from([True, True, True, False])),
        "leads": {"door": draw(st.floats(0, 8))},
        "groups": draw(types_of_groups),
        "programme": programme,
        "staff": {"people": draw(st.sampled_from([0.0, 0.37]))},
        "desk": draw(desks),
        "account": draw(st.sampled_from(["guide", "brand"])),
        "guides": draw(st.sampled_from([{}, {"skill_sd": 0.5, "compliance_mean": 0.5, "compliance_sd": 0.3}])),
        "budget": {
            "total_yuan": draw(some_yuan),
            "month_yuan": draw(some_yuan),
            "items": {name: draw(st.floats(0, 100)) for name in limited},
        },
        "referral": {"incentive": draw(st.floats(0, 3)), "reward_yuan": draw(st.floats(0, 10))},
        "tiers": {"levels": draw(st.sampled_from([{}, *({"valued": {"spend_yuan": 80.0, "discount": off}} for off in (0.01, 0.3))]))},
        "caps": {"mass_per_group_day": draw(st.integers(0, 2)), "mass_per_person_day": draw(st.integers(0, 2))},
    }
    lively = nurturing_tree()["behaviour"]
    return build(
        {
            "horizon_days": draw(st.sampled_from([0.5, 1.0, 2.25, 4.0, 5.0])),
            "clock": {"tick_minutes": draw(st.sampled_from([7, 15, 60])), "fast_tick_minutes": draw(st.sampled_from([1, 4]))},
            "population": {
                "size": draw(st.integers(1, 60)),
                "group_size": draw(st.integers(4, 40)),
                "join_share": draw(st.sampled_from([0.5, 1.0])),
            },
            "market": {
                "pool": draw(st.sampled_from([0, 20, 300])),
                "spam_per_day": draw(st.sampled_from([0.0, 30.0])),
                "ban_dose": draw(st.sampled_from([0.0, 0.3])),
                "ban_days": 1.5,
            },
            "behaviour": lively,
            "brand": brand_tree(),
            "strategy": strategy,
        },
        {
            "brand.need.rate_scale_weeks": draw(st.sampled_from([0.05, 0.5])),
            "behaviour.leaving.base_per_day": draw(st.sampled_from([0.0, 0.3])),
            "behaviour.muting.strength_per_day": draw(st.sampled_from([0.0, 1.0])),
            "behaviour.fatigue.tolerance_median_per_week": 1.0,
            "behaviour.chat.talkativeness_per_day": draw(st.sampled_from([0.0, 2.0])),
            "behaviour.giving.intensity_per_yuan": draw(st.sampled_from([0.0, 0.017, 0.07])),
            "behaviour.giving.spontaneous_per_day": draw(st.sampled_from([0.0, 0.3])),
            "behaviour.giving.shares": draw(st.integers(1, 30)),
            "behaviour.asking": draw(st.sampled_from([{}, {"per_day": 1.0, "per_offer": 2.0, "persuasion": 9.0, "patience_hours": 30.0}])),
        },
    )


def test_every_kind_of_action_takes_part() -> None:
    assert set(items) == set(KINDS)


BUSY = {
    "strategy.budget.total_yuan": 1200.0,
    "strategy.programme.tip.delivery": "mass",
    "behaviour.leaving.base_per_day": 0.1,
    "behaviour.giving.spontaneous_per_day": 0.05,
    "behaviour.giving.shares": 30,
    "strategy.groups": {
        "circle": {"kind": "interest_circle", "channels": ["door"], "capacity": 9, "gate": {"kind": "fee"}},
        "vip": {"kind": "vip", "capacity": 9, "form_by": "nothing"},
    },
    "strategy.programme.honour": {"kind": "promote", "when": "daily 15:00", "to": "vip"},
    "strategy.programme.sweep": {"kind": "prune", "when": "daily 16:00", "claimed_yuan": 0.01, "after_days": 3},
}


@pytest.fixture(scope="module")
def busy() -> Result:
    """Return the result of a world in which everything happens, so that no identity below holds for want of cases."""
    return simulate(build(nurturing_tree(), BUSY), 12)


def test_the_busy_world_has_a_case_of_everything(busy: Result) -> None:
    summary = busy.summary
    for name in ("joins", "leaves", "mutes", "buyers", "red_packet_cost", "coupon_cost", "commission_cost", "kol_cost", "acquisition_cost"):
        assert summary[name] > 0, name
    assert summary["refused_actions"] > 0
    assert summary["k_factor"] > 0
    assert (busy.orders["refund_yuan"] > 0).any()
    assert set(busy.orders["kind"]) == {"organic", "offer", "limited", "membership"}
    for name in ("moves_in", "pruned"):
        assert busy.daily[name].sum() > 0, name
    assert busy.members["messages_written"].sum() > 0
    for name in ("packets_given", "given_returned_yuan", "given_out_yuan", "received_yuan"):
        assert busy.members[name].sum() > 0, name


def check_everything(scenario: Scenario, run: Result) -> None:
    """Check every identity of one run."""
    check_members(run)
    check_times(scenario, run)
    check_money(run)
    check_daily(run)
    check_stock(scenario, run)
    check_packets(scenario, run)
    check_gifts(scenario, run)
    check_budget(scenario, run)
    check_refusals(scenario, run)
    check_questions(scenario, run)


def check_members(run: Result) -> None:
    """Members in = members present + gone + removed, in all and in every group and day; exits carry shares of causes that sum to 1."""
    members, last = run.members, run.daily[run.daily["day"] == run.daily["day"].max()]
    joined, left, pruned = (members[name].notna() for name in ("joined_h", "left_h", "pruned_h"))
    assert not ((left | pruned) & ~joined).any()
    assert not (left & pruned).any()
    assert last["members"].sum() == joined.sum() - left.sum() - pruned.sum()
    for _, days in run.daily.groupby("group"):
        change = days["joins"] - days["leaves"] + days["moves_in"] - days["moves_out"] - days["pruned"]
        assert (days["members"] == change.cumsum()).all()
    assert run.daily["moves_in"].sum() == run.daily["moves_out"].sum()
    shares = members.filter(like="share_")
    np.testing.assert_allclose(shares[left].sum(axis=1), 1.0)
    assert shares[~left].isna().all(axis=None)
    assert ((members["left_cause"] != "") == left).all()
    bought = run.orders[~run.orders["kind"].isin(["membership", "deposit"])]
    assert (members["orders"].to_numpy() == np.bincount(bought["person"], minlength=members["person"].max() + 1)[members["person"]]).all()


def check_times(scenario: Scenario, run: Result) -> None:
    """Everything happens in [0, H), orders are sorted, and a life has its order."""
    horizon = scenario.horizon_hours
    times = pd.concat(
        [run.orders["time_h"], *(run.members[name].dropna() for name in ("admitted_h", "joined_h", "left_h", "muted_h", "lapsed_h"))]
    )
    assert ((times >= 0) & (times < horizon)).all()
    assert run.orders["time_h"].is_monotonic_increasing
    members = run.members
    for earlier, later in (("admitted_h", "joined_h"), ("joined_h", "left_h"), ("joined_h", "muted_h"), ("admitted_h", "lapsed_h")):
        known = members[earlier].notna() & members[later].notna()
        assert (members.loc[known, earlier] <= members.loc[known, later]).all(), (earlier, later)
    buyers = members.set_index("person").loc[run.orders["person"]]
    when = run.orders["time_h"].to_numpy()
    assert (buyers["admitted_h"].to_numpy() <= when).all()
    settled = ~run.orders["kind"].isin(["organic", "offer"])  # what the brand settles may have been asked for before
    assert (~(buyers["lapsed_h"].to_numpy() < when) | settled).all()
    member = (buyers["joined_h"].to_numpy() <= when) & ~(buyers["left_h"].to_numpy() < when)
    assert (member >= run.orders["in_group"]).all()
    assert (run.messages["time_h"] < horizon).all()
    assert (run.messages["seen"] <= run.messages["delivered"] + len(members)).all()


def check_money(run: Result) -> None:
    """To the fen: GMV = paid; contribution = paid - refunds - goods - every cost line, and coupons are a cost line."""
    orders, summary = run.orders, run.summary
    paid, listed, refund, goods_, coupons = (fen(orders[f"{name}_yuan"]) for name in ("paid", "list", "refund", "cost", "coupon"))
    assert fen(summary["gmv"]) == paid.sum() == fen(run.members["gmv"]).sum()
    assert fen(summary["net_revenue"]) == paid.sum() - refund.sum()
    assert fen(summary["discount_cost"]) == (listed - paid).sum() == fen(orders["discount_yuan"]).sum()
    costs = sum(int(fen(summary[line])) for line in COST_LINES)
    assert fen(summary["contribution"]) == paid.sum() - refund.sum() - goods_.sum() - costs
    assert (
        fen(summary["coupon_cost"]) - coupons.sum() == fen(run.actions.query("kind == 'cashback' and status == 'done'")["cost_yuan"]).sum()
    )
    assert (paid <= listed).all()
    assert (coupons <= paid).all()
    assert np.isin(refund - paid, [0, *-paid]).all()
    assert (coupons[refund > 0] == 0).all()
    in_shops = fen(run.members["contribution"]).sum() + fen(summary["red_packet_cost"])
    acquired = fen(summary["acquisition_cost"])
    assert in_shops + acquired == (paid - refund - goods_ - coupons).sum()


def check_daily(run: Result) -> None:
    """Sums of the daily panel = summary."""
    daily, summary = run.daily, run.summary
    for name in ("joins", "leaves", "mutes", "orders", "sessions", "pruned"):
        assert daily[name].sum() == summary[name], name
    inside = daily[daily["group"] >= 0]
    there = inside[["members", "leaves", "moves_out", "pruned"]].sum(axis=1)
    for name in ("active", "interactions", "posters"):
        assert (inside[name] <= there).all(), f"{name}: no more than were members at some time of the day"
    assert not (run.groups["interaction_rate_14d"] > 1.0).any()
    assert fen(daily["gmv"]).sum() == fen(summary["gmv"])
    assert fen(daily["discount"]).sum() == fen(summary["discount_cost"])
    assert fen(daily["contribution"]).sum() == fen(summary["contribution"])
    assert fen(daily["red_packets_yuan"]).sum() == fen(summary["red_packet_cost"])
    assert daily["messages"].sum() == run.members["messages_written"].sum()
    assert daily["reads"].sum() <= run.members["messages_read"].sum()
    assert (daily["active"] <= daily["sessions"]).all()
    assert (daily["posters"] <= daily["messages"]).all()
    purchases = run.orders[~run.orders["kind"].isin(["membership", "deposit"])]
    by_day = np.minimum(purchases["time_h"] // 24, daily["day"].max())
    assert daily.groupby("day")["orders"].sum().to_dict() == {day: (by_day == day).sum() for day in daily["day"].unique()}


def check_questions(scenario: Scenario, run: Result) -> None:
    """Every question of a member is in every account once; conversations sell at list price, or at the standing price of who has one."""
    summary, sold = run.summary, run.orders[run.orders["kind"] == "service"]
    assert summary["questions"] == run.members["questions"].sum() == run.daily["questions"].sum()
    assert 0 <= summary["questions_answered"] <= summary["questions"]
    assert fen(summary["service_gmv"]) == fen(sold["paid_yuan"]).sum()
    strategy = scenario.strategy
    standing = strategy.tiers.levels or any(item.kind == "vip_membership" for item in strategy.programme.values())
    assert (sold["paid_yuan"] <= sold["list_yuan"]).all() if standing else (sold["paid_yuan"] == sold["list_yuan"]).all()
    assert not sold["organic"].any()


def check_stock(scenario: Scenario, run: Result) -> None:
    """No offer sells more units than its stock; limited orders exist only of flash sales."""
    limited = run.orders[run.orders["kind"] == "limited"]
    item = run.messages.set_index("message")["item"]
    for (_, name), units in limited.groupby(["offer", limited["message"].map(item)])["units"].sum().items():
        assert units <= scenario.strategy.programme[name].stock
    per_offer = limited.groupby("offer")["message"].agg(lambda posts: posts.map(item).nunique())
    assert (per_offer == 1).all()


def check_packets(scenario: Scenario, run: Result) -> None:
    """Sent = claimed + refunded, to the fen: what red packets cost is what members hold (see also ``check_money``)."""
    drops = run.actions[(run.actions["kind"] == "red_packet") & (run.actions["status"] == "done")]
    sent = sum(int(fen(scenario.strategy.programme[name].amount_yuan)) for name in drops["item"])
    dropped = run.daily["red_packets_yuan"].clip(lower=0)
    assert 0 <= fen(run.summary["red_packet_cost"]) <= sent
    assert fen(dropped).sum() <= sent


def check_gifts(scenario: Scenario, run: Result) -> None:
    """Given by members = received from them + come back + still out, to the fen; the brand pays nothing of it (see ``check_money``)."""
    members = run.members
    given, received, returned, out = (
        fen(members[name]) for name in ("given_yuan", "received_yuan", "given_returned_yuan", "given_out_yuan")
    )
    assert given.sum() == received.sum() + returned.sum() + out.sum()
    assert (given >= returned + out).all()
    assert fen(run.summary["member_packets_yuan"]) == given.sum()
    assert run.summary["member_packets"] == members["packets_given"].sum()
    assert (given >= scenario.behaviour.giving.shares * members["packets_given"]).all()
    assert (given <= 20_000 * members["packets_given"]).all()
    assert not given[members["freeloader"]].any()
    assert not given[members["joined_h"].isna()].any()
    assert fen(members["claimed_yuan"]).sum() == fen(run.summary["red_packet_cost"])


def check_budget(scenario: Scenario, run: Result) -> None:
    """What actions cost stays within the purse: wages are beside it, and coupons are paid when they are used."""
    at_desk = sum(shift.people for shift in scenario.strategy.desk.shifts.values())  # their shifts are on every day
    a_day = sum(int(fen(people * scenario.brand.wage_yuan_per_day)) for people in (scenario.strategy.staff.people, at_desk))
    wages = a_day * int(np.ceil(scenario.horizon_days))
    summary, budget = run.summary, scenario.strategy.budget
    spent = sum(int(fen(summary[line])) for line in COST_LINES if line != "coupon_cost") - wages
    assert spent >= 0
    for limit in (budget.total_yuan, budget.month_yuan):  # the horizon ends within the first month
        assert limit is None or spent <= fen(limit)
    for name, line in (("door", "acquisition_cost"), ("referral", "commission_cost")):
        kinds = {item.kind for item in scenario.strategy.programme.values()}
        others = ("kol_session",) if name == "door" else ("commission_selling",)
        if name in budget.items and not kinds & set(others):
            assert fen(summary[line]) <= fen(budget.items[name])


def check_refusals(scenario: Scenario, run: Result) -> None:
    """Every refusal and whatever a guide skipped is on record with a reason, nothing else has one; caps hold in every group and day."""
    actions = run.actions
    refused = actions["status"] == "refused"
    assert set(actions["status"]) <= {"done", "refused", "skipped"}
    # Of an invitation and a journey, rows that say what became of people have that as their reason.
    told = actions["kind"].isin(("invite", "journey")) & actions["reason"].isin(("came in", "set out", "left early", "finished"))
    assert ((actions["reason"] != "") == ((actions["status"] != "done") | told)).all()
    assert run.summary["refused_actions"] == refused.sum()
    mass = {name for name, item in scenario.strategy.programme.items() if isinstance(item, Sending) and item.delivery == "mass"}
    sent = run.messages[run.messages["item"].isin(mass)]
    for channel, cap in (
        ("group", scenario.strategy.caps.mass_per_group_day),
        ("personal", scenario.strategy.caps.mass_per_person_day),
    ):
        own = sent[sent["channel"] == channel]
        if channel == "personal":  # what members pass on is theirs
            shared = {name for name, item in scenario.strategy.programme.items() if item.kind == "commission_selling"}
            own = own[~own["item"].isin(shared)]
        by_group = own.groupby([own["time_h"] // 24, "group"])
        if channel == "group":
            assert (by_group.size() <= cap).all()
        else:
            people = run.members["group"].value_counts()
            delivered = by_group["delivered"].sum()
            assert all(many <= cap * people.get(group, 0) for (_, group), many in delivered.items())


def test_the_busy_world_adds_up(busy: Result) -> None:
    check_everything(build(nurturing_tree(), BUSY), busy)


@EXAMPLES
@given(worlds(), st.integers(0, 2**32 - 1))
def test_random_worlds_add_up(scenario: Scenario, seed: int) -> None:
    check_everything(scenario, simulate(scenario, seed))
