"""Members live on while their invitations come to nothing: most do, and there is nothing for the brand to do then.

What this does is what advancing the groups and settling the invitations one tick after the other does, without going back to the host at
every tick. It stops for the host where anything else waits, or somebody comes.
"""

from __future__ import annotations

import numpy as np

from sim import kernel
from sim.borrow import lend
from sim.codes import INVITATION_REQUEST
from sim.compiled import compiled
from sim.pool import ask
from sim.world import NEVER, REQUEST, Array

#: What ``counts`` counts: requests that wait, invitations that were asked last and are still to be told of, invitations in vain.
WAITING, ASKED, IN_VAIN = range(3)


class Asking:
    """Room for requests while the kernel handles them, used again at every call; see :func:`live_on`."""

    def __init__(self) -> None:
        self.counts = np.zeros(3, np.int64)
        self.waiting, self.asked = np.zeros(0, REQUEST), np.zeros(0, REQUEST)
        self.places, self.numbers = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.likeness = np.zeros(0)

    def take_in(self, waiting: Array, further: int) -> None:
        """Take in the requests that wait, with room for so many further ones."""
        needed = waiting.size + further
        if needed > self.waiting.size:
            self.waiting, self.asked = np.zeros(2 * needed, REQUEST), np.zeros(2 * needed, REQUEST)
            self.places, self.numbers = np.zeros(2 * needed, np.int64), np.zeros(2 * needed, np.int64)
            self.likeness = np.zeros(2 * needed)
        self.counts[:] = waiting.size, 0, 0
        if waiting.size:
            self.waiting[: waiting.size] = waiting

    @property
    def arrays(self) -> tuple[Array, Array, Array, Array, Array, Array]:
        """All of them, in the order in which :func:`live_on` takes them."""
        return self.waiting, self.asked, self.places, self.counts, self.numbers, self.likeness


@compiled
def is_before(waiting, first, second):
    """Return whether one of two requests that wait comes before the other: by time, then by key."""
    if waiting[first].time_h != waiting[second].time_h:
        return waiting[first].time_h < waiting[second].time_h
    return waiting[first].key < waiting[second].key


@compiled
def due_by(waiting, counts, tick, places):
    """Write the places of the requests due by a tick, in the order in which they are settled; -1 if they are not invitations alone."""
    found = 0
    for n in range(counts[WAITING]):
        if waiting[n].due_h > tick:
            continue
        if waiting[n].kind != INVITATION_REQUEST:
            return -1
        place = found
        while place > 0 and is_before(waiting, n, places[place - 1]):
            places[place] = places[place - 1]
            place -= 1
        places[place] = n
        found += 1
    return found


@compiled
def take(waiting, counts, places, asked):
    """Move the requests of some places from those that wait to those that are asked; the others keep their order."""
    for n in range(counts[ASKED]):
        asked[n] = waiting[places[n]]
        waiting[places[n]].kind = -1
    kept = 0
    for n in range(counts[WAITING]):
        if waiting[n].kind >= 0:
            waiting[kept] = waiting[n]
            kept += 1
    counts[WAITING] = kept


@compiled
def unpause(world, waiting, counts, g):
    """Let a group wait for the first request that is due there, or for none."""
    group = world.groups[g]
    group.paused_h = NEVER
    for n in range(counts[WAITING]):
        if waiting[n].group == g:
            group.paused_h = min(group.paused_h, waiting[n].due_h)


@compiled
def live_on(world, log, groups, until, end_h, backwards, pool, waiting, asked, places, counts, numbers, likeness):
    """Advance all groups up to ``until`` (excluded), and settle invitations on the way as long as nobody comes and nothing else is asked.

    Parameters
    ----------
    world, log : World, Log
        The state, and where to tell.
    groups : int
        How many groups there are.
    until, end_h : float
        Hours: up to which, and from which on nobody is asked any more.
    backwards : bool
        Visit the groups in the opposite order.
    pool : tuple of array
        Who was asked how often, who came, weights of topics, and room for the interests of one: see :func:`sim.pool.ask`.
    waiting, asked, places : array
        The requests that wait, with room for more, and room for those that are asked and for their places.
    counts : array of int
        See :data:`WAITING`. ``counts[ASKED]`` is 0 unless somebody came.
    numbers, likeness : array
        Who came of those asked (-1: nobody), and how like they are.

    Returns
    -------
    bool
        Whether everybody has lived up to ``until`` and nothing is due by then.
    """
    lent = lend(world)
    lent_log = lend(log)
    weak, strong, came, weights, interests = pool
    counts[ASKED] = 0
    while True:
        tick = NEVER
        for n in range(groups):
            g = groups - 1 - n if backwards else n
            group = lent.groups[g]
            behind = group.position_h < until and group.paused_h > group.position_h
            if behind and kernel.advance(lent, lent_log, g, until) == kernel.LOG_FULL:
                return False
            tick = min(tick, group.paused_h)
        if counts[WAITING] + lent_log.counts[1] > waiting.size:
            return False
        for n in range(lent_log.counts[1]):
            waiting[counts[WAITING]] = lent_log.requests[n]
            counts[WAITING] += 1
        lent_log.counts[1] = 0
        if tick > until:
            return True
        found = due_by(waiting, counts, tick, places)
        if found <= 0:
            return False
        counts[ASKED] = found
        take(waiting, counts, places, asked)
        somebody = False
        for n in range(found):
            lent.people[asked[n].person].invite_open = False
            numbers[n] = -1
            if tick < end_h and came.size:
                inviter, nth = asked[n].person, asked[n].nth
                numbers[n], likeness[n] = ask(lent.people, lent.parameters, inviter, nth, weak, strong, came, weights, interests)
                somebody = somebody or numbers[n] >= 0
        if somebody:
            return False
        if tick < end_h:
            counts[IN_VAIN] += found
        counts[ASKED] = 0
        for n in range(found):
            unpause(lent, waiting, counts, asked[n].group)
