"""The event log of a real run: the compiled kernel under the real community and SimPy brand, stopped after every instant of a group.

Nothing in ``sim`` is changed: ``kernel.advance_groups``, ``kernel.walk_groups``, ``granting.settle_order``, ``granting.settle_gift``,
``granting.settle_answers``, ``moving.transfer``, ``moving.enter``, ``Pool.answers`` and two lines of ``settling.SETTLE`` are wrapped for
the duration of the run. The kernel is asked to advance groups to just past their next event, and what the event did is read off the state
before and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np

from sim import granting, kernel, moving, passing_on, settling, simulation
from sim.behaviour.showing import MOST_VIEWERS
from sim.codes import INVITATION_REQUEST, ORDER_KINDS, REQUESTS, SHOWING_REQUEST
from sim.community import Community
from sim.pool import Pool
from sim.scenario import Scenario
from sim.simulation import Result, simulate
from sim.world import FEED_LENGTH

ORDER_FIELDS = (
    "time_h",
    "units",
    "price_share",
    "list_fen",
    "paid_fen",
    "cost_fen",
    "refund_fen",
    "coupon_fen",
    "offer",
    "post",
    "in_group",
)


@dataclass
class Observed:
    """A finished run and everything that happened in it."""

    log: list[tuple[float, int, str, dict[str, Any]]] = field(default_factory=list)
    community: Any = None
    operator: Any = None
    result: Result | None = None


def order_of(record: Any) -> dict[str, Any]:
    """Return an order as the naive scheduler writes it."""
    values = {name: record[name].item() for name in ORDER_FIELDS}
    return {"kind": ORDER_KINDS[record["kind"]], "product": int(record["product"]), **values}


class Watch:
    """Wrappers that let the kernel work and write down what it did."""

    def __init__(self, observed: Observed) -> None:
        self.observed = observed
        self.advance_groups = kernel.advance_groups
        self.walk_groups = kernel.walk_groups
        self.settle_order = granting.settle_order
        self.settle_gift = granting.settle_gift
        self.settle_answers = granting.settle_answers
        self.transfer = moving.transfer
        self.enter = moving.enter
        self.answers = Pool.answers
        self.asked: dict[tuple[int, int], dict[str, Any]] = {}

    def write(self, now: float, key: Any, kind: str, outcome: dict[str, Any]) -> None:
        self.observed.log.append((float(now), int(key), kind, outcome))

    def advance(self, world: Any, log: Any, groups: Any, first: int, until: float) -> int:
        """Advance groups one after another as the kernel does, one instant at a time."""
        for n in range(first, groups.size):
            own = groups[n : n + 1]
            while (now := self.next_instant(world, own)) < min(until, world.groups["paused_h"][own[0]]):
                with self.noted(world, log, own, now):
                    done = self.advance_groups(world, log, own, 0, np.nextafter(now, np.inf))
                if not done:
                    return n
            self.advance_groups(world, log, own, 0, until)
        return int(groups.size)

    def walk(self, world: Any, log: Any, groups: Any, until: float, minutes: float) -> float:
        """Advance groups together as the kernel does, one instant at a time."""
        while (now := self.next_instant(world, groups)) < until:
            beyond = np.nextafter(now, np.inf)
            with self.noted(world, log, groups, now):
                reached = self.walk_groups(world, log, groups, beyond, minutes)
            if reached < beyond:
                return float(reached)
        return float(self.walk_groups(world, log, groups, until, minutes))

    def next_instant(self, world: Any, groups: Any) -> float:
        """Return when the next event of some groups falls due."""
        return float(np.where(world.groups["queued"][groups] > 0, world.queue_time[groups, 0], np.inf).min())

    @contextmanager
    def noted(self, world: Any, log: Any, groups: Any, now: float) -> Iterator[None]:
        """Write down what happens in some groups meanwhile, at one instant."""
        queued = np.arange(world.queue_time.shape[1]) < world.groups["queued"][groups][:, None]
        rows = np.sort(world.queue_person[groups][queued & (world.queue_time[groups] == now)])
        before = world.people[rows]
        orders, requests = log.counts[:2]
        written = world.groups["sequence"].copy()
        yield
        new_orders, new_requests = log.orders[orders : log.counts[0]], log.requests[requests : log.counts[1]]
        for old, new in zip(before, world.people[rows], strict=True):
            if all(old[name] == new[name] for name in ("last_h", "arrived", "day", "sessions", "orders")):
                continue  # The kernel stopped before this event: it waits for the brand, or for room in its log.
            own = [found[found["key"] == new["key"]] for found in (new_orders, new_requests)]
            g = new["group"]
            messages = world.feed[g][np.arange(written[g], world.groups["sequence"][g]) % FEED_LENGTH]
            self.tell(now, old, new, *own, messages[messages["author"] == new["key"]])

    def tell(self, now: float, old: Any, new: Any, orders: Any, requests: Any, messages: Any) -> None:
        """Write down one person's event."""
        kinds = {
            "arrival": new["arrived"] and not old["arrived"],
            "purchase": any(orders["kind"] == 0),
            "session": new["sessions"] > old["sessions"],
        }
        kind = " and ".join(name for name, happened in kinds.items() if happened) or "day"
        outcome: dict[str, Any] = {"next": float(new["next_h"])}
        if new["messages_read"] > old["messages_read"]:
            outcome["read"] = int(new["messages_read"] - old["messages_read"])
        if new["claims"] > old["claims"]:
            fen = sum(int(new[name] - old[name]) for name in ("claimed_fen", "received_fen"))
            outcome["claimed"] = (int(new["claims"] - old["claims"]), fen)
        if len(orders):
            outcome["orders"] = [order_of(order) for order in orders]
        if len(requests):
            outcome["asked"] = [(REQUESTS[r["kind"]], int(r["nth"]), int(r["offer"]), int(r["post"])) for r in requests]
        if len(messages):
            outcome["wrote"] = [(int(m["key"]), int(m["thread"]), int(m["depth"])) for m in messages]
        if new["muted"] and not old["muted"]:
            outcome["muted"] = True
        if old["member"] and not new["member"]:
            outcome["left"] = [int(new["left_cause"]), *(new["leave_spent"] / new["leave_spent"].sum())]
        self.write(now, new["key"], kind, outcome)

    def watch_order(self, world: Any, log: Any, record: Any, price_share: float, now: float) -> bool:
        """Settle a request for limited stock, or what was reserved, and write down how."""
        before = int(log.counts[0])
        granted = bool(self.settle_order(world, log, record, price_share, now))
        person = world.people[record["person"]]
        outcome: dict[str, Any] = {"granted": granted, "next": float(person["next_h"])}
        if granted:
            outcome["orders"] = [order_of(log.orders[before])]
        self.write(now, record["key"], "allotment", outcome)
        return granted

    def watch_invitations(self, community: Community, requests: Any, tick: float) -> None:
        """Write down that invitations are answered."""
        self.asked = {}
        for request in requests:
            self.asked[int(request["person"]), int(request["nth"])] = outcome = {}
            self.write(tick, request["key"], "answer", outcome)
        settling.settle_invitations(community, requests, tick)

    def watch_showings(self, community: Community, requests: Any, tick: float) -> None:
        """Write down that what people show is seen."""
        self.asked = {}
        for request in requests:
            outcome: dict[str, Any] = {}
            first = settling.FIRST_SHOWING + int(request["nth"]) * MOST_VIEWERS
            self.asked |= {(int(request["person"]), first + viewer): outcome for viewer in range(MOST_VIEWERS)}
            self.write(tick, request["key"], "shown", outcome)
        settling.settle_showings(community, requests, tick)

    def watch_gift(self, world: Any, index: int, packet: int, now: float) -> None:
        """Write down what a member's packet holds (0: it was not dropped)."""
        self.settle_gift(world, index, packet, now)
        self.write(now, world.people["key"][index], "gift", {"fen": int(world.packets["total_fen"][packet]) if packet >= 0 else 0})

    def watch_move(self, world: Any, log: Any, index: int, group: int, now: float) -> None:
        """Write down that a member is moved or removed."""
        self.transfer(world, log, index, group, now)
        self.write(now, world.people["key"][index], "move", {"next": float(world.people["next_h"][index])})

    def watch_entry(self, world: Any, log: Any, index: int, group: int, now: float) -> None:
        """Write down that somebody who was asked in comes in."""
        self.enter(world, log, index, group, now)
        self.write(now, world.people["key"][index], "move", {"next": float(world.people["next_h"][index])})

    def watch_replies(self, world: Any, log: Any, answers: Any, first: int, conversations: Any, scripts: Any, now: float) -> int:
        """Write down that the desk answered, one after another, and what was bought of it."""
        for n in range(first, answers.size):
            before = int(log.counts[0])
            if not self.settle_answers(world, log, answers[n : n + 1], 0, conversations, scripts, now):
                return n
            person = world.people[answers["person"][n]]
            outcome: dict[str, Any] = {"next": float(person["next_h"])}
            if log.counts[0] > before:
                outcome["orders"] = [order_of(log.orders[before])]
            self.write(now, person["key"], "reply", outcome)
        return int(answers.size)

    def watch_answers(self, pool: Pool, world: Any, inviters: Any, nths: Any) -> Any:
        """Write down who came, into the answers just written."""
        numbers, likeness = self.answers(pool, world, inviters, nths)
        for inviter, nth, number in zip(inviters, nths, numbers, strict=True):
            if number >= 0 and nth < passing_on.FIRST_ASKED:
                self.asked[int(inviter), int(nth)].setdefault("came", []).append(int(number))
        return numbers, likeness


@contextmanager
def watching() -> Iterator[Observed]:
    """Watch whatever is simulated meanwhile."""
    observed = Observed()
    watch = Watch(observed)

    def keep(community: Community) -> None:
        observed.community = community
        found(community)

    def keep_operator(*arguments: Any) -> Any:
        observed.operator = operator(*arguments)
        return observed.operator

    found, operator = simulation.found, simulation.Operator
    with (
        patch.object(kernel, "advance_groups", watch.advance),
        patch.object(kernel, "walk_groups", watch.walk),
        patch.object(granting, "settle_order", watch.watch_order),
        patch.object(granting, "settle_gift", watch.watch_gift),
        patch.object(moving, "transfer", watch.watch_move),
        patch.object(moving, "enter", watch.watch_entry),
        patch.object(granting, "settle_answers", watch.watch_replies),
        patch.object(Pool, "answers", lambda pool, *arguments: watch.watch_answers(pool, *arguments)),
        patch.dict(settling.SETTLE, {INVITATION_REQUEST: watch.watch_invitations, SHOWING_REQUEST: watch.watch_showings}),
        # Every invitation goes through the host, where it is seen; that the way through the kernel gives the same is another test's.
        patch.object(Community, "_live_on", lambda *_: (False, False)),
        patch.object(simulation, "found", keep),
        patch.object(simulation, "Operator", keep_operator),
    ):
        yield observed


def observe(scenario: Scenario, seed: int, replication: int) -> Observed:
    """Simulate a scenario with the compiled kernel and return what happened."""
    with watching() as observed:
        observed.result = simulate(scenario, seed, replication, record="full")
    observed.log.sort(key=place)
    return observed


def place(event: tuple[float, int, str, dict[str, Any]]) -> tuple[float, int]:
    """Return where an event belongs: by time, at one instant what is settled (in its own order), then members by key."""
    now, key, kind, _ = event
    return now, -1 if kind in ("answer", "allotment", "gift", "shown", "reply", "move") else key
