"""The job of a sweep, composed from the command line: ``key=1,2,3`` joins what the configuration says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.errors import UserError
from experiments.job_composition import compose_job
from experiments.overrides import Override, parse
from experiments.settings import JOB_KEYS
from experiments.simulator import Simulator
from experiments.varying.job import PointsJob
from experiments.varying.keys import is_lever
from experiments.varying.settings import Side
from experiments.varying.space import space_of

__all__ = ["SweepJob", "sweep_job"]

_EXAMPLE = "sweep takes keys with several values, for example behaviour.buying.advance_days=3,7,14"
#: More runs are a mistake in a list rather than a plan.
_MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class SweepJob(PointsJob):
    """Every arm at every point of a sweep."""

    @property
    def derived(self) -> tuple[str, ...]:
        """Files made of the runs."""
        return ("points.csv", "summary.csv", "paired.csv", "report.html")

    def shown(self) -> dict[str, Any]:
        """Describe what is shown of the runs: the points, and how they are drawn."""
        assert self.space is not None
        return {
            "question": self.settings.question or None,
            "metrics": list(self.settings.sweep.metrics),
            "keys": {key: {"side": "lever" if is_lever(key) else "world", "unit": own.unit} for key, own in self.space.keys.items()},
            **super().shown(),
        }


def sweep_job(lines: Sequence[str], simulator: Simulator) -> SweepJob:
    """Compose the job of a sweep.

    Parameters
    ----------
    lines
        Overrides from the command line; those with several values vary.
    simulator
        Where the configuration tree and the type of a scenario come from.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    overrides, problems = parse(lines, sweeps=True)
    UserError.raise_any(problems)
    swept = {override.key: override for override in overrides if override.choices}
    UserError.raise_any(_cannot_vary(swept))
    base = compose_job("sweep", [override.line for override in overrides if not override.choices], simulator)
    levers, worlds = base.settings.sweep.levers, base.settings.sweep.worlds
    for side, name, right in ((levers, "levers", True), (worlds, "worlds", False)):
        wrong = [key for key in side.over if is_lever(key) != right]
        UserError.raise_any(f"sweep.{name}.over: got {key}; {_belongs(key)}" for key in wrong)
    levers = levers.with_choices(_choices(swept, levers=True))
    worlds = worlds.with_choices(_choices(swept, levers=False))
    if not levers.over and not worlds.over:
        raise UserError(f"sweep: nothing varies; {_EXAMPLE}")
    space = space_of(base, {**levers.over, **worlds.over}, "sweep")
    points = space.points(_filled(levers, space.over), _filled(worlds, space.over))
    runs = len(points) * len(base.arms) * base.replications
    if runs > _MOST_RUNS:
        asked = f"{len(points)} points for {len(base.arms)} arms, {base.replications} times, are {runs} runs"
        raise UserError(f"sweep: {asked}; it takes at most {_MOST_RUNS}")
    return SweepJob.at(space, points)


def _filled(side: Side, over: Mapping[str, Any]) -> Side:
    """Put the ranges that were found in the place of those that were left open."""
    return side.model_copy(update={"over": {key: over[key] for key in side.over}})


def _choices(swept: Mapping[str, Override], *, levers: bool) -> dict[str, tuple[Any, ...]]:
    return {key: override.choices for key, override in swept.items() if is_lever(key) == levers}


def _cannot_vary(swept: Mapping[str, Override]) -> list[str]:
    """List what varies on the command line and cannot."""
    problems = []
    for key, override in swept.items():
        value = override.line.partition("=")[2]
        if key == "strategy":
            problems.append(f"strategy: got {value}; it takes one strategy, and several are written strategies=[{value}]")
        elif key.split(".")[0] in JOB_KEYS - {"only"}:
            problems.append(f"{key}: got {value}; it is a key of the whole sweep and takes one value")
        elif key == "horizon_days":
            problems.append(f"{key}: got {value}; it takes one value, since results of different lengths are not to be compared")
        elif "." not in key:
            problems.append(f"{key}: got {value}; it chooses a file, which does not vary: write arms={{NAME: [{key}=…], …}}, one for each")
        elif len(set(map(str, override.choices))) < len(override.choices):
            problems.append(f"{key}: got {value}; it takes each value once")
    return problems


def _belongs(key: str) -> str:
    if is_lever(key):
        return "it is a key of the strategy and belongs to sweep.levers.over"
    return "it is no key of the strategy and belongs to sweep.worlds.over (levers are strategy.PATH and only.ARM.PATH)"
