"""What is to vary, as it is written in the configuration: keys with lists or ranges, and a design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from experiments.checks import no_truth_value
from experiments.wording import got

__all__ = ["Choices", "Range", "Side", "Varied", "flat_keys", "varied_keys"]

#: Values that are tried one by one.
Choices = tuple[Any, ...]

_EXAMPLE = "it takes a list, for example [3,7,14], a range, for example {low: 3, high: 14}, or null for half to twice its value"


class Range(BaseModel):
    """All numbers between two.

    Attributes
    ----------
    low, high
        The ends, which belong to it.
    scale
        What is spread evenly: the numbers (``"linear"``) or their logarithms (``"log"``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"high: got {self.high:g}; it takes a number above low, {self.low:g}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low: got {self.low:g}; a range of scale log takes numbers above 0")
        return self

    def at(self, share: float) -> float:
        """Return the number at a share of the way from `low` to `high`."""
        if self.scale == "log":
            return float(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return self.low + share * (self.high - self.low)

    def share(self, number: float) -> float:
        """Return at which share of the way from `low` to `high` a number is, 0 or 1 for what is beyond."""
        inside = min(max(number, self.low), self.high)
        if self.scale == "log":
            return math.log(inside / self.low) / math.log(self.high / self.low)
        return (inside - self.low) / (self.high - self.low)


#: None stands for a range around the value that the configuration has.
Varied = Range | Choices | None


def varied_keys(value: Any, example: str = "{population.size: [500,1000]}") -> Any:
    """Check what varies: keys, dotted or one below the other, each with a list, a range, or None."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"got {got(value)}; it takes keys with what they vary between, for example {example}")
    return {key: _choices(str(key), own) for key, own in flat_keys(value, "").items()}


def flat_keys(values: Mapping[Any, Any], path: str) -> dict[str, Any]:
    """Join keys that are written one below the other to dotted ones."""
    flat: dict[str, Any] = {}
    for key, own in values.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(own, Mapping) and not {"low", "high"} & own.keys():
            flat.update(flat_keys(own, name))
        else:
            flat[name] = own
    return flat


def _choices(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _range(key, value)
    if value is None or isinstance(value, Range):
        return value
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"{key}: got {got(value)}; {_EXAMPLE}")
    twice = [own for position, own in enumerate(value) if own in value[:position]]
    if twice:
        raise ValueError(f"{key}: got {got(twice[0])} more than once; it takes each value once")
    return tuple(value)


def _range(key: str, value: Mapping[str, Any]) -> Range:
    try:
        return Range.model_validate(value)
    except ValidationError as error:
        # A union of ranges and lists would complain of both.
        message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ValueError(f"{key}: {message if 'got' in message else f'got {got(value)}; {_EXAMPLE}'}") from None


class Side(BaseModel):
    """One side of what varies: the levers, or the world.

    Attributes
    ----------
    over
        By key, a list of values, a range, or None.
    design
        ``"grid"`` (every combination of lists), ``"list"`` (the first values of all keys, then the second, and so on),
        ``"latin_hypercube"`` or ``"sobol"`` (points spread over ranges); None takes grid where there are lists alone.
    points
        How many points a spread design has; other designs know themselves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    over: Annotated[dict[str, Varied], BeforeValidator(varied_keys)] = {}
    design: Literal["grid", "list", "latin_hypercube", "sobol"] | None = None
    points: Annotated[int, BeforeValidator(no_truth_value), Field(ge=1, le=100_000)] | None = None

    @property
    def chosen_design(self) -> str:
        """The design that is taken."""
        return self.design or ("grid" if all(isinstance(own, tuple) for own in self.over.values()) else "latin_hypercube")

    def with_choices(self, choices: Mapping[str, Choices]) -> Side:
        """Add keys with lists of values; they replace what was said about the same keys."""
        return self.model_copy(update={"over": {**self.over, **choices}})
