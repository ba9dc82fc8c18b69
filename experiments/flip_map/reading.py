"""What a map shows, in words that take no side."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from experiments.flip_map.results import FlipResults, decided
from experiments.numbers import count

__all__ = ["FLIP_CAVEAT", "reading", "with_unit"]

FLIP_CAVEAT = (
    "Every cell is one setting of two parameters; all others stay as the comparison has them. The 95 % intervals are over "
    "replications on the same people; they do not include uncertainty of the model itself, and each cell is judged alone, so "
    "that of many cells without a difference one in twenty would look decided."
)

_LABELS = {"contribution": "contribution", "gmv": "GMV"}


def with_unit(key: str, unit: str) -> str:
    """Write a key with its unit, where it has one."""
    return f"{key} ({unit})" if unit else key


def reading(found: FlipResults, table: pd.DataFrame) -> str:
    """Say in a sentence or two who leads where, and with what the order changes.

    Parameters
    ----------
    found
        The map.
    table
        Its table.
    """
    cells = len(found.values[0]) * len(found.values[1])
    spans = [_span(*parts) for parts in zip(found.keys, found.values, found.units, strict=True)]
    over = f"Over {cells} pair{'s' * (cells > 1)} of values of {spans[0]} and {spans[1]}"
    days = "; ".join(_day(found, table[table["horizon_days"] == day], day, said=index > 0) for index, day in enumerate(found.horizons))
    return " ".join([f"{over}: {days}.", _flips(found, table), *_turns(table[table["horizon_days"] == found.horizons[-1]])])


def _span(key: str, values: list[float], unit: str) -> str:
    low, high = (f"{value:g}" for value in (values[0], values[-1]))
    return f"{key} ({low if low == high else f'{low} to {high}'}{f' {unit}' if unit else ''})"


def _day(found: FlipResults, rows: pd.DataFrame, day: int, *, said: bool) -> str:
    """Count the cells that each strategy leads at the end of a day, and in how many of them that is decided."""
    parts: list[str] = []
    for name in (*found.strategies, ""):
        own = rows[rows["leader"] == name]
        if own.empty:
            continue
        # What the numbers mean is said with the first.
        verb = "" if said or parts else f" leads on {_LABELS[found.metric]}"
        sure = f" ({_sure(int(decided(own).sum()), len(own), said=said or bool(parts))})" if name else ""
        parts.append(f"{name or 'nobody'}{verb} in {'all' if len(own) == len(rows) else count(len(own))}{sure}")
    return f"by day {day} {_listed(parts)}"


def _sure(number: int, of: int, *, said: bool) -> str:
    text = "none" if not number else "all" if number == of else count(number)
    return f"{text} decided" if said else f"{text} decided: the interval excludes 0"


def _flips(found: FlipResults, table: pd.DataFrame) -> str:
    """Say whether the decided leader changes, and with what."""
    sure = table[decided(table)]
    leaders = [name for name in found.strategies if (sure["leader"] == name).any()]
    if not leaders:
        return "No lead is decided anywhere on this map."
    if len(leaders) == 1:
        return f"Wherever the lead is decided, {leaders[0]} has it: this map shows no decided flip."
    axes = {"first": found.keys[0], "second": found.keys[1], "horizon_days": "the horizon"}
    moved = [label for column, label in axes.items() if _changes_along(sure, [other for other in axes if other != column])]
    if not moved:
        return f"The decided leader differs between cells ({_listed(leaders)}), though along neither axis alone."
    return f"The decided leader changes with {_listed(moved)}."


def _changes_along(sure: pd.DataFrame, fixed: list[str]) -> bool:
    """Whether the leader changes while the other two stay the same."""
    return bool((sure.groupby(fixed)["leader"].nunique() > 1).any())


def _turns(rows: pd.DataFrame) -> Iterable[str]:
    """Say in how many cells the order turns within the horizon."""
    days = rows["crossing_day"].dropna()
    if days.empty:
        yield f"Within a cell the order does not turn over time, by day {rows['horizon_days'].iloc[0]}."
    else:
        first, last = (count(round(day)) for day in (days.min(), days.max()))
        when = f"on day {first}" if first == last else f"between day {first} and day {last}"
        yield f"Within a cell the order turns over time in {len(days)} of {len(rows)}, for the last time {when}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
