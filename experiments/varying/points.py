"""Points: a setting of the levers in a world, tried by every arm."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from experiments.errors import UserError
from experiments.job import Arm
from experiments.known_keys import KnownKeys
from experiments.validation import validation_lines
from experiments.varying.keys import VariedKey, values_with

__all__ = ["Point", "arms_at", "crossed", "run_name"]

_NAME_LETTERS = 10


@dataclass(frozen=True)
class Point:
    """What is set at one point.

    Attributes
    ----------
    levers
        From key to value, of what the brand decides.
    world
        From key to value, of what it meets.
    """

    levers: Mapping[str, Any]
    world: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """Both together."""
        return {**self.levers, **self.world}

    @property
    def name(self) -> str:
        """A name that depends on the values alone: the same point of another design has the same runs."""
        text = json.dumps(sorted(self.values.items()), ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:_NAME_LETTERS]


def crossed(levers: Sequence[Mapping[str, Any]], worlds: Sequence[Mapping[str, Any]]) -> list[Point]:
    """Let every setting of the levers meet every world."""
    points = {point.name: point for world in worlds for own in levers for point in [Point(own, world)]}
    return list(points.values())


def run_name(arm: str, point: Point) -> str:
    """Name the runs of an arm at a point: ``kill_pig@3f2a91c0de``."""
    return f"{arm}@{point.name}"


def arms_at(
    points: Sequence[Point],
    bases: Mapping[str, Arm],
    dumps: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, VariedKey],
    known: KnownKeys,
    at: str,
) -> list[Arm]:
    """Make what is simulated at the points.

    Parameters
    ----------
    points
        Where.
    bases
        The arms, as they are where nothing varies.
    dumps
        Their scenarios as plain values.
    keys
        The keys that vary.
    known
        Valid keys of a scenario.
    at
        Key of the configuration, for messages.

    Raises
    ------
    UserError
        With a line for every value that the model refuses.
    """
    arms: list[Arm] = []
    problems: dict[str, None] = {}
    for point in points:
        for name, base in bases.items():
            values: Mapping[str, Any] = dumps[name]
            for key, value in point.values.items():
                if keys[key].belongs_to(name):
                    values = values_with(values, keys[key].path, value)
            try:
                arms.append(Arm(run_name(name, point), type(base.scenario).model_validate(values)))
            except ValidationError as error:
                problems.update(dict.fromkeys(f"{at}: {line}" for line in validation_lines(error, values, known).values()))
    UserError.raise_any(problems)
    return arms
