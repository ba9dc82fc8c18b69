"""The cells of a map: a comparison at every pair of values of two keys."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from experiments.checks import is_number
from experiments.errors import UserError
from experiments.explanation import unknown_key
from experiments.flip_map.settings import FlipMapSettings
from experiments.known_keys import KnownKeys
from experiments.overrides import Override
from experiments.validation import validation_lines
from experiments.wording import got

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["Cell", "FlipMap", "cell_name", "flip_map_of"]

#: Times the value that the comparison has.
_AROUND = (0.5, 1.0, 2.0)


class Cell(NamedTuple):
    """One strategy at one pair of values."""

    strategy: str
    first: float
    second: float
    scenario: Scenario

    @property
    def name(self) -> str:
        """Name of its runs."""
        return cell_name(self.strategy, self.first, self.second)


@dataclass(frozen=True)
class FlipMap:
    """A map to compute, with every choice made.

    Attributes
    ----------
    keys
        The two uncertain keys: the first goes across, the second up.
    units
        Their units; empty where the model names none.
    values
        The values of each, ascending.
    horizons
        Days at whose end the map is read, ascending.
    metric
        ``"contribution"`` or ``"gmv"``.
    replications
        Runs of each strategy in each cell.
    cells
        Strategies at pairs of values.
    """

    keys: tuple[str, str]
    units: tuple[str, str]
    values: tuple[tuple[float, ...], tuple[float, ...]]
    horizons: tuple[int, ...]
    metric: str
    replications: int
    cells: tuple[Cell, ...]

    def shown(self) -> dict[str, Any]:
        """Describe what is shown, as plain values; other values and days can be asked for of the same runs."""
        return {
            "units": list(self.units),
            "values": [list(own) for own in self.values],
            "horizons": list(self.horizons),
            "metric": self.metric,
        }


def cell_name(strategy: str, first: float, second: float) -> str:
    """Name the runs of a strategy at a pair of values: ``kill_pig@3.5,0.5``."""
    return f"{strategy}@{first:.15g},{second:.15g}"


def flip_map_of(settings: FlipMapSettings, arms: Mapping[str, Scenario], schema: Mapping[str, Any]) -> FlipMap:
    """Choose what is left open, and make the scenarios of all cells.

    Parameters
    ----------
    settings
        What was asked for; with keys.
    arms
        Scenarios of the comparison by strategy, the baseline first.
    schema
        JSON schema of a scenario: where units and bounds are found.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    assert settings.keys is not None
    if len(arms) < 2:
        raise UserError(f"flip_map: there is one strategy only, {next(iter(arms))}; it takes a comparison of two or more")
    known = KnownKeys(schema)
    dumps = {name: scenario.model_dump() for name, scenario in arms.items()}
    UserError.raise_any(line for key in settings.keys if (line := _key_problem(key, dumps, known)))
    baseline = next(iter(dumps.values()))
    fields = [known.field(key.split("."), baseline) for key in settings.keys]
    values = settings.values or tuple(_around(_number_at(baseline, key), field) for key, field in zip(settings.keys, fields, strict=True))
    UserError.raise_any(
        f"flip_map.values: missing; {key} is {_number_at(baseline, key):g} here, around which there is nothing to try: give two lists"
        for key, own in zip(settings.keys, values, strict=True)
        if not own
    )
    days = math.ceil(next(iter(arms.values())).horizon_days)
    horizons = settings.horizons or tuple(sorted({max(1, round(days * part / 3)) for part in (1, 2, 3)}))
    if horizons[-1] > days:
        raise UserError(f"flip_map.horizons: got {horizons[-1]}; it takes days of the comparison, 1 to {days}")
    cells = _cells(settings.keys, values, arms, dumps, known)
    units = (str(fields[0].get("unit", "")), str(fields[1].get("unit", "")))
    return FlipMap(settings.keys, units, (values[0], values[1]), horizons, settings.metric, settings.replications, cells)


def _key_problem(key: str, dumps: Mapping[str, Mapping[str, Any]], known: KnownKeys) -> str | None:
    if key == "horizon_days":
        return "flip_map.keys: got horizon_days; the days at which the map is read are flip_map.horizons"
    for name, values in dumps.items():
        line = unknown_key(Override(key, key, "", key), values, known)
        if line and name != next(iter(dumps)):
            return f"flip_map.keys: {key}: {name} has no such key; it takes keys that every strategy has"
        if line:
            return f"flip_map.keys: {line}"
        value = _at(values, key)
        if not is_number(value):
            what = "a group of keys" if isinstance(value, Mapping) else got(value)
            return f"flip_map.keys: {key}: it is {what} (strategy {name}); it takes keys with numbers"
    return None


def _around(value: float, field: Mapping[str, Any]) -> tuple[float, ...]:
    """Vary a value as far as its bounds allow; nothing where no two values come out."""
    low, high = field.get("minimum", -math.inf), field.get("maximum", math.inf)
    tried = {min(max(value * factor, low), high) for factor in _AROUND}
    if isinstance(value, int):
        tried = {round(number) for number in tried}
    above, below = field.get("exclusiveMinimum", -math.inf), field.get("exclusiveMaximum", math.inf)
    inside = sorted(float(number) for number in tried if above < number < below)
    return tuple(inside) if len(inside) > 1 else ()


def _cells(
    keys: tuple[str, str],
    values: Sequence[Sequence[float]],
    arms: Mapping[str, Scenario],
    dumps: Mapping[str, Mapping[str, Any]],
    known: KnownKeys,
) -> tuple[Cell, ...]:
    cells = []
    problems = []
    for (first, second), (name, scenario) in product(product(*values), arms.items()):
        changed = _with(_with(dumps[name], keys[0].split("."), first), keys[1].split("."), second)
        try:
            cells.append(Cell(name, first, second, type(scenario).model_validate(changed)))
        except ValidationError as error:
            problems += [f"flip_map.values: {line}" for line in validation_lines(error, changed, known).values()]
    UserError.raise_any(problems)
    return tuple(cells)


def _at(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values[part]
    return values


def _number_at(values: Any, key: str) -> int | float:
    number = _at(values, key)
    assert isinstance(number, (int, float))
    return number


def _with(values: Mapping[str, Any], path: Sequence[str], number: float) -> dict[str, Any]:
    """Copy a configuration with another number at a path; the rest is shared."""
    head, *rest = path
    if rest:
        return {**values, head: _with(values[head], rest, number)}
    # A whole number stays one, so that keys that take no others accept it.
    return {**values, head: int(number) if isinstance(values[head], int) and number == int(number) else number}
