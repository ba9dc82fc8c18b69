"""Muting: a member who is irritated silences the group before leaving it.

Each seen message spends strength x 7 x pressure^.5 x irritation / tolerance, so that at a steady load muting a day is strength x
pressure^1.5. A muted member hardly notices messages, rarely opens the group, is spared what of a message's irritation is its
interruption (see fatigue), and talks less by themselves.

Source: MODEL sections 4-5 (tolerance-driven, before leaving).
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour.fatigue import irritation, pressure
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("muting.budget")

STATE = (("mute_clock", "f8"), ("muted", "?"), ("muted_h", "f8"))


class MutingParameters(Parameters):
    """Parameters of muting."""

    strength_per_day: float = parameter(0.012, unit="1/day", meaning="muting at a pressure of 1; 0 is off", low=0, high=100)
    talk_factor: float = parameter(0.3, unit="factor", meaning="spontaneous talk of a muted member against before", low=0, high=1)


@compiled
def irritation_dose(person, message, relevance, p):
    """Return 7 x pressure^.5 x irritation / tolerance a week: its sum over a day of steady load is pressure^1.5."""
    return 7.0 * math.sqrt(pressure(person, p)) * irritation(person, message, relevance, p) / person.tolerance_per_week


@compiled
def seen(person, group, message, relevance, p, now):
    """Spend the message's dose from the muting clock."""
    person.mute_clock -= p.muting.strength_per_day * irritation_dose(person, message, relevance, p)


@compiled
def first_budget(person, p):
    """Draw the only budget of the muting clock."""
    person.mute_clock = randomness.exponential(p.run.key, person.key, BUDGET, 0, 0)
