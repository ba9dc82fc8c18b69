"""The job of an analysis of sensitivity, composed from the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.errors import UserError
from experiments.job import Job
from experiments.job_composition import compose_job
from experiments.sensitivity.design import alone, laid_out
from experiments.sensitivity.keys import Found, found_keys, notes_of
from experiments.simulator import Simulator
from experiments.varying.job import PointsJob
from experiments.varying.keys import is_lever
from experiments.varying.points import Point
from experiments.varying.settings import Range
from experiments.varying.space import Space, space_of

__all__ = ["SensitivityJob", "sensitivity_job"]

_AT = "sensitivity.over"
#: More runs are a mistake rather than a plan.
_MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class SensitivityJob(PointsJob):
    """Every arm at every point of an analysis.

    Attributes
    ----------
    alone
        Names of the points at which a key is varied alone, by key.
    design
        Names of the points at which all vary together, in the order of the method.
    left_out
        Keys that were meant and cannot vary, with the reason.
    """

    alone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    design: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def derived(self) -> tuple[str, ...]:
        """Files made of the runs."""
        return ("points.csv", "summary.csv", "paired.csv", "sensitivity.csv", "assumptions.csv", "report.html")

    def shown(self) -> dict[str, Any]:
        """Describe what is shown of the runs: the points, how they are laid out, and what is known of the keys."""
        settings = self.settings.sensitivity
        return {
            "question": self.settings.question or None,
            "metrics": [settings.metric],
            "method": settings.method,
            "second_order": settings.second_order and settings.method == "sobol",
            "keys": self._keys(),
            "left_out": dict(self.left_out),
            "now": _NOW.name,
            "alone": {key: list(names) for key, names in self.alone.items()},
            "design": list(self.design),
            **super().shown(),
        }

    def _keys(self) -> dict[str, dict[str, Any]]:
        assert self.space is not None
        notes = notes_of(self.space.job)
        found = {}
        for key, own in self.space.keys.items():
            note = notes.get(".".join(own.path))
            between = self.space.over[key]
            assert isinstance(between, Range)
            found[key] = {
                "side": "lever" if is_lever(key) else "world",
                "unit": own.unit,
                "now": own.value,
                **between.model_dump(),
                "status": note.status if note else "",
                "source": note.source if note else "",
                "meaning": note.meaning if note else "",
            }
        return found


#: Everything as it is configured.
_NOW = Point({}, {})


def sensitivity_job(lines: Sequence[str], simulator: Simulator) -> SensitivityJob:
    """Compose the job of an analysis of sensitivity.

    Parameters
    ----------
    lines
        Overrides from the command line.
    simulator
        Where the configuration tree and the type of a scenario come from.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    base = compose_job("sensitivity", lines, simulator)
    settings = base.settings.sensitivity
    space, left_out = _space(base, found_keys(base, settings.over))
    ranges = {key: own for key, own in space.over.items() if isinstance(own, Range)}
    places = {
        key: [space.point({key: value}) for value in alone(settings.method, settings.points, own, space.keys[key])]
        for key, own in ranges.items()
    }
    together = [
        space.point(values)
        for values in laid_out(settings.method, settings.points, ranges, space.keys, base.settings.seed, second_order=settings.second_order)
    ]
    points = {point.name: point for point in [_NOW, *(point for own in places.values() for point in own), *together]}
    runs = len(points) * len(base.arms) * base.replications
    if runs > _MOST_RUNS:
        asked = f"{len(points)} points for {len(base.arms)} arms, {base.replications} times, are {runs} runs"
        raise UserError(f"sensitivity: {asked}; it takes at most {_MOST_RUNS}")
    return SensitivityJob.at(
        space,
        list(points.values()),
        alone={key: tuple(point.name for point in own) for key, own in places.items()},
        design=tuple(point.name for point in together),
        left_out=left_out,
    )


def _space(base: Job, found: Found) -> tuple[Space, dict[str, str]]:
    """Look up the keys; of those that were not named one by one, what the model refuses is left out."""
    space = space_of(base, found.over, _AT)
    left_out = dict(found.left_out)
    for key in space.keys:
        own = space.over[key]
        assert isinstance(own, Range)
        try:
            space.arms([space.point({key: value}) for value in alone("tornado", None, own, space.keys[key])])
        except UserError:
            if key in found.named:
                raise
            left_out[key] = "the model refuses an end of its range"
    over = {key: own for key, own in found.over.items() if key not in left_out}
    if not over:
        raise UserError(f"{_AT}: nothing is left to vary: {'; '.join(f'{key}: {reason}' for key, reason in list(left_out.items())[:3])}")
    return (space if len(over) == len(found.over) else space_of(base, over, _AT)), left_out
