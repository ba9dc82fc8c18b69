"""Ties: whom a member has come to know, a few people each.

A tie comes from an invitation (both ways, at joining) and from answers (both ways, at each). A person keeps the strongest; somebody new
takes the place of the weakest tie if they are stronger, and else weakens it, so that who was met often is kept and who was met once is
not. A tie of at least ``friend_strength`` is a friend, whose word counts as a friend's.

Which ties are there is kept with them (``tie_here``): two people are there for each other while both are members of the same group and each
has the other in the list. It is written when somebody joins, moves or leaves and when a tie is made or lost, always from both sides.

Source: MODEL section 4 (ties, contagion); credibility of friends .85: MODEL section 4; a short list that keeps the frequent: Misra and
Gries 1982.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.parameters import Parameters, parameter

MOST_TIES = 4

STATE = (("ties", "i4", (MOST_TIES,)), ("tie_strength", "f4", (MOST_TIES,)), ("tie_here", "i1", (MOST_TIES,)))


class TieParameters(Parameters):
    """Parameters of ties."""

    inviter_strength: float = parameter(2.0, unit="answers", meaning="tie between a member and who brought them", low=0, high=1000)
    answer_strength: float = parameter(1.0, unit="answers", meaning="tie gained by one answer; 0 is off", low=0, high=1000)
    friend_strength: float = parameter(2.0, unit="answers", meaning="tie from which somebody is a friend", low=0.001, high=1e9)
    friend_credibility: float = parameter(
        0.85, unit="share", meaning="credibility of a friend's message", low=0, high=1, source="MODEL section 4"
    )


@compiled
def tie_to(person, other):
    """Return which tie of the person is the one to another (by place); -1 if there is none."""
    for k in range(MOST_TIES):
        if person.tie_strength[k] > 0.0 and person.ties[k] == other:
            return k
    return -1


@compiled
def strength(person, other):
    """Return how strong the person's tie to another (by place) is; 0 if there is none."""
    k = tie_to(person, other)
    return float(person.tie_strength[k]) if k >= 0 else 0.0


@compiled
def weakest_of(person):
    """Return the person's weakest tie, the first of equals; one of no strength is free."""
    weakest = 0
    for k in range(1, MOST_TIES):
        if person.tie_strength[k] < person.tie_strength[weakest]:
            weakest = k
    return weakest


@compiled
def strengthen(person, other, amount):
    """Strengthen the person's tie to another, or make one if it is stronger than the weakest."""
    k = tie_to(person, other)
    if k >= 0:
        person.tie_strength[k] = float(person.tie_strength[k]) + amount
        return
    weakest = weakest_of(person)
    if amount > float(person.tie_strength[weakest]):
        person.ties[weakest] = other
        person.tie_strength[weakest] = amount
    else:
        person.tie_strength[weakest] = float(person.tie_strength[weakest]) - amount


@compiled
def lose_sight(people, one, k):
    """Let a person (by place) and the other of their k-th tie be there for each other no more."""
    person = people[one]
    if person.tie_here[k] > 0:
        person.tie_here[k] = 0
        other = people[person.ties[k]]
        back = tie_to(other, one)
        if back >= 0:
            other.tie_here[back] = 0


@compiled
def find(people, one, other):
    """Let two people (by place) be there for each other, if they are members of one group and each knows the other.

    Of somebody elsewhere nothing is read but the group: theirs may be ahead.
    """
    if people[one].group != people[other].group or not people[one].member or not people[other].member:
        return
    k = tie_to(people[one], other)
    back = tie_to(people[other], one)
    if k >= 0 and back >= 0:
        people[one].tie_here[k] = 1
        people[other].tie_here[back] = 1


@compiled
def look_around(people, one):
    """Let somebody who has just come into a group find the ties who are there."""
    for k in range(MOST_TIES):
        if people[one].tie_strength[k] > 0.0:
            find(people, one, people[one].ties[k])


@compiled
def go_away(people, one):
    """Let somebody who is leaving a group, for another or for good, be there for nobody."""
    for k in range(MOST_TIES):
        lose_sight(people, one, k)


@compiled
def make_tie(people, one, other, amount):
    """Strengthen a person's tie to another (both by place); whom it pushes out is there for them no more."""
    if tie_to(people[one], other) < 0:
        weakest = weakest_of(people[one])
        if amount >= float(people[one].tie_strength[weakest]):
            lose_sight(people, one, weakest)
    strengthen(people[one], other, amount)


@compiled
def meet(people, one, other, amount):
    """Strengthen the tie of two people (by place) both ways."""
    if amount > 0.0 and one != other:
        make_tie(people, one, other, amount)
        make_tie(people, other, one, amount)
        find(people, one, other)


@compiled
def credibility(person, message, p):
    """Return how credible a message is to the person: a friend's more than what it carries."""
    if message.post < 0 and strength(person, message.author_place) >= p.ties.friend_strength:
        return max(message.credibility, p.ties.friend_credibility)
    return message.credibility
