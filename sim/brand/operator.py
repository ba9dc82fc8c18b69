"""The brand at work: the clock of its day, its purse, and the verbs that actions are written in.

A verb that waits does so before it does anything else: an occasion that was saved while it waited calls the verb again (see
:mod:`sim.brand.occasion`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from sim import adjusting, gathering, seating
from sim.adjusting import Worth
from sim.brand import splits
from sim.brand.accounts import Accounts
from sim.brand.actions import Due
from sim.brand.agenda import Agenda
from sim.brand.audience import UNTAGGED, Audience
from sim.brand.budget import Purse
from sim.brand.gatherings import Gatherings
from sim.brand.group_types import GroupType, Moderation
from sim.brand.guides import NOBODY, Team
from sim.brand.promises import LINES, Promise
from sim.brand.restraint import OWN_CAP, Restraint
from sim.brand.rhythm import Creatives, fixed_slots
from sim.brand.strangers import Infiltrator
from sim.codes import CHANNELS, MESSAGE_KINDS, MOMENTS, ORDER_KINDS, TO_MEMBERS, TOPICS
from sim.community import Community
from sim.encode import Narrowing, audience_record, entry_bits, tag_bits, topic_vector
from sim.ledger import Cost, Deed, Ledger, PostNote
from sim.randomness import name_key
from sim.scenario import Scenario
from sim.touch import Lead, MessageSpec, OfferSpec, Terms

BOARD = -2
MIDNIGHT = -1
PACKET_HOURS = 24.0
A_MINUTE = 1.0 / 60.0
PLAIN = Terms()


class Operator(Gatherings):
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
        self.guides: Team = Team(scenario.strategy.guides, community.run, before.guides.audits if before else [])
        self.accounts: Accounts = before.accounts if before else Accounts(scenario.market, community.run)
        self.items = list(scenario.strategy.items)
        self.slots: dict[str, int] = fixed_slots(scenario.strategy.programme, before.slots if before else {})
        self.creatives: Creatives = Creatives(scenario.strategy.items, before.creatives.places if before else {})
        self.welcomes: list[tuple[str, MessageSpec]] = []
        self.packets: list[int] = []
        self.promises: list[Promise] = []
        self.outsiders: list[tuple[str, int, float, float]] = before.outsiders if before else []
        self.infiltrators: list[Infiltrator] = []
        self.streaks = {}
        self.told = {}
        self._report_reward: tuple[str, float] = ("", 0.0)
        self._mass_group: dict[tuple[int, int], int] = before._mass_group if before else {}
        self.restraint = Restraint(scenario.strategy)
        self._standing_offers: dict[tuple[str, str, int], int] = {}
        self._turns: dict[str, int] = {}
        self._topics: dict[tuple[str, str | None], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the agenda, whose clock runs: whoever takes the operator up again gives it one."""
        return {name: value for name, value in vars(self).items() if name != "agenda"}

    def take_over(self) -> None:
        """Begin the comparison: from now on members live under this strategy, on its terms and its budgets."""
        self.community.hand_over(self.scenario)
        if self.before is not None:
            self.infiltrators = self.before.infiltrators
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
        paid = self.pay(line, yuan, item, kind, group, self.hour)
        if not paid:
            self._break_promise(item, group)
        return paid

    def pay(self, line: str, yuan: float, item: str, kind: str, group: int, hour: float) -> bool:
        """Spend from the purse for an hour, or record why not. Everybody must be caught up."""
        fen = round(yuan * 100)
        reason = self.purse.refusal(fen, item, hour - self.begins_h) if fen else ""
        if reason:
            self.refuse(hour, item, kind, group, reason, yuan)
            return False
        if fen:
            self.purse.spend(fen, item, hour - self.begins_h)
            self._book(hour, line, group, fen)
        return True

    def pay_each(self, line: str, yuan: float, many: int, item: str, kind: str) -> int:
        """Spend an amount so many times, or record why not; return for how many the purse sufficed. Everybody must be caught up."""
        fen, hour = round(yuan * 100), self.hour
        if not fen:
            return many
        paid = self.purse.times(fen, many, item, hour - self.begins_h)
        self.purse.spend(paid * fen, item, hour - self.begins_h)
        for _ in range(paid):
            self._book(hour, line, -1, fen)
        for _ in range(many - paid):
            self.refuse(hour, item, kind, -1, self.purse.refusal(fen, item, hour - self.begins_h), yuan)
        return paid

    def _book(self, hour: float, line: str, group: int, fen: int) -> None:
        """Book a cost. What an occasion of the history costs or gets back after the switch is of the history: it is booked at its end."""
        self.ledger.costs.append(Cost(min(hour, self.ends_h - A_MINUTE) if self.past else hour, line, group, fen))

    def refuse(self, hour: float, item: str, kind: str, group: int, reason: str, yuan: float) -> None:
        """Record that something was not done, and why."""
        self.ledger.deeds.append(Deed(hour, item, kind, group, "refused", reason, yuan))

    def _break_promise(self, item: str, group: int) -> None:
        """Let members who expect an item at this hour of the week feel that it does not come."""
        if item in self.slots:
            for g in self.aimed(item) if group < 0 else [group]:
                self.community.break_promise(g, self.slots[item])

    def review_standings(self) -> None:
        """Give everybody the price that their spending has earned, if the strategy has tiers. Everybody must be caught up."""
        tiers = self.scenario.strategy.tiers
        levels = sorted(tiers.levels.values(), key=lambda level: level.spend_yuan)
        if levels:
            floors = [round(level.spend_yuan * 100) for level in levels]
            shares = [1.0 - level.discount for level in levels]
            self.community.standings.review(self.community, tiers.window_days * 24.0, floors, shares)

    def pay_staff(self) -> None:
        """Book a day of the staff on the payroll, of the desk's people who work on it and of moderators, fixed costs beside the budget."""
        at_desk = self.scenario.strategy.desk.paid_on(int(self.hour // 24))
        for people in (self.scenario.strategy.staff.people, at_desk):
            fen = round(people * self.scenario.brand.wage_yuan_per_day * 100)
            if fen:
                self.ledger.costs.append(Cost(self.hour, "staff_cost", -1, fen))
        for group in self.community.community_groups():
            fen = round(self.moderation_of(group).yuan_per_day * 100)
            if fen and self.community.size_of(group):
                self.ledger.costs.append(Cost(self.hour, "staff_cost", group, fen))

    def reward(self, tick: float, group: int) -> None:
        """Reward the inviter of somebody who came, as far as the budget goes."""
        self.pay("commission_cost", self.scenario.strategy.referral.reward_yuan, "referral", "reward", group, tick)

    # ---- groups -------------------------------------------------------------------------------------------------

    def _aim(self, item: str) -> list[str]:
        """Return the types of groups that an item is for; none: all."""
        action = self.scenario.strategy.items.get(item)
        return action.groups if action is not None else []

    def _is_for(self, item: str, group: int) -> bool:
        aim, strategy = self._aim(item), self.scenario.strategy
        if aim and self.community.type_of(group) not in aim:
            return False
        name, arm = splits.parted(strategy.items[item].split if item in strategy.items else "")
        of_people = not name or strategy.splits[name].unit == "person"
        return of_people or splits.takes_group(self.community.run, name, strategy.splits[name], arm, group)

    def aimed(self, item: str) -> list[int]:
        """Return the groups that an item is for."""
        return [group for group in self.community.community_groups() if self._is_for(item, group)]

    def reach(self, due: Due) -> list[int]:
        """Return the groups that an occasion is for: those on a journey, or all that its item is for."""
        return self.aimed(due.item) if due.groups is None else [group for group in due.groups if self._is_for(due.item, group)]

    def promote(self, due: Due, *, to: str, by: Worth, at_least: float, most: int) -> None:
        """Move the most valued members of the groups that an item is for into groups of a type."""
        with self._new_groups():
            adjusting.promote(self.community, self.reach(due), to, by, at_least, most)
        self._done(due, "promote")

    def regroup(self, due: Due, *, to: str, most: int) -> None:
        """Move members of the groups that an item is for into groups of a type, each to their like."""
        with self._new_groups():
            adjusting.regroup(self.community, self.reach(due), to, most)
        self._done(due, "regroup")

    def bring_in(self, due: Due, offer: int, *, into: str) -> None:
        """Let those who have accepted an invitation since the last look into groups of a type; they are greeted there."""
        people = gathering.accepted(self.community, offer)
        if people:
            with self._new_groups():
                came = seating.bring_in(self.community, people, into)
            self.ledger.deeds.append(Deed(self.hour, due.item, "invite", -1, "done", "came in", 0.0, came))

    def prune(self, due: Due, *, claimed_yuan: float, after_days: float, most: int) -> None:
        """Remove from the groups that an item is for who only collects."""
        adjusting.prune(self.community, self.reach(due), claimed_yuan, after_days, most)
        self._done(due, "prune")

    def tend_groups(self) -> None:
        """Split groups that are full, where their type says so, and let cohesion follow who is where."""
        with self._new_groups():
            adjusting.split_full(self.community)
        adjusting.settle_cohesion(self.community)

    def _type_of(self, group: int) -> GroupType | None:
        """Return what the strategy says of a group's type; None of ordinary groups, and of types that only an earlier strategy had."""
        return self.scenario.strategy.groups.get(self.community.type_of(group))

    def is_open(self, group: int) -> bool:
        """Return whether anybody may walk into a group."""
        group_type = self._type_of(group)
        return group_type is None or group_type.gate.kind == "free"

    def moderation_of(self, group: int) -> Moderation:
        """Return who keeps order in a group."""
        group_type = self._type_of(group)
        return self.scenario.strategy.moderation if group_type is None else group_type.moderation

    def let_advertise(self, group: int, kind: int, key: np.uint64) -> int:
        """Let a stranger post an advert in a group, and return its number."""
        load = self.scenario.market.advert_load
        nothing = np.zeros(TOPICS)
        spec = MessageSpec(key, kind, nothing, quality=0.0, commercial=1.0, load=load, credibility=0.0, appeal=0.0, ring=0.0)
        self.ledger.posts.append(PostNote(self.hour, "strangers", MESSAGE_KINDS[kind], ""))
        return self.community.publish([(group, spec)], -1)

    def set_report_reward(self, due: Due, *, yuan: float) -> None:
        """Promise members a reward for reporting infiltrators, from now on."""
        self._report_reward = (due.item, yuan)

    def reward_for_reports(self, group: int) -> tuple[str, float]:
        """Return the item that promises members of a group a reward for reporting, and the reward in yuan; none and 0 without."""
        item, yuan = self._report_reward
        return (item, yuan) if self._is_for(item, group) else ("", 0.0)

    def expel_infiltrator(self, group: int, posts: list[int], rewarding_item: str, reward_yuan: float) -> None:
        """Take an infiltrator's adverts away, and reward who reported them, if an item says so and the budget goes so far."""
        for post in posts:
            self.community.remove_message(group, post)
        self.ledger.deeds.append(Deed(self.hour, rewarding_item or "moderation", "infiltrator", group, "done", "", 0.0))
        if rewarding_item:
            self.pay("gift_cost", reward_yuan, rewarding_item, "reward", group, self.hour)

    def _done(self, due: Due, kind: str) -> None:
        self.ledger.deeds.append(Deed(self.hour, due.item, kind, -1, "done", "", 0.0))

    # ---- messages -----------------------------------------------------------------------------------------------

    def message(self, due: Due, *, kind: str, column: str, part: str = "", product: str | None = None, **values: Any) -> MessageSpec:
        """Return a message of an occasion."""
        brand = self.scenario.brand
        about = (column, product)
        if about not in self._topics:
            topics = topic_vector(brand, brand.columns[column].topics)
            if product is not None:
                own = topic_vector(brand, list(brand.products.values())[brand.product_index(product)].topics)
                topics = 0.5 * topics + 0.5 * own
            self._topics[about] = topics
        quality = values.pop("quality", None)
        creative, version = self.creatives.of(due.item, due.hour)
        return MessageSpec(
            key=self.key(due, part),
            kind=MESSAGE_KINDS.index(kind),
            topics=self._topics[about],
            quality=brand.columns[column].quality if quality is None else quality,
            creative=creative,
            version=version,
            slot=self.slots.get(due.item, -1) if self._at_its_hour(due) else -1,
            **{"appeal": 0.0, **values},
        )

    def key(self, due: Due, *parts: str) -> np.uint64:
        """Return the key of something of an occasion; after a history a key of its own, also where items have the same name."""
        return name_key(*(["comparison"] if self.before else []), due.item, str(due.occurrence.index), *parts)

    def _at_its_hour(self, due: Due) -> bool:
        """Return whether it is the minute of the occasion: announcements come before it, further posts after it."""
        return round(self.hour * 60) == round(due.hour * 60)

    def _within_caps(self, due: Due, group: int, delivery: str) -> bool:
        """Return whether the platform lets a message out to a group; a refusal is recorded."""
        if delivery == "staff":
            return True
        key = (group, int(self.hour // 24))
        if self._mass_group.get(key, 0) >= self.scenario.strategy.caps.mass_per_group_day:
            self._keep_back(due, group)
            return False
        self._mass_group[key] = self._mass_group.get(key, 0) + 1
        return True

    def _within_rules(self, due: Due, group: int, spec: MessageSpec) -> bool:
        """Return whether the strategy's own rules let a message out to a group; a refusal is recorded."""
        if self.restraint.stops:
            self.community.catch_up(self.hour)
        reason = self.restraint.refusal(self.community, due.item, group, self.hour, sells=spec.offer >= 0)
        if reason:
            self._keep_back(due, group, reason)
        return not reason

    def _keep_back(self, due: Due, group: int, reason: str = "cap of the platform") -> None:
        """Record that a message was kept back from a group, from people in it, or from people in none (-1)."""
        self.refuse(self.hour, due.item, "message", group, reason, 0.0)
        self._miss(due, group)

    def _miss(self, due: Due, group: int) -> None:
        """Let a group feel that an occasion does not come, if this is its hour. People in none (-1) expect nothing at fixed hours."""
        if group >= 0 and self._at_its_hour(due):
            self._break_promise(due.item, group)

    def _guides(self) -> dict[int, int]:
        """Return the guide of each group."""
        return {group: guide for guide, group in enumerate(self.community.community_groups())}

    def _reached(self, due: Due, spec: MessageSpec, delivery: str, groups: Iterable[int]) -> Iterator[tuple[int, MessageSpec]]:
        """Yield in which of some groups a message of an occasion goes out, and what it is there: guides do it or not, well or badly."""
        guides, hour, sells = self._guides(), self.hour, spec.offer >= 0
        for group in groups:
            guide = guides[group]
            goes_out = self._goes_out(due, guide, group, spec) and self._within_rules(due, group, spec)
            if goes_out and self._within_caps(due, group, delivery):
                self.restraint.count(group, hour, sells=sells)
                self.accounts.write(self._account(guide), group, hour)
                yield group, self._told_by(guide, spec)

    def _goes_out(self, due: Due, guide: int, group: int, spec: MessageSpec) -> bool:
        """Return whether a guide carries an occasion out and their account may write; what does not go out is recorded."""
        booked = -1 if guide == NOBODY else group
        if not (self.guides.reliable or self._carries_out(due, guide, group)):
            self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], booked, "skipped", "not carried out", 0.0))
        elif self.accounts.is_banned(self._account(guide), self.hour):
            self.refuse(self.hour, due.item, "message", booked, "account banned", 0.0)
        else:
            return True
        self._miss(due, booked)
        return False

    def _carries_out(self, due: Due, guide: int, group: int) -> bool:
        """Return whether a guide, who may not be reliable, carries an occasion out in a group."""
        begins_h = due.hour - self.scenario.strategy.items[due.item].lead_hours()
        return self.guides.carries_out(guide, self.key(due), begins_h, self.community.type_of(group))

    def _account(self, guide: int) -> str:
        """Return the name of the account that a guide writes from; people in no group hear from the brand's."""
        return "brand" if self.scenario.strategy.account == "brand" or guide == NOBODY else f"guide {guide}"

    def _told_by(self, guide: int, spec: MessageSpec) -> MessageSpec:
        """Return a message as the guide of a group puts it."""
        skill = self.guides.skill(guide)
        return spec if skill == 1.0 else replace(spec, quality=min(1.0, skill * spec.quality))

    def audit(self, due: Due, *, cost_yuan: float) -> None:
        """Let an audit raise what the guides of the groups that an item is for carry out."""
        self.guides.audits.append((self.hour, self._aim(due.item)))
        self.ledger.deeds.append(Deed(self.hour, due.item, "audit", -1, "done", "", cost_yuan))

    def publish(self, due: Due, told: Iterable[tuple[int, MessageSpec]], column: str) -> None:
        """Publish a message in groups, as it is put in each; see :meth:`sim.community.Community.publish`."""
        published = list(told)
        for group, spec in published:
            self._note_done(due, group, spec, column)
        if published:
            self.community.publish(published, self.items.index(due.item))

    def _note_done(self, due: Due, group: int, spec: MessageSpec, column: str) -> None:
        self._note(due, spec, column)
        self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], group, "done", "", 0.0))

    def _note(self, due: Due, spec: MessageSpec, column: str) -> None:
        self.ledger.posts.append(PostNote(self.hour, due.item, MESSAGE_KINDS[spec.kind], column))

    def turn(self, due: Due) -> int:
        """Count the occasions of an item, and return which this one is, from 0."""
        self._turns[due.item] = self._turns.get(due.item, -1) + 1
        return self._turns[due.item]

    def publish_everywhere(
        self, due: Due, *, kind: str, column: str, delivery: str, by_tag: Mapping[str, str] | None = None, **values: Any
    ) -> None:
        """Publish one message in every group, where the platform lets it out; ``by_tag`` has another column for groups about a topic."""
        by_column: dict[str, list[int]] = {}
        for group in self.reach(due):
            by_column.setdefault(by_tag.get(self._topic_of(group), column) if by_tag else column, []).append(group)
        for content, groups in by_column.items():
            spec = self.message(due, kind=kind, column=content, **values)
            self.publish(due, self._reached(due, spec, delivery, groups), content)

    def _topic_of(self, group: int) -> str:
        """Return the topic by which a group of a type gathers people, by tag or by interest; empty if it gathers them by something else."""
        group_type = self._type_of(group)
        place = int(self.community.world.groups[group]["attribute"])
        known = group_type is not None and group_type.form_by in ("tag", "interest") and place >= 0
        return list(self.scenario.brand.topics)[place] if known else ""

    def set_welcome(self, due: Due, *, column: str, **values: Any) -> None:
        """Make a personal message the welcome of every group, those that open later included."""
        spec = self._letter(due, kind="welcome", column=column, channel=TO_MEMBERS, **values)
        aim = self._aim(due.item)
        self.welcomes = [(item, other) for item, other in self.welcomes if aim and self._aim(item) != aim] + [(due.item, spec)]
        self._greet_in(self.reach(due))

    def _greet_in(self, groups: Iterable[int]) -> None:
        """Set the current welcome in groups, as their guides put it: the latest that is for groups of their type."""
        guides = self._guides()
        for group in groups:
            own = [(item, spec) for item, spec in self.welcomes if self._is_for(item, group)]
            for item, spec in own[-1:]:
                self.community.set_welcome(group, self._told_by(guides[group], spec), self.items.index(item))
                self.ledger.posts.append(PostNote(self.hour, item, "welcome", ""))

    def _letter(self, due: Due, *, coupon_yuan: float, floor_yuan: float, valid_hours: float, **values: Any) -> MessageSpec:
        """Return a personal message, with a coupon (of 0 yuan: none)."""
        return self.message(
            due, **values, coupon_fen=round(coupon_yuan * 100), coupon_floor_fen=round(floor_yuan * 100), coupon_hours=valid_hours
        )

    def send(
        self,
        due: Due,
        *,
        kind: str,
        channel: str,
        to: Audience,
        column: str,
        by_tag: Mapping[str, str],
        delivery: str,
        cost_yuan: float = 0.0,
        cost_line: str = "staff_cost",
        **values: Any,
    ) -> None:
        """Send a personal message to everybody of an audience whom the channel reaches and the platform allows.

        Parameters
        ----------
        due : Due
            The occasion.
        kind, channel : str
            Of the message.
        to : Audience
            Whom it is for.
        column : str
            Category of content.
        by_tag : mapping
            Another category for people who are tagged with a topic.
        delivery : str
            Whether staff type it, or it is sent by the mass function.
        cost_yuan, cost_line : float, str
            What it costs a person; without money for all of a group nobody there gets it.
        **values
            Further fields of the message.
        """
        with self.community.choosing(due.people or ()):
            self._send(due, kind, CHANNELS.index(channel), to, column, by_tag, delivery == "mass", cost_yuan, cost_line, values)

    def _send(
        self,
        due: Due,
        kind: str,
        way: int,
        to: Audience,
        column: str,
        by_tag: Mapping[str, str],
        mass: bool,
        cost_yuan: float,
        cost_line: str,
        values: Any,
    ) -> None:
        """Send a personal message, group by group, a version of it after another."""
        community, brand = self.community, self.scenario.brand
        groups = self._places_of(due, way, to)
        wanted = tag_bits(brand, to.tags or [*brand.topics, UNTAGGED])
        others = wanted & ~tag_bits(brand, by_tag)
        guides = self._guides()
        goes_out: dict[int, bool] = {}
        written: set[int] = set()
        for topic, content in [("", column), *by_tag.items()]:
            tags = wanted & tag_bits(brand, [topic]) if topic else others
            if not tags:
                continue
            spec = self._letter(due, part=topic, kind=kind, column=content, channel=way, **values)
            audience = self.audience(to, way, tags, split=self.scenario.strategy.items[due.item].split, due=due, mass=mass)
            for group in groups:
                guide = guides.get(group, NOBODY)
                reached, kept_back, spared = community.count(group, audience)
                if (reached or kept_back or spared) and group not in goes_out:
                    goes_out[group] = self._goes_out(due, guide, group, spec) and self._may_write(due, guide, group)
                if not goes_out.get(group):
                    continue
                booked = -1 if guide == NOBODY else group
                if kept_back:
                    self._keep_back(due, booked)
                if spared:
                    self._keep_back(due, booked, OWN_CAP)
                cost = reached * cost_yuan
                if cost:
                    community.catch_up(self.hour)
                paid = self.pay(cost_line, cost, due.item, kind, booked, self.hour)
                if not paid and booked >= 0:
                    self._break_promise(due.item, booked)
                if reached and paid:
                    community.send(group, self._told_by(guide, spec), self.items.index(due.item), audience)
                    self._note_done(due, booked, spec, content)
                    written.add(group)
        # Each person gets one version: to the platform it is one message.
        for group in sorted(written):
            self.accounts.write(self._account(guides.get(group, NOBODY)), group, self.hour)

    def _places_of(self, due: Due, way: int, to: Audience) -> list[int]:
        """Return the groups, and parts of the street, in which a personal message may reach somebody."""
        community, segments = self.community, self.scenario.strategy.segments
        everywhere = way != TO_MEMBERS and not self._aim(due.item)
        groups = list(range(community.total.groups)) if everywhere else self.aimed(due.item)
        wanted = [to.groups]
        if to.segment:
            segment: Audience = segments[to.segment]
            wanted.append(segment.groups)
        for types in filter(None, wanted):
            groups = [group for group in groups if group in self.community_groups and community.type_of(group) in types]
        return groups if due.people is None else sorted(set(groups) & set(community.groups_of(due.people)))

    @property
    def community_groups(self) -> frozenset[int]:
        """Groups that members talk in."""
        return frozenset(self.community.community_groups())

    def _may_write(self, due: Due, guide: int, group: int) -> bool:
        """Return whether no condition of the strategy's own stops an item for people of a group; a refusal is recorded."""
        if guide == NOBODY or not self.restraint.stops:
            return True
        self.community.catch_up(self.hour)
        reason = self.restraint.stopped(self.community, due.item, group)
        if reason:
            self._keep_back(due, group, reason)
        return not reason

    def audience(
        self, to: Audience, way: int = TO_MEMBERS, tags: int = 0, *, split: str = "", due: Due | None = None, mass: bool = False
    ) -> Any:
        """Return whom something personal is for, as records, all of which must take somebody: their own, and their segment's."""
        strategy = self.scenario.strategy
        brand = self.scenario.brand
        name, arm = splits.parted(split)
        own = Narrowing(
            day_of_year=self.scenario.day_of_year(self.hour),
            mass_cap=strategy.caps.mass_per_person_day if mass else None,
            letter_cap=None if due is None or way == MOMENTS else strategy.rules.letters_per_person_week,
            chosen=due is not None and due.people is not None,
        )
        if name and strategy.splits[name].unit == "person":
            treated = strategy.splits[name].treated
            own = replace(own, split=splits.key_of(name), split_share=treated, split_treated=arm == splits.TREATED)
        tags = tags or tag_bits(brand, to.tags)
        records = [audience_record(to, way, tags, entry_bits(brand, to.channels), own)]
        if to.segment:
            segment = strategy.segments[to.segment]
            bits = tag_bits(brand, segment.tags), entry_bits(brand, segment.channels)
            records.append(audience_record(segment, way, *bits, Narrowing(day_of_year=own.day_of_year)))
        return np.concatenate(records)

    def coupon_offer(self, due: Due, *, product: str, amount_yuan: float, floor_yuan: float, valid_hours: float) -> int:
        """Put money off on the board: what it is worth is seen on a unit of a product, or on the smallest order that it can be used on."""
        brand = self.scenario.brand
        place = brand.product_index(product)
        share = max(0.05, 1.0 - amount_yuan / max(floor_yuan, list(brand.products.values())[place].list_yuan))
        return self._put_up(due, "", OfferSpec(self.key(due), place, share, self.hour, self.hour + valid_hours, coupon=True))

    def _put_up(self, due: Due, part: str, spec: OfferSpec) -> int:
        """Put an offer on the board. A step of a journey puts up one a day, which stands a day longer: people come to it hour by hour."""
        if due.people is None or spec.terms.pull > 0.0:
            return self.community.open_offer(spec)
        name = (due.item, part, int(self.hour // 24))
        if name not in self._standing_offers:
            self._standing_offers[name] = self.community.open_offer(replace(spec, closes_h=spec.closes_h + 24.0))
        return self._standing_offers[name]

    # ---- offers and packets -----------------------------------------------------------------------------------------

    def open_offer(
        self,
        due: Due,
        *,
        product: str,
        discount: float,
        hours: float,
        stock: int | None = None,
        part: str = "",
        form: str = "",
        **further: Any,
    ) -> int:
        """Put an offer on the board for so many hours from now; everybody is caught up first.

        ``further`` are fields of :class:`sim.touch.Terms` or :class:`sim.touch.OfferSpec`; what a ``form`` reserves waits for another verb.
        """
        self.community.catch_up(self.hour)
        place = self.scenario.brand.product_index(product)
        key = self.key(due, part) if part else self.key(due)
        own = {name: further.pop(name) for name in Terms.names() if name in further}
        terms = Terms(form=ORDER_KINDS.index(form) if form else 0, **own) if form or own else PLAIN
        return self._put_up(due, part, OfferSpec(key, place, 1.0 - discount, self.hour, self.hour + hours, stock, terms=terms, **further))

    def room(self, due: Due) -> np.uint64:
        """Return the key of the room of a live session."""
        return self.key(due, "room")

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
            elif self.pay(LINES[promise.kind], fen / 100, promise.item, promise.kind, group, self.hour):
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
            values |= {"channel": TO_MEMBERS, "offer": offer, "sharer": sharer}
            spec = self.message(due, kind="sales", column=column, part=f"share {key}", **values)
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
            if not self.pay("gift_cost", gift_yuan, due.item, "gift", -1, self.hour):
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
        dropped: list[int] = []
        spec = self.message(due, kind="red_packet", column=column, commercial=0.0, **values)

        def paid() -> Iterator[tuple[int, MessageSpec]]:
            for group, told in self._reached(due, spec, delivery, self.reach(due)):
                if self.spend("red_packet_cost", amount_yuan, due.item, "red_packet", group):
                    key = self.key(due, f"packet {group}")
                    packet = self.community.drop_packet(group, key, round(amount_yuan * 100), shares, PACKET_HOURS)
                    dropped.append(packet)
                    yield group, replace(told, packet=packet)

        self.publish(due, paid(), column)
        if dropped:
            self.packets += dropped
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
        with self._new_groups():
            self.community.admit(leads)

    def call_in_lobby(self) -> None:
        """Admit those who waited for a place."""
        with self._new_groups():
            self.community.call_in_lobby()

    @contextmanager
    def _new_groups(self) -> Iterator[None]:
        """Greet in the groups that are opened meanwhile."""
        before = self.community.total.groups
        yield
        self._greet_in([group for group in self.community.community_groups() if group >= before])


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
