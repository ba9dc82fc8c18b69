"""The service desk at work: who of its people is free when, from its plan."""

from __future__ import annotations

import numpy as np

from sim import queueing
from sim.brand.desk import Desk
from sim.clock import parse_hours
from sim.queueing import CONVERSATION, DESK, EXPONENTIAL, PLACE
from sim.world import Array


class ServiceDesk:
    """The state of a desk: its plan, and when each of its people is free again.

    Parameters
    ----------
    plan : Desk
        People, shifts, scripts.
    opens_h : float
        Hour from which on it answers.
    scripts : int
        Number of its script in the list of all scripts; that of its robot is the next.
    """

    def __init__(self, plan: Desk, opens_h: float, scripts: int = 0) -> None:
        hours = [parse_hours(shift.when) for shift in plan.shifts.values() for _ in range(shift.people)]
        self.plan = plan
        sigma = EXPONENTIAL if plan.minutes_sigma is None else plan.minutes_sigma
        self.record = np.array([(plan.minutes, sigma, plan.robot_share, scripts)], DESK)
        self.places = np.array([(opens_h, one.from_h, one.until_h, sum(1 << day for day in one.weekdays)) for one in hours], PLACE)

    def serve(self, run: np.uint64, questions: Array, patience_h: float, tick_minutes: float, tick: float) -> Array:
        """Return how questions, in the order in which they were asked, are served: one conversation each."""
        conversations = np.zeros(questions.size, CONVERSATION)
        queueing.serve_in_turn(self.places, self.record, run, questions, patience_h, float(tick_minutes), tick, conversations)
        return conversations
