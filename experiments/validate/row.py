"""A row of the evidence: what is run for it, what is measured, and how that is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import Interval, interval_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result, Scenario

__all__ = [
    "SIZES",
    "Check",
    "Found",
    "Lines",
    "Measures",
    "Numbers",
    "Row",
    "Size",
    "Unit",
    "Use",
    "between",
    "simulated",
    "within",
    "within_points",
]

Numbers = NDArray[np.float64]
#: What is measured of a run: numbers or short arrays, by name.
Measures = Mapping[str, Numbers | float]
Size = Literal["quick", "full"]
#: Overrides of behaviour parameters, as on the command line: ``behaviour.chat.novelty=2``.
Lines = Sequence[str]
SIZES: tuple[Size, ...] = ("quick", "full")
Use = Literal["exact", "C", "V", "trap", "band", "null", "flip"]


@dataclass(frozen=True)
class Unit:
    """Runs of one kind.

    Attributes
    ----------
    name
        Names the unit within its row.
    run
        Does one run, given seed, replication and threads, and measures it. Worker processes import it, so it is a function of a
        module, or `functools.partial` of one.
    replications
        How many runs.
    """

    name: str
    run: Callable[[int, int, int], Measures]
    replications: int


def simulated(
    name: str, scenario: Scenario, measure: Callable[[Result], Measures], replications: int, *, record: Literal["daily", "full"] = "daily"
) -> Unit:
    """Return the unit that simulates a scenario and measures each result; at full that has what members said and claimed."""
    return Unit(name, partial(_measured, scenario, measure, record), replications)


def _measured(
    scenario: Scenario,
    measure: Callable[[Result], Measures],
    record: Literal["daily", "full"],
    seed: int,
    replication: int,
    threads: int,
) -> Measures:
    from sim import simulate

    return measure(simulate(scenario, seed=seed, replication=replication, record=record, threads=threads))


class Found:
    """What was measured in the runs of a row.

    Parameters
    ----------
    values
        By unit and measure, one array a run, in the order of replications.
    """

    def __init__(self, values: Mapping[str, Mapping[str, Sequence[Numbers]]]) -> None:
        self._values = values

    def has(self, unit: str) -> bool:
        """Whether the unit was run at this size."""
        return unit in self._values

    @property
    def units(self) -> list[str]:
        """Names of the units that were run."""
        return sorted(self._values)

    def measures(self, unit: str) -> list[str]:
        """Return the names of what was measured of a unit."""
        return list(self._values[unit])

    def runs(self, unit: str, measure: str) -> list[Numbers]:
        """Return one array a run; their lengths may differ."""
        return list(self._values[unit][measure])

    def table(self, unit: str, measure: str) -> Numbers:
        """Return one row a run, for arrays of one length."""
        return np.stack(self.runs(unit, measure))

    def mean(self, unit: str, measure: str, place: int = 0) -> Interval:
        """Return mean and interval over runs of a number, or of one place of an array."""
        return interval_of(self.table(unit, measure)[:, place])

    def joined(self, unit: str, measure: str) -> Numbers:
        """Return the values of all runs in one array."""
        return np.concatenate(self.runs(unit, measure))

    def mixed(self, units: Sequence[str], measure: str) -> Interval:
        """Return mean and interval of a number over units in equal parts, replication by replication."""
        return interval_of(np.mean([self.table(unit, measure)[:, 0] for unit in units], axis=0))

    def ratio(self, unit: str, above: str, below: str) -> Interval:
        """Return the ratio of the sums of two numbers over runs, and its interval by linearisation."""
        top, bottom = self.joined(unit, above), self.joined(unit, below)
        ratio = float(top.sum() / bottom.sum())
        spread = interval_of((top - ratio * bottom) / bottom.mean())
        return Interval(ratio, ratio + spread.low, ratio + spread.high, spread.replications)

    @property
    def number(self) -> int:
        """How many runs there are."""
        return sum(len(next(iter(measures.values()))) for measures in self._values.values())


@dataclass(frozen=True)
class Check:
    """One number of the evidence beside the simulated one.

    Attributes
    ----------
    name
        What the number is.
    target, low, high
        What is published (NaN where it is a range), and between what the simulated value may lie.
    simulated
        The simulated value with its interval.
    """

    name: str
    target: float
    low: float
    high: float
    simulated: Interval

    @property
    def verdict(self) -> str:
        """``"pass"`` where the simulated value lies between the limits, else ``"fail"``."""
        return "pass" if self.low <= self.simulated.mean <= self.high else "fail"


def between(name: str, low: float, high: float, simulated: Interval) -> Check:
    """Return a check against a published range, which has no target within it."""
    return Check(name, float("nan"), low, high, simulated)


def within_points(name: str, target: float, points: float, simulated: Interval) -> Check:
    """Return a check whose limits are so far from the target on both sides."""
    return Check(name, target, target - points, target + points, simulated)


def within(name: str, target: float, tolerance: float, simulated: Interval) -> Check:
    """Return a check whose limits are a share of the target on both sides."""
    room = abs(target) * tolerance
    return Check(name, target, target - room, target + room, simulated)


@dataclass(frozen=True)
class Row:
    """A row of the evidence.

    Attributes
    ----------
    number
        As in the evidence.
    use
        ``"exact"`` (closed form), ``"C"`` (may be calibrated on), ``"V"`` (a prediction), ``"trap"``, ``"band"``, ``"null"``, ``"flip"``.
    title
        What it is about, short.
    target, source
        What is known, and from whom, in words.
    units
        The runs that it needs at a size, with behaviour parameters that are tried instead of the defaults. Rows with worlds of their
        own (exact, null) have no use for them.
    judge
        The checks of what was found.
    draw
        Draws published against simulated; None draws each check as a share of its target.
    means
        How it is simulated and measured, for readers, where the target does not say it.
    """

    number: int
    use: Use
    title: str
    target: str
    source: str
    units: Callable[[Size, Lines], Sequence[Unit]]
    judge: Callable[[Found], Sequence[Check]]
    draw: Callable[[Axes, Found], None] | None = None
    means: str = ""
    name: str = field(default="", compare=False)
