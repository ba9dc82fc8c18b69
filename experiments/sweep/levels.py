"""Levels of a key: its values where they are few, else parts of its range with equally many points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.checks import is_number

__all__ = ["Levels", "levels_of", "shortened"]


class Levels(NamedTuple):
    """A key in levels.

    Attributes
    ----------
    places
        Where each level stands on an axis: the number itself (the mean of a part), or 0, 1, 2 for words.
    labels
        What each is called.
    numeric
        Whether places are numbers of the key.
    of
        The level of each row.
    """

    places: list[float]
    labels: list[str]
    numeric: bool
    of: pd.Series[int]


def levels_of(values: pd.Series[Any], most: int) -> Levels:
    """Find the levels of a column.

    Parameters
    ----------
    values
        The value of the key in each row.
    most
        Numbers with more distinct values are put into so many parts.
    """
    distinct = list(dict.fromkeys(map(_hashable, values)))
    numeric = all(is_number(value) for value in distinct)
    if not numeric:
        order = {value: place for place, value in enumerate(distinct)}
        of = values.map(lambda value: order[_hashable(value)])
        return Levels([float(place) for place in order.values()], [_shown(value) for value in distinct], False, of)
    numbers = values.astype(float)
    if len(distinct) <= most:
        ordered = sorted(distinct)
        of = numbers.map({float(value): place for place, value in enumerate(ordered)})
        return Levels([float(value) for value in ordered], [f"{value:g}" for value in ordered], True, of)
    unique = pd.Series(sorted(distinct), dtype=float)
    part = pd.Series(np.arange(len(unique)) * most // len(unique), index=unique.to_numpy())
    of = numbers.map(part).astype(int)
    ends = [(float(own.min()), float(own.max())) for _, own in unique.groupby(part.to_numpy())]
    means = [float(own.mean()) for _, own in unique.groupby(part.to_numpy())]
    return Levels(means, [f"{low:.3g} to {high:.3g}" for low, high in ends], True, of)


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, (list, tuple, np.ndarray)) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else str(value)


def shortened(key: str, keys: Sequence[str]) -> str:
    """Shorten a key to its last two parts, or as many as tell it from the other keys."""
    parts = key.split(".")
    for length in range(2, len(parts) + 1):
        tail = ".".join(parts[-length:])
        if sum(other == tail or other.endswith(f".{tail}") for other in keys) == 1:
            return tail
    return key
