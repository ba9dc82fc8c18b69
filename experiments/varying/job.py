"""The runs of many points as one job in one folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from experiments.job import Arm, Job
from experiments.tables import Take, no_table
from experiments.varying.points import Point
from experiments.varying.space import Space

__all__ = ["PointsJob"]


@dataclass(frozen=True)
class PointsJob(Job):
    """Every arm of a job at every point of a space.

    What makes two of them one experiment are the arms and the keys, not the points: more points, or others, continue in
    the same folder, and finished runs are kept.

    Attributes
    ----------
    base
        The job whose arms are tried.
    space
        What varies.
    points
        Where it is tried.
    """

    base: Job | None = None
    space: Space | None = None
    points: tuple[Point, ...] = ()

    @property
    def record(self) -> str:
        """How much is recorded of a run: by default what the metrics need."""
        return self.settings.record or "summary"

    @property
    def tables(self) -> tuple[str, ...]:
        """No tables but that of runs, unless they are recorded."""
        return () if self.record == "summary" else super().tables

    @property
    def take(self) -> Take:
        """Keep what is recorded."""
        return no_table if self.record == "summary" else super().take

    @property
    def bases(self) -> list[str]:
        """Names of the arms that are tried at every point."""
        assert self.base is not None
        return self.base.names

    def shown(self) -> dict[str, Any]:
        """Describe the points: others can be asked for of the same runs."""
        return {"points": {point.name: point.values for point in self.points}}

    def content(self) -> dict[str, Any]:
        """Describe what makes two jobs one: the arms and the keys."""
        assert self.base is not None
        assert self.space is not None
        return {**self.base.content(), "record": self.record, "varied": sorted(self.space.keys)}

    @classmethod
    def at(cls, space: Space, points: list[Point], **changes: Any) -> Self:
        """Make the job of some points of a space."""
        job = space.job
        settings = changes.pop("settings", job.settings)
        arms: tuple[Arm, ...] = tuple(space.arms(points))
        return cls(job.command, settings, arms, base=job, space=space, points=tuple(points), **changes)
