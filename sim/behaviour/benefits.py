"""Expected benefits: what a member has lately collected, and so expects to go on collecting.

Yuan a week, an exponentially weighted average of red packets claimed and of discounts and coupons used. It shelters from leaving: all
causes are divided by 1 + shelter x b / (b + half).

Source: MODEL section 4 ("belonging, habit and expected benefits protect").
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("benefits_per_week", "f8"),)
LOG_2 = math.log(2.0)


class BenefitParameters(Parameters):
    """Parameters of expected benefits."""

    half_life_days: float = parameter(30.0, unit="days", meaning="half-life of what was collected", low=0.01, high=1e4)
    half_yuan_per_week: float = parameter(2.0, unit="yuan/week", meaning="benefits that give half of the shelter", low=1e-6, high=1e6)
    shelter: float = parameter(0.5, unit="factor", meaning="how much benefits shelter from leaving; 0 is off", low=0, high=1000)


@compiled
def collect(person, yuan, p):
    """Take in something worth so many yuan."""
    person.benefits_per_week += yuan * LOG_2 / (p.benefits.half_life_days / 7.0)


@compiled
def elapsed(person, p, hours):
    """Let the average decay."""
    if person.benefits_per_week > 0.0:
        person.benefits_per_week *= halved(hours, 24.0 * p.benefits.half_life_days)


@compiled
def claimed(person, packet, fen, p, now):
    """Count a red packet."""
    collect(person, fen / 100.0, p)


@compiled
def ordered(person, order, product, p, now):
    """Count what was saved against the list price."""
    saved = order.list_fen - order.paid_fen + order.coupon_fen
    if saved > 0:
        collect(person, saved / 100.0, p)


@compiled
def act(person, group, p, now):
    """Shelter from leaving."""
    b = person.benefits_per_week
    person.shelter += p.benefits.shelter * b / (b + p.benefits.half_yuan_per_week)
