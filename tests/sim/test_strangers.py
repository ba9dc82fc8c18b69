"""Strangers in groups: adverts, infiltrators, moderation, and members who report."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.behaviour import poaching
from sim.codes import CHAT, POACH
from sim.simulation import Result
from tests.sim.people import a_group, a_message, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree, nurturing_tree

SPAM = {"population": {"size": 400, "group_size": 100}, "horizon_days": 10.0, "market.spam_per_day": 3.0}
POACHED = {"population": {"size": 400, "group_size": 100}, "horizon_days": 10.0, "market.infiltrators_per_day": 0.5}


def adverts(changes: dict[str, Any], tree: Tree | None = None, **programme: Tree) -> Result:
    """Return a run of a world (by default, one in which nothing works on anybody)."""
    return simulate(build(tree or null_tree(**programme), changes), 9)


@pytest.fixture(scope="module")
def spammed() -> Result:
    return adverts(SPAM)


def test_nobody_comes_unless_the_market_says_so() -> None:
    assert set(adverts({"horizon_days": 3.0}).messages["kind"]) == set()


def test_spam_comes_by_size_and_gate(spammed: Result) -> None:
    # 10 days x 4 groups of 100 (filled to .85) x 3: Poisson of mean 102; 5 standard deviations. One test in two million fails by chance.
    many = len(spammed.messages)
    assert set(spammed.messages["kind"]) == {"spam"}
    assert set(spammed.messages["item"]) == {"strangers"}
    assert abs(many - 120) < 5 * np.sqrt(120)
    gated = {"circle": {"kind": "vip", "channels": ["founding"], "capacity": 100, "gate": {"kind": "task", "effort_yuan": 0.0}}}
    behind = adverts({**SPAM, "strategy.groups": gated, "market.gated_share": 0.2})
    assert abs(len(behind.messages) - 24) < 5 * np.sqrt(24)
    assert len(adverts({**SPAM, "strategy.groups": gated, "market.gated_share": 0.0}).messages) == 0


def test_moderation_takes_adverts_away_and_costs(spammed: Result) -> None:
    seen = {}
    for delay in (0.0, 60.0, 600.0):
        rules = {"removed_share": 1.0, "delay_minutes": delay, "yuan_per_day": 7.5}
        run = adverts({**SPAM, "strategy.moderation": rules})
        seen[delay] = run.messages["seen"].sum()
        assert len(run.messages) == len(spammed.messages), "who posts does not ask who moderates"
        assert run.summary["staff_cost"] == 10 * len(run.groups) * 7.5
        assert run.daily["contribution"].sum() == pytest.approx(run.summary["contribution"])
    seen["never"] = spammed.messages["seen"].sum()
    assert seen[0.0] == 0
    assert list(seen.values()) == sorted(seen.values())
    assert seen["never"] > 2 * seen[60.0] > 0
    half = adverts({**SPAM, "strategy.moderation": {"removed_share": 0.5, "delay_minutes": 0.0}})
    share = (half.messages["seen"] == 0).mean()
    assert abs(share - 0.5) < 5 * 0.5 / np.sqrt(len(half.messages))


def test_rules_are_those_of_the_type() -> None:
    types = {"vip": {"kind": "vip", "channels": ["founding"], "capacity": 100, "moderation": {"removed_share": 1.0, "delay_minutes": 0.0}}}
    run = adverts({**SPAM, "strategy.groups": types, "strategy.leads": {"door": 30.0}})
    seen = run.messages.merge(run.groups[["group", "type"]], on="group").groupby("type")["seen"].sum()
    assert seen["vip"] == 0
    assert seen["ordinary"] > 0


def test_spam_makes_junk_unless_it_is_taken_away(spammed: Result) -> None:
    assert (spammed.groups["vitality"] == "junk").all()
    clean = adverts({**SPAM, "strategy.moderation": {"removed_share": 1.0, "delay_minutes": 0.0}})
    assert not (clean.groups["vitality"] == "junk").any()


def test_spam_drives_members_out_and_costs_trust() -> None:
    changes = {**SPAM, "market.spam_per_day": 10.0}
    spam, quiet = (adverts({**changes, "market.spam_per_day": rate}, nurturing_tree()) for rate in (10.0, 0.0))
    assert spam.summary["leaves"] > quiet.summary["leaves"]
    assert spam.summary["mean_trust"] < quiet.summary["mean_trust"]


# ---- infiltrators -------------------------------------------------------------------------------------------------------


def test_an_advert_of_a_competitor_leads_away() -> None:
    p = parameters({"poaching.chance": 1.0})
    for trust, thrift, kind, goes in ((0.0, 0.5, POACH, True), (1.0, 0.5, POACH, False), (0.0, 0.0, POACH, False), (0.0, 0.5, CHAT, False)):
        person = somebody(p, trust=trust, deal_proneness=thrift)
        poaching.seen(person, a_group(), a_message(kind=kind), 0.0, p, 3.0)
        assert np.isfinite(person["lapsed_h"]) == goes
    many = [somebody(p, key=key, trust=0.6) for key in range(400)]
    for person in many:
        poaching.seen(person, a_group(), a_message(kind=POACH), 0.0, p, 3.0)
    # Chance .4; 5 standard deviations of the share are .12.
    assert abs(np.mean([np.isfinite(person["lapsed_h"]) for person in many]) - 0.4) < 0.12


def test_more_poaching_more_lapse() -> None:
    lapsed = [
        adverts({**POACHED, "behaviour.poaching.chance": chance, "behaviour.poaching.report_chance": 0.0}).members["lapsed_h"].notna().sum()
        for chance in (0.0, 0.05, 0.5)
    ]
    assert lapsed == sorted(lapsed)
    assert lapsed[0] < lapsed[2]


def test_infiltrators_are_no_members() -> None:
    clean, poached = adverts({**POACHED, "market.infiltrators_per_day": 0.0}), adverts(POACHED)
    assert (poached.messages["kind"] == "poach").sum() > 20
    for name in ("joins", "leaves", "gmv"):
        assert clean.summary[name] == poached.summary[name], name


def found_after(changes: dict[str, Any], **programme: Tree) -> tuple[int, Result]:
    """Return how many infiltrators are found, and the run."""
    run = adverts({**POACHED, **changes}, None, **programme)
    return int((run.actions["kind"] == "infiltrator").sum()), run


def test_moderators_find_infiltrators() -> None:
    counts = [found_after({"behaviour.poaching.report_chance": 0.0, "strategy.moderation.found_per_day": rate})[0] for rate in (0, 0.2, 5)]
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2]


def test_a_reward_finds_more_of_them_and_is_paid() -> None:
    tell = {"kind": "report_reward", "reward_yuan": 20.0}
    few, _ = found_after({})
    many, run = found_after({}, tell=tell)
    assert many > few
    assert run.summary["gift_cost"] == many * 20.0
    assert (run.messages["kind"] == "poach").sum() < (found_after({})[1].messages["kind"] == "poach").sum()
    poor = found_after({"strategy.budget.items": {"tell": 40.0}}, tell=tell)[1]
    assert poor.summary["gift_cost"] == 40.0
    assert (poor.actions["reason"] == "budget of the item").any()
