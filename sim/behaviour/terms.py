"""Terms of offers beyond a price: something from an amount on, money back later, goods later, a team.

What an offer costs in a person's eyes is not its price alone. From an amount Y on it may save S yuan or bring a present worth G; a share c
of what is paid may come back after a time t; the goods may come later. With x = mean units (at least 1) x price, what the person would
spend anyway,

    chance of reaching Y = e^(-(Y - x)+ / (willingness x (S + G)))
    perceived price = price x (1 - chance x (S + G) / max(Y, x)) x (1 - c e^(-t / patience))
    attraction of a presale is multiplied by e^(-t / patience), that of an offer for teams by 1 - doubt x missing / (team - 1)

``missing`` are the people whom a team lacks beside the one who looks: at the tipping point none, and the price is certain. Reference price,
regret and habit are moved by the quoted price, which a saving from an amount on leaves alone.

Who buys on such an offer and is d yuan short of Y adds the units to reach it with chance e^(-d / (willingness x (S + G))), keyed by
(person, order): who is near the threshold adds units.

Who has reserved on a presale still wants the goods after a time t, the deposit being a share d of the price, with chance
e^(-cooling x t x (1 - d)) x min(1, trust / start), keyed by (person, offer); nobody does who has lapsed. Who has bargained and got less off
than they had thought wants the goods by the ratio of the responses to the two prices.

Source: PRACTICE 32 (spend-and-save, cashback, presale, group buy); adding to reach a threshold: Lewis, Singh, Fay 2006 (shipping fees by
order size); the tipping point of group buying: Wu, Shi, Hu 2015.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour import prices, standing
from sim.codes import PRESALE
from sim.compiled import compiled
from sim.decay import faded
from sim.parameters import Parameters, parameter
from sim.randomness import stream

FILL = stream("terms.fill")
INTEREST = stream("terms.interest")
#: However good the terms, an offer looks no cheaper than this share of list.
LEAST_SHARE = 0.05


class TermsParameters(Parameters):
    """Parameters of how people judge the terms of an offer."""

    willingness: float = parameter(
        1.0,
        unit="yuan/yuan",
        meaning="further spending for a yuan gained at which the chance of adding to an order is 1/e; 0: nobody adds",
        low=0,
        high=100,
    )
    patience_weeks: float = parameter(
        8.0, unit="weeks", meaning="time after which money or goods to come are worth 1/e of what they are now", low=0.01, high=1e4
    )
    cooling_per_week: float = parameter(
        0.1, unit="1/week", meaning="loss of interest of somebody who has paid no deposit on what comes later", low=0, high=100
    )
    doubt: float = parameter(
        0.3, unit="share", meaning="attraction that an offer for teams lacks as long as nobody has joined; 0 is off", low=0, high=1
    )


@compiled
def reaching(short_fen, gain_fen, p):
    """Return the chance that somebody who is so much short of an amount adds to the order, for a gain."""
    if short_fen <= 0.0:
        return 1.0
    if p.terms.willingness <= 0.0 or gain_fen <= 0.0:
        return 0.0
    return math.exp(-short_fen / (p.terms.willingness * gain_fen))


@compiled
def patience(hours, p):
    """Return what something that comes after some hours is worth now."""
    return faded(hours, 168.0 * p.terms.patience_weeks)


@compiled
def perceived_share(person, offer, p, now):
    """Return what an offer costs in the person's eyes, as a share of what they pay anyway."""
    own = standing.share(person, now)
    share = min(float(offer.price_share), own)
    if offer.floor_fen > 0:
        spend = max(1.0, person.units_mean) * offer.list_fen * share
        gain = float(offer.save_fen + offer.worth_fen)
        share *= 1.0 - min(1.0, reaching(offer.floor_fen - spend, gain, p) * gain / max(float(offer.floor_fen), spend))
    if offer.back_share > 0.0:
        share *= 1.0 - offer.back_share * patience(float(offer.wait_h), p)
    return max(LEAST_SHARE, share / own)


@compiled
def lift(offer, joined, p):
    """Return the factor on an offer's attraction of waiting for the goods, and of a team in which so many have joined."""
    value = 1.0
    if offer.form == PRESALE:
        value *= patience(float(offer.wait_h), p)
    if offer.team > 1:
        missing = max(0, offer.team - 1 - joined)
        value *= 1.0 - p.terms.doubt * missing / (offer.team - 1.0)
    return value


@compiled
def still_wants(person, offer, hours, deposit_share, price_share, p):
    """Return whether somebody who reserved goods some hours ago, for a deposit, still wants them at a price."""
    if math.isfinite(person.lapsed_h):
        return False
    chance = math.exp(-p.terms.cooling_per_week * hours / 168.0 * (1.0 - deposit_share))
    chance *= min(1.0, person.trust / max(1e-9, p.trust.start))
    if price_share > offer.price_share:
        chance *= prices.response(person, price_share, p) / prices.response(person, float(offer.price_share), p)
    return randomness.uniform(p.run.key, person.key, INTEREST, offer.key, 0) < chance


@compiled
def fill_up(person, offer, units, p, now):
    """Return the units of an order on the offer: as many as reach its threshold, if the person adds those that lack."""
    if offer.floor_fen <= 0 or offer.list_fen <= 0:
        return units
    price_fen = offer.list_fen * min(float(offer.price_share), standing.share(person, now))
    short = offer.floor_fen - units * price_fen
    if short <= 0.0:
        return units
    chance = reaching(short, float(offer.save_fen + offer.worth_fen), p)
    if randomness.uniform(p.run.key, person.key, FILL, person.orders, 0) >= chance:
        return units
    # The price of a unit is whole fen: rounded down it may need one more.
    return int(math.ceil(offer.floor_fen / max(1.0, math.floor(price_fen + 0.5))))
