"""What members take part in: calls that they answer, meetings, samples.

The part of the community's door through which the brand learns who takes part, and acts on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim import encounters, randomness
from sim.behaviour.meeting import TURNOUT
from sim.randomness import ZERO, stream

if TYPE_CHECKING:
    from sim.community import Community

LOT = stream("gathering.lot")
#: Calls that can be open at once: a person remembers those that they have answered by a bit each.
MOST_CALLS = 64


def free_bit(taken: Iterable[np.uint64]) -> np.uint64:
    """Return a bit that no open call has.

    Raises
    ------
    StopIteration
        If all are taken; :func:`has_free_call` says so before.
    """
    used = set(taken)
    bits = (np.uint64(1) << np.uint64(place) for place in range(MOST_CALLS))
    return next(bit for bit in bits if bit not in used)


def has_free_call(community: Community) -> bool:
    """Return whether another call can be open."""
    return len(community.calls) < MOST_CALLS


def taken_part(community: Community, offer: int) -> list[int]:
    """Catch everybody up, close a call, and return the members who have taken part in it, by key."""
    community.catch_up(community.now)
    bit = community.calls.pop(offer)
    people = community.world.people[: community.total.people]
    found = np.flatnonzero(people["calls"] & bit)
    people["calls"][found] &= ~bit
    found = found[people["member"][found]]
    return [int(person) for person in found[np.argsort(people["key"][found], kind="stable")]]


def accepted(community: Community, offer: int) -> list[int]:
    """Catch everybody up, and return who of those who were never in a group has accepted an invitation, by key."""
    community.catch_up(community.now)
    people = community.world.people[: community.total.people]
    found = np.flatnonzero(((people["calls"] & community.calls[offer]) > 0) & ~people["ever_member"])
    return [int(person) for person in found[np.argsort(people["key"][found], kind="stable")]]


def by_lot(community: Community, people: list[int], occasion: np.uint64) -> list[int]:
    """Return people in an order drawn by lot, keyed by them and an occasion."""
    lots = _drawn(community, people, LOT, occasion)
    return [person for _, person in sorted(zip(lots, people, strict=True))]


def turn_up(community: Community, people: list[int], occasion: np.uint64) -> list[int]:
    """Return those of some people who come to what they have a place at."""
    turnout = float(community.parameters["meeting"]["turnout"])
    units = _drawn(community, people, TURNOUT, occasion)
    return [person for person, unit in zip(people, units, strict=True) if unit < turnout]


def _drawn(community: Community, people: list[int], kind: np.uint64, occasion: np.uint64) -> list[float]:
    keys = community.world.people["key"]
    return [float(randomness.uniform(community.run, keys[person], kind, occasion, ZERO)) for person in people]


def meet(community: Community, circle: list[int]) -> None:
    """Let people meet, seated in this order."""
    encounters.gather(community.world, np.array(circle, np.int64))


def give_sample(community: Community, person: int, product: int) -> None:
    """Give a product to a person."""
    encounters.give_sample(community.world, person, product)


def writes_about(community: Community, person: int, product: int, occasion: np.uint64) -> bool:
    """Return whether somebody, if still a member, writes about a product that they were given. Everybody must be caught up."""
    member = bool(community.world.people[person]["member"])
    return member and bool(encounters.writes_about(community.world, person, product, occasion))
