"""Trust in [0, 1], asymmetric: experience above expectation raises it by a+ (1 - T), below lowers it by a- T, with a- = 2 a+.

A seen message of the brand is worth
    credibility x quality x freshness x relevance x (1 - commercial) - sting x commercial x (1 - relevance),
less what is expected; talk among members and shills promise nothing. Offers refused (sold out) and prices that fell after a purchase are
disappointments. Goodwill is multiplied by exp(weight x (T - start)), which is 1 while nothing has happened.

Source: MODEL section 4; asymmetry of trust: Slovic 1993; credibility of sources: MODEL section 4.
"""

from __future__ import annotations

from sim.codes import DISTRUST, SHILL
from sim.compiled import compiled
from sim.exponential import exp
from sim.parameters import Parameters, parameter

STATE = (("trust", "f8"),)


class TrustParameters(Parameters):
    """Parameters of trust."""

    start: float = parameter(0.5, unit="trust", meaning="trust of somebody whom nothing has happened to", low=0, high=1)
    gain: float = parameter(0.01, unit="share", meaning="a+: gain from one full good experience", low=0, high=1)
    loss: float = parameter(
        0.02, unit="share", meaning="a-: loss from one full bad experience", low=0, high=1, source="MODEL section 4: a-/a+ = 2"
    )
    selling_sting: float = parameter(
        0.5, unit="factor", meaning="how bad hard selling without need is, against useful content", low=0, high=10
    )
    expectation: float = parameter(0.1, unit="experience", meaning="what members expect of a brand message", low=0, high=1)
    disappointment: float = parameter(2.0, unit="experiences", meaning="weight of a refused order", low=0, high=100)
    buying_weight: float = parameter(1.0, unit="log rate per trust", meaning="effect of trust on buying", low=0, high=20)
    leaving_weight: float = parameter(0.02, unit="1/day per trust", meaning="leaving from trust lost below the start", low=0, high=10)


@compiled
def experience(person, value, p):
    """Move trust by an experience of the given value: above 0 good, below 0 bad."""
    if value > 0.0:
        person.trust += min(1.0, p.trust.gain * value) * (1.0 - person.trust)
    else:
        person.trust -= min(1.0, -p.trust.loss * value) * person.trust


@compiled
def seen(person, group, message, relevance, p, now):
    """Judge a seen message of the brand against what is expected; talk among members is no promise of the brand's."""
    if message.post < 0 or message.kind == SHILL:
        return
    good = message.quality * person.freshness * relevance * (1.0 - message.commercial)
    bad = p.trust.selling_sting * message.commercial * (1.0 - relevance)
    experience(person, message.credibility * good - bad - p.trust.expectation, p)


@compiled
def act(person, group, p, now):
    """Let trust speak in buying, and distrust in leaving."""
    if person.trust != p.trust.start:
        person.goodwill *= exp(p.trust.buying_weight * (person.trust - p.trust.start))
    person.leave_rates[DISTRUST] += p.trust.leaving_weight * max(0.0, p.trust.start - person.trust) / 24.0
