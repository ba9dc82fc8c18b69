"""Keys of a configuration that can vary: where they are, what they are now, and in what unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.checks import is_number
from experiments.errors import UserError
from experiments.explanation import unknown_key
from experiments.known_keys import KnownKeys
from experiments.overrides import Override
from experiments.varying.settings import Range
from experiments.wording import got, listed, suggestion

__all__ = ["VariedKey", "around", "is_lever", "values_with", "varied_key"]

#: Times the value that the configuration has.
_HALF, _TWICE = 0.5, 2.0
#: Keys that say how long and how much is simulated: results at different values are of different things.
_FIXED = {"horizon_days": "results of different lengths are not to be compared"}


@dataclass(frozen=True)
class VariedKey:
    """A key that varies.

    Attributes
    ----------
    key
        As it is written on the command line, ``only.NAME.PATH`` included.
    path
        Where it is in a scenario.
    arm
        The only arm that it belongs to; empty for all.
    value
        What it is where nothing varies (in the first arm that has it).
    unit
        Its unit; empty where the model names none.
    bounds
        Least and greatest number that the model takes.
    open_ends
        Whether those two themselves are left out.
    """

    key: str
    path: tuple[str, ...]
    arm: str
    value: Any
    unit: str = ""
    bounds: tuple[float, float] = (-math.inf, math.inf)
    open_ends: tuple[bool, bool] = (False, False)

    @property
    def label(self) -> str:
        """The key with its unit, for axes and tables."""
        return f"{self.key} ({self.unit})" if self.unit else self.key

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers alone, as far as its value tells."""
        return isinstance(self.value, int) and not isinstance(self.value, bool)

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return is_number(self.value)

    def belongs_to(self, arm: str) -> bool:
        """Say whether an arm has it."""
        return self.arm in ("", arm)


def is_lever(key: str) -> bool:
    """Tell what the brand decides from what it meets."""
    return key.split(".")[0] in ("strategy", "only")


def varied_key(key: str, dumps: Mapping[str, Mapping[str, Any]], known: KnownKeys, at: str) -> VariedKey:
    """Find a key in the arms of a job.

    Parameters
    ----------
    key
        As the user wrote it.
    dumps
        Scenarios as plain values, by arm.
    known
        Valid keys of a scenario.
    at
        Key of the configuration that names it, for messages.

    Raises
    ------
    UserError
        When there is no such key, or not in every arm.
    """
    arm, path = "", key
    if key.split(".")[0] == "only":
        _, arm, *rest = key.split(".", 2)
        if arm not in dumps:
            raise UserError(
                f"{at}: got {key}; there is no arm {arm}, there are {listed(list(dumps))}{suggestion(arm, list(dumps), 'only.')}"
            )
        if not rest:
            raise UserError(f"{at}: got {key}; the path is missing, it takes only.{arm}.PATH")
        path = f"strategy.{rest[0]}"
    if path.split(".")[0] in _FIXED:
        raise UserError(f"{at}: got {key}; {_FIXED[path.split('.')[0]]}")
    having = {arm: dumps[arm]} if arm else dumps
    parts = tuple(path.split("."))
    lines = {name: unknown_key(Override(path, path, "", path), values, known) for name, values in having.items()}
    lacking = [name for name, line in lines.items() if line]
    if lacking and len(lacking) < len(lines):
        raise UserError(
            f"{at}: got {key}; {listed(lacking)} has no such key: it takes keys that every arm has, or only.ARM.PATH for one arm"
        )
    for name, values in having.items():
        if lines[name]:
            raise UserError(f"{at}: {lines[name]}")
        if not _is_there(values, parts):
            raise UserError(f"{at}: got {key}; it is not set (arm {name}): give it a value first, {key}=VALUE")
        if isinstance(_at(values, parts), Mapping):
            raise UserError(f"{at}: got {key}; it is a group of keys (arm {name}), it takes keys with values")
    values = next(iter(having.values()))
    field = known.field(parts, values)
    low, high = _end(field, "minimum", "exclusiveMinimum", -math.inf), _end(field, "maximum", "exclusiveMaximum", math.inf)
    return VariedKey(key, parts, arm, _at(values, parts), str(field.get("unit", "")), (low[0], high[0]), (low[1], high[1]))


def around(varied: VariedKey, at: str) -> Range:
    """Return half to twice the value of a key, as far as its bounds allow.

    Raises
    ------
    UserError
        When it is no number, or there is nothing around it.
    """
    if not varied.is_number:
        raise UserError(f"{at}: got {varied.key} without values; it is {got(varied.value)}, around which there is no range: give a list")
    ends = sorted((varied.value * _HALF, varied.value * _TWICE))
    # Where an end itself is not allowed, a hundredth of the way from it is.
    low, high = (min(max(end, varied.bounds[0]), varied.bounds[1]) for end in ends)
    if varied.open_ends[0] and low == varied.bounds[0]:
        low += 0.01 * (high - low)
    if varied.open_ends[1] and high == varied.bounds[1]:
        high -= 0.01 * (high - low)
    if not low < high or (varied.whole and math.floor(high) <= math.ceil(low)):
        raise UserError(
            f"{at}: got {varied.key} without values; around {got(varied.value)} there is nothing to try: give a list or a range"
        )
    return Range(low=low, high=high)


def values_with(values: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """Copy a configuration with another value at a path; the rest is shared."""
    head, *rest = path
    if rest:
        return {**values, head: values_with(values[head], rest, value)}
    before = values[head]
    # A whole number stays one, so that keys that take no others accept it.
    whole = isinstance(before, int) and not isinstance(before, bool) and isinstance(value, float) and value.is_integer()
    return {**values, head: int(value) if whole else value}


def _end(field: Mapping[str, Any], closed: str, opened: str, without: float) -> tuple[float, bool]:
    """Read a bound from the schema of a field, and whether it is itself left out; optional values have it in a branch."""
    for node in (field, *field.get("anyOf", ())):
        for name, is_open in ((closed, False), (opened, True)):
            if name in node:
                return float(node[name]), is_open
    return without, False


def _is_there(values: Any, path: Sequence[str]) -> bool:
    for part in path:
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return True


def _at(values: Any, path: Sequence[str]) -> Any:
    for part in path:
        values = values[part]
    return values
