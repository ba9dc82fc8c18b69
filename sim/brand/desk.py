"""The service desk: people with shifts and a script, and perhaps a robot, who answer what members ask.

How questions queue is in :mod:`sim.queueing`.

Source: PRACTICE 7, 13, 14 and the report of 150 people served a day.
"""

from __future__ import annotations

from pydantic import Field

from sim.clock import DurationHours, WorkingHours, parse_hours
from sim.parameters import CHOICE, Parameters, parameter


class Shift(Parameters):
    """People who work at the desk in the same hours."""

    when: WorkingHours = Field(description='days and hours, such as "Mon-Fri 09:00-18:00"')
    people: int = parameter(1, unit="people", meaning="people at the desk in these hours, paid for each of its days", low=0, high=1000)


class Desk(Parameters):
    """Who answers members' questions, when and how; without shifts and robot nobody does."""

    shifts: dict[str, Shift] = Field(default_factory=dict, description="named shifts: who works when")
    minutes: float = parameter(
        4.8,
        unit="minutes",
        meaning="mean length of a conversation",
        low=0.01,
        high=1440,
        source="PRACTICE, gaozi: 150 people served a day, of 12 hours",
    )
    minutes_sigma: float | None = parameter(
        None, unit="log-normal sigma", meaning="spread of conversations; none: exponential", low=0, high=3, source=CHOICE
    )
    script: float = parameter(0.7, unit="share", meaning="quality of the script", low=0, high=1)
    persona: float = parameter(
        0.7, unit="share", meaning="how like the customers, and a little more expert, the persona is", low=0, high=1, source="PRACTICE 13"
    )
    credibility: float = parameter(
        0.55, unit="share", meaning="credibility of the desk", low=0, high=1, source="MODEL section 4: one-to-one .55"
    )
    robot_share: float = parameter(0.0, unit="share", meaning="questions that a robot answers at once", low=0, high=1, source=CHOICE)
    robot_script: float = parameter(0.3, unit="share", meaning="quality of the robot's script", low=0, high=1)
    coupon_yuan: float = parameter(0.0, unit="yuan", meaning="coupon for who asked and holds none; 0 is none", low=0, high=1e5)
    floor_yuan: float = parameter(0.0, unit="yuan", meaning="smallest order that the coupon can be used on", low=0, high=1e6)
    valid: DurationHours = parameter(48.0, unit="hours", meaning="how long the coupon is good", above=0, high=8760, source=CHOICE)

    def paid_on(self, day: int) -> int:
        """Return how many people are paid for a day."""
        return sum(shift.people for shift in self.shifts.values() if day % 7 in parse_hours(shift.when).weekdays)
