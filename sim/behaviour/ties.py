"""Ties: whom a member has come to know, a few people each.

A tie comes from an invitation (both ways, at joining) and from answers (both ways, at each). A person keeps the strongest; somebody new
takes the place of the weakest tie if they are stronger, and else weakens it, so that who was met often is kept and who was met once is
not. A tie of at least ``friend_strength`` is a friend, whose word counts as a friend's.

Source: MODEL section 4 (ties, contagion); credibility of friends .85: MODEL section 4; a short list that keeps the frequent: Misra and
Gries 1982.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.parameters import Parameters, parameter

MOST_TIES = 4

STATE = (("ties", "i4", (MOST_TIES,)), ("tie_strength", "f4", (MOST_TIES,)))


class TieParameters(Parameters):
    """Parameters of ties."""

    inviter_strength: float = parameter(2.0, unit="answers", meaning="tie between a member and who brought them", low=0, high=1000)
    answer_strength: float = parameter(1.0, unit="answers", meaning="tie gained by one answer; 0 is off", low=0, high=1000)
    friend_strength: float = parameter(2.0, unit="answers", meaning="tie from which somebody is a friend", low=0.001, high=1e9)
    friend_credibility: float = parameter(
        0.85, unit="share", meaning="credibility of a friend's message", low=0, high=1, source="MODEL section 4"
    )


@compiled
def strength(person, other):
    """Return how strong the person's tie to another (by place) is; 0 if there is none."""
    for k in range(MOST_TIES):
        if person.tie_strength[k] > 0.0 and person.ties[k] == other:
            return float(person.tie_strength[k])
    return 0.0


@compiled
def strengthen(person, other, amount):
    """Strengthen the person's tie to another, or make one if it is stronger than the weakest."""
    weakest = 0
    for k in range(MOST_TIES):
        if person.tie_strength[k] > 0.0 and person.ties[k] == other:
            person.tie_strength[k] = float(person.tie_strength[k]) + amount
            return
        if person.tie_strength[k] < person.tie_strength[weakest]:
            weakest = k
    if amount > person.tie_strength[weakest]:
        person.ties[weakest] = other
        person.tie_strength[weakest] = amount
    else:
        person.tie_strength[weakest] = float(person.tie_strength[weakest]) - amount


@compiled
def meet(people, one, other, amount):
    """Strengthen the tie of two people (by place) both ways."""
    if amount > 0.0 and one != other:
        strengthen(people[one], other, amount)
        strengthen(people[other], one, amount)


@compiled
def credibility(person, message, p):
    """Return how credible a message is to the person: a friend's more than what it carries."""
    if message.post < 0 and strength(person, message.author_place) >= p.ties.friend_strength:
        return max(message.credibility, p.ties.friend_credibility)
    return message.credibility
