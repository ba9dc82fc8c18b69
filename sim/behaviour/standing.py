"""Standing prices: what a person pays for everything, for a while, as the brand's paying or valued member.

A person whom the brand has given a standing price pays, until it ends, at most that share of list for whatever they buy. Their need answers
to it as to any price, an offer is to them what it takes off their own price, and a purchase at it is no deal to stock up on.

A membership is on sale as an offer with a fee. At its first sight, once per (person, offer), somebody who has no standing price takes it if

    need x days x mean units x mean list price x (1 - share) x foresight x goodwill x e^(sigma z)  +  worth of its gift  >  fee

z normal, keyed by (person, offer): what people make of their own need. The brand enrols who has taken it when it next looks.

Source: PRACTICE 22 and 38 (paid entry; the more one buys the better the terms); errors of foresight in paying in advance for a flat rate:
DellaVigna and Malmendier 2006.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

JUDGEMENT = stream("standing.judgement")

#: ``answered_offer`` is the offer that the person has taken up in a way that the brand must act on: a membership, or sharing it.
STATE = (("standing_until_h", "f8"), ("standing_share", "f4"), ("answered_offer", "i4"))


class StandingParameters(Parameters):
    """Parameters of standing prices and memberships."""

    foresight: float = parameter(
        1.0, unit="factor", meaning="need that people foresee, against what they have; 0: nobody buys a membership", low=0, high=100
    )
    sigma: float = parameter(0.5, unit="log-normal sigma", meaning="spread of what people make of their own need", low=0, high=4)


@compiled
def share(person, now):
    """Return the share of list that the person pays at most for anything; 1 without a standing price."""
    if now < person.standing_until_h:
        # A record has it in 4 bytes: rounded back, so that prices are those of the plan to the fen.
        return math.floor(float(person.standing_share) * 1e6 + 0.5) / 1e6
    return 1.0


@compiled
def wants_membership(person, offer, p, now):
    """Return whether a membership is worth its fee to the person."""
    if math.isfinite(person.lapsed_h) or now < person.standing_until_h:
        return False
    spend_fen = person.need_rate_per_hour * offer.term_h * person.units_mean * offer.list_fen
    z = randomness.normal(p.run.key, person.key, JUDGEMENT, offer.key, 0)
    saving = spend_fen * (1.0 - offer.price_share) * p.standing.foresight * person.goodwill * math.exp(p.standing.sigma * z)
    return saving + offer.worth_fen > offer.fee_fen
