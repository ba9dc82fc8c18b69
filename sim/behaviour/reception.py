"""Reception in [0, 1]: how far somebody has been received as a person, which takes that share of a newcomer's doubt away (see leaving).

R <- R + gain (1 - R), with a gain of

    message x quality x relevance x (1 - commercial)    for a seen message of the brand to them alone,
    answer x script x (1 - w / e)                       for an answer of the desk after w hours, less than the expected e (see asking),
    reply                                               for each answer of a member to what they wrote (see belonging).

To them alone are the welcome, letters, coupons and dialogue. What is said to everybody receives nobody: where nobody stands at the door,
newcomers keep the whole of their doubt.

Source: PRACTICE 10 (greeting, benefit, then value) and 14 (one-to-one first); who is answered comes back: Joyce, Kraut 2006; who is
welcomed personally stays longer: Choi, Alexander, Kraut, Levine 2010. Form and sizes are assumptions of this project.
"""

from __future__ import annotations

from sim.codes import DIALOGUE, ONE_TO_ONE, TO_MEMBERS
from sim.compiled import compiled
from sim.parameters import Parameters, parameter

STATE = (("received", "f8"),)


class ReceptionParameters(Parameters):
    """Parameters of reception."""

    message: float = parameter(
        0.5, unit="share", meaning="doubt that a wholly good and relevant personal message takes away; 0 is off", low=0, high=1
    )
    answer: float = parameter(
        0.5, unit="share", meaning="doubt that a perfect answer of the desk, at once, takes away; 0 is off", low=0, high=1
    )
    reply: float = parameter(0.5, unit="share", meaning="doubt that a member's answer takes away; 0 is off", low=0, high=1)


@compiled
def receive(person, gain):
    """Take a share of the doubt that is left."""
    person.received += gain * (1.0 - person.received)


@compiled
def seen(person, group, message, relevance, p, now):
    """Be received by what is written to oneself."""
    if message.channel in (TO_MEMBERS, ONE_TO_ONE, DIALOGUE):
        receive(person, p.reception.message * message.quality * relevance * (1.0 - message.commercial))
