"""Members live on while what they ask takes no brand: invitations that come to nothing, as most do, and units of limited stock.

What this does is what advancing the groups and settling the requests one tick after the other does, without going back to the host at
every tick. It stops for the host where anything else waits, or somebody comes.
"""

from __future__ import annotations

import numpy as np

from sim import granting, kernel
from sim.borrow import lend
from sim.codes import BARGAIN, INVITATION_REQUEST, ORDER_REQUEST, PRESALE, TEAM
from sim.compiled import compiled, entry
from sim.pool import ask
from sim.world import NEVER, REQUEST, Array

#: What ``counts`` counts: requests that wait, invitations that were asked last and are still to be told of, invitations in vain, orders
#: that came too late for limited stock.
WAITING, ASKED, IN_VAIN, REFUSED = range(4)


class Asking:
    """Room for requests while the kernel handles them, used again at every call; see :func:`live_on`."""

    def __init__(self) -> None:
        self.counts = np.zeros(4, np.int64)
        self._make(0)

    def _make(self, room: int) -> None:
        """Make room for so many requests."""
        self.waiting, self.asked = np.zeros(room, REQUEST), np.zeros(room, REQUEST)
        places, numbers, likeness = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
        self.numbers, self.likeness = numbers, likeness
        #: All of it, in the order in which :func:`live_on` takes it.
        self.arrays = self.waiting, self.asked, places, self.counts, numbers, likeness

    def take_in(self, waiting: Array, further: int) -> None:
        """Take in the requests that wait, with room for so many further ones."""
        many = waiting.size
        if many + further > self.waiting.size:
            self._make(2 * (many + further))
        self.counts[WAITING] = many
        if many:
            self.waiting[:many] = waiting


@compiled
def is_before(waiting, first, second):
    """Return whether one of two requests that wait comes before the other: by time, then by key."""
    if waiting[first].time_h != waiting[second].time_h:
        return waiting[first].time_h < waiting[second].time_h
    return waiting[first].key < waiting[second].key


@compiled
def kind_due(world, waiting, counts, tick):
    """Return the kind of request to be settled first at a tick, invitations or orders; -1 if none, or another, or a reservation, is due."""
    kind = -1
    for n in range(counts[WAITING]):
        request = waiting[n]
        if request.due_h > tick:
            continue
        if request.kind == INVITATION_REQUEST:
            kind = INVITATION_REQUEST
        elif request.kind != ORDER_REQUEST:
            return -1
        else:
            form = world.offers[request.offer].form
            if form in (PRESALE, TEAM, BARGAIN):
                return -1
            kind = max(kind, ORDER_REQUEST)
    return kind


@compiled
def due_by(waiting, counts, tick, kind, places):
    """Write the places of the requests of a kind due by a tick, in the order in which they are settled, and return how many there are."""
    found = 0
    for n in range(counts[WAITING]):
        if waiting[n].due_h > tick or waiting[n].kind != kind:
            continue
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
def allot_all(world, log, asked, found, tick, limited, counts):
    """Allot limited stock to requests in their order, or refuse, and put on the board what is left of it."""
    for n in range(found):
        price = world.offers[asked[n].offer].price_share
        if not granting.allot(world, log, asked[n], price, tick):
            counts[REFUSED] += 1
    granting.show_stock(world, limited)


@compiled
def ask_all(world, asked, found, is_over, pool, numbers, likeness):
    """Let invitations meet their contacts in their order, unless all is over; return whether anybody comes."""
    weak, strong, came, weights, interests = pool
    somebody = False
    for n in range(found):
        world.people[asked[n].person].invite_open = False
        numbers[n] = -1
        if not is_over and came.size:
            inviter, nth = asked[n].person, asked[n].nth
            numbers[n], likeness[n] = ask(world.people, world.parameters, inviter, nth, weak, strong, came, weights, interests)
            somebody = somebody or numbers[n] >= 0
    return somebody


@entry
@compiled
def live_on(world, log, groups, until, end_h, minutes, limited, pool, waiting, asked, places, counts, numbers, likeness):
    """Advance groups up to ``until`` (excluded), and settle requests on the way as long as nobody comes and nothing takes the host.

    Parameters
    ----------
    world, log : World, Log
        The state, and where to tell.
    groups : array of int
        All groups, in the order in which they are visited.
    until, end_h : float
        Hours: up to which, and from which on nobody is asked any more.
    minutes : float
        Between the ticks at which all groups meet; 0 without limited stock on the board: see :func:`sim.kernel.live`.
    limited : array of int
        Numbers of the limited offers on the board.
    pool : tuple of array
        Who was asked how often, who came, weights of topics, and room for the interests of one: see :func:`sim.pool.ask`.
    waiting, asked, places : array
        The requests that wait, with room for more, and room for those that are asked and for their places.
    counts : array of int
        See :data:`WAITING`, which is given; the others are counted anew. ``counts[ASKED]`` is 0 unless somebody came.
    numbers, likeness : array
        Who came of those asked (-1: nobody), and how like they are.

    Returns
    -------
    bool
        Whether everybody has lived up to ``until`` and nothing is due by then.
    """
    lent = lend(world)
    lent_log = lend(log)
    counts[ASKED] = counts[IN_VAIN] = counts[REFUSED] = 0
    while True:
        done, reached = kernel.go_on(lent, lent_log, groups, 0, until, minutes)
        if done < groups.size or counts[WAITING] + lent_log.counts[1] > waiting.size:
            return False
        for n in range(lent_log.counts[1]):
            waiting[counts[WAITING]] = lent_log.requests[n]
            counts[WAITING] += 1
        lent_log.counts[1] = 0
        tick = NEVER
        for g in range(groups.size):
            tick = min(tick, lent.groups[g].paused_h)
        if tick > reached:
            if reached >= until:
                return True
            continue
        kind = kind_due(lent, waiting, counts, tick)
        if kind < 0:
            return False
        found = due_by(waiting, counts, tick, kind, places)
        if kind == ORDER_REQUEST and not granting.has_room(lent_log, found):
            return False
        counts[ASKED] = found
        take(waiting, counts, places, asked)
        somebody = False
        if kind == ORDER_REQUEST:
            allot_all(lent, lent_log, asked, found, tick, limited, counts)
        else:
            somebody = ask_all(lent, asked, found, tick >= end_h, pool, numbers, likeness)
        for n in range(found):
            unpause(lent, waiting, counts, asked[n].group)
        if somebody:
            return False
        if kind != ORDER_REQUEST and tick < end_h:
            counts[IN_VAIN] += found
        counts[ASKED] = 0
