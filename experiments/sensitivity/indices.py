"""All keys together: indices of Morris and of Sobol with their intervals, and how much of them is noise.

SALib computes the indices of the mean over replications, and how far they hang on the points that were drawn (its
bootstrap over trajectories or base points). How far they hang on the replications is a jackknife: every index once
without each of them. An interval has both variances.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.sensitivity.design import MORRIS_LEVELS, problem_of, rows_of_a_block
from experiments.sensitivity.results import SensitivityResults, Target

__all__ = ["Index", "Indices", "indices_of"]

_CONFIDENCE = 0.95
_RESAMPLES = 400
#: Fixed, so that the same runs always give the same intervals; SALib takes 0 for none.
_SEED = 20_240_601
#: A replication of which more is missing is left out; of the others, whatever belongs to a missing run.
_ENOUGH = 0.9
_FEWEST_BLOCKS = 2

#: Half the width of an interval, in standard errors; and how often SALib resamples where only the index is wanted.
_WIDTH, _NO_ERRORS = float(stats.norm.ppf((1 + _CONFIDENCE) / 2)), 2

Floats = NDArray[np.float64]
#: Name of an index and its keys (one, or a pair).
Name = tuple[str, str, str]
#: Makes indices, each with its standard error over the points, of one outcome a point and a number of resamples.
_Analysis = Callable[[Floats, int], Mapping[Name, tuple[float, float]]]


class Index(NamedTuple):
    """An index with its 95 % interval.

    Attributes
    ----------
    name
        ``"mu"``, ``"mu_star"``, ``"sigma"``; ``"S1"``, ``"ST"``, ``"S2"``.
    key, with_key
        The key; of S2 the other one, too.
    value, low, high
        The index and its interval.
    """

    name: str
    key: str
    with_key: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Indices:
    """The indices of a target.

    Attributes
    ----------
    rows
        The indices.
    noise
        What mu_star, or ST, would be about for a key that only changed the luck; NaN with a single replication.
    noise_share
        Part of the variance between points that is such luck.
    blocks
        Trajectories or base points behind them.
    missing
        How many could not be used, since runs of theirs are missing.
    replications
        Runs behind each point.
    """

    rows: tuple[Index, ...]
    noise: float
    noise_share: float
    blocks: int
    missing: int
    replications: int

    def of(self, name: str) -> dict[str, Index]:
        """Return an index by key, the greatest first."""
        return {row.key: row for row in sorted(self.rows, key=lambda row: -row.value) if row.name == name}


@lru_cache(maxsize=16)  # tables, figures and sentences of an analysis all ask for the same
def indices_of(found: SensitivityResults, target: Target) -> Indices | None:
    """Compute the indices; None where the method has none, too little was run, or nothing ever changed.

    Parameters
    ----------
    found
        The analysis.
    target
        What is looked at.
    """
    if not found.design:
        return None
    table = found.table(target).loc[found.design].to_numpy(dtype=np.float64)
    table = table[:, np.mean(~np.isnan(table), axis=0) >= _ENOUGH]
    size = rows_of_a_block(found.method, len(found.keys), second_order=found.second_order)
    blocks = table.reshape(-1, size, table.shape[1])
    whole = ~np.isnan(blocks).any(axis=(1, 2))
    outcomes = blocks[whole].reshape(-1, table.shape[1])
    if not table.shape[1] or whole.sum() < _FEWEST_BLOCKS or not np.ptp(outcomes.mean(axis=1)) > 0:
        return None
    inputs = found.points.set_index("point").loc[found.design, list(found.keys)].to_numpy(dtype=np.float64)
    inputs = inputs.reshape(-1, size, len(found.keys))[whole].reshape(-1, len(found.keys))
    analyse = _analysis(found, inputs)
    noise, noise_share = _noise(found.method, outcomes)
    rows = _with_intervals(analyse, outcomes)
    return Indices(rows, noise, noise_share, int(whole.sum()), int((~whole).sum()), table.shape[1])


def _with_intervals(analyse: _Analysis, outcomes: Floats) -> tuple[Index, ...]:
    found = analyse(outcomes.mean(axis=1), _RESAMPLES)
    replications = outcomes.shape[1]
    without = (
        [analyse(np.delete(outcomes, own, axis=1).mean(axis=1), _NO_ERRORS) for own in range(replications)] if replications > 1 else []
    )
    rows = []
    for name, (value, error) in found.items():
        others = np.array([left[name][0] for left in without])
        luck = (replications - 1) / replications * float(np.sum((others - others.mean()) ** 2)) if without else 0.0
        half = _WIDTH * math.sqrt(error**2 + luck)
        rows.append(Index(*name, value, value - half, value + half))
    return tuple(rows)


def _noise(method: str, outcomes: Floats) -> tuple[float, float]:
    """Measure luck that is not common to all points: the interaction of points and replications."""
    points, replications = outcomes.shape
    if replications < 2:
        return math.nan, math.nan
    rest = outcomes - outcomes.mean(axis=1, keepdims=True) - outcomes.mean(axis=0, keepdims=True) + outcomes.mean()
    variance = float(np.sum(rest**2)) / ((points - 1) * (replications - 1)) / replications
    share = min(1.0, variance / float(np.var(outcomes.mean(axis=1), ddof=1)))
    if method == "sobol":
        return share, share
    # The mean size of a difference of two such errors, over the step between two levels.
    step = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
    return math.sqrt(2 / math.pi) * math.sqrt(2 * variance) / step, share


def _analysis(found: SensitivityResults, inputs: Floats) -> _Analysis:
    problem = problem_of(found.keys)
    if found.method == "morris":
        return lambda outcome, resamples: _morris(problem, inputs, outcome, resamples)
    return lambda outcome, resamples: _sobol(problem, outcome, resamples, second_order=found.second_order)


def _morris(problem: dict[str, object], inputs: Floats, outcome: Floats, resamples: int) -> dict[Name, tuple[float, float]]:
    from SALib.analyze import morris

    keys = problem["names"]
    assert isinstance(keys, list)
    size = len(keys) + 1

    def analysed(rows: NDArray[np.int64], resamples: int = _NO_ERRORS) -> Mapping[str, Floats]:
        each = (rows[:, None] * size + np.arange(size)).ravel()
        made = morris.analyze(
            problem, inputs[each], outcome[each], num_resamples=resamples, conf_level=_CONFIDENCE, num_levels=MORRIS_LEVELS, seed=_SEED
        )
        return {name: np.asarray(made[name], dtype=np.float64) for name in ("mu", "mu_star", "sigma", "mu_star_conf")}

    count = len(outcome) // size
    whole = analysed(np.arange(count), resamples)
    errors = {"mu_star": whole["mu_star_conf"] / _WIDTH}
    # SALib has an interval for mu_star alone; those of the others are made in the same way.
    draws = np.random.default_rng(_SEED).integers(count, size=(max(2, resamples // 4), count))
    again = [analysed(rows) for rows in draws]
    errors |= {name: np.std([made[name] for made in again], axis=0, ddof=1) for name in ("mu", "sigma")}
    return {
        (name, key, ""): (float(whole[name][place]), float(errors[name][place]))
        for name in ("mu_star", "mu", "sigma")
        for place, key in enumerate(keys)
    }


def _sobol(problem: dict[str, object], outcome: Floats, resamples: int, *, second_order: bool) -> dict[Name, tuple[float, float]]:
    from SALib.analyze import sobol

    keys = problem["names"]
    assert isinstance(keys, list)
    made = sobol.analyze(problem, outcome, calc_second_order=second_order, num_resamples=resamples, conf_level=_CONFIDENCE, seed=_SEED)
    found = {
        (name, key, ""): (float(made[name][place]), float(made[f"{name}_conf"][place]) / _WIDTH)
        for name in ("S1", "ST")
        for place, key in enumerate(keys)
    }
    if second_order:
        pairs = [(first, second) for first in range(len(keys)) for second in range(first + 1, len(keys))]
        found |= {
            ("S2", keys[first], keys[second]): (float(made["S2"][first, second]), float(made["S2_conf"][first, second]) / _WIDTH)
            for first, second in pairs
        }
    return found
