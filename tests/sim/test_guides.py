"""Guides: traits, what they carry out, what an audit does, and that they change nothing by default."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.brand.guides import Guides, Team
from sim.randomness import run_key
from sim.simulation import Result
from tests.sim.worlds import build, null_tree, strategy_tree

RUN = run_key(3, 0)
TIP = {"kind": "content_post", "when": "daily 12:00", "column": "tips"}
UNEVEN = {"compliance_mean": 0.6, "compliance_sd": 0.2}
OCCASIONS = np.arange(1, 4001, dtype=np.uint64)


def team(**plan: Any) -> Team:
    """Return guides who have never been audited."""
    return Team(Guides(**plan), RUN, [])


def run(programme: dict[str, Any] | None = None, **changes: Any) -> Result:
    """Return two weeks of a null world with eight groups."""
    tree = null_tree(**(programme or {"tip": TIP}))
    return simulate(build(tree, {"population": {"size": 160, "group_size": 25}, **changes}), 5)


def test_traits_are_normal_and_cut_to_their_bounds() -> None:
    guides = team(skill_mean=0.9, skill_sd=0.2, compliance_mean=0.9, compliance_sd=0.3)
    skills = np.array([guides.skill(n) for n in range(4000)])
    # 4 standard errors of a mean and of a standard deviation of 4,000.
    assert skills.mean() == pytest.approx(0.9, abs=4 * 0.2 / math.sqrt(4000))
    assert skills.std() == pytest.approx(0.2, abs=4 * 0.2 / math.sqrt(8000))
    compliances = [guides.compliance(n, 0.0) for n in range(400)]
    assert min(compliances) >= 0.0
    assert max(compliances) == 1.0


def test_the_share_carried_out_is_compliance_and_the_answer_stays() -> None:
    guides = team(compliance_mean=0.7)
    done = [guides.carries_out(0, key, 10.0) for key in OCCASIONS]
    assert np.mean(done) == pytest.approx(0.7, abs=4 * math.sqrt(0.7 * 0.3 / 4000))
    assert done == [guides.carries_out(0, key, 99.0) for key in OCCASIONS]
    assert done != [guides.carries_out(1, key, 10.0) for key in OCCASIONS]


def test_an_audit_makes_up_a_share_that_halves_and_never_lets_anybody_do_less() -> None:
    guides = team(compliance_mean=0.4, audit_gain=0.5, audit_half_life_days=10.0)
    before = [guides.carries_out(0, key, 300.0) for key in OCCASIONS]
    guides.audits.append((60.0, []))
    assert guides.compliance(0, 60.0) == pytest.approx(0.4)  # what begins at that minute is not changed by it
    assert guides.compliance(0, 60.001) == pytest.approx(0.7, abs=1e-4)
    assert guides.compliance(0, 300.0) == pytest.approx(1.0 - 0.6 * 0.75)
    guides.audits.append((300.0 - 1e-9, []))
    assert guides.compliance(0, 300.0) == pytest.approx(1.0 - 0.6 * 0.75 * 0.5)
    after = [guides.carries_out(0, key, 300.0) for key in OCCASIONS]
    assert all(now or not then for then, now in zip(before, after, strict=True))
    assert sum(after) > sum(before)


def test_an_audit_looks_at_the_types_of_groups_that_it_is_for() -> None:
    guides = team(compliance_mean=0.4, audit_gain=0.5, audit_half_life_days=10.0)
    guides.audits.append((60.0, ["vip"]))
    assert guides.compliance(0, 61.0) == pytest.approx(0.4)
    assert guides.compliance(0, 60.001, "vip") == pytest.approx(0.7, abs=1e-4)


def test_audits_of_a_history_go_on_working() -> None:
    plan = {"compliance_mean": 0.5, "audit_gain": 1.0, "audit_half_life_days": 1000.0}
    look = {"kind": "audit", "when": "day 6 08:00"}
    unseen, audited = (
        run(**{"strategy.guides": plan, "history": {"days": 7, "strategy": {**strategy_tree(**items), "guides": plan}}})
        for items in ({}, {"look": look})
    )
    assert len(unseen.messages) < 0.7 * len(audited.messages)


def test_people_in_no_group_get_their_letters_whatever_guides_do() -> None:
    letter = {"kind": "one_to_one", "when": "daily 12:00", "column": "tips", "quality": 0.5}
    changes = {"behaviour.contacts.contact_share": 1.0, "population": {"size": 160, "group_size": 25, "join_share": 0.6}}
    result = run({"letter": letter}, **changes, **{"strategy.guides": {"compliance_mean": 0.0}})
    assert set(result.messages["group"]).isdisjoint(result.groups["group"])
    assert len(result.messages) == 14
    assert len(result.actions[result.actions["status"] == "skipped"]) == 14 * len(result.groups)


def test_what_is_not_carried_out_is_skipped_and_recorded() -> None:
    result = run(**{"strategy.guides": UNEVEN})
    counted = result.actions.groupby("status").size()
    assert counted["done"] + counted["skipped"] == 14 * len(result.groups)
    assert counted["skipped"] > 20
    assert len(result.messages) == counted["done"]
    assert set(result.actions.loc[result.actions["status"] == "skipped", "reason"]) == {"not carried out"}
    assert result.summary["refused_actions"] == 0


def test_a_whole_occasion_is_carried_out_or_not() -> None:
    flash = {"kind": "flash_sale", "when": "daily 20:00", "product": "hero", "stock": 9, "announce": "5h", "window": "1h"}
    result = run({"flash": flash, "look": {"kind": "audit", "when": "daily 17:00"}}, **{"strategy.guides": UNEVEN})
    posts = result.messages.assign(day=result.messages["time_h"] // 24)
    assert (posts.groupby(["day", "group"]).size() == 2).all()
    assert len(posts) < 2 * 14 * len(result.groups)


def test_no_packet_is_paid_where_it_is_not_dropped() -> None:
    packet = {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 2.0, "shares": 1}
    result = run({"packet": packet}, **{"strategy.guides": UNEVEN})
    dropped = (result.actions["status"] == "done").sum()
    assert result.daily["red_packets_yuan"].clip(lower=0).sum() == pytest.approx(2.0 * dropped, abs=4.0 * dropped)
    assert result.summary["red_packet_cost"] <= 2.0 * dropped


def test_skill_scales_what_content_does() -> None:
    trusting = {"behaviour.trust": {}}
    poor, plain, rich = (run(**{"strategy.guides": {"skill_mean": skill}, **trusting}) for skill in (0.5, 1.0, 1.2))
    assert poor.summary["mean_trust"] < plain.summary["mean_trust"] < rich.summary["mean_trust"]


def test_audits_raise_what_is_carried_out_and_cost_what_they_cost() -> None:
    look = {"kind": "audit", "when": "every 4 days 08:00", "cost_yuan": 75.0}
    alone, audited = run(**{"strategy.guides": UNEVEN}), run({"tip": TIP, "look": look}, **{"strategy.guides": UNEVEN})
    assert (audited.messages["item"] == "tip").sum() > (alone.messages["item"] == "tip").sum()
    assert audited.summary["staff_cost"] == 4 * 75.0
    refused = run({"tip": TIP, "look": look}, **{"strategy.guides": UNEVEN, "strategy.budget": {"total_yuan": 0.0}})
    assert refused.summary["refused_actions"] == 4
    assert len(refused.messages) == len(alone.messages)


def test_what_is_promised_and_not_carried_out_costs_trust() -> None:
    feeling = {"behaviour.habit": {}, "behaviour.trust": {"gain": 0.0, "loss": 0.2}, "horizon_days": 28.0}
    packet = {"packet": {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 20.0, "shares": 20}}
    reliable, unreliable = run(packet, **feeling), run(packet, **feeling, **{"strategy.guides": {"compliance_mean": 0.7}})
    assert unreliable.summary["mean_trust"] < reliable.summary["mean_trust"]


def test_guides_who_do_everything_well_change_nothing() -> None:
    plain, guided = run(), run(**{"strategy.guides": {"skill_mean": 1.0, "compliance_mean": 1.0, "audit_gain": 1.0}})
    pd.testing.assert_frame_equal(plain.messages, guided.messages, check_exact=True)
    pd.testing.assert_frame_equal(plain.members, guided.members, check_exact=True)
