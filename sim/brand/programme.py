"""The processes that carry a strategy out: one for every programme item, one for midnight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.brand import acquisition
from sim.brand.actions import Action, Due
from sim.brand.operator import MIDNIGHT, Operator
from sim.clock import parse_schedule


def start(operator: Operator) -> None:
    """Start the processes of a strategy in their environment."""
    operator.environment.process(midnight(operator))  # type: ignore[arg-type]
    if operator.scenario.strategy.community:
        for name, action in operator.scenario.strategy.programme.items():
            operator.environment.process(item(operator, name, action))  # type: ignore[arg-type]


def midnight(operator: Operator) -> Iterator[Any]:
    """At every midnight: close the day's panel, seat those who wait, pay staff, admit the coming day's contacts."""
    day = 0
    while True:
        yield from operator.at(day * 24.0, "midnight", MIDNIGHT)
        operator.community.catch_up(operator.hour)
        operator.community.spread_news(operator.hour - 24.0)
        if day:
            operator.ledger.close_day(operator.community, day - 1)
        operator.call_in_lobby()
        operator.pay_staff()
        acquisition.plan_day(operator, day)
        day += 1


def item(operator: Operator, name: str, action: Action) -> Iterator[Any]:
    """Start the action's process for every occasion of the item, so that long ones may overlap."""
    scenario = operator.scenario
    until = scenario.horizon_hours if action.until_day is None else min(scenario.horizon_hours, action.until_day * 24.0)
    for occurrence in parse_schedule(action.when).occurrences(until, scenario.festivals()):
        if occurrence.hour < action.from_day * 24.0:
            continue
        yield from operator.at(max(0.0, occurrence.hour - action.lead_hours()), name, action.priority)
        operator.environment.process(action.perform(operator, Due(name, occurrence)))  # type: ignore[arg-type]
