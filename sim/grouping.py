"""Which group somebody goes to, and how cohesive a group of such people is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import heap, randomness
from sim.compiled import compiled
from sim.randomness import stream

COHESION = stream("grouping.cohesion")
PREFERENCE = stream("grouping.preference")
TOPIC = stream("grouping.topic")
LIKENESS_POWER = 2.0
SEATED, NEEDS_GROUP, NEEDS_STREET, NEEDS_QUEUE = range(4)


def draw_cohesion(run: np.uint64, group: int, parameters: Any) -> float:
    """Return the cohesion of a group of typical likeness: log-normal across groups, keyed by the group's number."""
    z = randomness.normal(run, np.uint64(group), COHESION, np.uint64(0), np.uint64(0))
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
def choose_group(groups, many, topic):
    """Return the emptiest group of the topic that has room, else the emptiest of any topic, else -1."""
    best = -1
    best_of_topic = -1
    for g in range(many):
        group = groups[g]
        taken = group.members + group.reserved
        if group.street or taken >= group.capacity:
            continue
        if best < 0 or taken < groups[best].members + groups[best].reserved:
            best = g
        if group.topics[topic] <= 0.0:
            continue
        if best_of_topic < 0 or taken < groups[best_of_topic].members + groups[best_of_topic].reserved:
            best_of_topic = g
    return best_of_topic if best_of_topic >= 0 else best


@compiled
def first_topic(people, run, weights, parameters):
    """Return the topic of a group that is opened for the first of these people."""
    return topic_of(run, people[0], weights, parameters[0].population.likeness)


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
    for n in range(wanted.size):
        person = world.people[first + n]
        g = street
        if person.enters_group:
            g = wanted[n]
            if g < 0:
                topic = topic_of(p.run.key, person, weights, p.population.likeness)
                g = choose_group(world.groups, many, topic)
            if g < 0:
                return n, NEEDS_GROUP
        elif street < 0 or world.groups[street].queued >= world.groups[street].capacity:
            return n, NEEDS_STREET
        if world.groups[g].queued >= world.queue_time.shape[1]:
            return n, NEEDS_QUEUE
        if person.enters_group:
            world.groups[g].reserved += 1
        person.group = g
        heap.push(world, g, first + n)
    return wanted.size, SEATED


def likeness_factors(people: NDArray[Any], groups: int) -> NDArray[np.float64]:
    """Return by how much more (or less) alike the members of each group are than the whole, as a factor on cohesion.

    Likeness is the mean cosine of members' interests to their group's centre, against that to the centre of all.
    """
    interests = people["interests"] / np.maximum(np.linalg.norm(people["interests"], axis=1, keepdims=True), 1e-300)
    inside = people["enters_group"]
    factors = np.ones(groups)
    if not inside.any():
        return factors
    centre = interests[inside].mean(axis=0)
    typical = float((interests[inside] @ centre).mean() / np.linalg.norm(centre))
    for g in np.unique(people["group"][inside]):
        rows = interests[inside & (people["group"] == g)]
        own = rows.mean(axis=0)
        factors[g] = (float((rows @ own).mean() / np.linalg.norm(own)) / typical) ** LIKENESS_POWER
    return factors
