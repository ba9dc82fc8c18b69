"""The runs of a map as a job of their own, in a folder of their own: `flip_map` in the folder of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.flip_map.cells import FlipMap
from experiments.flip_map.money import TABLE, money_by_day
from experiments.job import Arm, Job
from experiments.sequential.settings import FIXED
from experiments.tables import Take

__all__ = ["FOLDER", "FlipMapJob"]

FOLDER = "flip_map"


@dataclass(frozen=True)
class FlipMapJob(Job):
    """What is run for a map: an arm for each strategy at each pair of values.

    Only what makes runs comparable is its content, and values are not: a map with more of them, with other days or of
    the other metric continues in the same folder, and finished cells are kept.
    """

    base: tuple[Arm, ...] = ()

    @classmethod
    def of(cls, job: Job, flip_map: FlipMap) -> FlipMapJob:
        """Make the job of a comparison's map."""
        settings = job.settings.model_copy(update={"replications": flip_map.replications, **FIXED})
        arms = tuple(Arm(cell.name, cell.scenario) for cell in flip_map.cells)
        return cls(job.command, settings, arms, flip_map, job.arms)

    @property
    def record(self) -> str:
        """Record by day: the simulator's summary has no curves."""
        return "daily"

    @property
    def tables(self) -> tuple[str, ...]:
        """One light table."""
        return (TABLE,)

    @property
    def take(self) -> Take:
        """Keep money by day."""
        return money_by_day

    @property
    def runs_of(self) -> str:
        """Call the runs by what they are for."""
        return "runs of the map"

    @property
    def derived(self) -> tuple[str, ...]:
        """What the map adds to the comparison's folder."""
        return ("../flip_map.csv", "../report.html")

    def shown(self) -> dict[str, Any]:
        """Describe what the map shows of the runs."""
        assert self.flip_map is not None
        return {"shown": self.flip_map.shown()}

    def content(self) -> dict[str, Any]:
        """Describe what makes two maps one: the comparison and the keys."""
        assert self.flip_map is not None
        compared = Job(self.command, self.settings, self.base).content()
        return {**compared, "record": self.record, "flip_map": {"keys": list(self.flip_map.keys)}}
