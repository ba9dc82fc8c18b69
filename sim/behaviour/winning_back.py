"""Win-back: an offer that somebody who has lapsed sees may bring them back as a customer.

Chance = chance x min(1, (M - 1)+), M the offer's attraction, keyed by (person, offer). Who is won back needs again at the old rate, and
may lapse again. Without offers nobody is ever won back, so the null world stays BG/NBD.

Source: MODEL section 4 (coupons for win-back); PRACTICE 35 (sleeping members woken by promotions); Kumar, Bhagwat, Zhang 2015.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour import buying
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BACK = stream("winning_back.back")

STATE = (("won_back", "i2"),)


class WinningBackParameters(Parameters):
    """Parameters of win-back."""

    chance: float = parameter(
        0.05, unit="share", meaning="chance of a lapsed customer at an offer twice as good as none; 0 is off", low=0, high=1
    )


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Perhaps return (comes before buying, so that who returns may buy at once)."""
    if math.isfinite(person.lapsed_h) and p.winning_back.chance > 0.0:
        pull = min(1.0, max(0.0, buying.attraction(person, offer, relevance, p, now) - 1.0))
        if randomness.uniform(p.run.key, person.key, BACK, offer.key, 0) < p.winning_back.chance * pull:
            person.lapsed_h = math.inf
            person.won_back += 1
