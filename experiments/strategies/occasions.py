"""When items of a plan fall due, from its plain values: as the simulator has it, without asking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.clock import Schedule, parse_days, parse_schedule

__all__ = ["Span", "rounds", "schedule_of", "within"]


@dataclass(frozen=True)
class Span:
    """A time of the simulation, in hours, from whose beginning days are counted; festivals by day of the simulation."""

    begins_h: float
    ends_h: float
    festivals: Mapping[str, tuple[int, ...]]


def schedule_of(when: Any) -> Schedule | None:
    """Return what a calendar expression means; None for what is none."""
    try:
        return parse_schedule(str(when))
    except ValueError:
        return None


def within(item: Mapping[str, Any], span: Span) -> list[float]:
    """Return the hours at which an item falls due; weekdays and festivals are those of the calendar."""
    schedule = schedule_of(item.get("when"))
    if schedule is None:
        return []
    until = item.get("until_day")
    ends_h = span.ends_h if until is None else min(span.ends_h, span.begins_h + 24.0 * until)
    first_h = span.begins_h + 24.0 * float(item.get("from_day") or 0.0)
    return [hour for hour in _hours(schedule, span, ends_h) if hour >= first_h]


def rounds(campaign: Mapping[str, Any], span: Span) -> list[float]:
    """Return the hours at which rounds of a campaign begin; one that would have begun before the span does not take place."""
    lead_h = 24.0 * float(campaign.get("lead_days") or 0)
    hours = [hour - lead_h for hour in _hours(parse_days(str(campaign.get("when"))), span, span.ends_h + lead_h)]
    return [hour for hour in hours if span.begins_h <= hour < span.ends_h][: campaign.get("rounds")]


def _hours(schedule: Schedule, span: Span, ends_h: float) -> list[float]:
    if schedule.festival and schedule.festival not in span.festivals:
        return []
    shift = 0.0 if schedule.by_calendar else span.begins_h
    return [occurrence.hour + shift for occurrence in schedule.occurrences(ends_h - shift, span.festivals)]
