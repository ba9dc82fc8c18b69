"""Which group somebody goes to, and how cohesive a group of such people is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import randomness
from sim.randomness import stream

COHESION = stream("grouping.cohesion")
PREFERENCE = stream("grouping.preference")
TOPIC = stream("grouping.topic")
LIKENESS_POWER = 2.0


def draw_cohesion(run: np.uint64, group: int, parameters: Any) -> float:
    """Return the cohesion of a group of typical likeness: log-normal across groups, keyed by the group's number."""
    z = randomness.normal(run, np.uint64(group), COHESION, np.uint64(0), np.uint64(0))
    chat = parameters["chat"]
    return float(chat["cohesion_median"] * math.exp(chat["cohesion_sigma"] * z))


def topic_of(run: np.uint64, key: np.uint64, interests: NDArray[np.float64], weights: NDArray[np.float64], likeness: float) -> int:
    """Return the topic by which somebody is grouped: their first interest with chance ``likeness``, else any of the brand's."""
    if randomness.uniform(run, key, PREFERENCE, np.uint64(0), np.uint64(0)) < likeness:
        return int(np.argmax(interests))
    place = randomness.uniform(run, key, TOPIC, np.uint64(0), np.uint64(0)) * weights.sum()
    return int(np.searchsorted(np.cumsum(weights), place))


def choose_group(groups: NDArray[Any], topic: int) -> int:
    """Return the emptiest group of the topic that has room, else the emptiest of any topic, else -1."""
    taken = groups["members"] + groups["reserved"]
    open_ = ~groups["street"] & (taken < groups["capacity"])
    for candidates in (open_ & (groups["topics"][:, topic] > 0), open_):
        found = np.flatnonzero(candidates)
        if found.size:
            return int(found[np.argmin(taken[found])])
    return -1


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
