"""Watching single people: their whole record before and after each of their events.

Recording reads and never writes a person, so it changes no result; who is not traced costs one look at a flag.
"""

from __future__ import annotations

from sim.codes import ARRIVAL, DAY, PURCHASE, SESSION
from sim.compiled import compiled


@compiled
def kind_of(person, now):
    """Return the kind of the event that is due for a person."""
    if not person.arrived:
        return ARRIVAL
    if person.organic_h <= now:
        return PURCHASE
    if person.base_h <= now or person.pull_h <= now or person.follow_h <= now:
        return SESSION
    return DAY


@compiled
def is_full(log):
    """Return whether the log has no room for another trace."""
    return log.counts[2] >= log.traces.size


@compiled
def begin(log, person, kind, now):
    """Write down an event and the person before it."""
    n = log.counts[2]
    log.traces[n].time_h = now
    log.traces[n].kind = kind
    log.states[2 * n] = person


@compiled
def end(log, person):
    """Write down the person after the event."""
    log.states[2 * log.counts[2] + 1] = person
    log.counts[2] += 1
