"""Coupons held: most are used at once or not at all, and some at the last minute.

A coupon's message works like an offer when it is seen. Who still holds it as a session of its last hours begins is reminded of it, once:
that spends need x q x last_days x goodwill x left from the buying clock, on the offer that the coupon was shown with, q and left as for any
offer of its product (:mod:`sim.behaviour.buying`). So redemption is front-loaded, with a late uptick.

Source: MODEL section 4 (redemptions front-loaded with a late uptick); Inman and McAlister 1994 (redemption rises before a coupon expires).
"""

from __future__ import annotations

from sim.behaviour import categories
from sim.compiled import compiled
from sim.parameters import Parameters, parameter

STATE = (("coupon_reminded", "?"),)


class CouponParameters(Parameters):
    """Parameters of coupons held."""

    last_hours: float = parameter(48.0, unit="hours", meaning="time before expiry in which a coupon comes to mind", low=0, high=1e4)
    last_days: float = parameter(0.0, unit="days", meaning="days of need that this brings forward; 0 is off", low=0, high=1000)


@compiled
def comes_to_mind(person, p, now):
    """Return whether the person is to be reminded of a coupon that they hold: it was shown with an offer and is about to expire."""
    if person.coupon_fen == 0 or person.coupon_post < 0 or person.coupon_reminded:
        return False
    hours_left = person.coupon_expires_h - now
    return hours_left > 0.0 and hours_left <= p.coupons.last_hours


@compiled
def remind(person, offer, product, p, now):
    """Let a coupon that is about to expire come to mind, once."""
    person.coupon_reminded = True
    dose = person.need_rate_per_hour * 24.0 * p.coupons.last_days * person.goodwill * categories.part_of_need(person, product.category, p)
    before = person.buy_clock
    person.buy_clock -= dose
    if before > 0.0 and person.buy_clock <= 0.0:
        person.trigger_offer = offer
        person.trigger_post = person.coupon_post
