"""From the weekday and the time of a table to a time expression of the model."""

from __future__ import annotations

import re

from experiments.plans.texts import plain
from experiments.wording import got, suggestion

__all__ = ["WEEKDAYS", "clock_times", "days", "expression", "weekday_of"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = dict(zip("一二三四五六日", WEEKDAYS, strict=True)) | {"天": "Sun"}
_SETS = {
    "daily": "daily",
    "weekdays": "weekdays",
    "weekends": "weekends",
    "每天": "daily",
    "每日": "daily",
    "工作日": "weekdays",
    "周末": "weekends",
}
_EVERY = re.compile(r"(every \d{1,9} days?)( from day \d{1,9})?")
_ONCE = re.compile(r"day \d{1,9}|festival \S{1,80}")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
_HOUR = re.compile(r"([01]?\d|2[0-3])h?")
_TAKES_DAYS = "Mon to Sun (several with commas), daily, weekdays, weekends, every 11 days, every 11 days from day 5, day 3 or festival NAME"


def weekday_of(text: str) -> str | None:
    """Return the short name of a weekday: written short or whole, or in Chinese; None for anything else."""
    name = plain(text)
    chinese = re.fullmatch(r"(?:周|星期|礼拜)([一二三四五六日天])", name)
    if chinese:
        return _CHINESE[chinese[1]]
    return next((short for short, whole in zip(WEEKDAYS, _WHOLE, strict=True) if len(name) >= 3 and whole.startswith(name)), None)


def days(text: str) -> str:
    """Return on which days, as the model writes it, but without the time.

    Raises
    ------
    ValueError
        Saying what it takes.
    """
    name = plain(text)
    if name in _SETS:
        return _SETS[name]
    if _EVERY.fullmatch(name) or _ONCE.fullmatch(name):
        return name
    found = []
    for part in (part.strip() for part in name.split(",")):
        day = weekday_of(part)
        if day is None:
            raise ValueError(f"got {got(text)}; it takes {_TAKES_DAYS}{suggestion(part, [*_SETS, *map(str.lower, WEEKDAYS), *_WHOLE])}")
        found.append(day)
    return ",".join(sorted(set(found), key=WEEKDAYS.index))


def clock_times(text: str, *, whole_hours: bool = False) -> str:
    """Return at which times of the day, ``HH:MM`` with commas between several.

    Parameters
    ----------
    text
        Times; seconds are allowed where they are 0, as spreadsheets write them.
    whole_hours
        Whether ``20`` is enough for 20:00.

    Raises
    ------
    ValueError
        Saying what it takes.
    """
    found = []
    for part in plain(text).replace(" ", "").split(","):
        match = _TIME.fullmatch(part) or (_HOUR.fullmatch(part) if whole_hours else None)
        if match is None:
            raise ValueError(f"got {got(text)}; it takes a time from 00:00 to 23:59 (several with commas)")
        found.append(f"{int(match[1]):02d}:{match[2] if match.re is _TIME else '00'}")
    return ",".join(dict.fromkeys(found))


def expression(when: str, times: str) -> str:
    """Join what `days` and `clock_times` return to a time expression."""
    every = _EVERY.fullmatch(when)
    return f"{every[1]} {times}{every[2] or ''}" if every else f"{when} {times}"
