"""Desire: goodwill stocked up by relevant, credible content, which fades (adstock).

A seen message adds gain x relevance x quality x freshness x credibility x (1 - commercial), a friend's word being more credible than
others' and a shill's that is seen through adding nothing; the stock halves in some days. Goodwill is multiplied by
1 + weight x D / (1 + D): seeding before selling works through it.

Source: MODEL section 4; adstock: Broadbent 1979, Nerlove and Arrow 1962.
"""

from __future__ import annotations

from sim.behaviour import shills, ties
from sim.compiled import compiled
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("desire", "f8"),)


class DesireParameters(Parameters):
    """Parameters of desire."""

    gain: float = parameter(0.25, unit="desire", meaning="desire from one fully relevant, good, credible message", low=0, high=100)
    half_life_days: float = parameter(
        6.0, unit="days", meaning="half-life of desire", low=0.01, high=1e4, source="MODEL section 4: some days"
    )
    weight: float = parameter(0.5, unit="factor", meaning="goodwill gained at saturation", low=0, high=20)


@compiled
def elapsed(person, p, hours):
    """Let desire fade."""
    if person.desire > 0.0:
        person.desire *= halved(hours, 24.0 * p.desire.half_life_days)


@compiled
def seen(person, group, message, relevance, p, now):
    """Add what the message makes the member want."""
    if shills.seen_through(person, message):
        return
    credibility = ties.credibility(person, message, p)
    person.desire += p.desire.gain * relevance * message.quality * person.freshness * credibility * (1.0 - message.commercial)


@compiled
def act(person, group, p, now):
    """Let desire speak in buying."""
    person.goodwill *= 1.0 + p.desire.weight * person.desire / (1.0 + person.desire)
