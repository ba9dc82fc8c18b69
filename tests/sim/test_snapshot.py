"""A run that was saved and continued equals the run at a stretch, wherever it was cut and however it is computed."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest

from sim import simulate, simulate_until
from sim.brand.actions import KINDS
from sim.brand.occasion import Hand
from sim.codes import ANSWER_REQUEST, ORDER_REQUEST
from sim.scenario import Scenario
from sim.simulation import Result, Snapshot
from tests.sim.worlds import build, nurturing_tree

TABLES = ("members", "orders", "daily", "messages", "groups", "actions", "biographies", "chat", "claims", "packets")
SEED = 21
NOON = 12.0


def crowded() -> Scenario:
    """Return a world in which, around noon of every day, an occasion of every kind has begun and is not over."""
    programme = {
        "sale": {
            "kind": "flash_sale",
            "when": "daily 11:00, 13:00",
            "product": "entry",
            "discount": 0.5,
            "stock": 9,
            "window": "3h",
            "announce": "90min",
        },
        "talk": {"kind": "shill_chat", "when": "daily 11:02", "messages": 5, "spacing": "20min"},
        "guest": {
            "kind": "kol_session",
            "when": "daily 11:45",
            "posts": 3,
            "spacing": "15min",
            "fee_yuan": 5.0,
            "product": "hero",
            "discount": 0.1,
            "outsiders": 6,
        },
        "packet": {"kind": "red_packet", "when": "daily 10:00", "amount_yuan": 5.0, "shares": 8},
        "look": {"kind": "audit", "when": "daily 10:30"},
        "thanks": {"kind": "coupon", "when": "daily 10:00", "amount_yuan": 4.0, "valid": "48h"},
        "deal": {"kind": "sales_post", "when": "daily 09:00", "product": "hero", "discount": 0.2, "delivery": "mass"},
        "tip": {"kind": "content_post", "when": "daily 12:00", "column": "tips", "production_yuan": 1.0},
        "honour": {"kind": "promote", "when": "daily 12:00", "to": "best", "by": "messages", "at_least": 2},
        "sort": {"kind": "regroup", "when": "day 2 12:00", "to": "local", "most": 30, "groups": ["ordinary"]},
        "sweep": {"kind": "prune", "when": "daily 12:00", "claimed_yuan": 0.01, "after_days": 1},
        "tell": {"kind": "report_reward"},
        "room": {"kind": "live_session", "when": "daily 11:30", "shown": ["entry", "hero"], "column": "expert", "production_yuan": 1.0},
        "ask": {"kind": "survey", "when": "daily 10:30", "cost_yuan": 0.0},
        "write": {"kind": "one_to_one", "when": "daily 11:15", "by_tag": {"deals": "sales"}, "product": "hero", "cost_yuan": 0.01},
        "moment": {"kind": "moments_post", "when": "daily 11:20"},
        "article": {"kind": "official_article", "when": "daily 10:10"},
        "answer": {"kind": "dialogue", "when": "daily 11:55"},
        "sign_in": {"kind": "check_in", "when": "daily 09:20", "window": "5h", "every": 2, "pull": 3.0, "column": "tips"},
        "riddle": {"kind": "prize_quiz", "when": "daily 10:20", "column": "tips", "pull": 3.0, "prize_yuan": 1.0},
        "party": {"kind": "offline_event", "when": "day 3 19:00", "announce": "60h", "column": "tips", "pull": 3.0, "cost_yuan": 1.0},
        "trial": {"kind": "koc_sampling", "when": "day 1 10:00", "product": "entry", "column": "tips", "after": "40h"},
        "case": {"kind": "customer_case", "when": "daily 11:05", "column": "tips", "at_least": 1},
        "full": {"kind": "spend_and_save", "when": "day 0 09:30", "product": "hero", "floor_yuan": 90.0, "save_yuan": 30.0},
        "back": {"kind": "cashback", "when": "day 0 10:30", "product": "entry", "back_share": 0.4, "window": "12h", "pays_after": "20h"},
        "present": {"kind": "gift", "when": "day 1 10:30", "product": "hero", "worth_yuan": 20.0, "window": "20h"},
        "early": {"kind": "presale", "when": "day 0 08:30", "product": "hero", "discount": 0.5, "window": "6h", "delivers_after": "30h"},
        "drums": {"kind": "hype", "when": "daily 17:00", "product": "entry", "column": "tips", "posts": 3, "spacing": "3h"},
        "partners": {"kind": "commission_selling", "when": "day 1 09:45", "product": "hero", "discount": 0.3, "commission_share": 0.5},
        "crew": {"kind": "group_buy", "when": "day 1 11:30", "product": "entry", "discount": 0.6, "team": 3, "window": "5h"},
        "haggle": {"kind": "bargain", "when": "day 1 08:30", "product": "entry", "deepest": 0.9, "cut": 0.5, "window": "8h", "ring": 1.0},
        "come": {"kind": "invite", "when": "daily 10:40", "into": "local", "pull": 3.0, "window": "30h", "cost_yuan": 0.0},
        "club": {"kind": "vip_membership", "when": "day 0 08:00", "fee_yuan": 5.0, "discount": 0.2, "window": "30h"},
    }
    groups = {
        "best": {"kind": "vip", "capacity": 6, "moderation": {"removed_share": 0.5, "delay_minutes": 90}},
        "local": {"kind": "store", "capacity": 8, "form_by": "region", "split": True, "gate": {"kind": "fee"}, "channels": ["door"]},
    }
    changes = {
        "population": {"size": 200, "group_size": 40},
        "horizon_days": 4.0,
        "strategy.budget.items": {"tip": 2.5},
        "strategy.groups": groups,
    }
    changes |= {"behaviour.showing.chance": 0.5, "behaviour.contacts.follow_share": 0.6, "market.pool_arrivals_per_year": 4.0}
    changes |= {"market.spam_per_day": 20.0, "market.infiltrators_per_day": 4.0, "behaviour.poaching.report_chance": 0.02}
    # Stock is allotted every five minutes, and the talk of 11:02 finds requests that wait.
    changes["clock.fast_tick_minutes"] = 5
    # One person answers slowly, so that questions of the day wait into the night.
    changes |= {"market.comfortable_messages_per_day": 8, "market.ban_dose": 0.05, "market.ban_days": 1.0}
    changes["strategy.guides"] = {"skill_sd": 0.2, "compliance_mean": 0.8, "compliance_sd": 0.1, "audit_half_life_days": 1.0}
    changes["behaviour.asking"] = {"per_day": 0.3, "per_offer": 0.5}
    letter = {"kind": "one_to_one", "column": "care", "cost_yuan": 0.0, "product": "entry", "discount": 0.1}
    changes["strategy.journeys"] = {
        "start": {
            "trigger": "joined",
            "look": "7h",
            "exits": ["left"],
            "steps": {"hi": {"do": letter}, "so": {"after": "20h", "do": letter}},
        },
        "again": {"trigger": "order", "again_after": "9h", "steps": {"thanks": {"after": "5h", "do": {"kind": "coupon"}}}},
        "wake": {
            "trigger": "group_dying",
            "days": 0.3,
            "steps": {"packet": {"do": {"kind": "red_packet", "amount_yuan": 2.0, "shares": 3}}},
        },
    }
    talk = {"kind": "content_post", "when": "daily 15:30", "column": "tips", "split": "rooms.treated"}
    changes["strategy.campaigns"] = {
        "round": {"when": "day 1", "phases": {"rest": {"days": 1}, "talk": {"days": 2, "programme": {"talk": talk}}}}
    }
    changes["strategy.splits"] = {"rooms": {"unit": "group"}}
    changes["strategy.rules"] = {"messages_per_group_day": 40, "stops": {"loud": {"muted_share": 0.4, "kinds": ["sales_post"]}}}
    changes["strategy.desk"] = {"shifts": {"day": {"when": "daily 09:00-18:00"}}, "minutes": 20.0, "coupon_yuan": 5.0}
    return build(nurturing_tree(**programme), changes)


def assert_equal(one: Result, other: Result) -> None:
    """Compare summaries and all tables exactly: every bit of every number."""
    pd.testing.assert_series_equal(pd.Series(one.summary), pd.Series(other.summary), check_exact=True)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def saved(day: float, **settings: Any) -> Snapshot:
    """Return the run saved at a day, as it comes back from where it was written."""
    snapshot = pickle.loads(pickle.dumps(simulate_until(crowded(), day, SEED, trace=5, record="full", **settings)))
    assert isinstance(snapshot, Snapshot)
    return snapshot


@pytest.fixture(scope="module")
def whole() -> Result:
    return simulate(crowded(), SEED, trace=5, record="full")


def test_every_kind_of_action_is_there_and_long_ones_are_cut(whole: Result) -> None:
    assert {item.kind for item in crowded().strategy.programme.values()} == set(KINDS)
    operator, errands = pickle.loads(saved(1.5).state)
    names = [type(errand).__name__ for errand in errands]
    assert "TakingBack" in names
    assert names.count("Promise") == 3
    # Among others the sale that is open, the one that is announced, and the guest, whose second post is due at this very minute.
    under_way = [
        "club",
        "come",
        "come",
        "crew",
        "drums",
        "early",
        "guest",
        "haggle",
        "partners",
        "party",
        "riddle",
        "room",
        "sale",
        "sale",
        "sign_in",
        "talk",
        "trial",
    ]
    assert sorted(errand.due.item for errand in errands if type(errand).__name__ == "Occasion") == under_way
    assert {"presale", "team", "bargain", "membership"} <= set(whole.orders["kind"])
    assert operator.community.limited
    assert not whole.biographies.empty
    assert (whole.orders["kind"] == "limited").any()
    assert (whole.daily[["moves_in", "pruned"]].sum() > 0).all()
    assert "Advert" in names
    assert (whole.actions["kind"] == "infiltrator").any()
    assert (whole.orders["kind"] == "service").any()
    assert (operator.community.waiting["kind"] == ANSWER_REQUEST).any()
    assert {"budget of the item", "account banned"} <= set(whole.actions["reason"])
    assert names.count("Journeying") == 3
    assert {"set out", "finished", "left early", "came in"} <= set(whole.actions["reason"])
    assert {"start.so", "again.thanks", "wake.packet", "round.talk.talk"} <= set(whole.messages["item"])


@pytest.mark.parametrize("hour", [0.0, 9.5, 11.51, 12.0, 13.25, 24.0, 36.0, 36.5, 59.983, 72.0, 96.0])
def test_cut_anywhere_it_equals_the_run_at_a_stretch(whole: Result, hour: float) -> None:
    assert_equal(saved(hour / 24).finish(record="full"), whole)


def test_requests_wait_across_a_cut(whole: Result) -> None:
    # A while after a message in every group, with stock on sale, somebody has asked for it and has no answer yet.
    snapshot, waiting = saved(0.0), False
    for hour in (day * 24 + 11 + minute / 60 for day in range(4) for minute in (3, 23, 43, 46, 63, 83)):
        snapshot = snapshot.go_on(hour / 24)
        operator, _ = pickle.loads(snapshot.state)
        waiting = (operator.community.waiting["kind"] == ORDER_REQUEST).any()
        if waiting:
            break
    assert waiting
    assert_equal(snapshot.finish(record="full"), whole)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"threads": 2}, {}),
        ({}, {"threads": 3, "backwards": True}),
        ({"eager": True}, {}),
        ({}, {"eager": True, "backwards": True, "threads": 2}),
    ],
    ids=str,
)
def test_each_part_may_be_computed_otherwise(whole: Result, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert_equal(saved(1.5, **before).finish(record="full", **after), whole)


def test_it_can_be_continued_often_and_in_stages(whole: Result) -> None:
    snapshot = saved(1.0)
    assert_equal(snapshot.finish(record="full"), whole)
    assert_equal(snapshot.go_on(1.53).go_on(1.53).go_on(3.0).finish(record="full"), whole)


def test_a_day_beyond_the_horizon_or_in_the_past_is_refused() -> None:
    with pytest.raises(ValueError, match="until_day: takes a day from 0 to 4, got 5"):
        simulate_until(crowded(), 5, SEED)
    with pytest.raises(ValueError, match="until_day: takes a day from 1 to 4"):
        saved(1.0).go_on(0.5)


def test_what_was_said_is_handed_out_only_if_it_was_written_down_from_the_start() -> None:
    assert saved(0.5).finish().chat.empty
    with pytest.raises(ValueError, match="record: takes full only for a run that was saved with record='full'"):
        simulate_until(crowded(), 0.5, SEED).finish(record="full")


def test_an_action_that_reaches_past_the_verbs_is_told_so() -> None:
    operator, _ = pickle.loads(saved(0.0).state)
    with pytest.raises(AttributeError, match="'community' is none"):
        Hand(operator, []).community  # noqa: B018


def test_a_journal_of_other_code_is_refused() -> None:
    operator, _ = pickle.loads(saved(0.0).state)
    with pytest.raises(RuntimeError, match="its code has changed"):
        Hand(operator, [("spend", True)]).open_offer()
