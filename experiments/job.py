"""A job: the arms to simulate, checked, and the settings of how to do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.flip_map.cells import FlipMap
from experiments.sequential.settings import LEAST
from experiments.settings import JobSettings, default_replications
from experiments.tables import TABLES, TRANSCRIPTS, Take, every_table, every_table_and_transcripts

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["EXPORTING", "SEVERAL", "Arm", "Job"]

#: Commands that simulate several arms.
SEVERAL = ("compare", "sweep", "sensitivity", "optimise")
#: Commands that can write their runs as a brand's data.
EXPORTING = ("run", "compare")


@dataclass(frozen=True)
class Arm:
    """One of the things that a job tries, with everything that its simulation needs.

    Attributes
    ----------
    name
        Name of its strategy, or of the arm where arms differ in anything.
    scenario
        What is simulated.
    changes
        Its own overrides, for readers; they are in the scenario already.
    """

    name: str
    scenario: Scenario
    changes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Job:
    """What to simulate, and how.

    Attributes
    ----------
    command
        ``"run"``, ``"compare"``, ``"sweep"``, ``"sensitivity"``, ``"optimise"``, or ``"parameters"`` and ``"strategies"``, which
        show what a run would have.
    settings
        How it is carried out.
    arms
        What is simulated; the first is the baseline.
    flip_map
        The map to compute besides; None for none.
    """

    command: str
    settings: JobSettings
    arms: tuple[Arm, ...]
    flip_map: FlipMap | None = None

    @property
    def replications(self) -> int:
        """Runs of each arm; where replications are added as they are needed, those to begin with."""
        asked = self.settings.replications or default_replications(self.command)
        if self.settings.best.wanted:
            return self.settings.best.first_stage
        return max(asked, LEAST) if self.settings.precision.wanted else asked

    @property
    def names(self) -> list[str]:
        """Names of the arms, the baseline first."""
        return [arm.name for arm in self.arms]

    @property
    def bases(self) -> list[str]:
        """Names of what is compared: the arms, where they are not the same ones at many points."""
        return self.names

    @property
    def record(self) -> str:
        """How much the simulator records of a run."""
        return self.settings.record or "daily"

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables that are kept of a run."""
        return (*TABLES, *TRANSCRIPTS) if self.record == "full" else TABLES

    @property
    def take(self) -> Take:
        """How they are taken from a result."""
        return every_table_and_transcripts if self.record == "full" else every_table

    def seed_of(self, arm: str) -> int:  # noqa: ARG002 -- others tell arms apart
        """Root of the random numbers of an arm: one for all, so that they meet the same people."""
        return self.settings.seed

    def scenario_of(self, arm: Arm, replication: int) -> Scenario:  # noqa: ARG002 -- others have a world for each replication
        """Return what a replication of an arm simulates."""
        return arm.scenario

    @property
    def exports(self) -> bool:
        """Whether its runs are written as a brand's data besides."""
        return self.settings.export and self.command in EXPORTING

    @property
    def runs_of(self) -> str:
        """What its runs are called while they are counted."""
        return "runs"

    @property
    def derived(self) -> tuple[str, ...]:
        """Files made from the tables, by their place in the folder; they are absent while they do not match the tables."""
        wanted = {"precision.csv": self.settings.precision.wanted, "best.csv": self.settings.best.wanted}
        return ("summary.csv", "paired.csv", *(name for name, own in wanted.items() if own), "report.html")

    def shown(self) -> dict[str, Any]:
        """Describe what can change between two jobs of one folder and is written in its configuration."""
        if self.command not in SEVERAL:
            return {}
        answer = self.settings.answer
        return {
            "question": self.settings.question or None,
            "answer": None if answer is None else answer.model_dump(mode="json"),
            "precision": self.settings.precision.shown(),
            "first_look": self.replications if self.settings.precision.wanted else None,
            "best": self.settings.best.shown(),
            "changes": {arm.name: list(arm.changes) for arm in self.arms if arm.changes} or None,
        }

    def content(self) -> dict[str, Any]:
        """Describe what is tried, as plain values: two jobs with equal content belong into one folder."""
        return {
            "seed": self.settings.seed,
            "record": self.record,
            "strategies": self.names,
            "arms": {arm.name: arm.scenario.model_dump(mode="json") for arm in self.arms},
        }
