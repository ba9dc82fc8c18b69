"""Regret: seeing a product cheaper after having paid more.

The first sight of an offer of the product bought last, at a share s of list below the share paid then, adds
strength x (paid - s) x 2^(-age / recency), age the time since that purchase; it costs trust, divides goodwill by 1 + weight x regret,
adds to leaving, and fades. A gap in price is felt once: from then on only a still lower price is.

Source: MODEL section 4 (antagonism); Anderson and Simester 2010, "Price stickiness and customer antagonism".
"""

from __future__ import annotations

from sim.behaviour import trust
from sim.codes import REGRET
from sim.compiled import compiled
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("regret", "f8"), ("paid_share", "f8"), ("paid_h", "f8"), ("paid_product", "i4"))


class RegretParameters(Parameters):
    """Parameters of regret."""

    strength: float = parameter(1.0, unit="factor", meaning="regret from having just paid twice the price; 0 is off", low=0, high=100)
    recency_days: float = parameter(21.0, unit="days", meaning="half-life of how much an earlier purchase matters", low=0.01, high=1e4)
    half_life_days: float = parameter(30.0, unit="days", meaning="half-life of regret", low=0.01, high=1e4)
    trust_experiences: float = parameter(4.0, unit="experiences", meaning="bad experiences that one unit of regret equals", low=0, high=100)
    buying_weight: float = parameter(
        0.5,
        unit="1/regret",
        meaning="how much regret weakens response",
        low=0,
        high=100,
        source="sign and decay: Anderson and Simester 2010",
    )
    leaving_weight: float = parameter(0.01, unit="1/day per regret", meaning="leaving from regret", low=0, high=10)


@compiled
def elapsed(person, p, hours):
    """Let regret fade."""
    if person.regret > 0.0:
        person.regret *= halved(hours, 24.0 * p.regret.half_life_days)


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Compare the offer with what was paid last."""
    gap = person.paid_share - offer.price_share
    if gap > 0.0 and offer.product == person.paid_product:
        felt = p.regret.strength * gap * halved(now - person.paid_h, 24.0 * p.regret.recency_days)
        person.regret += felt
        person.paid_share = offer.price_share
        trust.experience(person, -p.regret.trust_experiences * felt, p)


@compiled
def act(person, group, p, now):
    """Let regret speak in buying and leaving."""
    person.goodwill /= 1.0 + p.regret.buying_weight * person.regret
    person.leave_rates[REGRET] += p.regret.leaving_weight * person.regret / 24.0


@compiled
def ordered(person, order, product, p, now):
    """Remember the price paid."""
    person.paid_share = order.price_share
    person.paid_product = order.product
    person.paid_h = now
