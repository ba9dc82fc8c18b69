"""Which settings are tried next: first points spread over the ranges, then those that Optuna's sampler asks for.

The sampler is made anew for each batch, from what is known by then and a seed of the batch. So what it asks depends on the trials before
alone, and neither on the process nor on what it drew earlier: a search that was killed goes on as if it had not been.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.optimise.levers import Lever
from experiments.varying.points import Point

__all__ = ["Told", "next_points"]

#: Points of the spread design: at least, for each lever, at most.
_LEAST_SPREAD, _SPREAD_A_LEVER, _MOST_SPREAD = 8, 4, 40
_TRIES = 200
_SEEDS = 2**31


@dataclass(frozen=True)
class Told:
    """What the sampler is told of a trial.

    Attributes
    ----------
    values
        Setting of each lever.
    objectives
        Difference from the strategy as it is, of each objective; empty where there is none.
    excess
        How far each constraint is exceeded, as a share of its bound; 0 where it is met.
    """

    values: Mapping[str, Any]
    objectives: tuple[float, ...]
    excess: Mapping[str, float]


def next_points(
    levers: Mapping[str, Lever], told: Sequence[Told], better: Sequence[int], there: Collection[str], count: int, seed: int
) -> list[Point]:
    """Choose the next batch.

    Parameters
    ----------
    levers
        What moves.
    told
        The trials so far, the strategy as it is among them.
    better
        Of each objective, 1 when more is better, -1 when less is.
    there
        Names of the points that were tried already.
    count
        How many points.
    seed
        Root of the random numbers.

    Returns
    -------
    list of Point
        None that was tried already; fewer where there are no more.
    """
    tried = len(there) - 1  # the strategy as it is was given
    spread = min(max(_LEAST_SPREAD, _SPREAD_A_LEVER * len(levers)), _MOST_SPREAD)
    if tried < spread:
        asked = _spread(levers, spread, seed)[tried : tried + count]
    else:
        asked = _asked(levers, told, better, count, (seed + 1000 * tried) % _SEEDS)
    return list(_new_ones(asked, levers, there, np.random.default_rng([seed, tried])))


def _spread(levers: Mapping[str, Lever], points: int, seed: int) -> list[dict[str, Any]]:
    from scipy.stats import qmc

    rows = qmc.LatinHypercube(len(levers), rng=seed).random(points).tolist()
    return [{key: lever.at(share) for (key, lever), share in zip(levers.items(), row, strict=True)} for row in rows]


def _asked(levers: Mapping[str, Lever], told: Sequence[Told], better: Sequence[int], count: int, seed: int) -> list[dict[str, Any]]:
    """Ask Optuna's sampler (a tree-structured Parzen estimator)."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    distributions = {key: lever.distribution() for key, lever in levers.items()}
    study = optuna.create_study(
        directions=["maximize" if sign > 0 else "minimize" for sign in better],
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=1),
    )
    for own in told:
        parameters = {key: lever.parameter(own.values[key]) for key, lever in levers.items()}
        if any(parameter is None for parameter in parameters.values()):
            continue  # the strategy as it is may lie beyond the ranges
        known = bool(own.objectives)
        study.add_trial(
            optuna.trial.create_trial(
                state=optuna.trial.TrialState.COMPLETE if known else optuna.trial.TrialState.PRUNED,
                values=list(own.objectives) if known else None,
                params=parameters,
                distributions=distributions,
                constraints=dict(own.excess),
            )
        )
    return [
        {key: lever.value(trial.params[key]) for key, lever in levers.items()} for trial in (study.ask(distributions) for _ in range(count))
    ]


def _new_ones(
    asked: Sequence[Mapping[str, Any]], levers: Mapping[str, Lever], there: Collection[str], generator: np.random.Generator
) -> Iterator[Point]:
    """Take points at random in the place of those that were tried already: on the same people they would say the same."""
    taken = set(there)
    sizes = [lever.values for lever in levers.values()]
    all_of_them = math.inf if None in sizes else math.prod(size for size in sizes if size is not None)
    for values in asked:
        point = Point(dict(values), {})
        for _ in range(_TRIES):
            if point.name not in taken or len(taken) > all_of_them:
                break
            point = Point({key: lever.at(float(generator.random())) for key, lever in levers.items()}, {})
        if point.name not in taken:
            taken.add(point.name)
            yield point
