"""What a value that is refused was probably meant as: what the import of a plan would read it as."""

from __future__ import annotations

import re
from typing import Any

from experiments.known_keys import Schema
from experiments.plans.texts import plain
from experiments.plans.times import clock_times, days, expression, weekday_of
from experiments.plans.values import takes_a_share, value_of
from experiments.wording import nearest

__all__ = ["meant"]

_DAYS_AND_TIMES = re.compile(r"(.+?) ?(\d{1,2}[:.]\d{2}(?: ?, ?\d{1,2}[:.]\d{2})*)")
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(?:(min|分)|(h|小时|时)|(d|天|日)|(w|周|星期))\w*")
_UNITS = ("min", "h", "d", "w")
_DAY_NAMES = ("daily", "weekdays", "weekends", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: From which number on a share is taken to be a percentage: 1.2 is as likely a slip of the point.
_PERCENTAGE_FROM = 2


def meant(name: str, value: Any, field: Schema) -> str:
    """Write ``; did you mean X?`` for a refused value, nothing if it cannot be read in any way.

    Parameters
    ----------
    name
        The last part of its key.
    value
        What was refused.
    field
        What the model notes about the parameter.
    """
    if isinstance(value, bool):
        return ""
    try:
        found = _meant(name, value, field)
    except ValueError:
        return ""
    return f"; did you mean {found}?" if found else ""


def _meant(name: str, value: Any, field: Schema) -> str:
    if isinstance(value, int | float):
        return f"{value / 100:.6g}" if takes_a_share(field) and _PERCENTAGE_FROM <= value <= 100 else ""
    if not isinstance(value, str):
        return ""
    if name == "when":
        return _time(plain(value))
    if str(field.get("unit", "")) == "hours":
        match = _DURATION.fullmatch(plain(value))
        return match[1] + next(unit for unit, word in zip(_UNITS, match.groups()[1:], strict=True) if word) if match else ""
    read = value_of(value, field)
    return f"{read:.10g}" if isinstance(read, int | float) else ""


def _time(text: str) -> str:
    """Read a time expression: weekdays in Chinese or misspelt, other signs between hours and minutes and between days."""
    match = _DAYS_AND_TIMES.fullmatch(re.sub(r" ?(?:,| and |&|和|/) ?", ",", text))
    if match is None:
        return ""
    return f"'{expression(_days(match[1]), clock_times(match[2].replace('.', ':')))}'"


def _days(text: str) -> str:
    try:
        return days(text)
    except ValueError:
        names = [weekday_of(part) or nearest(part, _DAY_NAMES, likeness=0.7) for part in text.split(",")]
        return days(",".join(name or "" for name in names))
