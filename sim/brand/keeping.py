"""What every verb of the brand stands on: the clock of its day, its purse and what it has booked, and which groups an item is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.brand import splits
from sim.brand.actions import Due
from sim.brand.agenda import Agenda
from sim.brand.budget import Purse
from sim.brand.group_types import GroupType
from sim.community import Community
from sim.ledger import Cost, Deed, Ledger
from sim.randomness import name_key
from sim.scenario import Scenario

A_MINUTE = 1.0 / 60.0


class Keeping:
    """Time, money and groups."""

    scenario: Scenario
    community: Community
    ledger: Ledger
    agenda: Agenda
    #: Of the history, if this is the strategy that follows one; ``past`` says that it is that of the history.
    before: Keeping | None
    past: bool
    begins_h: float
    ends_h: float
    purse: Purse
    #: Items by number, and the hour of the week of those that have a fixed one.
    items: list[str]
    slots: dict[str, int]

    @property
    def hour(self) -> float:
        """Time now in hours."""
        return self.agenda.hour

    def at(self, hour: float, item: str, priority: int) -> Iterator[Any]:
        """Wait until the hour (to the minute), then for the item's turn."""
        yield from self.agenda.at(hour, item, priority)
        self.community.now = self.hour

    def key(self, due: Due, *parts: str) -> np.uint64:
        """Return the key of something of an occasion; after a history a key of its own, also where items have the same name."""
        return name_key(*(["comparison"] if self.before else []), due.item, str(due.occurrence.index), *parts)

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

    def _type_of(self, group: int) -> GroupType | None:
        """Return what the strategy says of a group's type; None of ordinary groups, and of types that only an earlier strategy had."""
        return self.scenario.strategy.groups.get(self.community.type_of(group))

    def _done(self, due: Due, kind: str) -> None:
        self.ledger.deeds.append(Deed(self.hour, due.item, kind, -1, "done", "", 0.0))
