"""Members of a group live, in event order, until the brand's next touch.

Each group is advanced on its own: nothing in it depends on another group but the board, which changes only when all groups that can see it
have been caught up. A group that made a request of the brand waits at the next tick until the request is settled.
"""

from __future__ import annotations

from sim import heap, tracing, transcribing
from sim.borrow import lend, prefetch
from sim.compiled import compiled, entry
from sim.requests import pause_for_requests, tick_after
from sim.session import MOST_ACTS, handle
from sim.world import Array, Log, World

DONE = 0
LOG_FULL = 1


@compiled
def advance(world, log, g, until):
    """Let one group live up to ``until`` (excluded) or to the tick at which it waits; return DONE or LOG_FULL."""
    group = world.groups[g]
    while group.queued > 0 and world.queue_time[g, 0] < min(until, group.paused_h):
        if log.counts[0] + MOST_ACTS > log.orders.size or log.counts[1] + MOST_ACTS > log.requests.size:
            return LOG_FULL
        if tracing.is_full(log) or transcribing.is_full(log, MOST_ACTS):
            return LOG_FULL
        index = world.queue_person[g, 0]
        now = world.queue_time[g, 0]
        first = log.counts[1]
        # The next event is mostly that of a child of the queue's top.
        for child in range(1, min(3, group.queued)):
            prefetch(world.people[world.queue_person[g, child]])
        traced = world.people[index].traced
        if traced:
            tracing.begin(log, world.people[index], tracing.kind_of(world.people[index], now), now)
        handle(world, log, index, now)
        if traced:
            tracing.end(log, world.people[index])
        if log.counts[1] > first:
            pause_for_requests(world, log, first, g)
        heap.move(world, g, index)
    group.position_h = max(group.position_h, min(until, group.paused_h))
    return DONE


@entry
@compiled
def live(world, log, groups, first, until, minutes):
    """Advance groups up to ``until``; return how many of them are done, and the hour that they have reached.

    Parameters
    ----------
    world, log : World, Log
        The state, and where to tell.
    groups : array of int
        Numbers of the groups, in the order in which they are visited.
    first : int
        Place of the first that is not done yet (fewer than all are done when the log is full).
    until : float
        Hour.
    minutes : float
        With 0, every group is advanced to the end on its own. Otherwise all go together, tick by tick of so many minutes, up to the first
        tick at which a request waits: for the time in which limited stock is on the board, when nobody may live past a tick at which
        the board could change.
    """
    return go_on(lend(world), lend(log), groups, first, until, minutes)


@compiled
def go_on(world, log, groups, first, until, minutes):
    """Do what :func:`live` does, in a world that is lent already."""
    together = minutes > 0.0
    reached = until
    if together:
        for n in range(groups.size):
            group = world.groups[groups[n]]
            reached = min(reached, group.position_h)
            until = min(until, group.paused_h)
        if reached >= until:
            return groups.size, reached
    while True:
        tick = min(until, tick_after(reached, minutes)) if together else until
        for n in range(first, groups.size):
            if advance(world, log, groups[n], tick) == LOG_FULL:
                return n, reached
        reached = tick
        if reached >= until or (together and log.counts[1] > 0):
            return groups.size, reached


def advance_groups(world: World, log: Log, groups: Array, first: int, until: float) -> int:
    """Advance groups one after another from the ``first``; return how many are done (fewer than all: the log is full)."""
    done: int = live(world, log, groups, first, until, 0.0)[0]
    return done


def walk_groups(world: World, log: Log, groups: Array, until: float, minutes: float) -> float:
    """Advance all groups together, tick by tick, up to ``until`` or the first tick at which a request waits; return how far they came."""
    reached: float = live(world, log, groups, 0, until, float(minutes))[1]
    return reached
