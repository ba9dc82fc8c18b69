"""When items of a strategy fall due: those of the programme, and those of the phases of campaigns, round by round."""

from __future__ import annotations

from collections.abc import Mapping

from sim.brand.actions import Action
from sim.brand.strategy import Planned, Strategy
from sim.clock import Occurrence, parse_schedule

#: Occurrences of a round have numbers from so many times its own on.
ROUND = 1_000_000
Festivals = Mapping[str, tuple[int, ...]]


def occurrences(strategy: Strategy, planned: Planned, begins_h: float, ends_h: float, festivals: Festivals) -> list[Occurrence]:
    """Return the occasions of an item within the time of its strategy, in hours of the simulation.

    Weekdays and festivals are those of the calendar, which goes on from a history; days are counted from where the strategy begins, or the
    phase of the item. A step of a journey has none: journeys look for their occasions themselves.
    """
    if planned.phase is None:
        return within(planned.action, begins_h, ends_h, festivals)
    campaign = strategy.campaigns[planned.owner]
    lead_h = 24.0 * sum(campaign.phases[name].days for name in list(campaign.phases)[: list(campaign.phases).index(planned.phase)])
    length_h = 24.0 * campaign.phases[planned.phase].days
    return [
        Occurrence(occurrence.hour, ROUND * nth + occurrence.index)
        for nth, round_h in enumerate(campaign.begins(ends_h, begins_h, festivals), start=1)
        for occurrence in within(planned.action, round_h + lead_h, min(ends_h, round_h + lead_h + length_h), festivals)
    ]


def within(action: Action, begins_h: float, ends_h: float, festivals: Festivals) -> list[Occurrence]:
    """Return the occasions of an action in a span of time from whose beginning its days are counted."""
    schedule = parse_schedule(action.when)
    ends_h = ends_h if action.until_day is None else min(ends_h, begins_h + action.until_day * 24.0)
    shift = 0.0 if schedule.by_calendar else begins_h
    found = schedule.occurrences(ends_h - shift, festivals)
    shifted = [Occurrence(occurrence.hour + shift, occurrence.index) for occurrence in found]
    return [occurrence for occurrence in shifted if occurrence.hour >= begins_h + action.from_day * 24.0]
