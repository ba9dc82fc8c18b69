"""How many simulator calls a posterior takes: emulators in waves against approximate Bayesian computation, on a case that is known.

``python -m benchmarks.calibration`` (some minutes). A call gives the shares above 0 and above 1 of 180 draws of a normal variable; its mean
and log standard deviation, spread evenly over the unit square, are looked for. Published are .6 and .3, +-.05 each. Errors are those of the
posterior's means, in its standard deviations, and of its standard deviations, as log ratios: the larger of the two parameters.

Source of the method that is compared with: Beaumont, Cornuet, Marin, Robert 2009 (population Monte Carlo), with a normal kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from experiments.calibrate.published.block import TOLERANCE_SD, fit_block
from experiments.calibrate.published.facts import Fact
from experiments.calibrate.published.free import Block, Free
from experiments.varying.settings import Range

Numbers = np.ndarray[Any, np.dtype[np.float64]]

DRAWN, TARGETS, HALF_WIDTH = 180, np.array([0.6, 0.3]), 0.05
SEEDS = range(6)


def expected(square: Numbers) -> Numbers:
    mean, spread = -3 + 6 * square[:, 0], 0.2 * 25 ** square[:, 1]
    return np.column_stack([norm.sf(-mean / spread), norm.sf((1 - mean) / spread)])


def truth() -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of the posterior, from a fine grid."""
    ends = np.linspace(0, 1, 801)[1:-1]
    square = np.stack(np.meshgrid(ends, ends, indexing="ij"), axis=-1).reshape(-1, 2)
    weights = np.exp(-0.5 * (((expected(square) - TARGETS) / HALF_WIDTH / TOLERANCE_SD) ** 2).sum(axis=1))
    weights /= weights.sum()
    mean = weights @ square
    return mean, np.sqrt(weights @ (square - mean) ** 2)


class Toy:
    """What is called; parameters after the second are idle."""

    def __init__(self, seed: int) -> None:
        self.random, self.calls = np.random.default_rng(seed), 0

    def at(self, block: Block, points: Numbers, others: Mapping[str, float], first: int) -> tuple[list[Fact], Numbers]:  # noqa: ARG002
        """Call it once at each point."""
        self.calls += len(points)
        facts = [Fact("toy", str(place), own, own - HALF_WIDTH, own + HALF_WIDTH) for place, own in enumerate(TARGETS)]
        return facts, self.random.binomial(DRAWN, expected(points)) / DRAWN

    def compute(self, function: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Compute here."""
        return [function(*call) for call in calls]


def by_emulators(calls: int, idle: int, seed: int) -> tuple[Numbers, Numbers]:
    free = tuple(Free(f"toy.{place}", Range(low=0, high=1), ("toy",), "") for place in range(2 + idle))
    cube = fit_block(Block(free, ("toy",)), Toy(seed), {}, calls, seed).cube[:, :2]
    return cube.mean(axis=0), cube.std(axis=0)


def by_abc(calls: int, idle: int, seed: int, particles: int = 100) -> tuple[Numbers, Numbers]:
    """Shrink the kernel by .6 a generation down to the tolerance, as long as there are calls."""
    random, size, toy = np.random.default_rng(seed), 2 + idle, Toy(seed)

    def away(points: Numbers) -> Numbers:
        _, values = toy.at(None, points, {}, 0)  # type: ignore[arg-type]
        return np.asarray((values - TARGETS) / HALF_WIDTH)

    width, points = 4.0, random.random((2 * particles, size))
    weights = np.exp(-0.5 * (away(points) ** 2).sum(axis=1) / width**2)
    while True:
        weights /= weights.sum()
        mean = weights @ points[:, :2]
        found = (mean, np.sqrt(weights @ (points[:, :2] - mean) ** 2))
        width = max(TOLERANCE_SD, 0.6 * width)
        steps = 2 * np.cov(points.T, aweights=weights) + 1e-12 * np.eye(size)
        root, inverse = np.linalg.cholesky(steps), np.linalg.inv(steps)
        new: list[Numbers] = []
        while len(new) < particles:
            if toy.calls >= calls:
                return found
            tried = points[random.choice(len(points), 50, p=weights)] + random.normal(size=(50, size)) @ root.T
            tried = tried[((tried > 0) & (tried < 1)).all(axis=1)]
            new += list(tried[np.exp(-0.5 * (away(tried) ** 2).sum(axis=1) / width**2) > random.random(len(tried))])
        gaps = np.array(new)[:, None] - points
        kernel = np.exp(-0.5 * np.einsum("ijk,kl,ijl->ij", gaps, inverse, gaps)) @ weights
        points, weights = np.array(new), 1 / kernel


def main() -> None:
    """Print the table."""
    mean, spread = truth()
    print(f"{'method':<12}{'idle':>6}{'calls':>8}{'error of a mean':>18}{'of a spread':>14}")
    for name, method, many in (("emulators", by_emulators, (60, 120)), ("ABC", by_abc, (5_000, 20_000))):
        for calls in many:
            for idle in (0, 3):
                found = [method(calls, idle, seed) for seed in SEEDS]
                of_mean = np.mean([np.abs((own - mean) / spread).max() for own, _ in found])
                of_spread = np.mean([np.abs(np.log(own / spread)).max() for _, own in found])
                print(f"{name:<12}{idle:>6}{calls:>8}{of_mean:>18.2f}{of_spread:>14.2f}", flush=True)


if __name__ == "__main__":
    main()
