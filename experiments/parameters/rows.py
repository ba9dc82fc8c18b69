"""The parameters of a scenario, one row each, from its values and the JSON schema of its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.known_keys import KnownKeys, Schema

__all__ = ["STATUSES", "Row", "rows_of"]

#: How a default can have come about.
STATUSES = ("published", "calibrated", "assumed")

#: In place of a default: the model has none, so the value must be given; or this entry is not in it.
_NONE, _ABSENT = object(), object()
_SWITCH = ("true", "false")


@dataclass(frozen=True)
class Row:
    """One parameter.

    Attributes
    ----------
    key
        Dotted path, as it is written in an override.
    value
        As it is written in an override; texts stand without the quotes that some need there.
    default
        The model's own; empty where it has none (the value must be given, or is an entry that somebody named).
    changed
        Whether the value differs from the default.
    unit, source, status, meaning
        What the model notes; empty where it notes nothing.
    low, high
        Bounds of a number, empty for anything else. Both are allowed, but see `bounds`.
    bounds
        What it takes, in words.
    """

    key: str
    value: str
    default: str
    changed: bool
    unit: str
    low: str
    high: str
    bounds: str
    source: str
    status: str
    meaning: str


def rows_of(values: Mapping[str, Any], schema: Schema) -> list[Row]:
    """List the parameters of a scenario, in the order of its model.

    Parameters
    ----------
    values
        The scenario as plain values (``model_dump(mode="json")``).
    schema
        JSON schema of its model.
    """
    return list(_Walk(values, KnownKeys(schema)).below((), values))


class _Walk:
    def __init__(self, values: Mapping[str, Any], known: KnownKeys) -> None:
        self._values, self._known = values, known

    def below(self, path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[Row]:
        group = self._known.group(path, self._values)
        for key, value in values.items():
            place = (*path, key)
            if isinstance(value, Mapping) and value:
                yield from self.below(place, value)
                continue
            field = self._known.field(place, self._values)
            noted = field
            if "properties" not in group:  # one entry of a mapping, about which the model notes things as a whole
                all_defaults = group.get("default")
                noted = {**group, "default": all_defaults.get(key, _ABSENT)} if isinstance(all_defaults, Mapping) else group
            elif "const" in field:  # the kind of an action: what it does is said of the action
                noted = {"description": group.get("description", ""), **field}
            yield _row(place, value, noted, field)


def _row(place: tuple[str, ...], value: Any, noted: Schema, takes: Schema) -> Row:
    default = noted.get("default", _NONE)
    low, high, bounds = _bounds(takes)
    return Row(
        key=".".join(place),
        value=written(value),
        default="" if default in (_NONE, _ABSENT) else written(default),
        changed=default != _NONE and default != value,
        unit=noted.get("unit", ""),
        low=low,
        high=high,
        bounds=bounds,
        source=noted.get("source", ""),
        status=noted.get("status", ""),
        meaning=noted.get("description", ""),
    )


def _bounds(takes: Schema) -> tuple[str, str, str]:
    """Return the lowest and the highest number, and in words what is taken."""
    branches = [branch for branch in takes.get("anyOf", ()) if branch.get("type") != "null"]
    optional = " or null" if len(branches) < len(takes.get("anyOf", ())) else ""
    takes = branches[0] if branches else takes
    takes = takes.get("items", takes)
    takes = takes if not isinstance(takes.get("additionalProperties"), Mapping) else takes["additionalProperties"]
    if "enum" in takes:
        return "", "", ", ".join(written(name) for name in takes["enum"]) + optional
    if takes.get("type") == "boolean":
        return "", "", " or ".join(_SWITCH) + optional
    least, above, most = (takes.get(name) for name in ("minimum", "exclusiveMinimum", "maximum"))
    low, high = (written(bound) if bound is not None else "" for bound in (above if least is None else least, most))
    if not low and not high:
        return "", "", ""
    start = f"above {low}" if least is None and above is not None else low
    words = " to ".join(filter(None, (start, high)))
    return low, high, f"{words}{optional}"


def written(value: Any) -> str:
    """Write a value as an override takes it, texts without quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{written(entry)}' for key, entry in value.items())}}}"
    return str(value)
