"""Wear-in and wear-out of a creative: the same advertisement works better for a while, then worse.

After n earlier exposures of a person a creative works at
    w(n) = 1 + gain x min(n, peak) / peak - loss x max(0, n - peak) / peak, at least ``floor``,
on desire, on trust gained, and on the response to an offer; the first exposure at 1. A programme item keeps a creative for some occasions,
then makes a new one.

Source: MODEL section 4 (a gain up to about 10 exposures, then a loss); Pechmann and Stewart 1988.
"""

from __future__ import annotations

import numpy as np

from sim.codes import MOST_CREATIVES
from sim.compiled import compiled
from sim.parameters import Parameters, parameter

MOST_EXPOSURES = 255

STATE = (("exposures", "u1", (MOST_CREATIVES,)), ("creative_version", "u1", (MOST_CREATIVES,)), ("freshness", "f8"))


class WearoutParameters(Parameters):
    """Parameters of wear-out."""

    peak_exposures: float = parameter(
        10.0, unit="exposures", meaning="exposures at which a creative works best", low=1, high=250, source="MODEL section 4"
    )
    gain: float = parameter(0.2, unit="share", meaning="what a creative gains up to its peak; with loss 0: off", low=0, high=10)
    loss: float = parameter(0.4, unit="share", meaning="what it loses in as many exposures after its peak", low=0, high=10)
    floor: float = parameter(0.2, unit="share", meaning="least that is left of a creative", low=0, high=1)


@compiled
def effect(exposures, p):
    """Return the factor at which a creative works after so many earlier exposures; 1 at the first."""
    peak = p.wearout.peak_exposures
    lift = p.wearout.gain * min(exposures, peak) / peak - p.wearout.loss * max(0.0, exposures - peak) / peak
    return max(p.wearout.floor, 1.0 + lift)


@compiled
def seen(person, group, message, relevance, p, now):
    """Count the exposure, and set how fresh the message is to the person (comes first of all that a message works on)."""
    person.freshness = 1.0
    place = message.creative
    if place >= 0:
        if person.creative_version[place] != message.version:
            person.creative_version[place] = message.version
            person.exposures[place] = 0
        person.freshness = effect(float(person.exposures[place]), p)
        if person.exposures[place] < MOST_EXPOSURES:
            person.exposures[place] += np.uint8(1)


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Let a worn creative sell less (comes before buying)."""
    person.offer_lift *= person.freshness
