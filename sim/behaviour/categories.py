"""Categories of goods: which need an offer brings forward, and a stock at home lessens.

Goods of one category serve the same need. Good k has the weight w_k = share_k x (0.25 + fit_k) in a person's need, and category c the share

    q_c = sum of w_k over its goods / sum of w_k over all goods

which stays, as interests do. Stock at home beyond the normal holding, S_c days, leaves of the need of its category, and so of all need,

    left_c = (1 - S_c / stock_limit)+          left = 1 - sum of q_c (1 - left_c)

and a need falls on good k in proportion to w_k x left_c. What offers have drawn forward, d_c, leaves the next offer of the category only
what it offers beyond that, and fades over W days. With one category for all goods every q is 1.

Source: ENGINE section 7 (W is the days of need that an offer can bring forward in that category); effects on the own category against
other goods: van Heerde, Gupta, Wittink 2003.
"""

from __future__ import annotations

import numpy as np

from sim import randomness
from sim.behaviour.relevance import similarity
from sim.codes import CATEGORIES
from sim.compiled import compiled
from sim.decay import faded
from sim.randomness import stream

PRODUCT = stream("buying.product")
#: What stock leaves of a need at least when goods are weighed: who has all of everything and asks the desk still asks about something.
LEAST_LEFT = 1e-12

STATE = (("need_shares", "f4", (CATEGORIES,)), ("surplus_days", "f8", (CATEGORIES,)), ("drawn_forward", "f8", (CATEGORIES,)))


@compiled
def weight(person, product):
    """Return how readily a person's need falls on a product, against others."""
    return product.share * (0.25 + similarity(person.interests, product.topics))


@compiled
def fix_shares(person, products):
    """Set the shares of a person's need; where nobody needs anything, all of it is for the last product, as where needs fall."""
    found = np.zeros(CATEGORIES)
    total = 0.0
    for k in range(len(products)):
        own = weight(person, products[k])
        found[products[k].category] += own
        total += own
    if total <= 0.0:
        found[products[len(products) - 1].category] = 1.0
        total = 1.0
    for c in range(CATEGORIES):
        person.need_shares[c] = found[c] / total


@compiled
def share(person, category):
    """Return the share of a person's need that a category has."""
    return float(person.need_shares[category])


@compiled
def left(person, category, p):
    """Return what stock at home leaves of the need of a category: 1 with none."""
    return max(0.0, 1.0 - person.surplus_days[category] / p.buying.stock_limit_days)


@compiled
def part_of_need(person, category, p):
    """Return the part of a person's need that is there to be brought forward in a category: its share, less what stock covers."""
    return left(person, category, p) * share(person, category)


@compiled
def left_of_all(person, p):
    """Return what stock at home leaves of all need: 1 with none."""
    found = 1.0
    for c in range(p.run.categories):
        if person.surplus_days[c] > 0.0:
            found -= share(person, c) * min(1.0, person.surplus_days[c] / p.buying.stock_limit_days)
    return max(0.0, found)


@compiled
def draw_forward(person, category, appeal):
    """Return what an offer of an appeal M - 1 finds in its category beyond what others have drawn forward; it is drawn forward now."""
    drawn = person.drawn_forward[category]
    person.drawn_forward[category] = max(drawn, appeal)
    return max(0.0, appeal - drawn)


@compiled
def store(person, category, days, p):
    """Put so many days of use beside what is at home."""
    person.surplus_days[category] = min(p.buying.stock_limit_days, person.surplus_days[category] + days)


@compiled
def pass_time(person, p, hours):
    """Use up stock at home, and let need come back that offers drew forward."""
    keep = -1.0
    for c in range(p.run.categories):
        if person.drawn_forward[c] > 0.0:
            if keep < 0.0:
                keep = faded(hours, 24.0 * p.buying.advance_days)
            person.drawn_forward[c] *= keep
        if person.surplus_days[c] > 0.0:
            person.surplus_days[c] = max(0.0, person.surplus_days[c] - hours / 24.0)


@compiled
def choose(person, products, p):
    """Return the index of the product that a need falls on, in proportion to weight x what stock leaves, keyed by (person, order)."""
    total = 0.0
    for k in range(len(products)):
        total += weight(person, products[k]) * max(LEAST_LEFT, left(person, products[k].category, p))
    target = total * randomness.uniform(p.run.key, person.key, PRODUCT, person.orders, 0)
    for k in range(len(products)):
        target -= weight(person, products[k]) * max(LEAST_LEFT, left(person, products[k].category, p))
        if target < 0.0:
            return k
    return len(products) - 1
