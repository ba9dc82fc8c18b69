"""Values of a plan in words: durations, days, audiences; one line each, safe for a screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["audience", "days", "duration", "file_name", "number", "one_line", "schedule", "several", "value"]

_MOST_DAYS = 8
_DURATIONS = ((24.0, "d"), (1.0, "h"), (1.0 / 60.0, "min"))
#: Units that a reader takes as a share of a price.
_OF_PRICES = ("share of list", "share of price")


def one_line(text: object) -> str:
    """Write any text on one line; what a screen would obey rather than show is written as its code."""
    joined = " ".join(str(text).split())
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in joined)


def file_name(strategy: str) -> str:
    """Return a name of a strategy as every file system takes it in the name of a file."""
    return re.sub(r"[^\w-]+", "_", strategy)[:60] or "_"


def number(amount: float) -> str:
    """Write a number as short as it is exact."""
    return f"{amount:.10g}"


def several(count: int, what: str) -> str:
    """Write a number of things: ``1 round``, ``2 rounds``."""
    return f"{count} {what}{'s' * (count != 1)}"


def duration(hours: float) -> str:
    """Write a duration in the largest unit in which it is a whole number: ``14d``, ``36h``, ``20min``."""
    for size, unit in _DURATIONS:
        if hours >= size and abs(hours / size - round(hours / size)) < 1e-9:
            return f"{round(hours / size)}{unit}"
    return f"{number(hours)}h"


def days(hours: Iterable[float]) -> str:
    """Name the days that hours fall on: ``day 8, 36, 64``, the first of many with how often it is in all."""
    hours = list(hours)
    numbers = list(dict.fromkeys(int(hour // 24) for hour in hours))
    if not numbers:
        return "never within these days"
    more = "" if len(numbers) <= _MOST_DAYS else f", ... ({len(numbers)} days)"
    return f"day {', '.join(map(str, numbers[:_MOST_DAYS]))}{more}"


def schedule(item: Mapping[str, Any]) -> str:
    """Write when an item comes, with the days between which it does."""
    when = item.get("when")
    # A list stands for several expressions, in plans that other models take.
    words = [" / ".join(map(str, when)) if isinstance(when, list) else str(when or "")]
    if item.get("from_day"):
        words.append(f"from day {number(item['from_day'])}")
    if item.get("until_day") is not None:
        words.append(f"until day {number(item['until_day'])}")
    return ", ".join(words)


def value(entry: Any, unit: str = "") -> str:
    """Write the value of a parameter."""
    if isinstance(entry, bool):
        return "yes" if entry else "no"
    if isinstance(entry, (int, float)):
        if unit == "hours":
            return duration(entry)
        return f"{number(100 * entry)} %" if unit in _OF_PRICES else number(entry)
    if isinstance(entry, (list, tuple)):
        return " / ".join(value(part, unit) for part in entry) or "none"
    if isinstance(entry, Mapping):
        return " / ".join(f"{key}: {value(part, unit)}" for key, part in entry.items()) or "none"
    return "none" if entry is None else str(entry)


def audience(to: Mapping[str, Any]) -> str:
    """Say whom a personal message, or a journey, is for."""
    who = {"members": ["members of groups"], "outside": ["people outside groups"]}.get(str(to.get("who")), [])
    if to.get("segment"):
        who.append(f"segment {to['segment']}")
    parts = [*who, *_marks(to), *_span("last order", to, "ordered"), *_span("came in", to, "admitted")]
    return ", ".join(parts) or "everybody"


def _marks(to: Mapping[str, Any]) -> list[str]:
    least, most = to.get("orders_min") or 0, to.get("orders_max")
    found = []
    if most is not None:
        found.append(f"{least} orders" if least == most else f"{least} to {most} orders")
    elif least:
        found.append(f"at least {several(least, 'order')}")
    if to.get("spent_min_yuan"):
        found.append(f"spent at least {number(to['spent_min_yuan'])} yuan")
    if to.get("birthday"):
        found.append("whose birthday it is")
    lists: Sequence[tuple[str, str]] = (("stages", "stage"), ("tags", "tag"), ("channels", "came by"), ("groups", "in groups"))
    return found + [f"{word} {' / '.join(map(str, to[key]))}" for key, word in lists if to.get(key)]


def _span(what: str, to: Mapping[str, Any], key: str) -> list[str]:
    first, last = to.get(f"{key}_from"), to.get(f"{key}_until")
    if first is None and last is None:
        return []
    if last is None:
        return [f"{what} at least {duration(first or 0.0)} ago"]
    return [f"{what} {duration(first)} to {duration(last)} ago" if first else f"{what} within {duration(last)}"]
