"""Simulate worlds naively, uncompiled, and write down what happened: ``NUMBA_DISABLE_JIT=1 python -m tests.sim.naive OUT WORLD ...``."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.sim.naive import draws
from tests.sim.naive.brand import carry_out
from tests.sim.naive.compare import people_of, plain
from tests.sim.naive.worlds import world

POST_FIELDS = (
    *("item", "group", "delivered", "seen", "replies", "mutes", "visits"),
    *("leaves_allocated", "joined", "sharer"),
)
OFFER_FIELDS = (
    "key",
    "product",
    "price_share",
    "opens_h",
    "closes_h",
    "sold_out",
    "counter",
    "stock",
    "sold",
    "room",
    "lift",
    "return_factor",
    "in_shop",
    "form",
    "list_fen",
)
GROUP_FIELDS = (
    *("members", "reserved", "capacity", "attribute", "cohesion"),
    *("liveliness", "heat", "member_message_h", "opened_h", "welcome_post"),
)
PACKET_SUMS = ("total_fen", "remaining_fen", "shares", "remaining_shares")
PACKET_FIELDS = ("key", "group", *PACKET_SUMS, "expires_h", "sender", "luckiest", "luckiest_fen")


def table(records: Any, fields: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """Return some fields of numbered records."""
    numbered = records.items() if isinstance(records, dict) else enumerate(records)
    return {number: {name: plain(record[name]) for name in fields} for number, record in numbered}


def naive(number: int) -> dict[str, Any]:
    """Return everything that happened in a world."""
    people, brand = carry_out(world(number), number, 0)
    log = []
    for now, key, kind, outcome in people.log:
        if "read" in outcome:
            outcome["read"] = len(outcome["read"])
        if "claimed" in outcome:
            outcome["claimed"] = (len(outcome["claimed"]), sum(outcome["claimed"]))
        log.append((now, key, kind, outcome))
    return {
        "log": log,
        "people": people_of([person for person in people.people if person.arrived]),
        "groups": table(people.groups, GROUP_FIELDS),
        "posts": table(people.posts, POST_FIELDS),
        "offers": table(people.offers, OFFER_FIELDS),
        "packets": table(people.packets, PACKET_FIELDS),
        "costs": {n: {"cost": cost} for n, cost in enumerate(sorted(brand.costs))},
        "skipped": {n: {"deed": deed} for n, deed in enumerate(sorted(brand.skipped))},
        "refused": {
            n: {"deed": deed[:3], "ban": deed[3]} for n, deed in enumerate(sorted((*deed[:3], deed[3] == "ban") for deed in brand.refused))
        },
    }


if __name__ == "__main__":
    draws.install()
    with np.errstate(over="ignore"):
        found = {int(number): naive(int(number)) for number in sys.argv[2:]}
    Path(sys.argv[1]).write_bytes(pickle.dumps(found))
