"""What runs on between two events of a person: rates are spent, states decay; then rates are fixed anew and date the next event."""

from __future__ import annotations

import math

from sim import behaviour
from sim.behaviour import leaving, referral
from sim.compiled import compiled

#: Hours for which rates hold at most.
MOST_HOURS = 24.0


@compiled
def spend_time(person, p, now):
    """Spend rates over the time since the person's last event, and let states decay."""
    hours = now - person.last_h
    if hours <= 0.0:
        return
    person.buy_clock -= person.buy_rate * hours
    if person.member:
        leaving.spend_time(person, hours)
        person.talk_clock -= person.talk_rate * hours
        referral.spend_time(person, p, hours)
    behaviour.elapsed(person, p, hours)
    person.last_h = now


@compiled
def fix_rates(person, group, p, now):
    """Compute the rates that hold from now until the person's next event."""
    person.goodwill = 1.0
    person.shelter = 1.0
    for cause in range(person.leave_rates.size):
        person.leave_rates[cause] = 0.0
    behaviour.act(person, group, p, now)


@compiled
def plan_next(person, now):
    """Set the time of the person's next event: need running out, a session, or when rates are fixed or sessions planned anew."""
    person.organic_h = math.inf
    if person.buy_rate > 0.0:
        person.organic_h = now + max(0.0, person.buy_clock) / person.buy_rate
    routine = min(person.base_h, now + MOST_HOURS)
    if person.base_h == math.inf:
        routine = min(routine, (person.day + 1) * 24.0)
    person.next_h = min(min(routine, person.organic_h), min(person.pull_h, person.follow_h))
