"""Shills: messages of robots or staff who pose as members.

While not found out they pass for members' messages: they make a group look alive, are believed and are answered. At each one seen a
member finds out with some chance, keyed by (person, message); that is a betrayal of trust, and from then on they only irritate.

Source: MODEL section 4; PRACTICE 37 ("found out, they cost trust").
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour import trust
from sim.codes import SHILL
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

FOUND = stream("shills.found")

STATE = (("shills_found", "?"),)


class ShillParameters(Parameters):
    """Parameters of shills."""

    found_chance: float = parameter(0.02, unit="share", meaning="chance of finding out at one message", low=0, high=1)
    betrayal: float = parameter(20.0, unit="experiences", meaning="bad experience of finding out; 0 is off", low=0, high=1000)


@compiled
def seen(person, group, message, relevance, p, now):
    """Perhaps find out (comes before desire and chat, so that what gives itself away works no more)."""
    if message.kind != SHILL or person.shills_found:
        return
    if randomness.uniform(p.run.key, person.key, FOUND, message.key, 0) < p.shills.found_chance:
        person.shills_found = True
        trust.experience(person, -p.shills.betrayal, p)


@compiled
def seen_through(person, message):
    """Return whether a message is a shill's to somebody who knows of them."""
    return message.kind == SHILL and person.shills_found
