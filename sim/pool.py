"""The finite outside pool from which members invite: who is there, who was asked how often, who came."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import population, randomness
from sim.behaviour import referral
from sim.behaviour.relevance import similarity
from sim.codes import TOPICS
from sim.compiled import compiled
from sim.scenario import Scenario


@compiled
def pick_contact(people, inviter, nth, pool_size, concentration, weights, p, interests):
    """Return the number in the pool of the contact whom a member's nth invitation goes to, and their likeness.

    A few people of the pool are drawn, keyed by (inviter, invitation); the likest is asked (homophily).
    """
    best = -1
    highest = -1.0
    run = p.run.key
    for k in range(int(p.referral.candidates)):
        unit = randomness.uniform(run, people[inviter].key, referral.CONTACT, nth, k)
        number = int(unit * pool_size)
        key = population.person_key(population.POOL_SOURCE, number)
        population.draw_interests(run, key, weights, concentration, interests)
        likeness = similarity(people[inviter].interests, interests)
        if likeness > highest:
            best = number
            highest = likeness
    return best, highest


class Pool:
    """People outside who may be invited; invitations to the same person add up, and nobody comes twice."""

    def __init__(self, scenario: Scenario, run: np.uint64, weights: NDArray[np.float64]) -> None:
        self.size = scenario.market.pool
        self.run = run
        self.weights = weights
        self.weak = np.zeros(self.size, np.int32)
        self.strong = np.zeros(self.size, np.int32)
        self.came = np.zeros(self.size, np.bool_)
        self._interests = np.zeros(TOPICS)

    def answer(self, world: Any, inviter: int, nth: int) -> tuple[int, float]:
        """Return the contact who accepts a member's nth invitation and their likeness; -1 if nobody comes."""
        if self.size == 0:
            return -1, 0.0
        p = world.parameters[0]
        concentration = p["population"]["interest_concentration"]
        number, likeness = pick_contact(world.people, inviter, nth, self.size, concentration, self.weights, p, self._interests)
        if self.came[number]:
            return -1, likeness
        before = self._accepted(number, p)
        if likeness >= p["referral"]["strong_similarity"]:
            self.strong[number] += 1
        else:
            self.weak[number] += 1
        now = referral.acceptance(self.weak[number], self.strong[number], p)
        chance = (now - before) / (1.0 - before) if before < 1.0 else 0.0
        asked = int(self.weak[number] + self.strong[number])
        key = population.person_key(population.POOL_SOURCE, number)
        if randomness.uniform(self.run, key, referral.ACCEPT, asked, 0) >= chance:
            return -1, likeness
        self.came[number] = True
        return number, likeness

    def _accepted(self, number: int, p: Any) -> float:
        """Return the chance that the contact would have come by the invitations so far (none: 0)."""
        if self.weak[number] + self.strong[number] == 0:
            return 0.0
        return float(referral.acceptance(self.weak[number], self.strong[number], p))
