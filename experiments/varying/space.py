"""A space: what varies between what, looked up in the arms of a job, and the points that are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.errors import UserError
from experiments.job import Arm, Job
from experiments.known_keys import KnownKeys, schema_of
from experiments.varying.designs import settings_of
from experiments.varying.keys import VariedKey, around, is_lever, varied_key
from experiments.varying.points import Point, arms_at, crossed
from experiments.varying.settings import Choices, Range, Side

__all__ = ["Space", "space_of"]


@dataclass(frozen=True)
class Space:
    """Keys that vary around the arms of a job.

    Attributes
    ----------
    job
        The job, whose arms have everything that does not vary.
    keys
        The keys, levers first, as they were given.
    over
        Between what each varies.
    at
        Key of the configuration that says so, for messages.
    """

    job: Job
    keys: Mapping[str, VariedKey]
    over: Mapping[str, Range | Choices]
    at: str

    @property
    def levers(self) -> list[str]:
        """Keys of the brand's strategy."""
        return [key for key in self.keys if is_lever(key)]

    @property
    def uncertainties(self) -> list[str]:
        """Keys of the world."""
        return [key for key in self.keys if not is_lever(key)]

    @cached_property
    def _dumps(self) -> dict[str, dict[str, Any]]:
        return {arm.name: arm.scenario.model_dump() for arm in self.job.arms}

    def points(self, levers: Side, worlds: Side) -> list[Point]:
        """List the points of a design of both sides."""
        seed = self.job.settings.seed
        sides = [
            settings_of(side, self.keys, {key: self.over[key] for key in own}, seed + shift, f"{self.at}.{name}")
            for shift, (name, side, own) in enumerate((("levers", levers, self.levers), ("worlds", worlds, self.uncertainties)))
        ]
        return crossed(*sides)

    def point(self, values: Mapping[str, Any]) -> Point:
        """Make a point of values."""
        return Point(
            {key: values[key] for key in self.levers if key in values}, {key: values[key] for key in self.uncertainties if key in values}
        )

    def arms(self, points: list[Point]) -> list[Arm]:
        """Make what is simulated at some points, every arm at each."""
        schema = schema_of(type(self.job.arms[0].scenario))
        return arms_at(points, {arm.name: arm for arm in self.job.arms}, self._dumps, self.keys, KnownKeys(schema), self.at)


def space_of(job: Job, over: Mapping[str, Range | Choices | None], at: str) -> Space:
    """Look up the keys of a space.

    Parameters
    ----------
    job
        The job around whose arms they vary.
    over
        Between what each varies; None for half to twice its value.
    at
        Key of the configuration that names them, for messages.

    Raises
    ------
    UserError
        With a line for every key that cannot vary.
    """
    dumps = {arm.name: arm.scenario.model_dump() for arm in job.arms}
    known = KnownKeys(schema_of(type(job.arms[0].scenario)))
    keys: dict[str, VariedKey] = {}
    found: dict[str, Range | Choices] = {}
    problems: list[str] = []
    for key in sorted(over, key=lambda key: not is_lever(key)):
        try:
            keys[key] = varied_key(key, dumps, known, at)
            between = over[key]
            found[key] = around(keys[key], at) if between is None else between
            if isinstance(between, Range) and not keys[key].is_number:
                problems.append(f"{at}: got a range for {key}, which is no number; it takes a list")
        except UserError as error:
            problems += error.lines
    UserError.raise_any(problems)
    return Space(job, keys, found, at)
