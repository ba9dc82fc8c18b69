"""The job of a search, composed from the command line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.errors import UserError
from experiments.job import Arm, Job
from experiments.job_composition import compose_job
from experiments.optimise.levers import Lever, lever_of
from experiments.optimise.stages import RETEST, SEARCH, seed_shift, stage_of
from experiments.optimise.strategy_file import FILES, Changes, changes_of
from experiments.simulator import Simulator
from experiments.varying.draws import worlds_of
from experiments.varying.job import PointsJob
from experiments.varying.keys import is_lever, values_with
from experiments.varying.points import Point, run_name
from experiments.varying.space import space_of

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["AT", "OptimiseJob", "optimise_job"]

_EXAMPLE = "for example optimise.levers={strategy.programme.member_day.discount: {low: 0, high: 0.3}}"
#: Key of the configuration that names the levers.
AT = "optimise.levers"


@dataclass(frozen=True)
class OptimiseJob(PointsJob):
    """The candidates of a search, which come while it goes on.

    Two of them are one experiment where the search is the same; more candidates, and another re-test, continue in the same folder.

    Attributes
    ----------
    changes
        What the strategy has that its file does not say, nested; None where it lacks something that the file says.
    draws
        Worlds of the replications by which finalists and winner are judged; none where behaviour is as it is there, too.
    """

    changes: Changes = field(default=None, compare=False)
    draws: tuple[Mapping[str, float], ...] = field(default=(), compare=False)

    @property
    def levers(self) -> dict[str, Lever]:
        """What moves, by key."""
        assert self.space is not None
        return {key: lever_of(self.space.keys[key], self.space.over[key]) for key in self.space.levers}

    @property
    def start(self) -> Point:
        """The strategy as it is, as a point."""
        assert self.space is not None
        return self.space.point({key: varied.value for key, varied in self.space.keys.items()})

    @property
    def strategy(self) -> str:
        """Name of the strategy."""
        return self.bases[0]

    def run(self, point: Point) -> str:
        """Name the runs of a point."""
        return run_name(self.strategy, point)

    def seed_of(self, arm: str) -> int:
        """Give each stage people of its own."""
        return (self.settings.seed + seed_shift(arm)) % 2**32

    def scenario_of(self, arm: Arm, replication: int) -> Scenario:
        """Give each replication of the re-test, and of the confirmation, a draw of its own: the first ones, and from the last back."""
        _, stage = stage_of(arm.name)
        if stage == SEARCH or not self.draws:
            return arm.scenario
        values: Mapping[str, Any] = arm.scenario.model_dump()
        for key, value in self.draws[replication if stage == RETEST else -1 - replication].items():
            values = values_with(values, key.split("."), value)
        return type(arm.scenario).model_validate(values)

    @property
    def runs_of(self) -> str:
        """Call the runs by what they are for."""
        return "runs of the search"

    @property
    def derived(self) -> tuple[str, ...]:
        """Files made of the runs."""
        return ("points.csv", "trials.csv", "front.csv", *FILES, "summary.csv", "paired.csv", "report.html")

    def shown(self) -> dict[str, Any]:
        """Describe what can be asked of a search that is there: more of it."""
        asked = self.settings.optimise
        return {
            "question": self.settings.question or None,
            "asked": {"trials": asked.trials, "retest": asked.retest.model_dump()},
            "changes": self.changes,
        }

    def content(self) -> dict[str, Any]:
        """Describe what makes two searches one: strategy, levers, objectives, constraints, and how candidates are given up."""
        asked = self.settings.optimise
        search = {
            "objectives": list(asked.objectives),
            "constraints": {name: bound.model_dump(exclude_none=True) for name, bound in asked.constraints.items()},
            "batch": asked.batch,
            "first": asked.first,
            "replications": self.replications,
            "levers": {key: lever.shown() for key, lever in self.levers.items()},
        }
        if self.draws:
            told = json.dumps(self.draws).encode()
            search["draws"] = {"of": asked.retest.draws, "hash": hashlib.sha256(told).hexdigest()[:16]}
        return {**super().content(), "search": search}


def optimise_job(lines: Sequence[str], simulator: Simulator) -> OptimiseJob:
    """Compose the job of a search.

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
    base = compose_job("optimise", lines, simulator)
    if len(base.arms) != 1:
        raise UserError(f"strategy: there are {len(base.arms)} arms; optimise takes strategy=NAME, one strategy that it changes")
    over = base.settings.optimise.levers
    if not over:
        raise UserError(f"{AT}: missing; it takes keys of the strategy with what they vary between, {_EXAMPLE}")
    wrong = [key for key in over if not is_lever(key)]
    UserError.raise_any(
        f"{AT}: got {key}; it takes keys of the strategy, strategy.PATH: what the brand meets cannot be chosen" for key in wrong
    )
    space = space_of(base, over, AT)
    UserError.raise_any(line for key in space.levers for line in lever_of(space.keys[key], space.over[key]).problems(AT))
    draws = _draws(base, simulator)
    return OptimiseJob("optimise", base.settings, (), base=base, space=space, changes=changes_of(base, lines, simulator), draws=draws)


def _draws(base: Job, simulator: Simulator) -> tuple[Mapping[str, float], ...]:
    """Read the draws of the re-test, if there are any, and let the model judge those that will be used."""
    retest = base.settings.optimise.retest
    if retest.draws is None:
        return ()
    at = "optimise.retest.draws"
    draws = worlds_of(retest.draws, simulator.configs(), at, 2 * retest.replications)
    used = [*draws[: retest.replications], *draws[-retest.replications :]]
    space = space_of(base, {key: tuple(dict.fromkeys(own[key] for own in used)) for key in used[0]}, at)
    space.arms([Point({}, own) for own in used])
    return tuple(draws)
