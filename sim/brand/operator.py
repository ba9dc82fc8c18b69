"""The brand at work: the clock of its day, its purse, and the verbs that actions are written in.

A verb that waits does so before it does anything else: an occasion that was saved while it waited calls the verb again (see
:mod:`sim.brand.occasion`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.brand.accounts import Accounts
from sim.brand.actions import Due
from sim.brand.agenda import Agenda
from sim.brand.budget import Purse
from sim.brand.guides import Team
from sim.brand.rhythm import Creatives, fixed_slots
from sim.codes import MESSAGE_KINDS
from sim.community import Community
from sim.encode import topic_vector
from sim.ledger import Cost, Deed, Ledger, PostNote
from sim.randomness import name_key
from sim.scenario import Scenario
from sim.touch import Lead, MessageSpec, OfferSpec

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
        self.guides: Team = Team(scenario.strategy.guides, community.run, before.guides.audited_h if before else [])
        self.accounts: Accounts = before.accounts if before else Accounts(scenario.market, community.run)
        self.items = list(scenario.strategy.programme)
        self.slots: dict[str, int] = fixed_slots(scenario.strategy.programme, before.slots if before else {})
        self.creatives: Creatives = Creatives(scenario.strategy.programme, before.creatives.places if before else {})
        self.welcomes: list[tuple[str, MessageSpec]] = []
        self.packets: list[int] = []
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

    def pay_staff(self) -> None:
        """Book a day of the staff on the payroll and of the desk's people who work on it, a fixed cost beside the budget."""
        at_desk = self.community.desk.paid_on(int(self.hour // 24))
        for people in (self.scenario.strategy.staff.people, at_desk):
            fen = round(people * self.scenario.brand.wage_yuan_per_day * 100)
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

    def _reached(self, due: Due, spec: MessageSpec, delivery: str) -> Iterator[tuple[int, MessageSpec]]:
        """Yield the groups that a message of an occasion goes out in, and what it is there: guides do it or not, well or badly."""
        begins_h = due.hour - self.scenario.strategy.programme[due.item].lead_hours()
        for guide, group in enumerate(self.community.community_groups()):
            if not self.guides.carries_out(guide, self._key(due), begins_h):
                self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], group, "skipped", "not carried out", 0.0))
                if self._at_its_hour(due):
                    self._break_promise(due.item, group)
            elif self._may_write(due, guide, group) and self._within_caps(due, group, delivery, spec.personal):
                self.accounts.write(self._account(guide), group, self.hour)
                yield group, self._told_by(guide, spec)

    def _account(self, guide: int) -> str:
        """Return the name of the account that a guide writes from."""
        return "brand" if self.scenario.strategy.account == "brand" else f"guide {guide}"

    def _may_write(self, due: Due, guide: int, group: int) -> bool:
        """Return whether the account of a guide may write; a refusal is recorded."""
        if not self.accounts.is_banned(self._account(guide), self.hour):
            return True
        self._refuse(self.hour, due.item, "message", group, "account banned", 0.0)
        if self._at_its_hour(due):
            self._break_promise(due.item, group)
        return False

    def _told_by(self, guide: int, spec: MessageSpec) -> MessageSpec:
        """Return a message as the guide of a group puts it."""
        skill = self.guides.skill(guide)
        return spec if skill == 1.0 else replace(spec, quality=min(1.0, skill * spec.quality))

    def audit(self, due: Due, *, cost_yuan: float) -> None:
        """Let an audit raise what guides carry out."""
        self.guides.audited_h.append(self.hour)
        self.ledger.deeds.append(Deed(self.hour, due.item, "audit", -1, "done", "", cost_yuan))

    def _publish(self, due: Due, group: int, spec: MessageSpec, column: str) -> None:
        self.community.publish(group, spec, self.items.index(due.item))
        self._note(due, spec, column)
        self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], group, "done", "", 0.0))

    def _note(self, due: Due, spec: MessageSpec, column: str) -> None:
        self.ledger.posts.append(PostNote(self.hour, due.item, MESSAGE_KINDS[spec.kind], column))

    def publish_everywhere(self, due: Due, *, kind: str, column: str, delivery: str, **values: Any) -> None:
        """Publish one message in every group, where the platform lets it out."""
        spec = self._message(due, kind=kind, column=column, **values)
        for group, told in self._reached(due, spec, delivery):
            self._publish(due, group, told, column)

    def set_welcome(self, due: Due, *, column: str, coupon_yuan: float, floor_yuan: float, valid_hours: float, **values: Any) -> None:
        """Make a personal message the welcome of every group, those that open later included."""
        coupon = _coupon(coupon_yuan, floor_yuan, valid_hours)
        spec = self._message(due, kind="welcome", column=column, personal=True, **coupon, **values)
        self.welcomes = [(due.item, spec)]
        self._greet_from(0)

    def _greet_from(self, first: int) -> None:
        """Set the current welcome in the groups from a number on, each as its guide puts it."""
        for guide, group in enumerate(self.community.community_groups()):
            if group >= first:
                self._greet_in(guide, group)

    def _greet_in(self, guide: int, group: int) -> None:
        for item, spec in self.welcomes:
            self.community.set_welcome(group, self._told_by(guide, spec), self.items.index(item))
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
        for group, told in self._reached(due, spec, delivery):
            self._publish(due, group, told, column)

    # ---- offers and packets -----------------------------------------------------------------------------------------

    def open_offer(self, due: Due, *, product: str, discount: float, hours: float, stock: int | None = None) -> int:
        """Put an offer on the board for so many hours from now; everybody is caught up first."""
        self.community.catch_up(self.hour)
        place = self.scenario.brand.product_index(product)
        return self.community.open_offer(OfferSpec(self._key(due), place, 1.0 - discount, self.hour, self.hour + hours, stock))

    def clear(self, offer: int, closes_h: float) -> Iterator[Any]:
        """Take a limited offer off the board when it closes (its stock is allotted tick by tick while it is open)."""
        yield from self.at(closes_h, f"board {offer:09d}", BOARD)
        self.community.close_offer(offer)

    def drop_packets(self, due: Due, *, amount_yuan: float, shares: int, column: str, delivery: str, **values: Any) -> None:
        """Drop a red packet in every group, as far as budget and caps go; what is left comes back after a day."""
        dropped = []
        spec = self._message(due, kind="red_packet", column=column, commercial=0.0, **values)
        for group, told in self._reached(due, spec, delivery):
            if self.spend("red_packet_cost", amount_yuan, due.item, "red_packet", group):
                key = self._key(due, f"packet {group}")
                packet = self.community.drop_packet(group, key, round(amount_yuan * 100), shares, PACKET_HOURS)
                dropped.append(packet)
                self.packets.append(packet)
                self._publish(due, group, replace(told, packet=packet), column)
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
        self._greet_from(before)

    def call_in_lobby(self) -> None:
        """Admit those who waited for a place."""
        before = self.community.total.groups
        self.community.call_in_lobby()
        self._greet_from(before)


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
