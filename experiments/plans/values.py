"""From the text of a cell to the value of a parameter, by what the model notes about it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from experiments.known_keys import Schema
from experiments.plans.texts import parts, plain
from experiments.wording import got

__all__ = ["takes_a_share", "value_of"]

_LONGEST = 200
_TRUTH = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
# Short enough to convert: a number of a thousand digits is no parameter.
_NUMBER = r"[-+]?\d{1,30}(?:\.\d{0,30})?(?:e[-+]?\d{1,2})?"
_PERCENT = re.compile(rf"({_NUMBER}) ?%")
_YUAN = re.compile(rf"(?:¥|rmb|cny)? ?({_NUMBER}) ?(?:yuan|元|rmb|cny)?")
_PLAIN = re.compile(f"({_NUMBER})")


def value_of(text: str, field: Schema) -> Any:
    """Convert a text that is not empty; bounds and names are left to the model.

    Parameters
    ----------
    text
        As it stands in the cell.
    field
        What the model notes about the parameter.

    Raises
    ------
    ValueError
        Saying what it takes.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"got {got(text)}; it takes at most {_LONGEST} characters")
    if "${" in text:
        # In a file of ours that would be read as a reference to another value, or to the environment.
        raise ValueError(f"got {got(text)}; it takes a value, no reference")
    takes = _branch(field)
    kind = takes.get("type")
    if kind in ("number", "integer"):
        return _number(text, field, whole=kind == "integer")
    if kind == "boolean":
        if plain(text) not in _TRUTH:
            raise ValueError(f"got {got(text)}; it takes true or false")
        return _TRUTH[plain(text)]
    if kind == "array":
        return [value_of(part, takes.get("items", {})) for part in parts(text)]
    if kind == "object":
        return _pairs(text)
    # Names of the model are ordinary small letters; those of a brand stand as the brand wrote them.
    return plain(text) if "enum" in takes or "const" in takes else text


def takes_a_share(field: Schema) -> bool:
    """Return whether a percentage can be meant."""
    return str(field.get("unit", "")).split(" ")[0] == "share"


def _branch(field: Schema) -> Schema:
    """Return the description of the value itself where none at all is allowed, too."""
    branches = [branch for branch in field.get("anyOf", ()) if branch.get("type") != "null"]
    return branches[0] if branches else field


def _number(text: str, field: Schema, *, whole: bool) -> float | int | str:
    written, words = plain(text), str(field.get("unit", "")).replace(",", "").split(" ")
    percent = _PERCENT.fullmatch(written) if takes_a_share(field) else None
    if percent:
        return float(Decimal(percent[1]) / 100)
    match = _YUAN.fullmatch(written) if "yuan" in words else _PLAIN.fullmatch(written)
    if match:
        number = Decimal(match[1])
        return int(number) if number == number.to_integral_value() and (whole or "." not in match[1]) else float(number)
    if words == ["hours"]:
        return written  # a duration such as 2h, which the model reads
    example = "a share such as 0.12 or 12%" if takes_a_share(field) else "an amount such as 15, 15 yuan or ¥15" if "yuan" in words else ""
    commas = ", without commas" if "," in written else ""
    raise ValueError(f"got {got(text)}; it takes {example or ('a whole number' if whole else 'a number')}{commas}")


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for part in parts(text):
        key, separator, value = (word.strip() for word in part.replace("：", ":").partition(":"))
        if not (key and separator and value):
            raise ValueError(f"got {got(text)}; it takes pairs such as topic: column")
        found[key] = value
    return found
