"""The errands that carry a strategy out: one for every programme item, one for midnights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.brand import acquisition, strangers
from sim.brand.actions import Action, Due
from sim.brand.occasion import Occasion
from sim.brand.operator import MIDNIGHT, Operator
from sim.clock import Occurrence, parse_schedule


def start(operator: Operator) -> None:
    """Send out the errands of a strategy, and those of the history that it takes over from."""
    operator.agenda.start(Midnights([operator] if operator.before is None else [operator.before, operator]))
    if operator.before is not None:
        _start_items(operator.before)
    _start_items(operator)


def _start_items(operator: Operator) -> None:
    if operator.scenario.strategy.community:
        for name, action in operator.scenario.strategy.programme.items():
            operator.agenda.start(Occasions(operator, name, action))


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
    name: str
    action: Action
    begun: int = 0

    def live(self) -> Iterator[Any]:
        """Wait for one occasion after another."""
        operator = self.operator
        for occurrence in occurrences(operator, self.action)[self.begun :]:
            yield from operator.at(max(operator.begins_h, occurrence.hour - self.action.lead_hours()), self.name, self.action.priority)
            self.begun += 1
            operator.agenda.start(Occasion(operator, self.action, Due(self.name, occurrence)))


def occurrences(operator: Operator, action: Action) -> list[Occurrence]:
    """Return the occasions of an item within the time of the operator's strategy, in hours of the simulation.

    Weekdays and festivals are those of the calendar, which goes on from the history; days are counted from where the strategy begins.
    """
    schedule = parse_schedule(action.when)
    by_calendar = bool(schedule.weekdays or schedule.festival)
    begins = operator.begins_h
    ends = operator.ends_h if action.until_day is None else min(operator.ends_h, begins + action.until_day * 24.0)
    shift = 0.0 if by_calendar else begins
    found = schedule.occurrences(ends - shift, operator.scenario.festivals())
    shifted = [Occurrence(occurrence.hour + shift, occurrence.index) for occurrence in found]
    return [occurrence for occurrence in shifted if occurrence.hour >= begins + action.from_day * 24.0]
