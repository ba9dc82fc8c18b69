"""Sampling: members who were given a product like it or not, and may write about it.

A sample is an experience of the value ``experience x fit``, fit that of the product's topics and the person's interests. Some time later
the person writes with chance min(1, ``chance`` x T / start x fit x (1 + belonging_weight x B)), keyed by (person, occasion): those whom
trust and belonging have turned into authors. What they write has the credibility of a friend.

Source: MODEL section 4 (KOCs are members whom trust and belonging turn into authors; friend credibility); PRACTICE 35 (KOC care) and the
playbook `outdoor_koc` (products given, their photos are the content).
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour import trust
from sim.behaviour.relevance import similarity
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

WRITE = stream("sampling.write")


class SamplingParameters(Parameters):
    """Parameters of samples."""

    experience: float = parameter(2.0, unit="experiences", meaning="how good a fitting sample is for trust", low=0, high=100)
    chance: float = parameter(0.4, unit="share", meaning="chance to write about a fitting sample, at the first trust", low=0, high=1)
    belonging_weight: float = parameter(2.0, unit="factor", meaning="how much more likely full belonging makes it", low=0, high=100)


@compiled
def receive(person, product, p):
    """Take a sample."""
    trust.experience(person, p.sampling.experience * similarity(person.interests, product.topics), p)


@compiled
def writes(person, product, occasion, p):
    """Return whether somebody writes about a sample."""
    readiness = person.trust / max(1e-9, p.trust.start) * (1.0 + p.sampling.belonging_weight * person.belonging)
    chance = p.sampling.chance * readiness * similarity(person.interests, product.topics)
    return randomness.uniform(p.run.key, person.key, WRITE, occasion, 0) < chance
