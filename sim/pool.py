"""The finite outside pool from which members invite: who is there, who was asked how often, who came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import population, randomness
from sim.behaviour import referral
from sim.behaviour.relevance import similarity
from sim.codes import TOPICS
from sim.compiled import compiled
from sim.randomness import stream
from sim.world import Array, World

ARRIVAL = stream("pool.arrival")


@compiled
def pick_contact(people, inviter, nth, pool_size, weights, p, interests):
    """Return the number in the pool of the contact whom a member's nth invitation goes to, and how similar their interests are.

    A few people of the pool are drawn, keyed by (inviter, invitation); who suits best is asked (homophily, matching).
    """
    best = -1
    nearest = 0.0
    highest = -1.0
    run = p.run.key
    need = people[inviter].need_rate_per_hour
    propensity = people[inviter].referral_propensity
    mean_need = p.need.rate_shape / (p.need.rate_scale_weeks * 168.0)
    for k in range(int(p.referral.candidates)):
        unit = randomness.uniform(run, people[inviter].key, referral.CONTACT, nth, k)
        number = int(unit * pool_size)
        key = population.person_key(population.POOL_SOURCE, number)
        population.draw_interests(run, key, weights, p.population.interest_concentration, interests)
        same = similarity(people[inviter].interests, interests)
        suits = same
        if p.referral.traits_weight > 0.0 or p.referral.matching_weight > 0.0:
            other = population.draw_need(run, key, p), population.draw_propensity(run, key, p)
            suits = referral.likeness(same, need, other[0], propensity, other[1], p) + referral.match(other[0], mean_need, p)
        if suits > highest:
            best = number
            nearest = same
            highest = suits
    return best, nearest


@compiled
def ask(people, parameters, inviter, nth, weak, strong, came, weights, interests):
    """Let a member's nth invitation meet its contact; return their number in the pool (-1 if they do not come) and their likeness."""
    p = parameters[0]
    number, likeness = pick_contact(people, inviter, nth, came.size, weights, p, interests)
    if came[number]:
        return -1, likeness
    before = 0.0
    if weak[number] + strong[number] > 0:
        before = referral.acceptance(weak[number], strong[number], p)
    if likeness >= p.referral.strong_similarity:
        strong[number] += 1
    else:
        weak[number] += 1
    if before >= 1.0:
        return -1, likeness
    chance = (referral.acceptance(weak[number], strong[number], p) - before) / (1.0 - before)
    key = population.person_key(population.POOL_SOURCE, number)
    if randomness.uniform(p.run.key, key, referral.ACCEPT, weak[number] + strong[number], 0) >= chance:
        return -1, likeness
    came[number] = True
    return number, likeness


@compiled
def ask_in_turn(people, parameters, inviters, nths, weak, strong, came, weights, interests, numbers, likeness):
    """Let people's words to the outside, by number, meet their contacts one after another; write who comes (-1: nobody) and how like."""
    for n in range(inviters.size):
        numbers[n], likeness[n] = ask(people, parameters, inviters[n], nths[n], weak, strong, came, weights, interests)


class Pool:
    """People outside who may be invited; invitations to the same person add up, and nobody comes twice."""

    def __init__(self, size: int, weights: NDArray[np.float64]) -> None:
        self.weights = weights
        self.weak = np.zeros(size, np.int64)
        self.strong = np.zeros(size, np.int64)
        self.came = np.zeros(size, np.bool_)
        self.hours: NDArray[np.float64] | None = None
        self._interests = np.zeros(TOPICS)

    @property
    def asking(self) -> tuple[Array, Array, Array, Array, Array]:
        """What :func:`ask` takes of the pool."""
        return self.weak, self.strong, self.came, self.weights, self._interests

    def arrivals(self, run: np.uint64, rate_per_hour: float, first_h: float, until_h: float) -> list[tuple[int, float]]:
        """Return who of the people outside comes by themselves in [first, until), and when; from now on they count as come.

        The hour is an exponential keyed by the person, so it is the same under every strategy; who was invited before does not come again.
        """
        if rate_per_hour <= 0.0:
            return []
        if self.hours is None:
            keys = [population.person_key(population.POOL_SOURCE, number) for number in range(self.came.size)]
            zero = np.uint64(0)
            self.hours = np.array([randomness.exponential(run, key, ARRIVAL, zero, zero) for key in keys])
        hours = self.hours / rate_per_hour
        due = np.flatnonzero((hours >= first_h) & (hours < until_h) & ~self.came)
        self.came[due] = True
        return [(int(number), float(hours[number])) for number in due]

    def answers(self, world: World, inviters: Array, nths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the contacts who accept people's words to the outside, given by their number, and their likeness; -1 if nobody comes."""
        numbers, likeness = np.full(len(nths), -1), np.zeros(len(nths))
        if self.came.size:
            asking = np.ascontiguousarray(inviters), np.ascontiguousarray(nths)
            ask_in_turn(world.people, world.parameters, *asking, *self.asking, numbers, likeness)
        return numbers, likeness
