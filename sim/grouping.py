"""Which group somebody goes to, and how cohesive a group of such people is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import heap, randomness
from sim.compiled import compiled, entry
from sim.population import PopulationParameters
from sim.randomness import stream

COHESION = stream("grouping.cohesion")
PREFERENCE = stream("grouping.preference")
TOPIC = stream("grouping.topic")
LIKENESS_POWER = 2.0
FULL = 2**62
SEATED, NEEDS_GROUP, NEEDS_STREET, NEEDS_QUEUE = range(4)


def draw_cohesion(run: np.uint64, nth: int, parameters: Any) -> float:
    """Return the cohesion of the nth group of the community, if its people are typically alike: log-normal across groups."""
    z = randomness.normal(run, np.uint64(nth), COHESION, np.uint64(0), np.uint64(0))
    chat = parameters["chat"]
    return float(chat["cohesion_median"] * math.exp(chat["cohesion_sigma"] * z))


@compiled
def topic_of(run, person, weights, likeness):
    """Return the topic by which somebody is grouped: their first interest with chance ``likeness``, else any of the brand's."""
    if randomness.uniform(run, person.key, PREFERENCE, 0, 0) < likeness:
        return np.argmax(person.interests)
    place = randomness.uniform(run, person.key, TOPIC, 0, 0) * weights.sum()
    for topic in range(weights.size):
        place -= weights[topic]
        if place < 0.0:
            return topic
    return 0


@compiled
def choose_group(taken, about, capacity, topic):
    """Return the emptiest group about the topic that has room, else the emptiest of any topic, else -1.

    ``taken`` holds the places taken in every group, ``about`` the topic of each.
    """
    best = -1
    best_of_topic = -1
    for g in range(taken.size):
        if taken[g] >= capacity:
            continue
        if best < 0 or taken[g] < taken[best]:
            best = g
        if about[g] == topic and (best_of_topic < 0 or taken[g] < taken[best_of_topic]):
            best_of_topic = g
    return best_of_topic if best_of_topic >= 0 else best


@compiled
def first_topic(people, run, weights, parameters):
    """Return the topic of a group that is opened for the first of these people."""
    return topic_of(run, people[0], weights, parameters[0].population.likeness)


@entry
@compiled
def seat(world, many, first, wanted, street, weights):
    """Put admitted people, one after another, into the queue of a group with room, or of the street if they enter none.

    Parameters
    ----------
    world : World
        The state.
    many : int
        Groups that there are.
    first : int
        Place of the first person.
    wanted : array of int
        For each person the group that they are to enter, or -1.
    street : int
        Group that stands for the people in no group.
    weights : array of float
        How common each topic is.

    Returns
    -------
    (int, int)
        How many people have been seated, and what the next one needs: ``SEATED``, ``NEEDS_GROUP``, ``NEEDS_STREET`` or ``NEEDS_QUEUE``.
    """
    p = world.parameters[0]
    taken = np.empty(many, np.int64)
    about = np.empty(many, np.int64)
    for g in range(many):
        group = world.groups[g]
        # Groups of a type are chosen by the brand, on its side.
        taken[g] = FULL if group.street or group.type >= 0 else group.members + group.reserved
        about[g] = np.argmax(group.topics)
    for n in range(wanted.size):
        person = world.people[first + n]
        g = street
        if person.enters_group:
            g = wanted[n]
            if g < 0:
                topic = topic_of(p.run.key, person, weights, p.population.likeness)
                g = choose_group(taken, about, int(p.population.group_size), topic)
            if g < 0:
                return n, NEEDS_GROUP
        elif street < 0 or world.groups[street].queued >= world.groups[street].capacity:
            return n, NEEDS_STREET
        if world.groups[g].queued >= world.queue_time.shape[1]:
            return n, NEEDS_QUEUE
        if person.enters_group:
            world.groups[g].reserved += 1
            taken[g] += 1
        person.group = g
        heap.push(world, g, first + n)
    return wanted.size, SEATED


def likeness_factors(people: NDArray[Any], inside: NDArray[Any], groups: int, powers: PopulationParameters) -> NDArray[np.float64]:
    """Return by how much more (or less) cohesive the people ``inside`` each group are than the whole, as a factor on cohesion.

    "Three near, one opposite": likeness of interests is the mean cosine to the group's centre, of age and place the chance that two
    members agree, mixed genders the chance that two differ; each is taken against that of all who are inside, to its power.
    """
    interests = people["interests"] / np.maximum(np.linalg.norm(people["interests"], axis=1, keepdims=True), 1e-300)
    factors = np.ones(groups)
    if not inside.any():
        return factors
    rows, group = interests[inside], people["group"][inside]
    # The mean cosine of unit vectors to their own mean is the length of that mean.
    typical = np.linalg.norm(rows.mean(axis=0))
    order = np.argsort(group, kind="stable")
    present, starts, many = np.unique(group[order], return_index=True, return_counts=True)
    centres = np.add.reduceat(rows[order], starts, axis=0) / many[:, None]
    factors[present] = (np.linalg.norm(centres, axis=1) / typical) ** LIKENESS_POWER
    place = np.searchsorted(present, group)
    for trait, power in (("age_band", powers.cohesion_age), ("region", powers.cohesion_region)):
        if power:
            own, whole = agreement(people[trait][inside], place, present.size)
            factors[present] *= (own / whole) ** power
    if powers.cohesion_mixed:
        own, whole = agreement(people["gender"][inside], place, present.size)
        factors[present] *= ((2.0 - own) / (2.0 - whole)) ** powers.cohesion_mixed
    return factors


def agreement(values: NDArray[Any], group: NDArray[Any], groups: int) -> tuple[NDArray[np.float64], float]:
    """Return the chance that two people of a group (drawn with replacement) have the same value: of each group, and of all together."""
    kinds = int(values.max()) + 1
    counts = np.bincount(group * kinds + values, minlength=groups * kinds).reshape(groups, kinds)
    shares = counts / counts.sum(axis=1, keepdims=True)
    whole = counts.sum(axis=0) / counts.sum()
    return (shares**2).sum(axis=1), float((whole**2).sum())


def likeness_halves(interests: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of two halves each of some people (rows) falls into: cut across the direction in which their interests differ most."""
    centred = interests - interests.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    direction = directions[0] * (1.0 if directions[0][np.argmax(np.abs(directions[0]))] >= 0.0 else -1.0)
    order = np.argsort(centred @ direction, kind="stable")
    halves = np.zeros(len(interests), np.bool_)
    halves[order[len(order) // 2 :]] = True
    return halves
