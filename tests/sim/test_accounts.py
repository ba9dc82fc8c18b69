"""Accounts and bans: what counts, how likely a ban is, how long it lasts, what it stops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.brand.accounts import Accounts
from sim.market import MarketParameters
from sim.randomness import run_key
from sim.simulation import Result
from tests.sim.worlds import build, null_tree

RUN = run_key(9, 0)
MANY = {"kind": "content_post", "when": "daily 08:00,10:00,12:00,14:00,16:00,18:00", "column": "tips"}


def accounts(**market: Any) -> Accounts:
    """Return accounts that nobody has written from."""
    return Accounts(MarketParameters(**{"comfortable_messages_per_day": 3, "ban_days": 2.0, **market}), RUN)


def run(**changes: Any) -> Result:
    """Return two weeks of a null world with groups in which six messages a day are published."""
    return simulate(build(null_tree(many=MANY), {"population": {"size": 160, "group_size": 25}, **changes}), 5)


@pytest.mark.parametrize(("dose", "too_many"), [(0.1, 1), (0.1, 4), (0.5, 2)])
def test_the_chance_of_a_ban_follows_the_messages_that_are_too_many(dose: float, too_many: int) -> None:
    platform = accounts(ban_dose=dose)
    names = [f"guide {n}" for n in range(4000)]
    for name in names:
        for nth in range(3 + too_many):
            platform.write(name, 7, 10.0 + nth)
    chance = 1.0 - math.exp(-dose * too_many)
    # 4 standard errors of a share of 4,000.
    banned = np.mean([platform.known[name].bans > 0 for name in names])
    assert banned == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 4000))


def test_a_comfortable_number_costs_nothing_and_every_day_counts_anew() -> None:
    platform = accounts(ban_dose=100.0)
    for day in range(30):
        for nth in range(3):
            platform.write("brand", 0, 24.0 * day + nth)
    assert platform.known["brand"].bans == 0


def test_one_message_to_many_groups_is_one_message_a_person() -> None:
    platform = accounts(ban_dose=100.0)
    for hour in (8.0, 9.0, 10.0):
        for group in range(50):
            platform.write("brand", group, hour)
    assert platform.known["brand"].bans == 0
    platform.write("brand", 49, 11.0)
    assert platform.known["brand"].bans == 1


def test_a_ban_begins_with_the_next_minute_and_ends() -> None:
    platform = accounts(ban_dose=100.0)
    for _ in range(4):
        platform.write("brand", 0, 12.0)
    assert [platform.is_banned("brand", hour) for hour in (12.0, 12.02, 59.98, 60.0)] == [False, True, True, False]
    assert not platform.is_banned("guide 0", 13.0)


def test_what_a_banned_account_would_publish_is_refused_and_recorded() -> None:
    banning = {"comfortable_messages_per_day": 3, "ban_dose": 0.2, "ban_days": 2.0}
    free, guides, brand = run(), run(market=banning), run(**{"market": banning, "strategy.account": "brand"})
    assert free.summary["refused_actions"] == 0
    for result in (guides, brand):
        refused = result.actions[result.actions["status"] == "refused"]
        assert set(refused["reason"]) == {"account banned"}
        assert len(refused) == result.summary["refused_actions"] > 50
        assert len(refused) + len(result.messages) == len(free.messages)
    # One account for all is banned everywhere at once.
    assert (brand.messages.groupby("time_h").size() == len(brand.groups)).all()
    assert (guides.messages.groupby("time_h").size() < len(guides.groups)).any()


def test_more_risk_lets_less_out() -> None:
    out = [len(run(market={"comfortable_messages_per_day": 3, "ban_dose": dose}).messages) for dose in (0.0, 0.05, 1.0)]
    assert out[0] > out[1] > out[2]


def test_without_a_dose_nothing_is_counted() -> None:
    plain, watched = run(), run(market={"comfortable_messages_per_day": 0, "ban_days": 1000.0})
    pd.testing.assert_frame_equal(plain.messages, watched.messages, check_exact=True)


def test_a_cancelled_promise_is_felt() -> None:
    feeling = {"behaviour.habit": {}, "behaviour.trust": {"gain": 0.0, "loss": 0.2}, "horizon_days": 28.0}
    packet = {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 20.0, "shares": 20}
    tree = null_tree(many=MANY, packet=packet)
    banning = {"comfortable_messages_per_day": 6, "ban_dose": 0.1, "ban_days": 3.0}
    free, banned = (simulate(build(tree, {**feeling, "market": market}), 5) for market in ({}, banning))
    assert banned.summary["refused_actions"] > 0
    assert banned.summary["mean_trust"] < free.summary["mean_trust"]
