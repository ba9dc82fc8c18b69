"""Showing: members who post what they bought in their own Moments bring people.

After an order a person shows it with chance x e^(trust weight x (T - start)), keyed by (person, order). Each showing is seen by some of the
people outside whom they know; to each of them it is as if they had been weakly invited (see referral). Who accepts comes into the group of
a member, or at the next midnight as a customer. A person has one showing under way at a time.

Source: MODEL section 4 (members' own Moments are another way in); PRACTICE 45 (photographable shops, shown orders).
"""

from __future__ import annotations

import math

from sim import randomness
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

SHOW = stream("showing.show")
NOTHING, TO_SHOW, SHOWN = range(3)
MOST_VIEWERS = 1000

STATE = (("showing", "i1"), ("showings", "i4"))


class ShowingParameters(Parameters):
    """Parameters of members' own Moments."""

    chance: float = parameter(0.0, unit="share", meaning="chance that an order is shown; 0 is off", low=0, high=1)
    trust_weight: float = parameter(1.0, unit="log chance per trust", meaning="effect of trust on showing", low=0, high=20)
    viewers: int = parameter(3, unit="people", meaning="people outside who see a showing", low=0, high=MOST_VIEWERS)


@compiled
def ordered(person, order, product, p, now):
    """Show the order, or not; one that is sent back is not shown."""
    if p.showing.chance <= 0.0 or order.refund_fen > 0 or person.showing != NOTHING:
        return
    chance = p.showing.chance * math.exp(p.showing.trust_weight * (person.trust - p.trust.start))
    if randomness.uniform(p.run.key, person.key, SHOW, person.orders, 0) < chance:
        person.showing = TO_SHOW


@compiled
def begin(person):
    """Begin the showing that is due, and return its number."""
    person.showing = SHOWN
    person.showings += 1
    return person.showings - 1
