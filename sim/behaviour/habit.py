"""Habit: a benefit at the same time every day or week makes people come by themselves.

Each fixed slot of the programme (a daily or weekly time) has its own habit h in [0, 1]. Seeing the slot's message soon after it came is
practice: h <- h + gain x worth x (1 - h), worth 1 for a red packet, else what the content is worth, and once more with worth 1 for an open
offer below list. Habit halves in some weeks without practice, so that one missed occasion hardly matters and an abandoned rhythm fades. It
pulls a session to the slot (beside noticing, and although muted), lifts the response to the slot's offer by 1 + weight x h, and shelters
from leaving. An occasion that is cancelled breaks a promise to who has the habit.

Source: MODEL section 4 (k = .045 per day of practice); Lally, van Jaarsveld, Potts, Wardle 2010; PRACTICE 2.
"""

from __future__ import annotations

from sim.behaviour import trust
from sim.codes import MOST_SLOTS
from sim.compiled import compiled, inlined
from sim.decay import halved
from sim.parameters import Parameters, parameter

STATE = (("habit", "f4", (MOST_SLOTS,)), ("habit_most", "f8"))


class HabitParameters(Parameters):
    """Parameters of habit."""

    gain: float = parameter(
        0.045, unit="share", meaning="habit from one full practice; 0 is off", low=0, high=1, source="Lally et al. 2010; MODEL section 4"
    )
    practice_hours: float = parameter(3.0, unit="hours", meaning="time after the slot in which seeing it is practice", low=0.01, high=168)
    half_life_days: float = parameter(40.0, unit="days", meaning="half-life of a habit without practice", low=0.01, high=1e5)
    pull: float = parameter(0.8, unit="share", meaning="chance that a full habit brings a session to its slot", low=0, high=1)
    buying_weight: float = parameter(0.3, unit="factor", meaning="lift of the slot's offer at full habit", low=0, high=100)
    shelter: float = parameter(0.5, unit="factor", meaning="how much a full habit shelters from leaving", low=0, high=1000)
    broken_promise: float = parameter(
        1.0, unit="experiences", meaning="bad experience of a cancelled occasion at full habit", low=0, high=100
    )


@inlined
def elapsed(person, p, hours):
    """Let habits fade."""
    if person.habit_most > 0.0:
        kept = halved(hours, 24.0 * p.habit.half_life_days)
        person.habit_most *= kept
        for slot in range(MOST_SLOTS):
            person.habit[slot] = float(person.habit[slot]) * kept


@compiled
def strength(person, slot):
    """Return the habit of a slot; 0 for what has none (slot -1)."""
    if slot < 0 or person.habit_most <= 0.0:
        return 0.0
    return float(person.habit[slot])


@compiled
def practise(person, slot, worth, p):
    """Raise the habit of a slot by a practice of the given worth (0 to 1)."""
    before = float(person.habit[slot])
    person.habit[slot] = before + p.habit.gain * worth * (1.0 - before)
    person.habit_most = max(person.habit_most, float(person.habit[slot]))


@compiled
def seen(person, group, message, relevance, p, now):
    """Practise, if the slot's message is seen in time."""
    if message.slot >= 0 and now - message.time_h <= p.habit.practice_hours:
        worth = message.quality * relevance * (1.0 - message.commercial)
        if message.packet >= 0:
            worth = 1.0
        practise(person, message.slot, worth, p)


@compiled
def offered(person, message, offer, product, relevance, p, now):
    """Practise for a benefit at its slot, and lift the response to it (comes before buying)."""
    if message.slot >= 0:
        if offer.price_share < 1.0 and now - message.time_h <= p.habit.practice_hours:
            practise(person, message.slot, 1.0, p)
        person.offer_lift *= 1.0 + p.habit.buying_weight * strength(person, message.slot)


@compiled
def disappoint(person, slot, p):
    """Break the promise of a slot whose occasion was cancelled."""
    trust.experience(person, -p.habit.broken_promise * strength(person, slot), p)


@compiled
def act(person, group, p, now):
    """Shelter from leaving."""
    person.shelter += p.habit.shelter * person.habit_most
