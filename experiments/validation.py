"""From pydantic's errors to lines that name the key, what it got and what it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.known_keys import KnownKeys
from experiments.meant import meant
from experiments.wording import got, listed, suggestion

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["validation_lines"]

Path = tuple[str | int, ...]
#: Errors about a single value.
_SINGLE = ("float_parsing", "int_parsing", "less_than_equal", "less_than", "value_error")
_MAPPINGS = ("dict_type", "model_type", "model_attributes_type")


def validation_lines(error: ValidationError, data: Any, known: KnownKeys) -> dict[str, str]:
    """Word every error of a failed validation.

    Parameters
    ----------
    error
        What pydantic raised.
    data
        The mapping that was validated.
    known
        Valid keys of the model, for suggestions.

    Returns
    -------
    dict
        From the key to its line; several errors at one key (the branches of a union) become one line.
    """
    lines: dict[str, str] = {}
    hints: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        path = _key_path(detail["loc"], data, is_missing=detail["type"] == "missing")
        if detail["type"].startswith("union_tag"):
            path = (*path, str(detail["ctx"]["discriminator"]).strip("'"))
        key = _dotted(path)
        if detail["type"] == "value_error" and isinstance(detail["input"], Mapping):
            lines.update(_findings(detail["msg"].removeprefix("Value error, "), key))
            continue
        text = _text(detail, path, data, known)
        hints.setdefault(key, _hint(detail, path, data, known))
        if key in lines and text not in lines[key]:
            lines[key] += f", or {text.rpartition('; ')[2]}"
        else:
            lines.setdefault(key, f"{key}: {text}" if key else text)
    return {key: f"{line}{hints.get(key, '')}" for key, line in lines.items()}


def _hint(detail: ErrorDetails, path: Path, data: Any, known: KnownKeys) -> str:
    """Say what a value may have been meant as, where it is a single one."""
    keys = [str(part) for part in path]
    return meant(keys[-1], detail["input"], known.field(keys, data)) if keys and detail["type"] in _SINGLE else ""


def _dotted(path: Sequence[str | int]) -> str:
    """Write a path as it is written on the command line: ``strategy.programme.x`` or ``strategies[0]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _findings(message: str, key: str) -> dict[str, str]:
    """Part the message of a check of several keys into lines, each with its whole key."""
    lines: dict[str, str] = {}
    for line in message.splitlines():
        named = re.match(r"([\w.\[\]]+): ", line)
        if not key or (named and f"{named[1]}.".startswith(f"{key}.")):
            full = line
        else:
            full = f"{key}.{line}" if named else f"{key}: {line}"
        lines[full.partition(": ")[0] if named else f"{key} {len(lines)}".strip()] = full
    return lines


def _key_path(location: Path, data: Any, *, is_missing: bool) -> Path:
    """Drop from pydantic's location what is no key: tags of unions and names of validators."""
    path: list[str | int] = []
    for position, part in enumerate(location):
        inside = isinstance(data, Mapping) and part in data
        if inside or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
        elif is_missing and isinstance(data, Mapping) and position == len(location) - 1:
            pass  # the key that is not there; the last part of any other location may be the tag of a union
        else:
            continue
        path.append(part)
    return tuple(path)


def _text(detail: ErrorDetails, path: Path, data: Any, known: KnownKeys) -> str:
    kind, message, value = detail["type"], detail["msg"], detail["input"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        siblings = known.at([str(part) for part in path[:-1]], data)
        prefix = _dotted(path[:-1])
        hint = suggestion(str(path[-1]), siblings, f"{prefix}." if prefix else "")
        # In {when: Mon,Thu 10:00} the part behind the comma is a key without a value.
        return "no such key" + (hint or ("; a text that holds a comma goes into quotes" if value is None else ""))
    if kind in ("missing", "union_tag_not_found"):
        glued = next((str(key) for key in value if ":" in str(key)), None) if isinstance(value, Mapping) else None
        return "missing; it must be given" + (f"; in {glued!r} a blank is missing after the colon" if glued else "")
    if kind == "union_tag_invalid":
        tags = [tag.strip().strip("'") for tag in str(context.get("expected_tags", "")).split(",")]
        tag = str(context.get("tag"))
        hint = suggestion(tag, tags)
        return f"got {tag!r}; it takes {listed(tags) if hint else ', '.join(tags)}{hint}"
    if kind in ("literal_error", "enum"):
        names = [name.strip("'") for name in str(context.get("expected", "")).replace(" or ", ", ").split(", ")]
        return f"got {got(value)}; it takes {listed(names)}{suggestion(str(value), names)}"
    if kind in _MAPPINGS:
        return "is empty; it takes keys below it" if value is None else f"got {got(value)}; it takes keys below it, each with a value"
    if kind == "list_type" and isinstance(value, str):
        return f"got {got(value)}; it takes a list: [{value}]"
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ").replace("\n", " ")
    if kind in ("value_error", "assertion_error") and "got" in text:
        return text
    text = re.sub(r"^(is|takes|names)\b", r"it \1", text.removeprefix(repr(value)).lstrip(": "))
    return f"got {got(value)}; {text[:1].lower()}{text[1:]}".replace("input should be", "it should be")
