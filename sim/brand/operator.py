"""The brand at work: the clock of its day, its purse, and the verbs that actions are written in.

A verb that waits does so before it does anything else: an occasion that was saved while it waited calls the verb again (see
:mod:`sim.brand.occasion`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.brand.actions import Due
from sim.brand.agenda import Agenda
from sim.brand.budget import Purse
from sim.brand.promises import LINES, Promise
from sim.brand.rhythm import Creatives, fixed_slots
from sim.codes import MESSAGE_KINDS, ORDER_KINDS
from sim.community import Community
from sim.encode import topic_vector
from sim.ledger import Cost, Deed, Ledger, PostNote
from sim.randomness import name_key
from sim.scenario import Scenario
from sim.touch import Haggling, Lead, MessageSpec, OfferSpec, Terms

BOARD = -2
MIDNIGHT = -1
PACKET_HOURS = 24.0
A_MINUTE = 1.0 / 60.0


class Operator:
    """What programme items use to act on the community."""

    def __init__(
        self,
        scenario: Scenario,
        community: Community,
        ledger: Ledger,
        agenda: Agenda,
        before: Operator | None = None,
        *,
        past: bool = False,
    ) -> None:
        """Prepare a strategy.

        ``past`` says that it is that of the history; ``before`` is the operator of the history, from whom this one takes over: they share
        what the platform has counted and who is on the way.
        """
        self.before = before
        self.past = past
        self.begins_h = 0.0 if past else scenario.switch_hours
        self.ends_h = scenario.switch_hours if past else scenario.end_hours
        self.scenario = scenario
        self.community = community
        self.ledger = ledger
        self.agenda = agenda
        self.purse = Purse(scenario.strategy.budget)
        self.items = list(scenario.strategy.programme)
        self.slots: dict[str, int] = fixed_slots(scenario.strategy.programme, before.slots if before else {})
        self.creatives: Creatives = Creatives(scenario.strategy.programme, before.creatives.places if before else {})
        self.welcomes: list[tuple[str, MessageSpec]] = []
        self.packets: list[int] = []
        self.promises: list[Promise] = []
        self.outsiders: list[tuple[str, int, float, float]] = before.outsiders if before else []
        self._mass_group: dict[tuple[int, int], int] = before._mass_group if before else {}
        self._mass_person: dict[tuple[int, int], int] = before._mass_person if before else {}

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the agenda, whose clock runs: whoever takes the operator up again gives it one."""
        return {name: value for name, value in vars(self).items() if name != "agenda"}

    def take_over(self) -> None:
        """Begin the comparison: from now on members live under this strategy, on its terms and its budgets."""
        self.community.hand_over(self.scenario)
        self.community.on_referral = self.reward
        self.ledger.begin_comparison(self.community)

    # ---- time ---------------------------------------------------------------------------------------------------

    @property
    def hour(self) -> float:
        """Time now in hours."""
        return self.agenda.hour

    def at(self, hour: float, item: str, priority: int) -> Iterator[Any]:
        """Wait until the hour (to the minute), then for the item's turn."""
        yield from self.agenda.at(hour, item, priority)
        self.community.now = self.hour

    # ---- money --------------------------------------------------------------------------------------------------

    def spend(self, line: str, yuan: float, item: str, kind: str, group: int = -1) -> bool:
        """Spend from the purse, or record why not. Everybody is caught up first, since requests settled on the way may cost."""
        self.community.catch_up(self.hour)
        paid = self._pay(line, yuan, item, kind, group, self.hour)
        if not paid:
            self._break_promise(item, group)
        return paid

    def _pay(self, line: str, yuan: float, item: str, kind: str, group: int, hour: float) -> bool:
        fen = round(yuan * 100)
        reason = self.purse.refusal(fen, item, hour - self.begins_h) if fen else ""
        if reason:
            self._refuse(hour, item, kind, group, reason, yuan)
            return False
        if fen:
            self.purse.spend(fen, item, hour - self.begins_h)
            self._book(hour, line, group, fen)
        return True

    def _book(self, hour: float, line: str, group: int, fen: int) -> None:
        """Book a cost. What an occasion of the history costs or gets back after the switch is of the history: it is booked at its end."""
        self.ledger.costs.append(Cost(min(hour, self.ends_h - A_MINUTE) if self.past else hour, line, group, fen))

    def _refuse(self, hour: float, item: str, kind: str, group: int, reason: str, yuan: float) -> None:
        self.ledger.deeds.append(Deed(hour, item, kind, group, "refused", reason, yuan))

    def _break_promise(self, item: str, group: int) -> None:
        """Let members who expect an item at this hour of the week feel that it does not come."""
        if item in self.slots:
            self.community.break_promise(group, self.slots[item])

    def review_standings(self) -> None:
        """Give everybody the price that their spending has earned, if the strategy has tiers. Everybody must be caught up."""
        tiers = self.scenario.strategy.tiers
        levels = sorted(tiers.levels.values(), key=lambda level: level.spend_yuan)
        if levels:
            floors = [round(level.spend_yuan * 100) for level in levels]
            shares = [1.0 - level.discount for level in levels]
            self.community.standings.review(self.community, tiers.window_days * 24.0, floors, shares)

    def pay_staff(self) -> None:
        """Book a day of the staff on the payroll, a fixed cost beside the budget."""
        fen = round(self.scenario.strategy.staff.people * self.scenario.brand.wage_yuan_per_day * 100)
        if fen:
            self.ledger.costs.append(Cost(self.hour, "staff_cost", -1, fen))

    def reward(self, tick: float, group: int) -> None:
        """Reward the inviter of somebody who came, as far as the budget goes."""
        self._pay("commission_cost", self.scenario.strategy.referral.reward_yuan, "referral", "reward", group, tick)

    # ---- messages -----------------------------------------------------------------------------------------------

    def _message(self, due: Due, *, kind: str, column: str, part: str = "", product: str | None = None, **values: Any) -> MessageSpec:
        brand = self.scenario.brand
        mix = brand.columns[column].topics
        topics = topic_vector(brand, mix)
        if product is not None:
            own = topic_vector(brand, list(brand.products.values())[brand.product_index(product)].topics)
            topics = 0.5 * topics + 0.5 * own
        quality = values.pop("quality", None)
        creative, version = self.creatives.of(due.item, due.hour)
        return MessageSpec(
            key=self._key(due, part),
            kind=MESSAGE_KINDS.index(kind),
            topics=topics,
            quality=brand.columns[column].quality if quality is None else quality,
            creative=creative,
            version=version,
            slot=self.slots.get(due.item, -1) if self._at_its_hour(due) else -1,
            **{"appeal": 0.0, **values},
        )

    def _key(self, due: Due, *parts: str) -> np.uint64:
        """Return the key of something of an occasion; after a history a key of its own, also where items have the same name."""
        return name_key(*(["comparison"] if self.before else []), due.item, str(due.occurrence.index), *parts)

    def _at_its_hour(self, due: Due) -> bool:
        """Return whether it is the minute of the occasion: announcements come before it, further posts after it."""
        return round(self.hour * 60) == round(due.hour * 60)

    def _within_caps(self, due: Due, group: int, delivery: str, personal: bool) -> bool:
        """Return whether the platform lets the message out; a refusal is recorded."""
        if delivery == "staff":
            return True
        caps = self.scenario.strategy.caps
        counts, cap = (self._mass_person, caps.mass_per_person_day) if personal else (self._mass_group, caps.mass_per_group_day)
        key = (group, int(self.hour // 24))
        if counts.get(key, 0) >= cap:
            self._refuse(self.hour, due.item, "message", group, "cap of the platform", 0.0)
            if self._at_its_hour(due):
                self._break_promise(due.item, group)
            return False
        counts[key] = counts.get(key, 0) + 1
        return True

    def _publish(self, due: Due, group: int, spec: MessageSpec, column: str) -> None:
        self.community.publish(group, spec, self.items.index(due.item))
        self._note(due, spec, column)
        self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], group, "done", "", 0.0))

    def _note(self, due: Due, spec: MessageSpec, column: str) -> None:
        self.ledger.posts.append(PostNote(self.hour, due.item, MESSAGE_KINDS[spec.kind], column))

    def publish_everywhere(self, due: Due, *, kind: str, column: str, delivery: str, **values: Any) -> None:
        """Publish one message in every group, where the platform lets it out."""
        spec = self._message(due, kind=kind, column=column, **values)
        for group in self.community.community_groups():
            if self._within_caps(due, group, delivery, spec.personal):
                self._publish(due, group, spec, column)

    def set_welcome(self, due: Due, *, column: str, coupon_yuan: float, floor_yuan: float, valid_hours: float, **values: Any) -> None:
        """Make a personal message the welcome of every group, those that open later included."""
        coupon = _coupon(coupon_yuan, floor_yuan, valid_hours)
        spec = self._message(due, kind="welcome", column=column, personal=True, **coupon, **values)
        self.welcomes = [(due.item, spec)]
        for group in self.community.community_groups():
            self.greet_in(group)

    def greet_in(self, group: int) -> None:
        """Set the current welcome in a group."""
        for item, spec in self.welcomes:
            self.community.set_welcome(group, spec, self.items.index(item))
            self.ledger.posts.append(PostNote(self.hour, item, "welcome", ""))

    def send_coupon(
        self,
        due: Due,
        *,
        product: str,
        column: str,
        delivery: str,
        amount_yuan: float,
        floor_yuan: float,
        valid_hours: float,
        **values: Any,
    ) -> None:
        """Send every member a coupon, shown on a product."""
        brand = self.scenario.brand
        place = brand.product_index(product)
        share = max(0.05, 1.0 - amount_yuan / list(brand.products.values())[place].list_yuan)
        offer = self.community.open_offer(OfferSpec(self._key(due), place, share, self.hour, self.hour + valid_hours, coupon=True))
        coupon = _coupon(amount_yuan, floor_yuan, valid_hours)
        spec = self._message(due, kind="coupon", column=column, product=product, personal=True, offer=offer, **coupon, **values)
        for group in self.community.community_groups():
            if self._within_caps(due, group, delivery, personal=True):
                self._publish(due, group, spec, column)

    # ---- offers and packets -----------------------------------------------------------------------------------------

    def open_offer(
        self,
        due: Due,
        *,
        product: str,
        discount: float,
        hours: float,
        stock: int | None = None,
        form: str = "",
        bargain: Haggling | None = None,
        **terms: Any,
    ) -> int:
        """Put an offer on the board for so many hours from now; everybody is caught up first.

        ``terms`` are fields of :class:`sim.touch.Terms`; what its ``form`` reserves waits for another verb.
        """
        self.community.catch_up(self.hour)
        place = self.scenario.brand.product_index(product)
        further = Terms(form=ORDER_KINDS.index(form) if form else 0, **terms)
        spec = OfferSpec(self._key(due), place, 1.0 - discount, self.hour, self.hour + hours, stock, terms=further, bargain=bargain)
        return self.community.open_offer(spec)

    def open_membership(self, due: Due, **terms: Any) -> int:
        """Put a membership on the board, judged by goods at the brand's usual price."""
        products = self.scenario.brand.products.values()
        usual = sum(product.list_yuan * product.share for product in products) / max(1e-9, sum(product.share for product in products))
        return self.open_offer(due, form="membership", list_fen=round(usual * 100), **terms)

    @property
    def word_of_a_friend(self) -> float:
        """How credible what a friend passes on is."""
        return self.scenario.behaviour.ties.friend_credibility

    def settled_by(self, hour: float) -> float:
        """Return the first tick at which everything that members asked for before an hour is settled."""
        tick = self.scenario.clock.tick_minutes
        return -(-round(hour * 60) // tick) * tick / 60

    def promise(self, due: Due, kind: Literal["gift", "cashback", "commission"], offer: int, pays_h: float, **owed: Any) -> None:
        """Owe something for every order on an offer just opened, to be paid at an hour; ``owed`` are fields of :class:`Promise`."""
        promise = Promise(self, due.item, kind, offer, len(self.community.orders), pays_h, **owed)
        self.promises.append(promise)
        self.agenda.start(promise)

    def keep(self, promise: Promise) -> None:
        """Pay what a promise owes, order by order, as far as the budget goes; everybody is caught up first."""
        self.community.catch_up(self.hour)
        promise.kept = True
        for order in self.community.orders_on(promise.offer, promise.since):
            fen = promise.owed_fen(order)
            person, group = int(order["person"]), int(order["group"]) if order["in_group"] else -1
            if promise.kind == "commission":
                person, group = self._sharer(int(order["post"]))
                if person < 0:
                    continue
            if not fen:
                continue
            if promise.coupon_hours:
                self.community.give_coupon(person, fen, promise.coupon_hours, int(order["post"]))
            elif self._pay(LINES[promise.kind], fen / 100, promise.item, promise.kind, group, self.hour):
                self.ledger.deeds.append(Deed(self.hour, promise.item, promise.kind, group, "done", "", fen / 100))
            else:
                self.community.disappoint(person)

    def _sharer(self, post: int) -> tuple[int, int]:
        """Return who passed a message on, and their group; -1 if nobody did."""
        person = int(self.community.world.posts[post]["sharer"]) if post >= 0 else -1
        group = int(self.community.world.posts[post]["group"]) if person >= 0 else -1
        return person, group

    def pass_on(self, due: Due, offer: int, *, column: str, join_share: float, **values: Any) -> None:
        """Let the offer reach the people to whom members have passed it on since the last look; those outside come in."""
        for sharer in self.community.taken_up(offer):
            record = self.community.world.people[sharer]
            group, key = int(record["group"]), f"{int(record['key']):016x}"
            spec = self._message(due, kind="sales", column=column, part=f"share {key}", personal=True, offer=offer, sharer=sharer, **values)
            post = self.community.new_post(group, spec, self.items.index(due.item))
            self._note(due, spec, column)
            leads = self.community.pass_on(post, sharer, join_share)
            self.admit(leads)
            self.community.show_newcomers(post, len(leads))

    def withdraw(self, offer: int) -> None:
        """Forget who has taken up an offer that is over, and too late."""
        self.community.taken_up(offer)

    def dissolve(self, offer: int) -> None:
        """Close a group buy: incomplete teams get nothing."""
        self.community.dissolve(offer)

    def enrol(self, due: Due, offer: int, *, hours: float, gift_yuan: float) -> None:
        """Enrol those who have taken a membership since the last look, with a gift as far as the budget goes."""
        for person in self.community.taken_up(offer):
            self.community.enrol(person, offer, self.hour + hours)
            if not self._pay("gift_cost", gift_yuan, due.item, "gift", -1, self.hour):
                self.community.disappoint(person)

    def deliver(self, offer: int, *, deposit_share: float, keeps_deposit: bool) -> None:
        """Deliver now what was reserved on a presale, to whom still wants it."""
        self.community.fulfil(offer, deposit_share, keeps_deposit)

    def clear(self, offer: int, closes_h: float) -> Iterator[Any]:
        """Take a limited offer off the board when it closes (its stock is allotted tick by tick while it is open)."""
        yield from self.at(closes_h, f"board {offer:09d}", BOARD)
        self.community.close_offer(offer)

    def drop_packets(self, due: Due, *, amount_yuan: float, shares: int, column: str, delivery: str, **values: Any) -> None:
        """Drop a red packet in every group, as far as budget and caps go; what is left comes back after a day."""
        dropped = []
        for group in self.community.community_groups():
            if self._within_caps(due, group, delivery, personal=False) and self.spend(
                "red_packet_cost", amount_yuan, due.item, "red_packet", group
            ):
                key = self._key(due, f"packet {group}")
                packet = self.community.drop_packet(group, key, round(amount_yuan * 100), shares, PACKET_HOURS)
                dropped.append(packet)
                self.packets.append(packet)
                spec = self._message(due, kind="red_packet", column=column, commercial=0.0, packet=packet, **values)
                self._publish(due, group, spec, column)
        if dropped:
            self.agenda.start(TakingBack(self, due.item, dropped, self.hour + PACKET_HOURS))

    def refund(self, item: str, packets: list[int]) -> None:
        """Take back what nobody claimed of expired packets. Everybody is caught up first: earlier requests may not spend it yet."""
        self.community.catch_up(self.hour)
        for packet in packets:
            fen = self.community.refund_packet(packet)
            if fen:
                self.purse.spend(-fen, item, self.hour - self.begins_h)
                self._book(self.hour, "red_packet_cost", int(self.community.world.packets[packet]["group"]), -fen)

    # ---- people -------------------------------------------------------------------------------------------------

    def bring_outsiders(self, *, channel: str, people: int, days: float) -> None:
        """Let outsiders come through a channel, spread evenly over the days from the coming midnight on."""
        if people:
            start = (self.hour // 24.0 + 1.0) * 24.0
            self.outsiders.append((channel, people, start, start + days * 24.0))

    def admit(self, leads: list[Lead]) -> None:
        """Admit leads, and greet in the groups that were opened for them."""
        before = self.community.total.groups
        self.community.admit(leads)
        self._greet_in_new(before)

    def call_in_lobby(self) -> None:
        """Admit those who waited for a place."""
        before = self.community.total.groups
        self.community.call_in_lobby()
        self._greet_in_new(before)

    def _greet_in_new(self, before: int) -> None:
        for group in range(before, self.community.total.groups):
            if not self.community.world.groups[group]["street"]:
                self.greet_in(group)


@dataclass(eq=False)
class TakingBack:
    """An errand: take back what nobody claimed of packets when they expire."""

    operator: Operator
    item: str
    packets: list[int]
    expires_h: float

    def live(self) -> Iterator[Any]:
        """Wait for the hour, and refund."""
        yield from self.operator.at(self.expires_h, self.item, BOARD)
        self.operator.refund(self.item, self.packets)


def _coupon(amount_yuan: float, floor_yuan: float, hours: float) -> dict[str, Any]:
    """Return a coupon as the fields of a message."""
    return {"coupon_fen": round(amount_yuan * 100), "coupon_floor_fen": round(floor_yuan * 100), "coupon_hours": hours}
