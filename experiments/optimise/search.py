"""What a search looks for, as it stands in the configuration of its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.optimise.measures import measure_of
from experiments.optimise.settings import Bound

__all__ = ["Search"]


@dataclass(frozen=True)
class Search:
    """Objectives, constraints and effort.

    Attributes
    ----------
    objectives
        Metrics, the one that decides first.
    constraints
        Bounds by metric.
    first, replications
        Replications after which a candidate can be given up, and those of one that is not.
    retest_most, retest_replications
        How many are measured again, and how often.
    """

    objectives: tuple[str, ...]
    constraints: Mapping[str, Bound]
    first: int
    replications: int
    retest_most: int
    retest_replications: int

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Search:
        """Read it from what the configuration of a folder says."""
        search, retest = config["search"], config["asked"]["retest"]
        return cls(
            objectives=tuple(search["objectives"]),
            constraints={name: Bound.model_validate(own) for name, own in search["constraints"].items()},
            first=search["first"],
            replications=search["replications"],
            retest_most=retest["most"],
            retest_replications=retest["replications"],
        )

    @property
    def better(self) -> list[int]:
        """Of each objective, 1 when more is better, -1 when less is."""
        return [measure_of(name).better for name in self.objectives]

    @property
    def measures(self) -> list[str]:
        """All that is looked at, each once."""
        return list(dict.fromkeys([*self.objectives, *self.constraints]))

    @property
    def looks(self) -> list[int]:
        """Replications at which a candidate is looked at, the last those of one that is kept."""
        found, look = [], self.first
        while look < self.replications:
            found.append(look)
            look *= 2
        return [*found, self.replications]

    def excess(self, means: Mapping[str, float]) -> dict[str, float]:
        """Return how far means are beyond the bounds, as shares of these; 0 within. What has no value does not meet its bound."""
        found = {}
        for name, bound in self.constraints.items():
            beyond = bound.excess(means[name])
            reach = max((abs(own) for own in (bound.least, bound.most) if own is not None), default=0.0)
            found[name] = 1.0 if beyond != beyond else beyond / (reach or 1.0)
        return found
