"""The reference price and the response to price.

Log rate = -(1 - q) e ln s + q e [ln(r / s), its losses weighted], s the price and r the reference price, both as shares of list, e the
member's elasticity (proportional to deal-proneness), q the reference's part. The reference moves only on prices seen, and keeps .7 a week:
r <- s + (r - s) x .7^(weeks since the last price seen). At list price with r = 1 the response is 1.

Source: MODEL sections 4 and 5; elasticity -2.62: Bijmolt, van Heerde, Pieters 2005; reference prices: Mazumdar, Raj, Sinha 2005.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.exponential import exp
from sim.parameters import Parameters, parameter

STATE = (("deal_proneness", "f8"), ("reference_price", "f8"), ("reference_log", "f8"), ("price_seen_h", "f8"))


class PriceParameters(Parameters):
    """Parameters of prices."""

    elasticity: float = parameter(
        2.4,
        unit="elasticity",
        meaning="mean response of the log rate to the log price",
        low=0,
        high=20,
        source="Bijmolt et al. 2005; MODEL section 5",
    )
    reference_part: float = parameter(
        0.25, unit="share", meaning="part of the response that is against the reference price", low=0, high=1, source="MODEL section 5"
    )
    loss_weight: float = parameter(
        1.25,
        unit="factor",
        meaning="weight of a price above the reference against one below",
        low=1,
        high=5,
        source="MODEL section 5: 1.0-1.5",
    )
    memory_per_week: float = parameter(
        0.7, unit="share", meaning="what the old reference keeps after a week", low=0, high=1, source="MODEL section 4: .6-.8 a week"
    )
    deal_proneness_mean: float = parameter(0.5, unit="share", meaning="mean deal-proneness", low=0.01, high=0.99, source="MODEL section 2")
    deal_proneness_sd: float = parameter(
        0.13, unit="share", meaning="spread of deal-proneness", low=0.001, high=0.4, source="MODEL section 2"
    )


@compiled
def response(person, price_share, p):
    """Return the factor on buying of a price, given as a share of list; 1 at list price with a reference of 1."""
    if price_share == 1.0 and person.reference_price == 1.0:
        return 1.0
    elasticity = p.prices.elasticity * person.deal_proneness / p.prices.deal_proneness_mean
    against = person.reference_log if price_share == 1.0 else math.log(person.reference_price / price_share)
    if against < 0.0:
        against *= p.prices.loss_weight
    q = p.prices.reference_part
    depth = math.log(price_share) if price_share != 1.0 else 0.0
    return exp(elasticity * (q * against - (1.0 - q) * depth))


@compiled
def see_price(person, price_share, p, now):
    """Move the reference price towards a price seen."""
    weeks = max(0.0, now - person.price_seen_h) / 168.0
    person.reference_price = price_share + (person.reference_price - price_share) * p.prices.memory_per_week**weeks
    person.reference_log = math.log(person.reference_price)
    person.price_seen_h = now


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Note the price of an offer (comes after the offer's own effect on buying)."""
    see_price(person, offer.price_share, p, now)


@compiled
def ordered(person, order, product, p, now):
    """Paying is seeing."""
    see_price(person, order.price_share, p, now)
