"""To whom members turn among the people they know: whom they pass an offer on to, and whom they ask to help with a price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim import randomness
from sim.behaviour.sharing import HELP
from sim.behaviour.ties import MOST_TIES
from sim.touch import Haggling

if TYPE_CHECKING:
    from sim.community import Community


#: Words to the outside about offers have numbers beyond those of invitations and showings.
FIRST_ASKED = 1 << 48


def ties_of(people: Any, person: int, *, here: bool) -> list[int]:
    """Return a person's ties, strongest first: members of their group (``here``), or people elsewhere."""
    record = people[person]
    known = [k for k in range(MOST_TIES) if record["tie_strength"][k] > 0]
    ordered = sorted(known, key=lambda k: (-record["tie_strength"][k], k))
    found = [int(record["ties"][k]) for k in ordered]
    return [other for other in found if (people[other]["member"] and people[other]["group"] == record["group"]) == here]


def nth_asked(offer_key: Any, nth: int) -> int:
    """Return the number of a word to the outside about an offer."""
    return FIRST_ASKED + (int(offer_key) >> 24) * 64 + nth


def outsiders(community: Community, person: int, offer: int, first: int, many: int) -> list[tuple[int, float]]:
    """Return those who come in, of the people outside whom a person asks about an offer, with their likeness."""
    key = community.world.offers[offer]["key"]
    nths = np.array([nth_asked(key, nth) for nth in range(first, many)], int)
    numbers, likeness = community.pool.answers(community.world, np.full(nths.size, person), nths)
    return [(int(number), float(alike)) for number, alike in zip(numbers, likeness, strict=True) if number >= 0]


def helped_price(community: Community, person: int, offer: int, bargain: Haggling) -> tuple[float, int]:
    """Return the share of list that a person's bargain comes to, and how many of the asked are of the group."""
    people = community.world.people
    friendly, distant = community.parameters["sharing"]["help_friend"], community.parameters["sharing"]["help_contact"]
    friends = ties_of(people, person, here=True)[: bargain.asks]
    key = community.world.offers[offer]["key"]
    helpers = 0
    for nth in range(bargain.asks):
        chance = friendly if nth < len(friends) else distant
        helpers += randomness.uniform(community.run, people[person]["key"], HELP, np.uint64(key), np.uint64(nth)) < chance
    return 1.0 - min(bargain.deepest, bargain.cut * helpers), len(friends)
