"""Need, offers as doses, stock at home, lapse and spend.

With no marketing, purchases are BG/NBD: Poisson at a gamma-distributed need rate, a beta-distributed chance of lapsing after each repeat
purchase (Fader, Hardie, Lee 2005). Rate = need x goodwill x response to the list price x what stock at home leaves of need.
A seen offer spends, once per (member, offer), need x q x W x (M - 1 - d)+ x left from the same clock: q the share that the category of the
good on offer has in this person's need, W the days of need that an offer can bring forward in that category, M the product of goodwill,
habit of the slot, freshness, price, relevance, scarcity, countdown and social proof, each 1 in the neutral state, left what stock leaves
of the category's need, and d what earlier offers of the category have already drawn forward: d becomes the larger of d and M - 1, and
fades over W days. So an offer alone brings forward W x (M - 1) days of need of its category, and offers that never stop multiply the sales
of a category by M, as the elasticity says, not by 1 + W x (M - 1) x offers a day. Categories: see :mod:`sim.behaviour.categories`.
Units of an order are Gamma-Gamma across people and purchases (Fader and Hardie 2013), on whole units; storables are bought in larger
quantity on a deal, and what a deal brings forward is stock that lowers the need of its category until it is used.

Source: ENGINE sections 6-7, MODEL sections 4-5; quantity and acceleration: van Heerde, Gupta, Wittink 2003.
"""

from __future__ import annotations

import math

import numpy as np

from sim import randomness
from sim.behaviour import categories, prices, standing, terms
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

RETURN = stream("buying.return")
LAPSE = stream("buying.lapse")
BUDGET = stream("buying.budget")
UNITS = stream("buying.units")
ROUNDING = stream("buying.rounding")
MOST_PARTS = 2**20

STATE = (
    ("need_rate_per_hour", "f8"),
    ("lapse_probability", "f8"),
    ("units_mean", "f8"),
    ("buy_clock", "f8"),
    ("budgets", "i4"),
    ("buy_rate", "f8"),
    ("goodwill", "f8"),
    ("offer_lift", "f8"),
    *categories.STATE,
    ("trigger_offer", "i4"),
    ("trigger_post", "i4"),
    ("lapsed_h", "f8"),
    ("customer", "?"),
    ("orders", "i4"),
    ("gmv_fen", "i8"),
    ("margin_fen", "i8"),
)


class BuyingParameters(Parameters):
    """Parameters of buying that all brands share (need, lapse and spend belong to the brand)."""

    advance_days: float = parameter(
        7.0,
        unit="days",
        meaning="W: days of need of its category that a seen offer can bring forward",
        low=0,
        high=1000,
        source="MODEL section 5: no direct evidence, in every sensitivity run",
    )
    stock_limit_days: float = parameter(
        60.0, unit="days", meaning="surplus stock at which need of a category stops", low=1, high=1e4, source="MODEL section 5"
    )
    deal_quantity: float = parameter(
        0.5, unit="share", meaning="extra quantity of a storable on a deal", low=0, high=10, source="MODEL section 5: 40-60 %"
    )
    relevance_weight: float = parameter(1.0, unit="log rate per relevance", meaning="effect of an offer's fit", low=0, high=20)
    neutral_relevance: float = parameter(0.5, unit="similarity", meaning="fit at which an offer is neither helped nor hurt", low=0, high=1)
    scarcity: float = parameter(0.15, unit="factor", meaning="gain from a visibly limited stock", low=0, high=10, source="PRACTICE 33")
    countdown: float = parameter(
        0.2, unit="factor", meaning="gain at the very end of an offer's window", low=0, high=10, source="PRACTICE 21, 33"
    )
    countdown_hours: float = parameter(3.0, unit="hours", meaning="time before closing over which the countdown gains", low=0.01, high=1000)
    social_proof: float = parameter(
        0.1,
        unit="factor per log unit",
        meaning="gain per doubling-like step of a visible counter",
        low=0,
        high=10,
        source="PRACTICE 26; concave: MODEL section 4",
    )
    units_shape: float = parameter(
        6.0,
        unit="gamma shape",
        meaning="evenness of units across one person's orders",
        low=0.1,
        high=1e6,
        source="Gamma-Gamma: Fader and Hardie 2013",
    )


@compiled
def elapsed(person, p, hours):
    """Use up stock at home, and let need come back that offers drew forward."""
    categories.pass_time(person, p, hours)


@compiled
def act(person, group, p, now):
    """Set the rate of organic purchases (comes after every mechanism that moves goodwill)."""
    if math.isfinite(person.lapsed_h):
        person.buy_rate = 0.0
    else:
        person.buy_rate = person.need_rate_per_hour * person.goodwill * prices.response(person, standing.share(person, now), p)
        person.buy_rate *= categories.left_of_all(person, p)


@compiled
def attraction(person, offer, relevance, p, now):
    """Return M: how attractive an offer is; 1 when neutral."""
    value = person.goodwill * person.offer_lift * prices.response(person, terms.perceived_share(person, offer, p, now), p)
    value *= math.exp(p.buying.relevance_weight * (relevance - p.buying.neutral_relevance))
    if offer.limited:
        value *= 1.0 + p.buying.scarcity
    left = offer.closes_h - now
    if left < p.buying.countdown_hours:
        value *= 1.0 + p.buying.countdown * (1.0 - max(0.0, left) / p.buying.countdown_hours)
    return value * (1.0 + p.buying.social_proof * math.log1p(offer.counter))


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Spend the offer's dose, and remember the offer if the clock runs out on it."""
    if math.isfinite(person.lapsed_h):
        return
    appeal = attraction(person, offer, relevance, p, now) - 1.0
    fresh = categories.draw_forward(person, product.category, appeal)
    dose = person.need_rate_per_hour * 24.0 * p.buying.advance_days * fresh * categories.part_of_need(person, product.category, p)
    before = person.buy_clock
    person.buy_clock -= dose
    if before > 0.0 and person.buy_clock <= 0.0:
        person.trigger_offer = offer.number
        person.trigger_post = message.post


@compiled
def next_budget(person, p):
    """Add the next unit-exponential budget to the buying clock."""
    person.buy_clock += randomness.exponential(p.run.key, person.key, BUDGET, person.budgets, 0)
    person.budgets += 1


@compiled
def draw_units(person, on_deal, product, p, part):
    """Return whole units of a part of the person's next order, keyed by (person, order, part): at least 1, the mean kept above."""
    shape = p.buying.units_shape
    occasion = np.uint64(person.orders) * np.uint64(MOST_PARTS) + np.uint64(part)
    amount = person.units_mean * randomness.gamma(p.run.key, person.key, UNITS, occasion, shape) / shape
    if on_deal and product.storable:
        amount *= 1.0 + p.buying.deal_quantity
    whole = math.floor(amount)
    if randomness.uniform(p.run.key, person.key, ROUNDING, occasion, 0) < amount - whole:
        whole += 1
    return max(1, int(whole))


@compiled
def ordered(person, order, product, p, now):
    """Keep stock, totals, and the chance of lapsing after a repeat purchase, keyed by (person, order)."""
    if order.price_share < standing.share(person, now) and product.storable:
        categories.store(person, product.category, product.use_days * order.units, p)
    if person.customer and randomness.uniform(p.run.key, person.key, LAPSE, person.orders, 0) < person.lapse_probability:
        person.lapsed_h = now
    person.customer = True
    person.orders += 1
