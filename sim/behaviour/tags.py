"""Tags: the interest that the brand believes somebody to have, which need not be the true one.

Who sees a questionnaire answers it with some chance; the answer is their first interest with chance ``accuracy``, else any of the brand's
topics. After an order the brand may take the first topic of the product for the buyer's (with chance ``from_orders``). Who talks to
somebody hears what they care about: an answer of the desk shows their first interest with chance ``from_conversations`` x its script. The
latest belief stands. A tag changes nobody: it lets the brand choose whom to write to, and about what, and a wrong one makes irrelevant
messages.

Source: MODEL section 4 (relevance; tags from a questionnaire, noisy, or from behaviour); PRACTICE 14 (need tags, one-to-one first).
"""

from __future__ import annotations

import numpy as np

from sim import randomness
from sim.codes import SURVEY, TOPICS
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

ANSWER = stream("tags.answer")
RIGHT = stream("tags.right")
OTHER = stream("tags.other")
LEARN = stream("tags.learn")
HEAR = stream("tags.hear")

STATE = (("tag", "i1"),)


class TagParameters(Parameters):
    """Parameters of tags."""

    answer_chance: float = parameter(0.3, unit="share", meaning="chance that somebody who sees a questionnaire answers", low=0, high=1)
    accuracy: float = parameter(0.8, unit="share", meaning="chance that an answer is the true first interest", low=0, high=1)
    from_orders: float = parameter(
        0.0, unit="share", meaning="chance that an order makes the brand believe in the product's topic; 0 is off", low=0, high=1
    )
    from_conversations: float = parameter(
        0.5, unit="share", meaning="chance that a conversation by a perfect script shows somebody's first interest; 0 is off", low=0, high=1
    )


@compiled
def answer(person, message_key, p):
    """Return the topic that somebody gives in a questionnaire, keyed by (person, message)."""
    first = np.argmax(person.interests)
    if randomness.uniform(p.run.key, person.key, RIGHT, message_key, 0) < p.tags.accuracy:
        return first
    many = 0
    for topic in range(TOPICS):
        many += 1 if person.interests[topic] > 0.0 else 0
    return min(many - 1, int(many * randomness.uniform(p.run.key, person.key, OTHER, message_key, 0)))


@compiled
def seen(person, group, message, relevance, p, now):
    """Answer a questionnaire, or not."""
    if message.kind == SURVEY and randomness.uniform(p.run.key, person.key, ANSWER, message.key, 0) < p.tags.answer_chance:
        person.tag = answer(person, message.key, p)


@compiled
def ordered(person, order, product, p, now):
    """Let the brand draw its conclusion from an order, keyed by (person, order)."""
    if p.tags.from_orders > 0.0 and randomness.uniform(p.run.key, person.key, LEARN, person.orders, 0) < p.tags.from_orders:
        person.tag = np.argmax(product.topics)


@compiled
def conversed(person, quality, p):
    """Let the brand hear what somebody cares about in a conversation by a script of this quality, keyed by (person, question)."""
    if randomness.uniform(p.run.key, person.key, HEAR, person.questions, 0) < p.tags.from_conversations * quality:
        person.tag = np.argmax(person.interests)
