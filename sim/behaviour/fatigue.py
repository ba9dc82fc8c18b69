"""Fatigue: irritating messages a week, remembered fast and slowly, against what the member tolerates.

Each seen message adds irritation = load x (1 - relevance) x (1 + extra x commercial). A part of it is what the message says, the rest
that it interrupts: who has muted the group finds its messages when they choose to look, and feels 1 - interruption of it. Two
exponentially weighted averages of irritation a week, fast (half-life 2 days) and slow (120 days); pressure = (w fast + (1 - w) slow) /
tolerance. Response to offers is divided by 1 + resistance x pressure. A strength of 0 switches the mechanism off.

Source: MODEL sections 4 and 5; slow component: Goli, Huang, Reiley, Riabov 2025 (effect of ad load grows for more than a year); that a
notice disturbs by itself, whatever it brings: Mehrotra et al. 2016, Pielot, Church, de Oliveira 2014, Pielot and Rello 2017.
"""

from __future__ import annotations

import math

from sim.codes import GROUP_FEED
from sim.compiled import compiled, inlined
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("tolerance_per_week", "f8"), ("fatigue_fast", "f8"), ("fatigue_slow", "f8"))
LOG_2 = math.log(2.0)


class FatigueParameters(Parameters):
    """Parameters of fatigue."""

    strength: float = parameter(1.0, unit="factor", meaning="scale of irritation; 0 is off", low=0, high=100)
    fast_half_life_days: float = parameter(
        2.0, unit="days", meaning="half-life of the fast average", low=0.01, high=1e4, source="MODEL section 4"
    )
    slow_half_life_days: float = parameter(
        120.0, unit="days", meaning="half-life of the slow average", low=0.01, high=1e5, source="MODEL section 4"
    )
    fast_weight: float = parameter(0.25, unit="share", meaning="weight of the fast average", low=0, high=1, source="MODEL section 4")
    commercial_extra: float = parameter(1.0, unit="factor", meaning="extra irritation of a fully commercial message", low=0, high=100)
    interruption: float = parameter(
        0.5,
        unit="share",
        meaning="part of a group message's irritation that is its interruption, which muting ends; 0: muting spares nothing",
        low=0,
        high=1,
    )
    response_resistance: float = parameter(
        0.15, unit="1/pressure", meaning="how much pressure weakens response to the brand", low=0, high=100
    )
    tolerance_median_per_week: float = parameter(
        5.0, unit="messages/week", meaning="median tolerance of irritating messages", low=0.01, high=1e6, source="MODEL section 2"
    )
    tolerance_sigma: float = parameter(
        1.1, unit="log-normal sigma", meaning="spread of tolerance across people", low=0, high=5, source="MODEL section 2"
    )


@compiled
def annoyance(message, relevance, p):
    """Return how much a message that interrupts irritates, in units of one wholly irrelevant, uncommercial brand message."""
    return p.fatigue.strength * message.load * (1.0 - relevance) * (1.0 + p.fatigue.commercial_extra * message.commercial)


@compiled
def irritation(person, message, relevance, p):
    """Return how much a seen message irritates somebody: one in a group that they have muted has not interrupted them."""
    felt = annoyance(message, relevance, p)
    if person.muted and message.channel == GROUP_FEED:
        felt *= 1.0 - p.fatigue.interruption
    return felt


@compiled
def load(person, p):
    """Return irritation a week: both averages, weighted."""
    return p.fatigue.fast_weight * person.fatigue_fast + (1.0 - p.fatigue.fast_weight) * person.fatigue_slow


@compiled
def load_after(person, p, hours):
    """Return the irritation a week that will be left after so many hours without any more."""
    if person.fatigue_slow <= 0.0:
        return 0.0
    fast = person.fatigue_fast * halved(hours, 24.0 * p.fatigue.fast_half_life_days)
    slow = person.fatigue_slow * halved(hours, 24.0 * p.fatigue.slow_half_life_days)
    return p.fatigue.fast_weight * fast + (1.0 - p.fatigue.fast_weight) * slow


@compiled
def pressure(person, p):
    """Return irritation a week against tolerance a week."""
    return load(person, p) / person.tolerance_per_week


@inlined
def elapsed(person, p, hours):
    """Let both averages decay."""
    if person.fatigue_slow > 0.0:
        person.fatigue_fast *= halved(hours, 24.0 * p.fatigue.fast_half_life_days)
        person.fatigue_slow *= halved(hours, 24.0 * p.fatigue.slow_half_life_days)


@compiled
def seen(person, group, message, relevance, p, now):
    """Add the message's irritation to both averages, as a rate a week."""
    amount = irritation(person, message, relevance, p)
    person.fatigue_fast += amount * LOG_2 / (p.fatigue.fast_half_life_days / 7.0)
    person.fatigue_slow += amount * LOG_2 / (p.fatigue.slow_half_life_days / 7.0)


@compiled
def act(person, group, p, now):
    """Weaken goodwill by pressure."""
    person.goodwill /= 1.0 + p.fatigue.response_resistance * pressure(person, p)
