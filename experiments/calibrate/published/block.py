"""The fit of a block: runs at points that are spread, then where a search looks, then where the posterior lies; emulators; draws.

What is published stands with its tolerance: the distance of what the simulator gives on average from the middle is normal, its standard
deviation half of the half width, so that the tolerance holds 95 %. The simulator's average is emulated, and how uncertain the emulator is
counts as well: regions of which little is known stay possible until runs were made there.

Source: waves: Vernon, Goldstein, Bower 2010 (history matching); an emulator in the place of the simulator in a posterior: Kennedy and
O'Hagan 2001; search: Bergstra et al. 2011, as Optuna has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.posterior import Draws, sample
from experiments.calibrate.published.emulator import Emulator, fitted
from experiments.calibrate.published.facts import FAR, Fact
from experiments.calibrate.published.free import Block
from experiments.errors import StorageError

__all__ = ["TOLERANCE_SD", "BlockFit", "Simulates", "fit_block", "log_density", "to_cube"]

Numbers = NDArray[np.float64]

#: Standard deviation of what is published, in half widths of its tolerance.
TOLERANCE_SD = 0.5
#: Of the runs: a quarter is spread, a quarter searched, the rest goes where the posterior lies, in so many waves.
_SPREAD, _SEARCHED, _WAVES = 0.25, 0.25, 3
#: Times as many steps of the last draws as of those that waves are taken from.
_LONGER = 4
#: Points that the search asks for at once.
_BATCH = 8
#: Draws lie on the whole line; beyond this they are at the wall of the cube.
_WALL = 12.0


class Simulates(Protocol):
    """What simulates points."""

    def at(self, block: Block, points: Numbers, others: Mapping[str, float], first: int) -> tuple[list[Fact], Numbers]:
        """Simulate at each point, see `experiments.calibrate.published.facts.Laboratory`."""

    def compute(self, function: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Call a function with each of some arguments, wherever there is room."""


@dataclass(frozen=True)
class BlockFit:
    """What came of a block.

    Attributes
    ----------
    block
        Parameters and rows.
    facts
        What is published.
    points, values
        Where it was simulated, and what came out of one run: a column a fact.
    emulators
        One a fact, of distances.
    draws
        Of the posterior, on the whole line (logits of the cube).
    surprise
        Of each fact, the root mean square error of the emulator at the last wave's runs, which it had not seen, in standard deviations
        that it had expected: about 1 where it may be trusted.
    """

    block: Block
    facts: list[Fact]
    points: Numbers
    values: Numbers
    emulators: list[Emulator]
    draws: Draws
    surprise: Numbers

    @property
    def cube(self) -> Numbers:
        """All draws, as points of the cube."""
        return to_cube(self.draws.flat)

    def distances(self, points: Numbers) -> Numbers:
        """Return what the emulators expect, a column a fact."""
        return np.column_stack([emulator(points)[0] for emulator in self.emulators])


def to_cube(line: Numbers) -> Numbers:
    """Return the points of the cube that points of the line stand for."""
    found: Numbers = 1.0 / (1.0 + np.exp(-np.clip(line, -_WALL, _WALL)))
    return found


def log_density(emulators: Sequence[Emulator], line: Numbers) -> Numbers:
    """Return the logarithm of the posterior's density at each row of points of the line, but for a constant; the prior is even."""
    cube = to_cube(line)
    found: Numbers = np.log(cube * (1.0 - cube)).sum(axis=1)
    for emulator in emulators:
        mean, unsure = emulator(cube)
        variance = unsure**2 + TOLERANCE_SD**2
        found = found - 0.5 * (mean**2 / variance + np.log(variance))
    return np.asarray(np.where(np.abs(line).max(axis=1) < _WALL, found, -np.inf), np.float64)


def fit_block(block: Block, laboratory: Simulates, others: Mapping[str, float], points: int, seed: int) -> BlockFit:
    """Fit a block.

    Parameters
    ----------
    block
        Parameters and rows.
    laboratory
        What simulates.
    others
        Values of the parameters of other blocks.
    points
        How many points.
    seed
        Of the points and draws; runs have luck of their own.
    """
    from scipy.stats import qmc

    size = len(block.free)
    random = np.random.default_rng([seed, size])
    spread, searched = round(_SPREAD * points), round(_SEARCHED * points)
    there = qmc.LatinHypercube(size, rng=seed).random(spread)
    facts, values = laboratory.at(block, there, others, 0)

    def more(new: Numbers) -> None:
        nonlocal there, values
        _, found = laboratory.at(block, new, others, len(there))
        there, values = np.vstack([there, new]), np.vstack([values, found])

    while len(there) < spread + searched:
        count = min(_BATCH, spread + searched - len(there))
        more(_searched(there, _worst(facts, values), count, seed + len(there)))
    surprise = np.full(len(facts), np.nan)
    for wave in range(_WAVES):
        emulators = _emulators(facts, there, values, laboratory)
        (draws,) = laboratory.compute(_drawn, [(emulators, there, seed + wave)])
        known = len(there)
        left = (points - known) // (_WAVES - wave)
        more(to_cube(random.choice(draws.flat, left, replace=False)))
        surprise = _surprise(emulators, facts, there[known:], values[known:])
    emulators = _emulators(facts, there, values, laboratory)
    (draws,) = laboratory.compute(_drawn, [(emulators, there, seed + _WAVES, _LONGER)])
    return BlockFit(block, facts, there, values, emulators, draws, surprise)


def _distances(facts: Sequence[Fact], values: Numbers) -> Numbers:
    return np.column_stack([np.clip(fact.distance(values[:, place]), -FAR, FAR) for place, fact in enumerate(facts)])


def _worst(facts: Sequence[Fact], values: Numbers) -> Numbers:
    """Return the greatest distance of each point; far where nothing came out."""
    found: Numbers = np.nan_to_num(np.abs(_distances(facts, values)), nan=FAR).max(axis=1)
    return found


def _emulators(facts: Sequence[Fact], points: Numbers, values: Numbers, laboratory: Simulates) -> list[Emulator]:
    found = _distances(facts, values)
    known = ~np.isnan(found)
    for fact, count in zip(facts, known.sum(axis=0), strict=True):
        if count <= points.shape[1]:
            raise StorageError(f"{fact.label}: only {count} of {len(points)} runs had a value, of which nothing can be learnt")
    return laboratory.compute(fitted, [(points[own], found[own, place]) for place, own in enumerate(known.T)])


def _drawn(emulators: Sequence[Emulator], points: Numbers, seed: int, longer: int = 1) -> Draws:
    inside = np.clip(points, 1e-4, 1 - 1e-4)
    starts = np.log(inside / (1.0 - inside))
    start = starts[np.argmax(log_density(emulators, starts))]
    return sample(lambda line: log_density(emulators, line), start, np.full(points.shape[1], 0.5), seed, longer)


def _surprise(emulators: Sequence[Emulator], facts: Sequence[Fact], points: Numbers, values: Numbers) -> Numbers:
    found = _distances(facts, values)
    errors = []
    for place, emulator in enumerate(emulators):
        mean, unsure = emulator(points)
        errors.append(np.sqrt(np.nanmean((found[:, place] - mean) ** 2 / (unsure**2 + emulator.luck**2))))
    return np.array(errors)


def _searched(points: Numbers, worst: Numbers, count: int, seed: int) -> Numbers:
    """Ask Optuna's sampler (a tree-structured Parzen estimator) where the greatest distance may be least."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    names = [str(place) for place in range(points.shape[1])]
    distributions: dict[str, optuna.distributions.BaseDistribution] = {name: optuna.distributions.FloatDistribution(0, 1) for name in names}
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=1, constant_liar=True))
    study.add_trials(
        [
            optuna.trial.create_trial(
                params=dict(zip(names, map(float, point), strict=True)), distributions=distributions, value=float(far)
            )
            for point, far in zip(points, worst, strict=True)
        ]
    )
    asked = [study.ask(distributions).params for _ in range(count)]
    return np.array([[own[name] for name in names] for own in asked])
