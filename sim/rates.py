"""What runs on between two events of a person: rates are spent, states decay; then rates are fixed anew and date the next event."""

from __future__ import annotations

import math

from sim import behaviour
from sim.behaviour import asking, chat, giving, leaving, referral
from sim.compiled import compiled

#: Hours for which rates hold at most.
MOST_HOURS = 24.0


@compiled
def spend_time(person, group, p, now):
    """Spend rates over the time since rates were fixed, and let states decay."""
    hours = now - person.last_h
    if hours <= 0.0:
        return
    person.buy_clock -= person.buy_rate * hours
    if person.member:
        leaving.spend_time(person, p, hours)
        chat.spend_time(person, group, p, now)
        referral.spend_time(person, p, hours)
    behaviour.elapsed(person, p, hours)
    person.last_h = now


@compiled
def nothing_is_near(person, group, p, now):
    """Return whether no act of a member can be due by so many hours since rates were fixed, and no news waits that would change rates."""
    hours = now - person.last_h
    if hours >= MOST_HOURS or person.answers_new > 0 or person.tie_exits_new > 0.0:
        return False
    if leaving.is_near(person, group, p, now, hours) or referral.is_near(person, p, hours):
        return False
    return not (giving.is_near(person, p, hours) or asking.is_near(person, p, hours))


@compiled
def fix_rates(person, group, p, now):
    """Compute the rates that hold from now until the person's next event, but for looks in vain."""
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
    plan_look(person)


@compiled
def plan_look(person):
    """Set the time of the person's next event while rates hold."""
    routine = min(person.base_h, person.last_h + MOST_HOURS)
    if person.base_h == math.inf:
        routine = min(routine, (person.day + 1) * 24.0)
    person.next_h = min(min(routine, person.organic_h), min(person.pull_h, person.follow_h))
