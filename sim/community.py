"""The only door between brand and members.

The brand publishes, opens offers, drops red packets and admits people here; here members' requests are settled. Before anything touches a
group, the group is caught up to now; before anything that several groups can see changes, all of them are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import (
    biography,
    encounters,
    gathering,
    grouping,
    kernel,
    messaging,
    moving,
    passing_on,
    population,
    reservations,
    seating,
    settling,
    unanswered,
)
from sim.brand.group_types import ORDINARY
from sim.codes import ANSWER_REQUEST, MEMBERSHIP, REMOVED
from sim.desk import ServiceDesk
from sim.encode import newcomers, offer_row, parameter_record, post_row, product_table, scripts, topic_weights, week_profile
from sim.pool import Pool
from sim.queueing import CONVERSATION
from sim.scenario import Scenario
from sim.standings import Standings
from sim.touch import Lead, MessageSpec, OfferSpec
from sim.world import ANSWER, NEVER, ORDER, REQUEST, Log, World, grown, joined, new_world

STREET_SIZE = 250
Array = NDArray[Any]
NONE_LIMITED = np.zeros(0, np.int64)


@cache
def all_groups(many: int, backwards: bool) -> Array:
    """Return the numbers of so many groups, in the order in which they are visited."""
    return np.arange(many)[::-1].copy() if backwards else np.arange(many)


@dataclass
class Totals:
    """How many of everything there are."""

    people: int = 0
    groups: int = 0
    posts: int = 0
    offers: int = 0
    packets: int = 0
    sessions: int = 0
    conversations: int = 0
    refused_orders: int = 0
    lost_invitations: int = 0


@dataclass
class Community:
    """Members in groups, people outside, and what the brand put before them.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    run : numpy.uint64
        Key of the replication.
    threads : int
        Threads that advance groups; results do not depend on it.
    eager : bool
        Catch every group up at every touch of any group; results do not depend on it.
    backwards : bool
        Visit groups in the opposite order; results do not depend on it.
    trace : sequence of str, or int
        Whom to watch; see :func:`sim.biography.chosen`.
    states : sequence of str
        Fields of their records to keep; none: all. See :func:`sim.biography.kept`.
    transcribed : bool
        Write down what members write and claim; results do not depend on it.
    """

    scenario: Scenario
    run: np.uint64
    threads: int = 1
    eager: bool = False
    backwards: bool = False
    trace: Sequence[str] | int = ()
    states: Sequence[str] = ()
    transcribed: bool = False
    now: float = 0.0
    caught_up_h: float = -1.0
    total: Totals = field(default_factory=Totals)
    orders: list[bytes] = field(default_factory=list)
    waiting: Array = field(default_factory=lambda: np.zeros(0, REQUEST))
    conversations: Array = field(default_factory=lambda: np.zeros(64, CONVERSATION))
    scripts: Array = field(default_factory=lambda: np.zeros(0, ANSWER))
    traces: list[tuple[Array, Array]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    claims: list[bytes] = field(default_factory=list)
    lobby: list[Lead] = field(default_factory=list)
    limited: list[int] = field(default_factory=list)
    reserved: dict[int, reservations.Held] = field(default_factory=dict)
    calls: dict[int, np.uint64] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    talking: list[int] = field(default_factory=list)
    recomposed: set[int] = field(default_factory=set)
    on_referral: Callable[[float, int], None] | None = None

    def __post_init__(self) -> None:
        size = self.scenario.population.size
        self.world: World = new_world(
            people=3 * size + 64,  # a community may grow so far before everybody is copied; room that nobody takes costs nothing
            groups=size // self.scenario.population.group_size + size // STREET_SIZE + 16,
            queue=max(self.scenario.population.group_size, STREET_SIZE) + 64,
            parameters=parameter_record(self.scenario, self.run),
            products=product_table(self.scenario.brand),
            profile=week_profile(self.scenario.market),
        )
        self.weights = topic_weights(self.scenario.brand)
        self.employ(self.threads)
        self.street = -1
        self.traced: Array | None = None
        self.open_desk()
        self.pool = Pool(self.scenario.market.pool, self.weights)
        self.plain_traits = population.ChannelTraits()
        self.standings = Standings()

    def employ(self, threads: int) -> None:
        """Take on the threads that advance groups, and give each its log."""
        self.threads = threads
        self.logs = [Log.empty(transcribed=self.transcribed) for _ in range(threads)]
        self.asking = unanswered.Asking()
        self.workers = ThreadPoolExecutor(threads) if threads > 1 else None
        self.draining = Lock()

    def open_desk(self) -> None:
        """Let the desk of the strategy answer from now on."""
        plan = self.scenario.strategy.desk
        self.desk = ServiceDesk(plan, self.now, self.scripts.size)
        self.scripts = joined(self.scripts, scripts(plan))

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the threads and their logs, which are empty whenever no thread is at work."""
        return {name: value for name, value in vars(self).items() if name not in ("logs", "asking", "workers", "draining")}

    @property
    def parameters(self) -> Any:
        """Record of all parameters, as compiled code reads it."""
        return self.world.parameters[0]

    # ---- groups -------------------------------------------------------------------------------------------------

    def open_group(self, *, street: bool, topic: int = 0, type_name: str = "", attribute: int = -1) -> int:
        """Open a group, of a type or of none (or a part of the street, for people in no group), and return its number.

        ``attribute`` is what the members of a group of a type have in common.
        """
        g = self.total.groups
        self.total.groups += 1
        if g >= self.world.groups.shape[0]:
            needed = g + 1
            times = grown(self.world.queue_time, needed)
            times[g:] = NEVER
            self.world = self.world._replace(
                groups=grown(self.world.groups, needed),
                queue_time=times,
                queue_person=grown(self.world.queue_person, needed),
                feed=grown(self.world.feed, needed),
            )
        if not street:
            self.talking.append(g)
        group = self.world.groups[g]
        group["street"] = street
        group["type"], group["attribute"] = -1, attribute
        group["capacity"] = STREET_SIZE if street else self.scenario.population.group_size
        if type_name:
            if type_name not in self.types:
                self.types.append(type_name)
            group["type"] = self.types.index(type_name)
            group["capacity"] = self.scenario.strategy.groups[type_name].capacity
        group["opened_h"] = group["position_h"] = group["heat_h"] = group["liveliness_h"] = self.now
        group["liveliness"] = 0.0 if street else self.parameters["chat"]["opening_liveliness"]
        group["member_message_h"] = group["shill_message_h"] = -NEVER
        group["paused_h"] = NEVER
        group["welcome_post"] = -1
        group["invite_incentive"] = self.scenario.strategy.referral.incentive
        group["cohesion_drawn"] = 0.0 if street else grouping.draw_cohesion(self.run, len(self.talking) - 1, self.parameters)
        group["cohesion"] = group["cohesion_drawn"]
        group["topics"][topic] = 1.0
        return g

    def community_groups(self) -> list[int]:
        """Return the numbers of the groups that members talk in."""
        return self.talking.copy()

    def size_of(self, group: int) -> int:
        """Return the members of a group and those who are on their way to it."""
        return int(self.world.groups[group]["members"] + self.world.groups[group]["reserved"])

    def type_of(self, group: int) -> str:
        """Return the name of a group's type."""
        number = int(self.world.groups[group]["type"]) if self.types else -1
        return self.types[number] if number >= 0 else ORDINARY

    # ---- time ---------------------------------------------------------------------------------------------------

    def catch_up(self, now: float, group: int | None = None) -> None:
        """Let members live up to ``now``, and settle the requests that fall due on the way, in order of tick, time and key.

        With ``group`` only that group need be caught up (unless a request waits or stock is limited, which concerns all).
        """
        self.now = max(self.now, now)
        if not self.eager and (now <= self.caught_up_h or (group is not None and self._stands(group))):
            return
        alone = group is not None and not self.eager and not self.limited and not self.waiting.size
        if alone:
            self._advance(np.array([group]), now)
            if not self.waiting.size:
                return
        while self.total.groups:
            if self.workers is None:
                done, came = self._live_on(now)
                if done:
                    self.caught_up_h = now
                    return
                if came:
                    continue
            groups = self.world.groups[: self.total.groups]
            behind = np.flatnonzero((groups["position_h"] < now) & (groups["paused_h"] > groups["position_h"]))
            reached = now
            if behind.size:
                order = np.ascontiguousarray(behind[::-1]) if self.backwards else behind
                # A group that waits is not behind, but its tick binds the others too.
                reached = self._walk(order, min(now, float(groups["paused_h"].min()))) if self.limited else self._advance(order, now)
            tick = float(self.world.groups["paused_h"][: self.total.groups].min())
            if tick <= reached:
                settling.settle(self, tick)
                self._show_stock()
            elif reached >= now:
                self.caught_up_h = now  # what is done at this hour dates nothing before it
                return

    def _live_on(self, now: float) -> tuple[bool, bool]:
        """Advance everybody, and let in who comes because they were invited.

        Returns whether everybody is caught up, and else whether somebody came; else a request of another kind is to be settled.
        """
        log, room = self.logs[0], self.asking
        room.take_in(self.waiting, log.requests.size)
        order = all_groups(self.total.groups, self.backwards)
        minutes = float(self.scenario.clock.fast_tick_minutes) if self.limited else 0.0
        limited = np.array(self.limited, np.int64) if self.limited else NONE_LIMITED
        end_h = self.scenario.end_hours
        done = unanswered.live_on(self.world, log, order, now, end_h, minutes, limited, self.pool.asking, *room.arrays)
        waits, asked, in_vain, refused = room.counts.tolist()
        if waits or self.waiting.size:
            self.waiting = room.waiting[:waits].copy()
        self.total.lost_invitations += in_vain
        self.total.refused_orders += refused
        self.drain(log)
        if asked:
            settling.bring(self, room.asked[:asked], room.numbers[:asked], room.likeness[:asked])
        return done, asked > 0

    def _stands(self, group: int) -> bool:
        """Return whether a group has lived up to now and waits for nothing: nothing else that is behind can concern it."""
        record = self.world.groups[group]
        return bool(record["position_h"] >= self.now < record["paused_h"])

    def _walk(self, groups: Array, until: float) -> float:
        """Advance groups together while limited stock is on the board; return how far they came."""
        reached = kernel.walk_groups(self.world, self.logs[0], groups, until, self.scenario.clock.fast_tick_minutes)
        self.drain(self.logs[0])
        return float(reached)

    def _show_stock(self) -> None:
        """Publish on the board how limited offers stand: units sold, and whether they are sold out."""
        for offer in self.limited:
            record = self.world.offers[offer]
            record["counter"] = record["sold"]
            record["sold_out"] = record["sold"] >= record["stock"]

    def _advance(self, groups: Array, until: float) -> float:
        """Advance groups, spread over the threads, and collect what they have to tell; return how far they came."""
        if self.workers is None or groups.size < 2 * self.threads:
            self._advance_on(self.logs[0], groups, until)
        else:
            parts = [np.ascontiguousarray(groups[n :: self.threads]) for n in range(self.threads)]
            list(self.workers.map(self._advance_on, self.logs, parts, [until] * self.threads))
        for log in self.logs:
            self.drain(log)
        return until

    def _advance_on(self, log: Log, groups: Array, until: float) -> None:
        done = 0
        while done < groups.size:
            done = kernel.advance_groups(self.world, log, groups, done, until)
            if done < groups.size:
                self.drain(log)

    def drain(self, log: Log) -> None:
        """Collect what a log holds. A thread whose log is full calls this too: one at a time, or requests would be lost."""
        orders, requests, traces, lines, claims = log.counts.tolist()
        if not (orders or requests or traces or lines or claims):
            return
        with self.draining:
            if orders:
                self.orders.append(log.orders[:orders].tobytes())
            if requests:
                self.waiting = joined(self.waiting, log.requests[:requests])
            if traces:
                self.traces.append((log.traces[:traces].copy(), biography.kept(log.states[: 2 * traces], self.states)))
            if lines:
                self.lines.append(log.lines[:lines].tobytes())
            if claims:
                self.claims.append(log.claims[:claims].tobytes())
        log.counts[:] = 0

    # ---- what members feel of the brand ---------------------------------------------------------------------------

    def break_promise(self, group: int, slot: int) -> None:
        """Let the members of a group (-1: of all) feel that an occasion of a fixed slot was cancelled."""
        for g in self.community_groups() if group < 0 else [group]:
            self.catch_up(self.now, g)
            encounters.break_promise(self.world, g, slot)

    def spread_news(self) -> None:
        """Tell people which ties of theirs in other groups have left since they were last told. Everybody must be caught up."""
        moving.spread_news(self.world, self.total.people)

    def close_books(self, horizon: float) -> None:
        """Catch everybody up to the horizon and settle what still waits there."""
        self.catch_up(horizon)
        asked = self.waiting["kind"] != ANSWER_REQUEST
        if asked.any():
            self.waiting["due_h"][asked] = horizon
            settling.settle(self, horizon)
        if self.workers is not None:
            self.workers.shutdown()

    # ---- orders -------------------------------------------------------------------------------------------------

    def orders_since(self, since: int) -> Array:
        """Return the orders that came after so many batches of them, in no order."""
        return np.frombuffer(b"".join(self.orders[since:]), ORDER)

    def orders_on(self, offer: int, since: int) -> Array:
        """Return the orders on an offer so far, in order of time and key; ``since`` is how many batches of orders there were before it."""
        orders = self.orders_since(since)
        own: Array = orders[orders["offer"] == offer]
        order = np.lexsort((own["nth"], own["key"], own["time_h"]))
        return np.take(own, order)

    def book_fee(self, person: int, kind: int, fen: int, hour: float, group: int, offer: int = -1, post: int = -1) -> None:
        """Book something that a person pays that is no product (one of :data:`sim.codes.FEES`); a group of -1 is no group."""
        record, order = self.world.people[person], np.zeros((), ORDER)
        values = {"time_h": hour, "person": person, "key": record["key"], "nth": -1, "group": group, "in_group": group >= 0}
        values |= {"kind": kind, "product": -1, "price_share": 1.0, "list_fen": fen, "paid_fen": fen, "offer": offer, "post": post}
        for name, value in values.items():
            order[name] = value
        record["gmv_fen"] += fen
        record["margin_fen"] += fen
        self.orders.append(order.tobytes())

    def own_group(self, person: int) -> int:
        """Return the group that a person is a member of; -1 if of none."""
        record = self.world.people[person]
        return int(record["group"]) if record["member"] else -1

    def fulfil(self, offer: int, deposit_share: float, keeps_deposit: bool) -> None:
        """Catch everybody up to now and deliver what was reserved on a presale."""
        self.catch_up(self.now)
        reservations.fulfil(self, offer, deposit_share, keeps_deposit)

    def dissolve(self, offer: int) -> None:
        """Catch everybody up to now and close a group buy: who waits in an incomplete team gets nothing."""
        self.catch_up(self.now)
        reservations.dissolve(self, offer)

    def taken_up(self, offer: int) -> list[int]:
        """Catch everybody up to now and return who has taken an offer up since the last look (to share it, to be enrolled), by key."""
        self.catch_up(self.now)
        people = self.world.people[: self.total.people]
        found = np.flatnonzero(people["answered_offer"] == offer)
        people["answered_offer"][found] = -1
        return [int(person) for person in found[np.argsort(people["key"][found], kind="stable")]]

    def enrol(self, person: int, offer: int, until_h: float) -> None:
        """Book the fee of a membership, and give the person its price."""
        record = self.world.offers[offer]
        self.book_fee(person, MEMBERSHIP, int(record["fee_fen"]), self.now, self.own_group(person), offer)
        self.standings.enrol(self, person, float(record["price_share"]), until_h)

    def give_coupon(self, person: int, fen: int, hours: float, post: int) -> None:
        """Give a person a coupon without a floor; it adds to one that they hold."""
        record = self.world.people[person]
        if record["coupon_fen"] == 0 or self.now >= record["coupon_expires_h"]:
            record["coupon_fen"] = record["coupon_floor_fen"] = 0
            record["coupon_expires_h"] = self.now
            record["coupon_post"] = post
        record["coupon_fen"] += fen
        record["coupon_reminded"] = False
        record["coupon_expires_h"] = max(record["coupon_expires_h"], self.now + hours)

    def disappoint(self, person: int) -> None:
        """Let a person feel that what they were promised does not come: as bad as a refused order."""
        encounters.experience(self.world, person, -float(self.parameters["trust"]["disappointment"]))

    def please(self, person: int) -> None:
        """Let a person feel that they are thanked or have won something: as good as a message could be."""
        encounters.experience(self.world, person, 1.0)

    # ---- a change of strategy -----------------------------------------------------------------------------------

    def hand_over(self, scenario: Scenario) -> None:
        """Go on under another strategy: everybody is caught up; welcomes end, what invitations are worth changes for all groups.

        Another desk answers from now on; conversations that the old one has on its list it still has.
        Without a community, groups are dissolved: nobody has left, but nobody is a member any more. Requests under way are answered.
        """
        self.catch_up(self.now)
        self.scenario = scenario
        self.open_desk()
        groups = self.world.groups[: self.total.groups]
        groups["welcome_post"] = -1
        groups["invite_incentive"] = scenario.strategy.referral.incentive
        for name, group_type in scenario.strategy.groups.items():
            if name in self.types:
                groups["capacity"][groups["type"] == self.types.index(name)] = group_type.capacity
        if not scenario.strategy.community:
            people = self.world.people[: self.total.people]
            people["member"] = False
            people["enters_group"] &= people["arrived"]
            groups["members"] = groups["reserved"] = 0

    # ---- people -------------------------------------------------------------------------------------------------

    def admit(self, leads: list[Lead]) -> None:
        """Admit people: draw who they are, give those who enter a group a place, and let them arrive at their times."""
        if not leads:
            return
        first = self.total.people
        self.total.people += len(leads)
        self._grow("people", self.total.people)
        self._grow("places", self.total.people)
        moving.introduce(self.world, first, newcomers(leads), self.weights)
        people = self.world.people[first : self.total.people]
        if self.traced is None:
            self.traced = biography.chosen(people["key"], self.run, self.trace)
        if self.traced.size:
            people["traced"] = np.isin(people["key"], self.traced)
        if not self.scenario.strategy.community:
            people["enters_group"] = False
        wanted = np.array([lead.group for lead in leads])
        if self.scenario.strategy.groups:
            seating.choose(self, first, leads, wanted)
        self._seat(first, wanted)

    def _seat(self, first: int, wanted: Array) -> None:
        """Give every admitted person a place in a group or on the street, opening what is needed on the way."""
        done = 0
        while True:
            seated, need = grouping.seat(self.world, self.total.groups, first + done, wanted[done:], self.street, self.weights)
            done += seated
            if need == grouping.SEATED:
                return
            if need == grouping.NEEDS_GROUP:
                person = self.world.people[first + done : first + done + 1]
                self.open_group(street=False, topic=int(grouping.first_topic(person, self.run, self.weights, self.world.parameters)))
            elif need == grouping.NEEDS_STREET:
                self.street = self.open_group(street=True)
            else:
                self._widen_queues()

    def _grow(self, name: str, needed: int) -> None:
        """Give an array of the world room for so many records."""
        array = getattr(self.world, name)
        if needed > array.shape[0]:
            self.world = self.world._replace(**{name: grown(array, needed)})

    def _widen_queues(self) -> None:
        wider = ((0, 0), (0, self.world.queue_time.shape[1] // 2))
        self.world = self.world._replace(
            queue_time=np.pad(self.world.queue_time, wider, constant_values=NEVER),
            queue_person=np.pad(self.world.queue_person, wider),
        )

    def invited(self, time_h: float, inviter: int, group: int, contact: tuple[int, float], join_share: float, type_name: str) -> Lead:
        """Return somebody of the pool (number and likeness) who comes in because a person asked them."""
        number, likeness = contact
        share, source = self.scenario.market.pool_customer_share, population.POOL_SOURCE
        return Lead(source, number, time_h, -1, 0, share, join_share, self.plain_traits, inviter, group, type_name, likeness)

    def let_in(self, leads: list[Lead]) -> None:
        """Admit people who were asked in, or next midnight those who cannot enter at once the group of who asked.

        Of all groups only that one is known to stand at this tick.
        """
        entering: list[Lead] = []
        free: dict[int, int] = {}
        for lead in leads:
            group = lead.group
            if group >= 0 and group not in free:
                free[group] = int(self.world.groups[group]["capacity"]) - self.size_of(group)
            if group >= 0 and free[group] > 0 and seating.passes_gate(self, lead):
                free[group] -= 1
                entering.append(lead)
            else:
                self.lobby.append(lead)
        self.admit(entering)

    def pass_on(self, post: int, sharer: int, join_share: float) -> list[Lead]:
        """Hand a shared offer to a person's ties elsewhere; return the people outside who come for it. Everybody must be caught up."""
        record = self.world.posts[post]
        offer, many = int(record["message"]["offer"]), int(self.parameters["sharing"]["contacts"])
        ties = [other for other in passing_on.ties_of(self.world.people, sharer, here=False) if self.world.people[other]["arrived"]]
        for other in ties[:many]:
            messaging.hand_over(self.world, other, post, self.now)
        contacts = passing_on.outsiders(self, sharer, offer, len(ties), many)
        _, type_name = seating.where_invited(self, int(self.world.people[sharer]["group"]))
        return [self.invited(self.now, sharer, -1, contact, join_share, type_name) for contact in contacts]

    def show_newcomers(self, post: int, many: int) -> None:
        """Let a personal message wait for the last people admitted, who are about to come."""
        for person in range(self.total.people - many, self.total.people):
            messaging.hand_over(self.world, person, post, self.now)

    def call_in_lobby(self) -> None:
        """Admit the people who waited for a place, into any group with room."""
        waiting, self.lobby = self.lobby, []
        self.admit([lead._replace(time_h=self.now, group=-1) for lead in waiting])

    # ---- moving members -------------------------------------------------------------------------------------------

    def begin_moves(self) -> None:
        """Catch everybody up, and tell them who has left elsewhere, before who is elsewhere changes."""
        self.catch_up(self.now)
        self.spread_news()

    def move(self, index: int, group: int) -> None:
        """Move a member (by place) to another group with all their clocks and open requests, or out of theirs (-1)."""
        log, old = self.logs[0], int(self.world.people[index]["group"])
        if group >= 0 and self.world.groups[group]["queued"] >= self.world.queue_time.shape[1]:
            self._widen_queues()
        moving.transfer(self.world, log, index, group, self.now)
        self.drain(log)
        self.recomposed |= {old, group} - {-1}
        if group >= 0:
            self._take_along(index, old, group)

    def enter(self, index: int, group: int) -> None:
        """Let somebody (by place) who was never in a group join one; what they wait for is due there."""
        log, old = self.logs[0], int(self.world.people[index]["group"])
        if self.world.groups[group]["queued"] >= self.world.queue_time.shape[1]:
            self._widen_queues()
        moving.enter(self.world, log, index, group, self.now)
        self.drain(log)
        self.recomposed.add(group)
        self._take_along(index, old, group)

    def _take_along(self, index: int, old: int, group: int) -> None:
        """Let what a moved member (by place) waits for be due in their new group: that is the one to wait now."""
        own = self.waiting["person"] == index
        if own.any():
            self.waiting["group"][own] = group
            settling.pause(self, np.array([old, group]))

    # ---- what the brand puts before members -------------------------------------------------------------------------

    def publish(self, told: Sequence[tuple[int, MessageSpec]], item: int) -> int:
        """Publish a message of the brand now in the feeds of groups, as it is put in each; return the number of the first of its posts.

        What is put may differ in its quality and in the red packet that it brings, in nothing else.
        """
        groups, specs = zip(*told, strict=True)
        for group in groups:
            self.catch_up(self.now, group)
        first = self.new_post(groups[0], specs[0], item)
        self.total.posts = first + len(told)
        self._grow("posts", self.total.posts)
        qualities = np.array([spec.quality for spec in specs], np.float64)
        packets = np.array([spec.packet for spec in specs], np.int64)
        messaging.publish(self.world, first, np.array(groups, np.int64), qualities, packets, self.now)
        if specs[0].offer in self.reserved:
            for post, group in enumerate(groups, first):
                self.reserved[specs[0].offer].show(self.world, group, post)
        return first

    def count(self, group: int, audience: Array) -> tuple[int, int, int]:
        """Return how many people of a group (or part of the street) a personal message would reach now.

        Also how many the platform would keep it from, and how many a cap of the brand's own.
        """
        self.catch_up(self.now, group)
        reached, kept_back, spared = messaging.deliver(self.world, group, -1, audience, self.now)
        return int(reached), int(kept_back), int(spared)

    def groups_of(self, people: Sequence[int]) -> list[int]:
        """Return the groups, or parts of the street, of some people."""
        return [int(group) for group in np.unique(self.world.people["group"][list(people)])]

    @contextmanager
    def choosing(self, people: Sequence[int]) -> Iterator[None]:
        """Mark some people as those whom messages are for meanwhile."""
        marked = self.world.people["chosen"]
        marked[list(people)] = True
        yield
        marked[list(people)] = False

    def send(self, group: int, spec: MessageSpec, item: int, audience: Array) -> int:
        """Send a personal message to those of a group (or part of the street) who are of the audience; return the number of the post."""
        self.catch_up(self.now, group)
        post = self.new_post(group, spec, item)
        messaging.deliver(self.world, group, post, audience, self.now)
        return post

    def remove_message(self, group: int, post: int) -> None:
        """Take a post out of a group's feed, if it is still there: nobody sees it from now on."""
        self.catch_up(self.now, group)
        message = self.world.posts[post]["message"]
        feed = self.world.feed[group]
        feed["kind"][(feed["post"] == post) & (feed["key"] == message["key"])] = REMOVED
        message["kind"] = REMOVED

    def set_welcome(self, group: int, spec: MessageSpec, item: int) -> int:
        """Make a personal message the one that everybody gets on joining the group from now on."""
        self.catch_up(self.now, group)
        post = self.new_post(group, spec, item)
        self.world.groups[group]["welcome_post"] = post
        return post

    def new_post(self, group: int, spec: MessageSpec, item: int) -> int:
        """Write down a message that is yet to reach anybody, and return the number of its post."""
        number = self.total.posts
        self.total.posts += 1
        self._grow("posts", self.total.posts)
        self.world.posts[number] = post_row(spec, number, group, item, self.now)
        return number

    def open_offer(self, spec: OfferSpec) -> int:
        """Put an offer on the board; it opens and closes at the hours it names (not before now)."""
        number = self.total.offers
        self.total.offers += 1
        self._grow("offers", self.total.offers)
        call = gathering.free_bit(self.calls.values()) if spec.terms.pull > 0.0 else np.uint64(0)
        list_fen = spec.terms.list_fen or self.world.products[spec.product]["list_fen"]
        self.world.offers[number] = offer_row(spec, number, list_fen, call, self.now)
        if call:
            self.calls[number] = call
        if reservations.is_reserved(spec.terms.form):
            self.reserved[number] = reservations.Held(number, spec.terms.form, spec.terms.team, spec.bargain)
        if spec.stock is not None:
            self.limited.append(number)
            self._set_grid()
            self._show_stock()
        return number

    def close_offer(self, offer: int) -> None:
        """Catch everybody up to now and take a limited offer off the board."""
        self.catch_up(self.now)
        self.limited.remove(offer)
        self._set_grid()

    def _set_grid(self) -> None:
        """Look by the fast tick while limited stock is on the board, by the usual tick otherwise."""
        clock = self.scenario.clock
        self.parameters["run"]["tick_minutes"] = clock.fast_tick_minutes if self.limited else clock.tick_minutes

    def drop_packet(self, group: int, key: np.uint64, total_fen: int, shares: int, hours: float) -> int:
        """Prepare a red packet of the brand for a group and return its number; a message with it must follow."""
        return self.new_packet(group, key, total_fen, shares, self.now + hours, -1)

    def new_packet(self, group: int, key: np.uint64, total_fen: int, shares: int, expires_h: float, sender: int) -> int:
        """Make a red packet of the brand (sender -1) or of a member, and return its number."""
        number = self.total.packets
        self.total.packets += 1
        self._grow("packets", self.total.packets)
        packet = self.world.packets[number]
        packet["key"], packet["group"], packet["expires_h"] = key, group, expires_h
        packet["total_fen"] = packet["remaining_fen"] = total_fen
        packet["shares"] = packet["remaining_shares"] = shares
        packet["sender"], packet["luckiest"] = sender, -1
        return number

    def refund_packet(self, packet: int) -> int:
        """Take back what nobody claimed of an expired packet, in fen."""
        self.catch_up(self.now, int(self.world.packets[packet]["group"]))
        record = self.world.packets[packet]
        remaining = int(record["remaining_fen"])
        record["settled"] = True
        record["expires_h"] = min(record["expires_h"], self.now)
        return remaining
