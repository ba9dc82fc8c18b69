"""A desk, a second time: questions in the order of asking, each to whoever is at work and free first, minute by minute if need be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim import randomness
from sim.brand.desk import Desk as Plan
from sim.clock import parse_hours
from sim.queueing import MINUTES, ROBOT
from tests.sim.naive.records import Record

ZERO = np.uint64(0)


class Desk:
    """People who answer, and when each of them is free."""

    def __init__(self, plan: Plan, run: Any) -> None:
        self.plan = plan
        self.run = run
        self.people = [Record(hours=parse_hours(shift.when), free_h=0.0) for shift in plan.shifts.values() for _ in range(shift.people)]

    def turn(self, key: Any, nth: int, asked_h: float, patience_h: float) -> Any:
        """Return when a question is answered, how long it waited, and whether by a robot."""
        if randomness.uniform(self.run, key, ROBOT, nth, ZERO) < self.plan.robot_share:
            return Record(ended_h=asked_h, waited_h=0.0, overdue_h=0.0, robot=True)
        turns = [(self.at_work(person, max(asked_h, person.free_h)), place) for place, person in enumerate(self.people)]
        opened_h = min((self.at_work(person, asked_h) for person in self.people), default=math.inf)
        begun_h, place = min(turns, default=(math.inf, -1))
        if begun_h > asked_h + patience_h:
            return Record(ended_h=asked_h + patience_h, waited_h=math.inf, overdue_h=math.inf, robot=False)
        sigma = self.plan.minutes_sigma
        if sigma is None:
            length = -math.log(randomness.uniform(self.run, key, MINUTES, nth, ZERO))
        else:
            length = math.exp(sigma * randomness.normal(self.run, key, MINUTES, nth, ZERO) - sigma * sigma / 2)
        self.people[place].free_h = begun_h + length * self.plan.minutes / 60.0
        return Record(ended_h=self.people[place].free_h, waited_h=begun_h - asked_h, overdue_h=begun_h - opened_h, robot=False)

    @staticmethod
    def at_work(person: Any, hour: float) -> float:
        """Return the first hour from ``hour`` on at which a person is at work."""
        while True:
            day = math.floor(hour / 24.0)
            begins, ends = day * 24.0 + person.hours.from_h, day * 24.0 + person.hours.until_h
            if day % 7 in person.hours.weekdays and hour < ends:
                return max(hour, begins)
            hour = (day + 1) * 24.0
