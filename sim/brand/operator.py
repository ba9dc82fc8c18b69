"""The brand at work: the verbs that actions are written in, and what it does every day besides.

Verbs that go together have a file: ``publishing`` in groups, ``writing`` to people, ``selling``, ``packets`` and ``gatherings``; all stand
on ``keeping``. A verb that waits does so before it does anything else: an occasion that was saved while it waited calls the verb again (see
:mod:`sim.brand.occasion`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import adjusting, gathering, seating
from sim.adjusting import Worth
from sim.brand.accounts import Accounts
from sim.brand.actions import Due
from sim.brand.agenda import Agenda
from sim.brand.budget import Purse
from sim.brand.gatherings import Gatherings
from sim.brand.group_types import Moderation
from sim.brand.guides import Team
from sim.brand.packets import Packets
from sim.brand.promises import Promise
from sim.brand.restraint import Restraint
from sim.brand.rhythm import Creatives, fixed_slots
from sim.brand.strangers import Infiltrator
from sim.codes import MESSAGE_KINDS, TOPICS
from sim.community import Community
from sim.ledger import Cost, Deed, Ledger, PostNote
from sim.scenario import Scenario
from sim.touch import MessageSpec

MIDNIGHT = -1


class Operator(Gatherings, Packets):
    """What programme items use to act on the community."""

    before: Operator | None

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

    def is_open(self, group: int) -> bool:
        """Return whether anybody may walk into a group."""
        group_type = self._type_of(group)
        return group_type is None or group_type.gate.kind == "free"

    def moderation_of(self, group: int) -> Moderation:
        """Return who keeps order in a group."""
        group_type = self._type_of(group)
        return self.scenario.strategy.moderation if group_type is None else group_type.moderation

    def audit(self, due: Due, *, cost_yuan: float) -> None:
        """Let an audit raise what the guides of the groups that an item is for carry out."""
        self.guides.audits.append((self.hour, self._aim(due.item)))
        self.ledger.deeds.append(Deed(self.hour, due.item, "audit", -1, "done", "", cost_yuan))

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

    def bring_outsiders(self, *, channel: str, people: int, days: float) -> None:
        """Let outsiders come through a channel, spread evenly over the days from the coming midnight on."""
        if people:
            start = (self.hour // 24.0 + 1.0) * 24.0
            self.outsiders.append((channel, people, start, start + days * 24.0))
