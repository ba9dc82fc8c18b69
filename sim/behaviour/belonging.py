"""Belonging in [0, 1]: what talk among members makes of a group for somebody.

B <- B + gain (1 - B) for a member's message read (times its relevance, and more from a friend), for writing, for being answered and for
claiming a red packet; B halves in some weeks. It shelters from leaving: all causes are divided by 1 + shelter x B.

Source: MODEL sections 4 and 5 (leaving divided by 1 + 2 x belonging).
"""

from __future__ import annotations

from sim.behaviour import reception, ties
from sim.compiled import compiled, inlined
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("belonging", "f8"), ("answers_new", "i2"))


class BelongingParameters(Parameters):
    """Parameters of belonging."""

    read_gain: float = parameter(0.002, unit="share", meaning="belonging from a wholly relevant message of a member", low=0, high=1)
    friend_factor: float = parameter(3.0, unit="factor", meaning="the same from a friend's message", low=0, high=1000)
    write_gain: float = parameter(0.01, unit="share", meaning="belonging from writing", low=0, high=1)
    answer_gain: float = parameter(0.03, unit="share", meaning="belonging from being answered", low=0, high=1)
    claim_gain: float = parameter(0.005, unit="share", meaning="belonging from claiming a red packet", low=0, high=1)
    half_life_days: float = parameter(45.0, unit="days", meaning="half-life of belonging", low=0.01, high=1e5)
    shelter: float = parameter(
        2.0, unit="factor", meaning="how much full belonging shelters from leaving; 0 is off", low=0, high=1000, source="MODEL section 5"
    )


@compiled
def grow(person, gain):
    """Raise belonging by a share of what is missing."""
    person.belonging += min(1.0, gain) * (1.0 - person.belonging)


@inlined
def elapsed(person, p, hours):
    """Let belonging fade, and take in the answers since the person's last event."""
    if person.belonging > 0.0:
        person.belonging *= halved(hours, 24.0 * p.belonging.half_life_days)
    while person.answers_new > 0:
        person.answers_new -= 1
        grow(person, p.belonging.answer_gain)
        reception.receive(person, p.reception.reply)


@compiled
def seen(person, group, message, relevance, p, now):
    """Belong more for what other members say."""
    if message.post < 0:
        gain = p.belonging.read_gain * relevance
        if ties.strength(person, message.author_place) >= p.ties.friend_strength:
            gain *= p.belonging.friend_factor
        grow(person, gain)


@compiled
def wrote(person, p, now):
    """Belong more for having taken part."""
    grow(person, p.belonging.write_gain)


@compiled
def claimed(person, packet, fen, p, now):
    """Belong more for having been given something."""
    grow(person, p.belonging.claim_gain)


@compiled
def act(person, group, p, now):
    """Shelter from leaving."""
    person.shelter += p.belonging.shelter * person.belonging
