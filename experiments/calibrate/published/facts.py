"""The rows of a block at points of its parameters: what is simulated, and how far from what is published."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.published.free import Block
from experiments.errors import StorageError
from experiments.executor import FailedRun, Task, run_all, spread_out
from experiments.runs import FinishedRun
from experiments.validate.evidence import built_rows
from experiments.validate.row import Check, Found, Measures, Size, Unit
from experiments.validate.working import found_in, tasks_of, work

__all__ = ["FAR", "Fact", "Laboratory", "lines_of"]

Numbers = NDArray[np.float64]

#: Farther away than so many half widths is just far: nothing there has to be told apart.
FAR = 4.0


@dataclass(frozen=True)
class Fact:
    """A check of a row: what is published.

    Attributes
    ----------
    row, name
        Whose check, and which.
    target
        What is published; NaN where that is a range.
    low, high
        Between what a simulated value is taken; one of them may be infinite.
    """

    row: str
    name: str
    target: float
    low: float
    high: float

    @property
    def label(self) -> str:
        """Both together."""
        return f"{self.row}: {self.name}"

    @property
    def half_width(self) -> float:
        """Half of the tolerance; where it has one end, a tenth of that end."""
        if math.isinf(self.low) or math.isinf(self.high):
            return 0.1 * abs(self.low if math.isinf(self.high) else self.high) or 1.0
        return (self.high - self.low) / 2

    def distance(self, value: Numbers | float) -> Numbers:
        """Return how far a value is from the middle of what is taken, in half widths; 1 at the ends. From one end, inside is 0."""
        value = np.asarray(value, np.float64)
        if math.isinf(self.high):
            return np.asarray(np.minimum(value - self.low, 0.0) / self.half_width)
        if math.isinf(self.low):
            return np.asarray(np.maximum(value - self.high, 0.0) / self.half_width)
        return np.asarray((value - (self.low + self.high) / 2) / self.half_width)

    def takes(self, value: float) -> bool:
        """Say whether a simulated value passes."""
        return self.low <= value <= self.high


def lines_of(values: Mapping[str, float]) -> tuple[str, ...]:
    """Write values as overrides."""
    return tuple(f"{key}={value:.6g}" for key, value in values.items())


def _at_point(rows: Sequence[str], lines: Sequence[str], luck: range, seed: int, replication: int, threads: int) -> Measures:  # noqa: ARG001
    """Run each unit of some rows with luck of the point's own, and judge; worker processes import this."""
    found: dict[str, list[float]] = {}
    for name in rows:
        row = built_rows()[name]
        values: dict[str, dict[str, list[Numbers]]] = {}
        for unit in row.units("quick", lines):
            own = values.setdefault(unit.name, {})
            for number in luck:
                for measure, value in unit.run(seed, number, threads).items():
                    own.setdefault(measure, []).append(np.atleast_1d(np.asarray(value, np.float64)))
        for check in row.judge(Found(values)):
            found[f"{name}: {check.name}"] = [check.target, check.low, check.high, check.simulated.mean]
    return {name: np.array(own) for name, own in found.items()}


@dataclass
class Laboratory:
    """Simulates rows at points, over worker processes.

    Attributes
    ----------
    seed
        Root of all random numbers.
    executor, workers
        As for other commands.
    replications
        How often each unit is run at a point.
    told
        Called after each point.
    without_value
        How many points had no value of some fact.
    """

    seed: int
    executor: str
    workers: int
    replications: int = 1
    told: Callable[[], None] = lambda: None
    without_value: int = 0

    def at(self, block: Block, points: Numbers, others: Mapping[str, float], first: int) -> tuple[list[Fact], Numbers]:
        """Simulate each unit of a block's rows at each point.

        Parameters
        ----------
        block
            Parameters and rows.
        points
            Of the unit cube, a row each.
        others
            Values of the parameters of other blocks.
        first
            Number of the first point: each has luck of its own.

        Returns
        -------
        facts : list of Fact
        values : array
            A row a point, a column a fact; NaN where nothing came out.
        """
        units = [
            Unit(str(place), partial(_at_point, block.rows, lines_of({**others, **block.values(point)}), self._luck(first + place)), 1)
            for place, point in enumerate(points)
        ]
        # The executor knows runs by row and unit; here one run is of all rows of the block.
        whole = replace(built_rows()[block.rows[0]], name="point")
        found = found_in(whole, self._done(tasks_of(whole, units, self.seed)))
        facts: dict[str, Fact] = {}
        rows: list[dict[str, float]] = []
        for unit in units:
            row: dict[str, float] = {}
            for label in found.measures(unit.name):
                target, low, high, value = found.table(unit.name, label)[0]
                name, _, check = label.partition(": ")
                facts.setdefault(label, Fact(name, check, target, low, high))
                row[label] = value
            rows.append(row)
        values = np.array([[row.get(label, math.nan) for label in facts] for row in rows])
        self.without_value += int(np.isnan(values).any(axis=1).sum())
        return list(facts.values()), values

    def compute(self, function: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Call a function with each of some arguments, in the worker processes."""
        return spread_out(function, calls, executor=self.executor, workers=self.workers)

    def _luck(self, number: int) -> range:
        """Return the replications that the point of a number has to itself."""
        return range(number * self.replications, (number + 1) * self.replications)

    def judged(self, names: Sequence[str], values: Mapping[str, float], size: Size = "full") -> dict[str, Sequence[Check]]:
        """Judge rows at one set of parameters, as `validate` does in a size."""
        lines = lines_of(values)
        rows = {name: built_rows()[name] for name in names}
        tasks = [task for row in rows.values() for task in tasks_of(row, row.units(size, lines), self.seed)]
        outcomes = list(self._done(tasks))
        return {
            name: row.judge(found_in(row, [own for own in outcomes if own.key.strategy.startswith(f"{name}/")]))
            for name, row in rows.items()
        }

    def _done(self, tasks: Sequence[Task]) -> Iterator[FinishedRun]:
        with warnings.catch_warnings():
            # A worker that has had much memory is replaced by a fresh one: no affair of the user's.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs were given to the executor")
            for outcome in run_all(tasks, work, executor=self.executor, workers=self.workers):  # type: ignore[arg-type]
                if isinstance(outcome, FailedRun):
                    raise StorageError(f"{outcome.key.strategy}, replication {outcome.key.replication}, failed: {outcome.error}")
                self.told()
                yield outcome
