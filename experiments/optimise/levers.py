"""Levers as a sampler sees them: parameters with a distribution each, and the way from these to values and back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.checks import is_number
from experiments.varying.designs import value_at
from experiments.varying.keys import VariedKey
from experiments.varying.settings import Choices, Range

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

__all__ = ["Lever", "lever_of"]

#: Steps that a range is cut into at least: nobody plans a discount of 0.18347192.
_STEPS = 100
_DIGITS = 3


@dataclass(frozen=True)
class Lever:
    """A key of the strategy that moves.

    Attributes
    ----------
    varied
        Where it is, and what it is now.
    over
        Between what it moves; numbers of a list in their order.
    """

    varied: VariedKey
    over: Range | Choices

    @property
    def values(self) -> int | None:
        """How many values it can take; None for a range of numbers that are not whole."""
        if not isinstance(self.over, Range):
            return len(self.over)
        return math.floor(self.over.high) - math.ceil(self.over.low) + 1 if self.varied.whole else None

    def at(self, share: float) -> Any:
        """Return the value at a share (0 to 1) of what it moves between."""
        return self._rounded(value_at(self.over, share, self.varied))

    def distribution(self) -> BaseDistribution:
        """Describe it to the sampler; values of a list by their places."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        if not isinstance(self.over, Range):
            ordered = all(is_number(value) for value in self.over)
            return IntDistribution(0, len(self.over) - 1) if ordered else CategoricalDistribution(tuple(range(len(self.over))))
        log = self.over.scale == "log"
        if self.varied.whole:
            return IntDistribution(math.ceil(self.over.low), math.floor(self.over.high), log=log)
        return FloatDistribution(self.over.low, self.over.high, log=log)

    def value(self, parameter: Any) -> Any:
        """Return the value that a parameter of the sampler stands for."""
        return self._rounded(parameter) if isinstance(self.over, Range) else self.over[parameter]

    def parameter(self, value: Any) -> Any:
        """Return the parameter that stands for a value; None where it is none of those that it moves between."""
        if isinstance(self.over, Range):
            return value if is_number(value) and self.over.low <= value <= self.over.high else None
        return self.over.index(value) if value in self.over else None

    def shown(self) -> dict[str, Any]:
        """Describe it for the configuration of the folder."""
        over = self.over.model_dump() if isinstance(self.over, Range) else list(self.over)
        return {"over": over, "path": list(self.varied.path), "now": _plain(self.varied.value), "unit": self.varied.unit}

    def problems(self, at: str) -> Iterator[str]:
        """Word what is wrong with what it moves between; lists are judged value by value, when one is tried."""
        if not isinstance(self.over, Range):
            return
        (low, high), (low_open, high_open) = self.varied.bounds, self.varied.open_ends
        if self.over.low < low or self.over.high > high or (low_open and self.over.low == low) or (high_open and self.over.high == high):
            takes = f"{'above ' if low_open else ''}{low:g} to {'below ' if high_open else ''}{high:g}"
            yield f"{at}: got {self.over.low:g} to {self.over.high:g} for {self.varied.key}; it takes numbers from {takes}"
        elif self.varied.whole and math.ceil(self.over.low) >= math.floor(self.over.high):
            yield f"{at}: got {self.over.low:g} to {self.over.high:g} for {self.varied.key}; it takes two whole numbers or more"

    def _rounded(self, value: Any) -> Any:
        if not isinstance(self.over, Range) or self.varied.whole:
            return value
        if self.over.scale == "log":
            digits = _DIGITS - 1 - math.floor(math.log10(value))
        else:
            digits = -math.floor(math.log10((self.over.high - self.over.low) / _STEPS))
        return min(max(round(value, digits), self.over.low), self.over.high)


def lever_of(varied: VariedKey, over: Range | Choices) -> Lever:
    """Make a lever of a key and of what it varies between."""
    if not isinstance(over, Range) and all(is_number(value) for value in over):
        over = tuple(sorted(over))
    return Lever(varied, over)


def _plain(value: Any) -> Any:
    """Return a value as a file can hold it."""
    if isinstance(value, (list, tuple)):
        return [_plain(own) for own in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
