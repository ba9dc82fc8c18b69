"""The service desk: people with shifts and a script, and perhaps a robot, who answer what members ask.

Conversations queue in the order in which they were asked for (first come, first served). Each goes to whoever can begin it first, within
their hours of work: begun = min over people of the first working hour from max(asked, when they are free). This is the recursion of
Kiefer and Wolfowitz for several servers, so with Poisson questions, exponential conversations and an open desk the mean wait is that of
Erlang C. A conversation that was begun is finished, also after hours. Who would have to wait longer than members' patience gives up, and
takes nobody's time. How long a conversation takes is keyed by (person, question).

Source: PRACTICE 7, 13, 14 and the report of 150 people served a day; EVIDENCE row 4; Kiefer and Wolfowitz 1955.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from pydantic import Field

from sim import randomness
from sim.clock import DurationHours, Hours, WorkingHours, parse_hours
from sim.parameters import CHOICE, Parameters, parameter
from sim.randomness import stream

MINUTES = stream("desk.minutes")
ROBOT = stream("desk.robot")
ZERO = np.uint64(0)


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


class Service(NamedTuple):
    """How a question is served: when the conversation begins and ends. Who gives up has none that begins, and an end to the waiting."""

    begun_h: float
    ended_h: float
    by_robot: bool = False


class Conversation(NamedTuple):
    """A question of a member, about an offer (-1: none), and how the desk serves it; the member knows at the hour ``due_h``.

    Who gives up has waited without end.
    """

    asked_h: float
    due_h: float
    waited_h: float
    about: int
    by_robot: bool
    plan: Desk


class ServiceDesk:
    """The queue of a desk: when each of its people is free again.

    Parameters
    ----------
    plan : Desk
        People, shifts, scripts.
    opens_h : float
        Hour from which on it answers.
    """

    def __init__(self, plan: Desk, opens_h: float) -> None:
        self.plan = plan
        self.hours: list[Hours] = [parse_hours(shift.when) for shift in plan.shifts.values() for _ in range(shift.people)]
        self.free_h = [opens_h] * len(self.hours)

    def serve(self, run: np.uint64, key: np.uint64, nth: int, asked_h: float, patience_h: float) -> Service:
        """Serve a person's nth question; questions must come in the order in which they were asked."""
        occasion = np.uint64(nth)
        plan = self.plan
        if plan.robot_share and randomness.uniform(run, key, ROBOT, occasion, ZERO) < plan.robot_share:
            return Service(asked_h, asked_h, by_robot=True)
        begun_h, who = math.inf, -1
        for place, free_h in enumerate(self.free_h):
            free_h = max(asked_h, free_h)
            if free_h < begun_h and (earliest := self.hours[place].next_open(free_h)) < begun_h:
                begun_h, who = earliest, place
        if begun_h - asked_h > patience_h:
            return Service(math.inf, asked_h + patience_h)
        unit = randomness.uniform(run, key, MINUTES, occasion, ZERO)
        self.free_h[who] = begun_h + self.length_h(unit)
        return Service(begun_h, self.free_h[who])

    def length_h(self, unit: float) -> float:
        """Return how long a conversation takes, from a uniform number: its mean is the plan's."""
        sigma = self.plan.minutes_sigma
        if sigma is None:
            return -math.log(unit) * self.plan.minutes / 60.0
        return math.exp(sigma * (NormalDist().inv_cdf(unit) - 0.5 * sigma)) * self.plan.minutes / 60.0

    def paid_on(self, day: int) -> int:
        """Return how many people are paid for a day."""
        return sum(day % 7 in hours.weekdays for hours in self.hours)
