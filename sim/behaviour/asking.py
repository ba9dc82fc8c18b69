"""Asking: members put questions to the brand, and how they are answered is an experience.

A unit-exponential clock: a member asks at a slow rate, and spends a dose of per_offer x fit at the first sight of an offer, and of
per_content x relevance at each seen message of the brand that carries none. A letter may ask back: what it says spends appeal x relevance,
so that whoever answers it is in a conversation. One question at a time: who waits for an answer asks no other. The question is about the
product of the offer on which the clock ran out, else about what the next need would fall on.

An answer of quality Q (the script), w hours after the question, of which o hours since anybody was at work, is an experience of trust worth

    weight x Q (1 - w / e)   up to the expected hours e,      weight x max(-1, 1 - o / e)   where o is beyond them,

and nothing between the two: the hours of a desk are posted, so that who asks at night knows about the wait until morning, and is as little
offended by it as pleased (Maister 1985: known and explained waits are shorter ones). Who has no answer after the hours of patience gives
up: -weight. Every answer is a conversation, and works as an offer of that product at list price whose attraction is multiplied by
1 + persuasion x credibility x script x persona.

Source: MODEL sections 4 (fast or slow answers) and "Staff"; PRACTICE 7, 13, 14, 35; credibility of one-to-one talk .55: MODEL section 4.
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour import reception, trust
from sim.codes import GROUP_FEED, SHILL
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("asking.budget")

#: Number of the offer that a conversation is: it stands on no board.
SERVICE_OFFER = -2

#: ``questions`` counts the questions begun, ``asked_offer`` is the offer that the next is about (-1: none).
STATE = (("asking_clock", "f8"), ("questions", "i4"), ("asked_offer", "i4"), ("question_open", "?"))


class AskingParameters(Parameters):
    """Parameters of asking."""

    per_day: float = parameter(0.0, unit="1/day", meaning="questions of a member for no reason of the brand's; 0 is off", low=0, high=100)
    per_offer: float = parameter(0.0, unit="dose", meaning="asking at the first sight of a wholly fitting offer; 0 is off", low=0, high=100)
    per_content: float = parameter(
        0.0, unit="dose", meaning="asking at a wholly relevant message of the brand without an offer; 0 is off", low=0, high=100
    )
    expected_hours: float = parameter(2.0, unit="hours", meaning="wait for an answer that is neither fast nor slow", low=0.01, high=1000)
    patience_hours: float = parameter(
        48.0,
        unit="hours",
        meaning="wait after which a question is given up",
        low=0.01,
        high=10_000,
        source="PRACTICE 35: a dialogue stays open for 48 hours",
    )
    weight: float = parameter(
        2.0, unit="experiences", meaning="trust from an answer at once by a perfect script, lost by none; 0 is off", low=0, high=100
    )
    persuasion: float = parameter(
        2.0, unit="factor", meaning="attraction gained by a wholly credible conversation; 0 is none", low=0, high=100
    )


@compiled
def elapsed(person, p, hours):
    """Spend the rate of asking for no reason."""
    if person.member:
        person.asking_clock -= p.asking.per_day / 24.0 * hours


@compiled
def is_near(person, p, hours):
    """Return whether the clock may run out within so many hours since the last event."""
    return person.asking_clock <= p.asking.per_day / 24.0 * hours


@compiled
def seen(person, group, message, relevance, p, now):
    """Let content of the brand raise a question, and answer a letter that asks."""
    if message.post >= 0 and message.offer < 0 and message.kind != SHILL:
        person.asking_clock -= p.asking.per_content * relevance
    if message.channel != GROUP_FEED:
        person.asking_clock -= message.appeal * relevance


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Let an offer raise a question, and remember which; what the desk itself offers raises none."""
    if message.post < 0:
        return
    before = person.asking_clock
    person.asking_clock -= p.asking.per_offer * relevance
    if before > 0.0 and person.asking_clock <= 0.0:
        person.asked_offer = offer.number


@compiled
def next_budget(person, p):
    """Add the next budget to the asking clock."""
    person.asking_clock += randomness.exponential(p.run.key, person.key, BUDGET, person.questions, 0)


@compiled
def begin(person, p):
    """Let the person put a question; return its number, from 0, and the offer that it is about (-1: none)."""
    nth = person.questions
    about = person.asked_offer
    person.questions += 1
    person.asked_offer = -1
    person.question_open = True
    next_budget(person, p)
    return nth, about


@compiled
def answered(person, waited_h, overdue_h, quality, p):
    """Let the wait for an answer, how long it was overdue, and the script be an experience; a wait without end is a question given up."""
    person.question_open = False
    speed = max(-1.0, min(0.0, 1.0 - overdue_h / p.asking.expected_hours))
    if waited_h < p.asking.expected_hours:
        speed = (1.0 - waited_h / p.asking.expected_hours) * quality
        reception.receive(person, p.reception.answer * speed)
    trust.experience(person, p.asking.weight * speed, p)
