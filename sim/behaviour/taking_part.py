"""Taking part: members answer a call of the brand. They check in, guess in a quiz, sign up for a meeting.

At the first sight of a call that is open, once per (member, call), a member takes part with chance

    1 - e^(-pull x relevance x trust / start x (1 + belonging_weight x B))

keyed by (person, call). Who takes part interacts with the group and belongs more, by ``gain`` of what is missing. The brand learns who took
part when it closes the call.

Source: MODEL section 4 (check-in rituals, offline events); PRACTICE 29 (ritual, participation, achievement), 30 (members' check-ins), 40
(prize quiz).
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour import belonging
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

TAKE_PART = stream("taking_part.take_part")

#: ``calls`` has a bit for each open call that the person has answered, ``parts`` is how often they ever took part.
STATE = (("calls", "u8"), ("parts", "i4"))


class TakingPartParameters(Parameters):
    """Parameters of taking part."""

    belonging_weight: float = parameter(2.0, unit="factor", meaning="how much more full belonging makes of a call", low=0, high=100)
    gain: float = parameter(0.01, unit="share", meaning="belonging from taking part", low=0, high=1)


@compiled
def takes_part(person, offer, relevance, p):
    """Return whether a member answers a call."""
    readiness = person.trust / max(1e-9, p.trust.start) * (1.0 + p.taking_part.belonging_weight * person.belonging)
    chance = 1.0 - math.exp(-offer.pull * relevance * readiness)
    return randomness.uniform(p.run.key, person.key, TAKE_PART, offer.key, 0) < chance


@compiled
def take_part(person, offer, p):
    """Answer it."""
    person.calls = person.calls | offer.call
    person.parts += 1
    belonging.grow(person, p.taking_part.gain)
