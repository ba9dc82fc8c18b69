"""Poaching: an infiltrator's advert for a competitor leads a customer away.

At each such message seen a person lapses as a customer of the brand with the chance
    chance x (1 - trust) x deal-proneness / mean,
at most 1, keyed by (person, message): who trusts stays, who looks for deals goes. Who has gone may be won back as anybody who has lapsed.

Source: PRACTICE 27 (competitors infiltrate and poach); form and size are assumptions.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.codes import POACH
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

LURED = stream("poaching.lured")


class PoachingParameters(Parameters):
    """Parameters of poaching, and of how infiltrators are found out."""

    chance: float = parameter(0.02, unit="share", meaning="chance of going at one advert, without trust; 0 is off", low=0, high=1)
    report_chance: float = parameter(
        0.002, unit="share", meaning="chance that a member who sees an infiltrator's advert reports them", low=0, high=1
    )
    reward_gain: float = parameter(
        9.0, unit="factor", meaning="how much more members report for a very large reward", low=0, high=1000, source="PRACTICE 40"
    )
    reward_half_yuan: float = parameter(10.0, unit="yuan", meaning="reward that gives half of that gain", low=0.01, high=1e5)


@compiled
def seen(person, group, message, relevance, p, now):
    """Perhaps go to the competitor."""
    if message.kind == POACH and not math.isfinite(person.lapsed_h):
        chance = p.poaching.chance * (1.0 - person.trust) * person.deal_proneness / p.prices.deal_proneness_mean
        if randomness.uniform(p.run.key, person.key, LURED, message.key, 0) < chance:
            person.lapsed_h = now
