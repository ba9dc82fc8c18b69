"""What of the unread a member sees.

A session opens the group with chance 1 / (1 + c x pressure), times a small factor if muted. Unread messages are met newest first: one
with k newer ones on top is seen with chance exp(-k / span), once per (member, message); what is passed over stays unread for good.

Source: MODEL section 4 (attention) and section 5 (reading falls with pressure).
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour.fatigue import load_after
from sim.compiled import compiled
from sim.exponential import exp
from sim.parameters import Parameters, parameter
from sim.randomness import stream

OPEN = stream("attention.open")
SEE = stream("attention.see")

STATE = (("read_sequence", "i4"), ("messages_read", "i4"), ("inbox_read", "i4"))


class AttentionParameters(Parameters):
    """Parameters of attention."""

    span_messages: float = parameter(
        25.0, unit="messages", meaning="depth at which the chance of being seen falls to 1/e", low=0.1, high=1e9
    )
    pressure_aversion: float = parameter(
        0.2, unit="1/pressure", meaning="how much pressure keeps a member from opening", low=0, high=100, source="MODEL section 5"
    )
    muted_opening: float = parameter(0.1, unit="factor", meaning="opening of a muted group against an open one", low=0, high=1)
    personal_chance: float = parameter(0.9, unit="share", meaning="chance that a personal message is seen in a session", low=0, high=1)


@compiled
def opens(person, p, hours, occasion, why):
    """Return whether the person opens the group in a session so many hours after their last event.

    Keyed by (person, what the session came from).
    """
    chance = 1.0 / (1.0 + p.attention.pressure_aversion * load_after(person, p, hours) / person.tolerance_per_week)
    if person.muted:
        chance *= p.attention.muted_opening
    return randomness.uniform(p.run.key, person.key, OPEN, occasion, why) < chance


@compiled
def sees(person, message_key, on_top, p):
    """Return whether a message under ``on_top`` newer ones is seen, keyed by (person, message)."""
    return randomness.uniform(p.run.key, person.key, SEE, message_key, 0) < exp(-on_top / p.attention.span_messages)


@compiled
def sees_personal(person, message_key, chance, p):
    """Return whether a personal message with some chance of being seen is seen in this session, keyed by (person, message)."""
    return randomness.uniform(p.run.key, person.key, SEE, message_key, 0) < chance
