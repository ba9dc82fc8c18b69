"""Meeting: who comes to an offline event gets to know others, and belongs as after very much talk.

    B <- 1 - (1 - B) (1 - b)^n,   b what one wholly relevant message of a member gives, n the chats that a meeting is worth

Trust moves by one experience of the value ``experience``. Whoever is there gets to know ``acquaintances`` others on each side, both ways,
at ``tie_strength`` each: they may be of other groups. Who has a place comes with chance ``turnout``, keyed by (person, occasion).

Source: PRACTICE 34 (one meeting is worth a hundred chats); MODEL section 4 (mesh grows from offline meetings).
"""

from __future__ import annotations

from sim.behaviour import belonging, ties, trust
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

TURNOUT = stream("meeting.turnout")


class MeetingParameters(Parameters):
    """Parameters of meeting offline."""

    turnout: float = parameter(0.8, unit="share", meaning="people with a place who come", low=0, high=1)
    chats: float = parameter(
        100.0, unit="messages", meaning="chats that a meeting is worth for belonging; 0 is off", low=0, high=1e5, source="PRACTICE 34"
    )
    experience: float = parameter(2.0, unit="experiences", meaning="how good a meeting is for trust", low=0, high=100)
    acquaintances: int = parameter(2, unit="people", meaning="others whom somebody gets to know, each way round", low=0, high=50)
    tie_strength: float = parameter(2.0, unit="answers", meaning="tie to each of them", low=0, high=1000)


@compiled
def attend(person, p):
    """Let somebody have been there."""
    belonging.grow(person, 1.0 - (1.0 - p.belonging.read_gain) ** p.meeting.chats)
    trust.experience(person, p.meeting.experience, p)


@compiled
def get_acquainted(people, circle, p):
    """Let people (by place) who sit in a circle get to know those next to them."""
    many = circle.size
    for place in range(many):
        for step in range(1, int(p.meeting.acquaintances) + 1):
            opposite = 2 * step == many and place < step
            if 2 * step < many or opposite:
                ties.meet(people, circle[place], circle[(place + step) % many], p.meeting.tie_strength)
