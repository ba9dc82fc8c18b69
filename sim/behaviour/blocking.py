"""Blocking: who gets irrelevant personal messages ends the contact, or unfollows the account.

A seen one-to-one message spends strength x irritation x frailty / shelter from a clock that is drawn once; one of the official account, or
of its dialogue, spends its own strength. When it runs out, the contact is gone: no one-to-one message and no Moments post reaches them any
more, in a group or not. Unfollowing ends articles and dialogue. Groups are not touched by it: those are left.

Source: MODEL section 2 (an irrelevant one-to-one message risks being deleted or blocked) and section 4; PRACTICE 1.
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour.fatigue import annoyance
from sim.codes import DIALOGUE, FOLLOWS, IS_CONTACT, OFFICIAL, ONE_TO_ONE
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("blocking.budget")

STATE = (("block_clock", "f8"), ("blocked_h", "f8"), ("unfollowed_h", "f8"))


class BlockingParameters(Parameters):
    """Parameters of blocking."""

    strength: float = parameter(0.02, unit="dose", meaning="blocking by one irrelevant one-to-one message; 0 is off", low=0, high=100)
    unfollow_strength: float = parameter(
        0.005, unit="dose", meaning="unfollowing by one irrelevant message of the account; 0 is off", low=0, high=100
    )


@compiled
def first_budget(person, p):
    """Draw the only budget of the blocking clock."""
    person.block_clock = randomness.exponential(p.run.key, person.key, BUDGET, 0, 0)


@compiled
def seen(person, group, message, relevance, p, now):
    """Spend what a personal message adds, and block when the clock has run out."""
    strength = 0.0
    if message.channel == ONE_TO_ONE:
        strength = p.blocking.strength
    elif message.channel in (OFFICIAL, DIALOGUE):
        strength = p.blocking.unfollow_strength
    if strength <= 0.0:
        return
    person.block_clock -= strength * annoyance(message, relevance, p) * person.frailty / person.shelter
    if person.block_clock <= 0.0:
        if message.channel == ONE_TO_ONE:
            person.reach = person.reach & FOLLOWS
            person.blocked_h = now
        else:
            person.reach = person.reach & IS_CONTACT
            person.unfollowed_h = now
        person.block_clock = randomness.exponential(p.run.key, person.key, BUDGET, 1, 0)
