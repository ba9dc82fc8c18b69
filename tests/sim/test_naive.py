"""The compiled kernel agrees with the naive scheduler: every event of every person, in order, and everything left at the end."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.codes import PRUNED
from sim.simulation import simulate
from sim.world import CLAIM, LINE
from tests.sim.naive.__main__ import GROUP_FIELDS, OFFER_FIELDS, PACKET_FIELDS, POST_FIELDS, table
from tests.sim.naive.compare import first_difference, people_of, plain, same, state_difference
from tests.sim.naive.observe import Observed, observe
from tests.sim.naive.worlds import world

WORLDS = tuple(range(20))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def naive(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """Simulate all worlds naively, in one process that compiles nothing."""
    out = tmp_path_factory.mktemp("naive") / "worlds.pickle"
    command = [sys.executable, "-m", "tests.sim.naive", str(out), *map(str, WORLDS)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, check=True, timeout=280)
    found: dict[int, dict[str, Any]] = pickle.loads(out.read_bytes())
    return found


@pytest.fixture(scope="module")
def kernel() -> dict[int, Observed]:
    """Simulate all worlds with the compiled kernel, watched."""
    return {number: observe(world(number), number, 0) for number in WORLDS}


@pytest.mark.parametrize("number", WORLDS)
def test_every_event_agrees(number: int, naive: dict[int, dict[str, Any]], kernel: dict[int, Observed]) -> None:
    difference = first_difference(naive[number]["log"], kernel[number].log)
    assert not difference, f"world {number}: {difference}"


@pytest.mark.parametrize("number", WORLDS)
def test_what_is_left_agrees(number: int, naive: dict[int, dict[str, Any]], kernel: dict[int, Observed]) -> None:
    run, community = kernel[number], kernel[number].community
    state, total = community.world, community.total
    people = state.people[: total.people]
    groups = {g: state.groups[g] for g in community.community_groups()}
    ledger = run.operator.ledger
    costs = sorted((cost.time_h, cost.line, cost.group, cost.fen) for cost in ledger.costs)
    skipped = sorted((deed.time_h, deed.item, deed.group) for deed in ledger.deeds if deed.status == "skipped")
    refused = sorted(
        (deed.time_h, deed.item, deed.group, deed.reason == "account banned") for deed in ledger.deeds if deed.status == "refused"
    )
    found = {
        "people": people_of(people[people["arrived"]]),
        "groups": table(groups, GROUP_FIELDS),
        "posts": table(state.posts[: total.posts], POST_FIELDS),
        "offers": table(state.offers[: total.offers], OFFER_FIELDS),
        "packets": table(state.packets[: total.packets], PACKET_FIELDS),
        "costs": {n: {"cost": cost} for n, cost in enumerate(costs)},
        "skipped": {n: {"deed": deed} for n, deed in enumerate(skipped)},
        "refused": {n: {"deed": deed[:3], "ban": deed[3]} for n, deed in enumerate(refused)},
    }
    for what, kernel_state in found.items():
        difference = state_difference(naive[number][what], kernel_state)
        assert not difference, f"world {number}: {what} {difference}"


@pytest.mark.parametrize("number", WORLDS)
def test_what_is_written_down_of_members_agrees(number: int, naive: dict[int, dict[str, Any]], kernel: dict[int, Observed]) -> None:
    community = kernel[number].community
    lines = np.frombuffer(b"".join(community.lines), LINE)
    lines = lines[np.lexsort((lines["nth"], lines["author_key"], lines["time_h"]))]
    wrote = [(now, key, *line) for now, key, _, outcome in naive[number]["log"] for line in outcome.get("wrote", ())]
    assert same(wrote, [tuple(plain(line[name]) for name in ("time_h", "author_key", "key", "thread", "depth")) for line in lines])
    claims: dict[tuple[float, int], tuple[int, int]] = {}
    for claim in np.frombuffer(b"".join(community.claims), CLAIM):
        event = float(claim["time_h"]), int(claim["key"])
        many, fen = claims.get(event, (0, 0))
        claims[event] = many + 1, fen + int(claim["fen"])
    claimed = [(now, key, outcome["claimed"]) for now, key, _, outcome in naive[number]["log"] if "claimed" in outcome]
    assert same(claimed, [(*event, told) for event, told in sorted(claims.items())])


def test_watching_changes_nothing(kernel: dict[int, Observed]) -> None:
    for number in WORLDS[:4]:
        watched = kernel[number].result
        assert watched is not None
        np.testing.assert_equal(simulate(world(number), number, 0).summary, watched.summary)


def test_the_worlds_are_lively(naive: dict[int, dict[str, Any]]) -> None:
    counted: Counter[str] = Counter()
    for found in naive.values():
        waiting: set[int] = set()
        for _, key, kind, outcome in found["log"]:
            counted[kind] += 1
            if any(asked[0] == "question" for asked in outcome.get("asked", ())):
                waiting.add(key)
            if kind == "reply":
                waiting.remove(key)
            counted["moved while waiting for an answer"] += kind == "move" and key in waiting
            counted.update(name for name in outcome if name != "next")
            for order in outcome.get("orders", ()):
                counted["coupon used"] += order["coupon_fen"] > 0
                counted["order from an offer"] += order["kind"] == "offer"
                counted["order in a conversation"] += order["kind"] == "service"
                counted[order["kind"]] += 1
            counted["disappointed"] += outcome.get("granted") is False
            counted["reply"] += sum(depth > 0 for _, _, depth in outcome.get("wrote", ()))
        for person in found["people"].values():
            counted.update(name for name in STATES if np.any(person[name]))
            counted["pruned"] += person["left_cause"] == PRUNED
        for post in found["posts"].values():
            counted["advert"] += post["item"] < 0
        counted["reward"] += sum(cost["cost"][1] == "gift_cost" for cost in found["costs"].values())
        counted["moderator"] += sum(cost["cost"][1:] == ("staff_cost", cost["cost"][2], 250) for cost in found["costs"].values())
        counted["refused deed"] += len(found["refused"])
        counted["refused to a banned account"] += sum(deed["ban"] for deed in found["refused"].values())
        counted["skipped by a guide"] += len(found["skipped"])
        counted["sold out"] += sum(offer["sold_out"] for offer in found["offers"].values())
        counted["dropped by a member"] += sum(outcome["fen"] > 0 for _, _, kind, outcome in found["log"] if kind == "gift")
        for packet in found["packets"].values():
            counted["claimed from a member"] += packet["sender"] >= 0 and packet["remaining_fen"] < packet["total_fen"]
            counted["came back to a member"] += packet["sender"] >= 0 and packet["remaining_fen"] > 0
            counted["luckiest of a packet"] += packet["luckiest"] >= 0 and packet["remaining_shares"] == 0
        counted["refund"] += sum(cost["cost"][3] < 0 for cost in found["costs"].values())
    rare = [name for name in LIVELY if counted[name] < 20]
    assert not rare, f"too few of {rare} in {dict(counted)}"


STATES = (
    "habit",
    "tie_strength",
    "tie_here",
    "belonging",
    "benefits_per_week",
    "tie_exits",
    "freeloader",
    "exposures",
    "won_back",
    "shills_found",
    "parts",
)
LIVELY = (
    *STATES,
    *("arrival", "day", "session", "purchase", "allotment", "answer", "read", "claimed", "orders", "asked", "wrote", "muted", "left"),
    *("came", "coupon used", "order from an offer", "disappointed", "reply", "refused deed", "sold out", "refund"),
    *("move", "pruned", "advert", "reward", "moderator"),
    *("refused to a banned account", "skipped by a guide", "order in a conversation", "moved while waiting for an answer"),
    *("presale", "team", "bargain"),
    *("gift", "dropped by a member", "claimed from a member", "came back to a member", "luckiest of a packet"),
)
