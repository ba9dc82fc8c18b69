"""Results are a function of scenario, seed and replication: not of threads, laziness, order of groups, buffers, records or processes."""

from __future__ import annotations

import faulthandler
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import simulate, world
from sim.community import Community
from sim.scenario import Scenario
from sim.simulation import Result
from tests.sim.worlds import build, null_tree, nurturing_tree

USUAL = ("members", "orders", "daily", "messages", "groups", "actions")
SAID = ("chat", "claims", "packets")
TABLES = (*USUAL, *SAID)
DAY = 7
# Several groups of several topics, so that threads have something to share and groups something to wait for.
CROWD = {"population": {"size": 300, "group_size": 40}, "horizon_days": 10.0}


PAID = {"kind": "interest_circle", "channels": ["door"], "capacity": 15, "gate": {"kind": "fee"}, "split": True}


def crowd(changes: dict[str, Any] | None = None) -> Scenario:
    """Return a world with many groups in which every mechanism works and stock, budget and pool run short."""
    return build(
        nurturing_tree(),
        {
            **CROWD,
            "strategy.budget.total_yuan": 1250.0,
            "strategy.programme.flash": {
                "kind": "flash_sale",
                "when": "daily 12:00",
                "product": "entry",
                "discount": 0.5,
                "stock": 9,
                "window": "3h",
                "announce": "90min",
            },
            "strategy.programme.honour": {"kind": "promote", "when": "daily 13:00", "to": "best", "by": "gmv", "at_least": 60},
            "strategy.groups": {"best": {"kind": "vip", "capacity": 12}, "paid": PAID},
            "behaviour.giving.spontaneous_per_day": 0.05,
            "market.spam_per_day": 3.0,
            "market.infiltrators_per_day": 0.5,
            **(changes or {}),
        },
    )


def assert_same(one: Result, other: Result) -> None:
    """Compare summaries and all tables exactly: every bit of every number."""
    pd.testing.assert_series_equal(pd.Series(one.summary), pd.Series(other.summary), check_exact=True)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


@pytest.fixture(scope="module")
def plain() -> Result:
    return simulate(crowd(), 21, 3, record="full")


def test_the_crowd_competes(plain: Result) -> None:
    # Without these the comparisons below would hold for want of anything that could differ.
    limited = plain.orders[plain.orders["kind"] == "limited"]
    assert limited["group"].nunique() > 3
    assert (limited.groupby("offer")["units"].sum() == 9).any()
    assert (plain.actions["reason"] == "total budget").any()
    assert plain.members["inviter"].ge(0).sum() > 20
    assert plain.members["messages_written"].sum() > 50
    assert len(plain.groups) > 8
    assert plain.daily["moves_in"].sum() > 20
    assert (plain.messages["kind"] == "spam").sum() > 20
    assert (plain.chat["answers_line"] >= 0).sum() > 20
    assert plain.claims["sender"].nunique() > 3


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"threads": 2},
        {"threads": 3, "backwards": True},
        {"eager": True},
        {"backwards": True},
        {"eager": True, "backwards": True, "threads": 2},
    ],
    ids=str,
)
def test_how_it_is_computed_changes_nothing(plain: Result, settings: dict[str, Any]) -> None:
    assert_same(plain, simulate(crowd(), 21, 3, record="full", **settings))


def test_what_the_kernel_settles_the_host_would_settle_alike(plain: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Community, "_live_on", lambda *_: (False, False))
    assert_same(plain, simulate(crowd(), 21, 3, record="full"))


def shrink_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give logs room for one event's acts and no more: the kernel must stop, be drained, and go on at the same event, over and over."""
    usual = world.Log.empty
    monkeypatch.setattr(world.Log, "empty", classmethod(lambda _, *, transcribed: usual(33, transcribed=transcribed)))


def test_a_small_log_changes_nothing(plain: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    shrink_logs(monkeypatch)
    assert_same(plain, simulate(crowd(), 21, 3, record="full"))


def test_threads_that_drain_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Thousands of requests, full logs, and threads that the interpreter switches at every chance. A request that is lost leaves its group
    # waiting for ever, so the time is limited.
    changes = {
        "horizon_days": 1.0,
        "population.size": 1000,
        "market.pool": 4000,
        "behaviour.referral": {"early_per_day": 4.0, "again_per_day": 20.0},
        "strategy.budget.total_yuan": None,
    }
    scenario = crowd(changes)
    calm = simulate(scenario, 22, record="full")
    assert calm.members["invitations"].sum() > 1000
    shrink_logs(monkeypatch)
    # Stock is limited while logs fill up: a group that waits for its request holds the others at its tick.
    assert_same(calm, simulate(scenario, 22, record="full"))
    usual = sys.getswitchinterval()
    faulthandler.dump_traceback_later(120, exit=True)
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(3):
            assert_same(calm, simulate(scenario, 22, record="full", threads=3))
    finally:
        sys.setswitchinterval(usual)
        faulthandler.cancel_dump_traceback_later()


def test_recording_changes_nothing(plain: Result) -> None:
    usual = simulate(crowd(), 21, 3)
    little = simulate(crowd(), 21, 3, record="summary")
    pd.testing.assert_series_equal(pd.Series(usual.summary), pd.Series(plain.summary), check_exact=True)
    pd.testing.assert_series_equal(pd.Series(little.summary), pd.Series(plain.summary), check_exact=True)
    for name in USUAL:
        pd.testing.assert_frame_equal(getattr(usual, name), getattr(plain, name), check_exact=True)
    for name, run in [*((name, little) for name in TABLES), *((name, usual) for name in SAID)]:
        table = getattr(run, name)
        assert table.empty
        assert table.columns.tolist() == getattr(plain, name).columns.tolist()
        assert table.columns[:2].tolist() == ["strategy", "replication"]


def test_the_order_of_the_plan_changes_nothing(plain: Result) -> None:
    tree = crowd().model_dump()
    tree["strategy"]["programme"] = dict(reversed(tree["strategy"]["programme"].items()))
    assert_same(plain, simulate(Scenario.model_validate(tree), 21, 3, record="full"))


@pytest.mark.parametrize(("seed", "replication"), [(21, 4), (22, 3), (3, 21)])
def test_another_seed_or_replication_differs(plain: Result, seed: int, replication: int) -> None:
    other = simulate(crowd(), seed, replication)
    assert other.summary["gmv"] != plain.summary["gmv"]
    assert set(other.members["need_rate_per_week"]).isdisjoint(plain.members["need_rate_per_week"])


def digest(run: Result) -> str:
    """Return a hash of all tables."""
    text = "".join(getattr(run, name).to_csv(float_format="%.17g") for name in TABLES)
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_fresh_process_gives_the_same(plain: Result) -> None:
    code = (
        "from tests.sim.test_determinism import crowd, digest\n"
        "from sim import simulate\n"
        "import sys; sys.stdout.write(digest(simulate(crowd(), 21, 3, record='full')))"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "4711"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root, env=environment, timeout=300)
    assert done.stdout == digest(plain)


# ---- equal until they differ ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "late",
    [
        {"kind": "sales_post", "when": "daily 00:00", "product": "hero", "discount": 0.5, "from_day": DAY},
        {"kind": "red_packet", "when": "daily 03:00", "amount_yuan": 50.0, "from_day": DAY},
        {"kind": "flash_sale", "when": "daily 08:00", "product": "entry", "stock": 30, "discount": 0.6, "from_day": DAY},
        {"kind": "kol_session", "when": f"day {DAY} 01:00", "outsiders": 30, "fee_yuan": 5.0},
    ],
    ids=lambda item: str(item["kind"]),
)
def test_strategies_are_equal_until_they_differ(plain: Result, late: dict[str, Any]) -> None:
    # No limit on the budget: a purse that is empty later changes nothing earlier, but the two arms must not differ in it either.
    changes = {"strategy.budget.total_yuan": None}
    runs = [simulate(crowd(changes), 21), simulate(crowd({**changes, "strategy.programme.aaa_late": late}), 21)]
    before = [(run.orders[run.orders["time_h"] < DAY * 24], run.daily[run.daily["day"] < DAY]) for run in runs]
    for one, other in zip(*before, strict=True):
        assert len(one) > 20
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert not runs[0].orders.equals(runs[1].orders)
    assert not runs[0].daily.equals(runs[1].daily)


def test_an_outsider_changes_nobody_else() -> None:
    # Nobody meets anybody: no talk, no invitations, no packets, no stock to compete for.
    tree = nurturing_tree()
    for name in ("packet", "flash"):
        del tree["strategy"]["programme"][name]
    tree["behaviour"]["chat"] = {"talkativeness_per_day": 0.0}
    tree["behaviour"]["referral"] = {"propensity_mean": 0.0}
    tree["behaviour"]["giving"] = {"intensity_per_yuan": 0.0, "spontaneous_per_day": 0.0}
    tree["strategy"]["leads"] = {}
    tree["strategy"]["programme"]["guest"]["outsiders"] = 0
    sizes = {"population.group_size": 60, "population.likeness": 0.0}
    few = simulate(build(tree, {**sizes, "population.size": 140}), 31)
    more = simulate(build(tree, {**sizes, "population.size": 141}), 31)
    assert len(few.groups) == len(more.groups)
    extra = set(more.members["key"]) - set(few.members["key"])
    assert len(extra) == 1
    common = more.members[~more.members["key"].isin(extra)].reset_index(drop=True)
    pd.testing.assert_frame_equal(few.members, common, check_exact=True)
    newcomer = more.members.loc[more.members["key"].isin(extra), "person"].item()
    orders = more.orders[more.orders["person"] != newcomer].reset_index(drop=True)
    pd.testing.assert_frame_equal(few.orders, orders, check_exact=True)
    assert len(few.orders) > 50


def test_the_same_people_come_under_every_strategy() -> None:
    traits = ["key", "channel", "admitted_h", "need_rate_per_week", "tolerance_per_week", "notice_probability", "frailty", "units_mean"]
    leads = {"strategy.leads": {"door": 6.0}, "strategy.programme.guest.outsiders": 0, "behaviour.referral.propensity_mean": 0.0}
    leads["behaviour.freeloading.share"] = 0.2
    nurturing = simulate(build(nurturing_tree(), leads), 8).members[traits]
    null = simulate(build(null_tree(), {**leads, "population.size": 120, "strategy.programme": {}}), 8).members[traits]
    assert len(nurturing) > 160
    pd.testing.assert_frame_equal(nurturing, null, check_exact=True)
