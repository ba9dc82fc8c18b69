"""Leaving: frailty x the sum of causes / shelter, each cause with its share in the exit.

Rates a day: base, a newcomer's doubt e^(-age / 7 d), distrust, regret, silence of the group (which shills break too), hunting. Doses per
seen message: pressure (as in muting) and, for what comes as the brand's, irrelevance. Contagion is a share of all of them, on top. All
are spent from one unit-exponential clock; an exit carries the shares of the causes that were spent. Shelter is 1 + what belonging,
company, habit and benefits give. Who has muted the group feels less pressure from its messages (see fatigue), but what does not matter
bores them as before.

Source: MODEL sections 3-5; competing risks by additive hazards; contagion in proportion: Nitzan and Libai 2011; gamma frailty: Vaupel,
Manton, Stallard 1979.
"""

from __future__ import annotations

from sim import randomness
from sim.behaviour import contagion
from sim.behaviour.fatigue import annoyance
from sim.behaviour.muting import irritation_dose
from sim.codes import BASE, CAUSES, CONTAGION, IRRELEVANCE, PRESSURE, SHILL, SILENCE
from sim.compiled import compiled, inlined
from sim.decay import faded, fallen
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("leaving.budget")
CAUSE = stream("leaving.cause")

STATE = (
    ("frailty", "f8"),
    ("leave_clock", "f8"),
    ("shelter", "f8"),
    ("leave_rates", "f8", (len(CAUSES),)),
    ("leave_spent", "f8", (len(CAUSES),)),
    ("left_h", "f8"),
    ("left_cause", "i4"),
)


class LeavingParameters(Parameters):
    """Parameters of leaving."""

    base_per_day: float = parameter(0.0004, unit="1/day", meaning="leaving for no reason that the brand could change", low=0, high=100)
    doubt_per_day: float = parameter(0.006, unit="1/day", meaning="a newcomer's doubt on the first day", low=0, high=100)
    doubt_days: float = parameter(7.0, unit="days", meaning="decay of doubt", low=0.01, high=1e4, source="MODEL section 5")
    pressure_per_day: float = parameter(0.0025, unit="1/day", meaning="leaving at a pressure of 1", low=0, high=100)
    irrelevance_dose: float = parameter(0.0002, unit="dose", meaning="leaving from one wholly irrelevant message (boredom)", low=0, high=10)
    silence_per_day: float = parameter(0.002, unit="1/day", meaning="leaving a group that has long been silent", low=0, high=100)
    silence_days: float = parameter(7.0, unit="days", meaning="silence after which a group begins to feel dead", low=0.01, high=1e4)
    frailty_shape: float = parameter(
        1.5,
        unit="gamma shape",
        meaning="evenness of frailty across people (mean 1); large is none",
        low=0.05,
        high=1e9,
        source="MODEL section 2",
    )


@compiled
def seen(person, group, message, relevance, p, now):
    """Spend what a seen message adds to leaving."""
    if not person.member:
        return
    openness = person.frailty / person.shelter
    dose = openness * p.leaving.pressure_per_day * irritation_dose(person, message, relevance, p)
    bored = 0.0
    if message.post >= 0 and message.kind != SHILL:
        bored = openness * p.leaving.irrelevance_dose * annoyance(message, relevance, p)
    caught = contagion.excess(person, p) * (dose + bored)
    person.leave_clock -= dose + bored + caught
    person.leave_spent[PRESSURE] += dose
    person.leave_spent[IRRELEVANCE] += bored
    person.leave_spent[CONTAGION] += caught


@compiled
def is_silent(group, p, now):
    """Return whether nobody has said anything in the group for so long that it begins to feel dead."""
    heard_h = max(group.member_message_h, group.shill_message_h)
    return (now - max(heard_h, group.opened_h)) / 24.0 > p.leaving.silence_days


@inlined
def act(person, group, p, now):
    """Add the rates of this mechanism and weight all of them by frailty and shelter (comes after all that add to either)."""
    if not person.member:
        return
    person.leave_rates[BASE] += p.leaving.base_per_day / 24.0
    if is_silent(group, p, now):
        person.leave_rates[SILENCE] += p.leaving.silence_per_day / 24.0
    openness = person.frailty / person.shelter
    total = 0.0
    for cause in range(person.leave_rates.size):
        person.leave_rates[cause] *= openness
        total += person.leave_rates[cause]
    person.leave_rates[CONTAGION] = contagion.excess(person, p) * total


@inlined
def spend_time(person, p, hours):
    """Spend the rates over the time since the last event, cause by cause, and a newcomer's doubt, which fades meanwhile."""
    spent = 0.0
    doubt = (1.0 - person.received) * faded(max(0.0, person.last_h - person.joined_h) / 24.0, p.leaving.doubt_days)
    if doubt > 0.0:
        doubted = person.frailty / person.shelter * p.leaving.doubt_per_day * doubt * fallen(hours / 24.0, p.leaving.doubt_days)
        caught = contagion.excess(person, p) * doubted
        person.leave_spent[BASE] += doubted
        person.leave_spent[CONTAGION] += caught
        spent = doubted + caught
    for cause in range(person.leave_rates.size):
        amount = person.leave_rates[cause] * hours
        spent += amount
        person.leave_spent[cause] += amount
    person.leave_clock -= spent


@compiled
def is_near(person, group, p, now, hours):
    """Return whether the clock may run out within so many hours since the last event, or the group has fallen silent or spoken since."""
    if is_silent(group, p, now) != (person.leave_rates[SILENCE] > 0.0) and p.leaving.silence_per_day > 0.0:
        return True
    rate = person.frailty / person.shelter * p.leaving.doubt_per_day * (1.0 - person.received) / 24.0 * (1.0 + contagion.excess(person, p))
    for cause in range(person.leave_rates.size):
        rate += person.leave_rates[cause]
    return person.leave_clock <= rate * hours


@compiled
def first_budget(person, p):
    """Draw the only budget of the leaving clock."""
    person.leave_clock = randomness.exponential(p.run.key, person.key, BUDGET, 0, 0)


@compiled
def draw_cause(person, p):
    """Return the cause that an exit is counted under: drawn in proportion to what each cause spent, keyed by person."""
    target = person.leave_spent.sum() * randomness.uniform(p.run.key, person.key, CAUSE, 0, 0)
    for cause in range(person.leave_spent.size):
        target -= person.leave_spent[cause]
        if target < 0.0:
            return cause
    return BASE
