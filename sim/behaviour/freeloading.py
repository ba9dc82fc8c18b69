"""Freeloaders: people who come for what is given away, hardly buy, and leave when there is nothing left to collect.

A share of people, fixed at entry (times a factor of their channel). Their need is multiplied by ``need_factor``; a freeloader's leaving is
increased by hunger x per_day, hunger = (1 - benefits / enough)+, counted as hunting.

Source: MODEL sections 2 and 4 (freeloaders claim and leave; incentive-hunters with nothing left to collect); PRACTICE 25.
"""

from __future__ import annotations

from sim.codes import HUNTING
from sim.compiled import compiled
from sim.parameters import Parameters, parameter

STATE = (("freeloader", "?"),)


class FreeloadingParameters(Parameters):
    """Parameters of freeloading."""

    share: float = parameter(0.05, unit="share", meaning="share of people who are freeloaders; 0 is off", low=0, high=1)
    need_factor: float = parameter(0.25, unit="factor", meaning="need of a freeloader against anybody else's", low=0, high=1)
    enough_yuan_per_week: float = parameter(1.0, unit="yuan/week", meaning="benefits with which a freeloader stays", low=1e-6, high=1e6)
    leaving_per_day: float = parameter(0.03, unit="1/day", meaning="leaving of a freeloader who collects nothing", low=0, high=100)


@compiled
def act(person, group, p, now):
    """Let hunger speak in leaving."""
    if person.freeloader and person.member:
        hunger = max(0.0, 1.0 - person.benefits_per_week / p.freeloading.enough_yuan_per_week)
        person.leave_rates[HUNTING] += p.freeloading.leaving_per_day * hunger / 24.0
