"""What members ask of the brand: a request waits, and its group with it, for the tick at which it is settled."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import compiled


@compiled
def request(log, person, index, kind, nth, offer, post, now):
    """Write a request that waits for the brand."""
    record = log.requests[log.counts[1]]
    log.counts[1] += 1
    record.time_h = now
    record.key = person.key
    record.kind = kind
    record.nth = nth
    record.person = index
    record.group = person.group
    record.offer = offer
    record.post = post


@compiled
def tick_after(hour, tick_minutes):
    """Return the first tick of the grid later than ``hour``, from whole ticks so that it never drifts."""
    ticks = math.floor(hour * 60.0 / tick_minutes) + 1.0
    if ticks * tick_minutes / 60.0 <= hour:
        ticks += 1.0
    return ticks * tick_minutes / 60.0


@compiled
def pause_for_requests(world, log, first, g):
    """Date the group's new requests by the next tick of the grid (a finer one while limited stock is on the board), and make it wait."""
    group = world.groups[g]
    for k in range(first, log.counts[1]):
        request = log.requests[k]
        request.due_h = tick_after(request.time_h, world.parameters[0].run.tick_minutes)
        group.paused_h = min(group.paused_h, request.due_h)


def changed(request: Any, name: str, value: float) -> Any:
    """Return a copy of a request with another value of a field: what is written to one that was saved with a run is lost silently."""
    found = request.copy()
    found[name] = value
    return found
