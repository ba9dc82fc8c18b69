"""The runs in uncertain worlds as a job of their own, in a folder of their own: `robustness` in that of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import UserError
from experiments.job import Job
from experiments.robustness.settings import RobustnessSettings
from experiments.sequential.settings import FIXED
from experiments.varying.designs import settings_of
from experiments.varying.draws import worlds_of
from experiments.varying.job import PointsJob
from experiments.varying.keys import is_lever
from experiments.varying.points import crossed
from experiments.varying.space import space_of

__all__ = ["FOLDER", "RobustnessJob", "robustness_job"]

FOLDER = "robustness"


@dataclass(frozen=True)
class RobustnessJob(PointsJob):
    """Every arm of a comparison in every world.

    Attributes
    ----------
    draws
        Where the worlds are draws: of what.
    """

    draws: str | None = None

    @property
    def record(self) -> str:
        """Record metrics alone, whatever the comparison records."""
        return "summary"

    @property
    def runs_of(self) -> str:
        """Call the runs by what they are for."""
        return "runs in uncertain worlds"

    @property
    def derived(self) -> tuple[str, ...]:
        """What the worlds add to the comparison's folder."""
        return ("../robustness.csv", "../robustness_worlds.csv", "../report.html")

    def content(self) -> dict[str, Any]:
        """Describe what makes two jobs one: the comparison. Worlds of other keys can be asked for in the same folder."""
        assert self.base is not None
        return {**self.base.content(), "record": self.record}

    def shown(self) -> dict[str, Any]:
        """Describe what is shown of the runs."""
        assert self.space is not None
        keys = {key: {"side": "world", "unit": own.unit, "value": own.value} for key, own in self.space.keys.items()}
        return {"metrics": [self.settings.robustness.metric], "draws": self.draws, "keys": keys, **super().shown()}


def robustness_job(job: Job, configs: Path) -> RobustnessJob | None:
    """Make the job of a comparison's worlds; None where none are asked for.

    Parameters
    ----------
    job
        The comparison.
    configs
        The configuration tree, which holds fishpond's own draws.

    Raises
    ------
    UserError
        When a key cannot vary, or there is nothing to compare.
    """
    asked: RobustnessSettings = job.settings.robustness
    if not asked.wanted or job.command != "compare":
        return None
    if len(job.arms) < 2:
        raise UserError(f"robustness: there is one strategy only, {job.names[0]}; it takes a comparison of two or more")
    settings = job.settings.model_copy(update={"replications": asked.replications, **FIXED})
    if asked.draws is not None:
        if asked.over:
            raise UserError("robustness: there are draws and over; worlds are one of the two")
        drawn = worlds_of(asked.draws, configs, "robustness.draws", asked.points)[: asked.points]
        choices = {key: tuple(dict.fromkeys(world[key] for world in drawn)) for key in drawn[0]}
        space = space_of(job, choices, "robustness.draws")
        return RobustnessJob.at(space, crossed([{}], drawn), settings=settings, draws=asked.draws)
    levers = [key for key in asked.over if is_lever(key)]
    UserError.raise_any(f"robustness.over: got {key}; the brand decides it: worlds vary in anything but the strategy" for key in levers)
    space = space_of(job, asked.over, "robustness.over")
    worlds = settings_of(asked.side, space.keys, space.over, job.settings.seed, "robustness")
    return RobustnessJob.at(space, crossed([{}], worlds), settings=settings)
