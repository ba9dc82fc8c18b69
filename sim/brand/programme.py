"""The errands that carry a strategy out: one for every programme item, one for midnights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.brand import acquisition
from sim.brand.actions import Action, Due
from sim.brand.occasion import Occasion
from sim.brand.operator import MIDNIGHT, Operator
from sim.clock import Occurrence, parse_schedule


def start(operator: Operator) -> None:
    """Send out the errands of a strategy."""
    operator.agenda.start(Midnights(operator))
    if operator.scenario.strategy.community:
        for name, action in operator.scenario.strategy.programme.items():
            operator.agenda.start(Occasions(operator, name, action))


@dataclass(eq=False)
class Midnights:
    """At every midnight: close the day's panel, seat those who wait, pay staff, admit the coming day's contacts."""

    operator: Operator
    day: int = 0

    def live(self) -> Iterator[Any]:
        """Wait for one midnight after another."""
        operator = self.operator
        while True:
            yield from operator.at(self.day * 24.0, "midnight", MIDNIGHT)
            operator.community.catch_up(operator.hour)
            operator.community.spread_news(operator.hour - 24.0)
            if self.day:
                operator.ledger.close_day(operator.community, self.day - 1)
            operator.call_in_lobby()
            operator.pay_staff()
            acquisition.plan_day(operator, self.day)
            self.day += 1


@dataclass(eq=False)
class Occasions:
    """Begin every occasion of an item, each an errand of its own, so that long ones may overlap."""

    operator: Operator
    name: str
    action: Action
    begun: int = 0

    def live(self) -> Iterator[Any]:
        """Wait for one occasion after another."""
        operator, action = self.operator, self.action
        for occurrence in self._occurrences()[self.begun :]:
            yield from operator.at(max(0.0, occurrence.hour - action.lead_hours()), self.name, action.priority)
            self.begun += 1
            operator.agenda.start(Occasion(operator, action, Due(self.name, occurrence)))

    def _occurrences(self) -> list[Occurrence]:
        scenario, action = self.operator.scenario, self.action
        until = scenario.horizon_hours if action.until_day is None else min(scenario.horizon_hours, action.until_day * 24.0)
        found = parse_schedule(action.when).occurrences(until, scenario.festivals())
        return [occurrence for occurrence in found if occurrence.hour >= action.from_day * 24.0]
