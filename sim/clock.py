"""Simulated time: hours since Monday 00:00 of week 0, and the calendar expressions that people write.

``"Wed 20:00"``, ``"Mon,Thu 12:00"``, ``"weekdays 10:00"``, ``"daily 10:00, 20:00"``, ``"every 11 days 20:00 from day 5"``,
``"day 30 20:00"``, ``"festival double_11 20:00"``; durations ``"48h"``, ``"30min"``, ``"7d"``; hours of work ``"Mon-Fri 09:00-18:00"``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168.0
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SETS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)}
_TIME = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)$")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*(min|h|d|w)$")
_DURATION_HOURS = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
_EXAMPLES = '"Wed 20:00", "Mon,Thu 10:00", "daily 10:00", "every 11 days 20:00 from day 5", "day 30 20:00" or "festival NAME 20:00"'

_DAYS_EXAMPLES = '"day 20", "every 11 days from day 3", "Mon" or "festival NAME"'
_HOURS_EXAMPLES = '"daily 09:00-21:00", "Mon-Fri 09:00-18:00" or "Sat,Sun 10:00-24:00"'


@dataclass(frozen=True, order=True)
class Occurrence:
    """One time at which a schedule falls due: ``hour`` of simulated time, ``index`` a number that names the occasion by content.

    The index is week x 100 + place within the week for weekly schedules (so that moving an item by an hour, or adding another item,
    renumbers nothing), and the count of the period for the others.
    """

    hour: float
    index: int


@dataclass(frozen=True)
class Schedule:
    """When something happens: on days of the week, every so many days, once, or at a festival."""

    text: str
    minutes: tuple[int, ...]
    weekdays: tuple[int, ...] = ()
    period_days: int = 0
    first_day: int = 0
    festival: str = ""

    @property
    def by_calendar(self) -> bool:
        """Whether its days are those of the calendar; others are counted from a beginning."""
        return bool(self.weekdays or self.festival)

    def occurrences(self, until_hours: float, festivals: Mapping[str, tuple[int, ...]] | None = None) -> list[Occurrence]:
        """Return the occurrences in ``[0, until_hours)`` in order of time.

        Parameters
        ----------
        until_hours : float
            End of the horizon (hours), excluded.
        festivals : mapping of str to tuple of int, optional
            Days (from 0) of each festival.

        Raises
        ------
        ValueError
            If the schedule names a festival that the calendar does not have.
        """
        days = math.ceil(until_hours / HOURS_PER_DAY)
        found: list[Occurrence] = []
        for day, first_index in self._days(days, festivals or {}):
            for place, minute in enumerate(self.minutes):
                hour = day * HOURS_PER_DAY + minute / 60
                if hour < until_hours:
                    found.append(Occurrence(hour, first_index + place))
        return sorted(found)

    def _days(self, days: int, festivals: Mapping[str, tuple[int, ...]]) -> list[tuple[int, int]]:
        """Return (day, index of its first occurrence)."""
        many = len(self.minutes)
        if self.weekdays:
            return [(day, day // 7 * 100 + self.weekdays.index(day % 7) * many) for day in range(days) if day % 7 in self.weekdays]
        if self.festival:
            if self.festival not in festivals:
                raise ValueError(unknown("festival", self.festival, festivals))
            return [(day, n * many) for n, day in enumerate(festivals[self.festival]) if day < days]
        if self.period_days:
            return [(day, n * many) for n, day in enumerate(range(self.first_day, days, self.period_days))]
        return [(self.first_day, 0)] if self.first_day < days else []


def unknown(what: str, got: str, known: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    """Return a one-line message about a name that does not exist, with the nearest one that does."""
    names = sorted(set(known))
    near = get_close_matches(got, names, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    takes = f"takes one of {', '.join(names)}" if names else "there are none"
    return f"unknown {what} {got!r}: {takes}{hint}"


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that a calendar expression means.

    Raises
    ------
    ValueError
        If the expression makes no sense; the message says what it takes.
    """
    words = str(text).replace(", ", ",").strip().lower().split()
    if not words:
        raise ValueError(f"is empty: takes {_EXAMPLES}")
    first, rest = words[0], words[1:]
    if first == "every":
        return _parse_period(text, rest)
    if first == "day":
        if len(rest) != 2:
            raise ValueError(f"{text!r} takes the form 'day 30 20:00'")
        return Schedule(text, _minutes(text, rest[1]), first_day=_whole(text, rest[0], 0))
    if first == "festival":
        if len(rest) != 2:
            raise ValueError(f"{text!r} takes the form 'festival NAME 20:00'")
        return Schedule(text, _minutes(text, rest[1]), festival=rest[0])
    if len(rest) != 1:
        raise ValueError(f"{text!r} is no time expression: takes {_EXAMPLES}")
    return Schedule(text, _minutes(text, rest[0]), weekdays=_weekdays(text, first))


def parse_days(text: str) -> Schedule:
    """Return the schedule of the midnights of days: ``"day 20"``, ``"every 11 days from day 3"``, ``"Mon"``, ``"festival double_11"``.

    Raises
    ------
    ValueError
        If the expression makes no sense; the message says what it takes.
    """
    words = str(text).replace(", ", ",").split()
    place = 3 if words[:1] == ["every"] else len(words)
    try:
        return parse_schedule(" ".join([*words[:place], "00:00", *words[place:]]))
    except ValueError:
        raise ValueError(f"{text!r} takes days such as {_DAYS_EXAMPLES}") from None


def _parse_period(text: str, words: list[str]) -> Schedule:
    if len(words) < 3 or words[1] not in ("day", "days") or (len(words) > 3 and words[3:5] != ["from", "day"]) or len(words) not in (3, 6):
        raise ValueError(f"{text!r} takes the form 'every 11 days 20:00' or 'every 11 days 20:00 from day 5'")
    first_day = _whole(text, words[5], 0) if len(words) == 6 else 0
    return Schedule(text, _minutes(text, words[2]), period_days=_whole(text, words[0], 1), first_day=first_day)


def _whole(text: str, word: str, lowest: int) -> int:
    if not word.isdecimal() or not lowest <= int(word) <= 10_000:
        raise ValueError(f"{text!r}: {word!r} takes a whole number from {lowest} to 10000")
    return int(word)


def _minutes(text: str, word: str) -> tuple[int, ...]:
    found = []
    for part in word.split(","):
        match = _TIME.match(part)
        if not match or int(match[1]) * 60 + int(match[2]) >= 24 * 60:
            raise ValueError(f"{text!r}: {part!r} takes a time from 00:00 to 23:59")
        found.append(int(match[1]) * 60 + int(match[2]))
    if len(set(found)) != len(found):
        raise ValueError(f"{text!r} names the same time twice")
    return tuple(sorted(found))


def _weekdays(text: str, word: str) -> tuple[int, ...]:
    if word in _DAY_SETS:
        return tuple(_DAY_SETS[word])
    found = []
    for part in word.split(","):
        short = part[:3]
        if short not in WEEKDAYS or not part.isalpha():
            raise ValueError(f"{text!r} is no time expression: takes {_EXAMPLES}")
        found.append(WEEKDAYS.index(short))
    return tuple(sorted(set(found)))


def parse_duration_hours(value: object) -> float:
    """Return hours from ``"48h"``, ``"30min"``, ``"7d"``, ``"2w"`` or a number of hours.

    Raises
    ------
    ValueError
        If the value is no duration, negative, or not finite.
    """
    if isinstance(value, bool):
        raise ValueError(f"{value!r} takes a duration such as '48h', '30min' or '7d'")
    if isinstance(value, int | float):
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"{value!r} takes a number of hours of at least 0")
        return float(value)
    match = _DURATION.match(str(value).strip().lower())
    if not match:
        raise ValueError(f"{value!r} takes a duration such as '48h', '30min' or '7d'")
    return float(match[1]) * _DURATION_HOURS[match[2]]


@dataclass(frozen=True)
class Hours:
    """Hours of work: from and until which hour of which weekdays."""

    weekdays: tuple[int, ...]
    from_h: float
    until_h: float


def parse_hours(text: str) -> Hours:
    """Return the hours of work that ``"daily 09:00-21:00"``, ``"Mon-Fri 09:00-18:00"`` or ``"Sat,Sun 10:00-24:00"`` means.

    Raises
    ------
    ValueError
        If the expression makes no sense; the message says what it takes.
    """
    words = str(text).replace(", ", ",").strip().lower().split()
    times = words[1].split("-") if len(words) == 2 else []
    matches = [_TIME.match(time) for time in times]
    if len(matches) != 2 or not all(matches):
        raise ValueError(f"{text!r} takes days and hours of work such as {_HOURS_EXAMPLES}")
    from_h, until_h = (int(match[1]) + int(match[2]) / 60 for match in matches if match)
    if not from_h < until_h <= HOURS_PER_DAY:
        raise ValueError(f"{text!r} takes hours that end after they begin and by 24:00")
    return Hours(_working_days(text, words[0]), from_h, until_h)


def _working_days(text: str, word: str) -> tuple[int, ...]:
    """Return weekdays from a name of several, or from days and spans of days."""
    if word in _DAY_SETS:
        return tuple(_DAY_SETS[word])
    found: set[int] = set()
    for part in word.split(","):
        ends = [day[:3] for day in part.split("-")]
        if len(ends) > 2 or not all(day in WEEKDAYS for day in ends):
            raise ValueError(f"{text!r} takes days and hours of work such as {_HOURS_EXAMPLES}")
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        found |= {day % 7 for day in range(first, last + 1 if first <= last else last + 8)}
    return tuple(sorted(found))


def festival_days(start: date, festivals: Mapping[str, str], days: int) -> dict[str, tuple[int, ...]]:
    """Return the days (from 0) on which each festival falls within ``days`` from the start date.

    Parameters
    ----------
    start : datetime.date
        Date of day 0, a Monday.
    festivals : mapping of str to str
        Name to ``"MM-DD"``.
    """
    years = range(start.year, (start + timedelta(days=days)).year + 1)
    return {
        name: tuple(day for year in years if (day := _days_until(start, year, *map(int, when.split("-")))) in range(days))
        for name, when in festivals.items()
    }


def _days_until(start: date, year: int, month: int, day: int) -> int:
    """Return how many days after the start a day of a year is; -1 if the year does not have it (29 February)."""
    try:
        return (date(year, month, day) - start).days
    except ValueError:
        return -1


def _checked_schedule(text: str) -> str:
    parse_schedule(text)
    return text


def _checked_hours(text: str) -> str:
    parse_hours(text)
    return text


def _checked_days(text: str) -> str:
    parse_days(text)
    return text


When = Annotated[str, AfterValidator(_checked_schedule)]
Days = Annotated[str, AfterValidator(_checked_days)]
WorkingHours = Annotated[str, AfterValidator(_checked_hours)]
DurationHours = Annotated[float, BeforeValidator(parse_duration_hours)]
