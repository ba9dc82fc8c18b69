"""Live sessions: who comes across an open room enters it or not, and what is shown there sells better, and comes back more often.

A person who sees a message of a live session while its room is open enters with chance ``attend_chance``, keyed by (person, room): once for
all that is shown there. Only inside do its offers work, lifted by the action's factor; what is bought there is returned more often by
another. So conversion is on visits, and a room that nobody is told of in time sells nothing.

Source: MODEL section 4 (members pulled into a room at a time; conversion is on visits); PRACTICE 8.
"""

from __future__ import annotations

import numpy as np

from sim import randomness
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

ENTER = stream("live.enter")


class LiveParameters(Parameters):
    """Parameters of live sessions."""

    attend_chance: float = parameter(
        0.35, unit="share", meaning="chance that somebody who comes across an open room enters it", low=0, high=1
    )


@compiled
def enters(person, offer, p):
    """Return whether somebody enters the room that an offer is shown in (no room: always in), keyed by (person, room)."""
    if offer.room == np.uint64(0):
        return True
    return randomness.uniform(p.run.key, person.key, ENTER, offer.room, 0) < p.live.attend_chance


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Lift the offer (comes before buying)."""
    person.offer_lift *= offer.lift
