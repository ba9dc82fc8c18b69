"""Campaigns: rounds of phases, each with a programme of its own (seeding, then conversion; hype, sale, cool-down).

A round begins at midnight of its day. Its phases follow each other, and in a phase ``day 0`` and ``every 2 days`` are counted from the
phase's first day; weekdays and festivals are those of the calendar. A phase without items is a pause.

Source: PRACTICE 15 (five days of seeding, six of conversion) and 21 (hype, then promotion).
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from sim.brand.actions import AnyAction
from sim.clock import WEEKDAYS, Days, Schedule, parse_days, parse_schedule
from sim.parameters import CHOICE, Name, Parameters, parameter


class Phase(Parameters):
    """A part of a campaign."""

    days: int = parameter(unit="days", meaning="length of the phase", low=1, high=3650, source=CHOICE)
    programme: dict[Name, AnyAction] = Field(default_factory=dict, description="what happens when, in each round of the phase")


class Campaign(Parameters):
    """Phases that follow each other, once or again and again."""

    description: str = Field("", description="one line")
    when: Days = Field(description='days on which a round begins, such as "day 20", "every 11 days from day 3", "festival double_11"')
    lead_days: int = parameter(0, unit="days", meaning="days by which a round begins before that day", low=0, high=365, source=CHOICE)
    rounds: int | None = parameter(
        None, unit="rounds", meaning="rounds at most; none: as many as there are", low=1, high=10_000, source=CHOICE
    )
    phases: dict[Name, Phase] = Field(description="phases in their order")

    @model_validator(mode="after")
    def _fits(self) -> Campaign:
        if not self.phases:
            raise ValueError("phases: takes at least one phase")
        schedule, length = parse_days(self.when), sum(phase.days for phase in self.phases.values())
        period = schedule.period_days or (7 if schedule.weekdays else length)
        if length > period or (len(schedule.weekdays) > 1 and length > 1):
            raise ValueError(f"when: takes days that are at least as far apart as the {length} days of all phases, got {self.when!r}")
        wrong = self._never_due(schedule)
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _never_due(self, schedule: Schedule) -> list[str]:
        """Return a line for every item that no round of its phase can reach, whatever day the strategy begins on."""
        wrong, begins = [], -self.lead_days
        for name, phase in self.phases.items():
            weekdays = {(day + begins) % len(WEEKDAYS) for day in schedule.weekdays or range(len(WEEKDAYS))}
            wrong += [
                f"phases.{name}.programme.{item}.when: takes a time within the {phase.days} days of its phase, got {action.when!r}, "
                "so that it never falls due"
                for item, action in phase.programme.items()
                if not parse_schedule(action.when).festival
                and action.until_day != 0.0
                and not action.can_fall_due_in(phase.days, sorted(weekdays))
            ]
            begins += phase.days
        return wrong

    def begins(self, until_hours: float, shift_hours: float, festivals: Mapping[str, tuple[int, ...]]) -> list[float]:
        """Return the hours at which rounds begin before an hour; days are counted from ``shift_hours`` on.

        A round that would have begun before that hour does not take place.
        """
        schedule = parse_days(self.when)
        shift = 0.0 if schedule.by_calendar else shift_hours
        hours = [
            occurrence.hour + shift - 24.0 * self.lead_days
            for occurrence in schedule.occurrences(until_hours - shift + 24.0 * self.lead_days, festivals)
        ]
        return [hour for hour in hours if shift_hours <= hour < until_hours][: self.rounds]
