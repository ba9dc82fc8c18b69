"""Lifecycle: the stage that a brand can see somebody in. It is read off what they did, and changes nothing.

left: was a member, is not; new: admitted at most some days ago; lapsed: has bought, but not for long; dormant: neither a session nor an
order for some time; active: the rest. That somebody has truly lapsed as a customer is for the model alone to know.

Source: MODEL sections 2 and 4 (new, active, dormant, lapsed, left); PRACTICE 35 (sleeping members).
"""

from __future__ import annotations

import numpy as np

from sim.codes import STAGE_ACTIVE, STAGE_DORMANT, STAGE_LAPSED, STAGE_LEFT, STAGE_NEW
from sim.compiled import compiled
from sim.parameters import Parameters, parameter

STATE = (("ordered_h", "f8"),)


class LifecycleParameters(Parameters):
    """Where stages begin."""

    new_days: float = parameter(14.0, unit="days", meaning="time for which somebody is new", low=0, high=1e4)
    dormant_days: float = parameter(
        21.0, unit="days", meaning="time without session and order after which somebody is dormant", low=0.1, high=1e4
    )
    lapsed_days: float = parameter(
        120.0, unit="days", meaning="time since the last order after which a customer counts as lapsed", low=1, high=1e4
    )


@compiled
def ordered(person, order, product, p, now):
    """Note the time of the last order."""
    person.ordered_h = now


@compiled
def stage(person, p, now):
    """Return the stage of somebody at a time."""
    if person.ever_member and not person.member:
        return STAGE_LEFT
    if now - person.admitted_h <= 24.0 * p.lifecycle.new_days:
        return STAGE_NEW
    if person.orders > 0 and now - person.ordered_h > 24.0 * p.lifecycle.lapsed_days:
        return STAGE_LAPSED
    if now - max(person.last_session_h, person.ordered_h) > 24.0 * p.lifecycle.dormant_days:
        return STAGE_DORMANT
    return STAGE_ACTIVE


@compiled
def stages(people, parameters, now):
    """Return the stage of every person at a time."""
    found = np.empty(people.size, np.int64)
    for index in range(people.size):
        found[index] = stage(people[index], parameters[0], now)
    return found
