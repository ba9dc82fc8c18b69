"""The errands that carry a strategy out: one for every programme item, one for midnights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.brand import acquisition, strangers
from sim.brand.actions import Due
from sim.brand.journeying import Journeying
from sim.brand.occasion import Occasion
from sim.brand.operator import MIDNIGHT, Operator
from sim.brand.strategy import Planned
from sim.brand.timetable import occurrences


def start(operator: Operator) -> None:
    """Send out the errands of a strategy, and those of the history that it takes over from."""
    operator.agenda.start(Midnights([operator] if operator.before is None else [operator.before, operator]))
    if operator.before is not None:
        _start_items(operator.before)
    _start_items(operator)


def _start_items(operator: Operator) -> None:
    strategy = operator.scenario.strategy
    if strategy.community:
        for planned in strategy.planned:
            if planned.journey is None:
                operator.agenda.start(Occasions(operator, planned))
        for name in strategy.journeys:
            operator.agenda.start(Journeying(operator, name))


@dataclass(eq=False)
class Midnights:
    """At every midnight: close the day's panel, seat those who wait, pay staff, admit the coming day's contacts.

    The first of the operators is in charge; the next takes over at the midnight at which it begins.
    """

    operators: list[Operator]
    day: int = 0

    def live(self) -> Iterator[Any]:
        """Wait for one midnight after another."""
        while True:
            operator = self.operators[0]
            yield from operator.at(self.day * 24.0, "midnight", MIDNIGHT)
            operator.community.catch_up(operator.hour)
            operator.community.spread_news()
            if self.day:
                operator.ledger.close_day(operator.community, self.day - 1)
            if len(self.operators) > 1 and operator.hour >= self.operators[1].begins_h:
                self.operators.pop(0)
                operator = self.operators[0]
                operator.take_over()
            operator.review_standings()
            operator.tend_groups()
            operator.call_in_lobby()
            operator.pay_staff()
            acquisition.plan_day(operator, self.day)
            strangers.plan_day(operator, self.day)
            self.day += 1


@dataclass(eq=False)
class Occasions:
    """Begin every occasion of an item, each an errand of its own, so that long ones may overlap."""

    operator: Operator
    planned: Planned
    begun: int = 0

    def live(self) -> Iterator[Any]:
        """Wait for one occasion after another."""
        operator, scenario = self.operator, self.operator.scenario
        action = self.planned.action
        found = occurrences(scenario.strategy, self.planned, operator.begins_h, operator.ends_h, scenario.festivals())
        for occurrence in found[self.begun :]:
            yield from operator.at(max(operator.begins_h, occurrence.hour - action.lead_hours()), self.planned.name, action.priority)
            self.begun += 1
            operator.agenda.start(Occasion(operator, action, Due(self.planned.name, occurrence)))
