"""Sharing: members pass an offer on to people they know, for a commission.

At the first sight of an offer that pays a commission, once per (member, offer), a member shares it with chance

    1 - e^(-intensity x propensity x trust / start x commission in yuan)

propensity as for invitations, the commission that of an order of the person's own mean size. Who shares asks ``contacts`` people: ties in
other groups or in none first, then people of the finite pool outside, each the likest of a few, who come in as customers by the acceptance
of invitations. The brand's system passes the offer on when it next looks (see :mod:`sim.sharing`).

In a bargain ("help me cut the price") a member asks some people at once: ties in the group first, then people of the pool. Each helps with
chance ``help_friend`` or ``help_contact``, keyed by (member, offer, how many-th asked), and who was asked outside may come in.

Source: MODEL section 4 (commission selling: a share of the order for the referrer); PRACTICE 32 (distribution with commission: high margin,
simple flow), 31, 36; incentives for referral: Schmitt, Skiera, Van den Bulte 2011.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

SHARE = stream("sharing.share")
HELP = stream("sharing.help")


class SharingParameters(Parameters):
    """Parameters of sharing offers."""

    intensity_per_yuan: float = parameter(
        0.02, unit="dose/yuan", meaning="sharing from one yuan of commission to be earned; 0 is off", low=0, high=100
    )
    contacts: int = parameter(3, unit="people", meaning="people whom a member passes an offer on to", low=0, high=64)
    help_friend: float = parameter(0.5, unit="share", meaning="chance that a tie in the group helps to bring a price down", low=0, high=1)
    help_contact: float = parameter(0.2, unit="share", meaning="chance that somebody outside does", low=0, high=1)


@compiled
def shares(person, offer, p):
    """Return whether a member passes the offer on."""
    yuan = offer.commission_share * max(1.0, person.units_mean) * offer.list_fen * offer.price_share / 100.0
    dose = p.sharing.intensity_per_yuan * person.referral_propensity * person.trust / max(1e-9, p.trust.start) * yuan
    return randomness.uniform(p.run.key, person.key, SHARE, offer.key, 0) < 1.0 - math.exp(-dose)
