"""What a search is asked for: the keys `optimise.*`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from experiments.checks import no_truth_value
from experiments.metrics import METRICS
from experiments.optimise.measures import MEASURES, measure_of
from experiments.varying.settings import Varied, varied_keys
from experiments.wording import got, suggestion

__all__ = ["Bound", "OptimiseSettings", "Retest"]

_MOST_OBJECTIVES = 4
#: It is measured against an arm without community, and a search has none.
_AGAINST_ANOTHER = "incremental_gmv"

Count = Annotated[int, BeforeValidator(no_truth_value), Field(ge=1, le=100_000)]


def _objectives(value: Any) -> Any:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names:
        raise ValueError(f"got {got(value)}; it takes a list of metrics, for example [contribution,churn_rate]")
    for name in names:
        _check_measure(name)
        if not measure_of(name).better:
            takes = "it takes metrics of which more or less is better, for example contribution or churn_rate"
            raise ValueError(f"got {got(name)}, of which neither more nor less is better; {takes}")
    if len(names) > _MOST_OBJECTIVES or len(set(names)) < len(names):
        raise ValueError(f"got {len(names)} metrics; it takes up to {_MOST_OBJECTIVES}, each once")
    return tuple(names)


def _constraints(value: Any) -> Any:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"got {got(value)}; it takes metrics with bounds, for example {{acquisition_cost: {{most: 5000}}}}")
    for name in value:
        _check_measure(name)
    return value


def _check_measure(name: Any) -> None:
    if name == _AGAINST_ANOTHER:
        raise ValueError(f"got '{name}', which is measured against an arm without community, and a search has none; take gmv")
    if name not in MEASURES:
        known = [metric.name for metric in METRICS]
        raise ValueError(f"got {got(name)}; it takes names of metrics, or spending{suggestion(str(name), [*known, 'spending'])}")


def _mapping_of_levers(value: Any) -> Any:
    return varied_keys(value, "{strategy.programme.member_day.discount: {low: 0, high: 0.3}}")


class Bound(BaseModel):
    """What the mean of a metric may be.

    Attributes
    ----------
    least, most
        In the unit of the metric; None for no bound on that side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Annotated[float, BeforeValidator(no_truth_value), Field(allow_inf_nan=False)] | None = None
    most: Annotated[float, BeforeValidator(no_truth_value), Field(allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("got no bound; it takes {most: NUMBER}, {least: NUMBER} or both")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"most: got {self.most:g}; it takes a number of at least least, {self.least:g}")
        return self

    def excess(self, value: float) -> float:
        """Return how far a value is beyond the bounds, in its unit; 0 within."""
        above = -math.inf if self.most is None else value - self.most
        below = -math.inf if self.least is None else self.least - value
        return max(0.0, above, below)

    def shown(self) -> str:
        """Write the bounds in words."""
        parts = [f"at least {self.least:g}" if self.least is not None else "", f"at most {self.most:g}" if self.most is not None else ""]
        return " and ".join(part for part in parts if part)


class Retest(BaseModel):
    """How those that look best are measured again.

    Attributes
    ----------
    most
        How many of them, besides the strategy as it is.
    replications
        Fresh replications of each; the winner gets as many more.
    draws
        Draws of behaviour for them, one a replication: ``"posterior"`` (fishpond's own) or a Parquet file; None for behaviour as it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: Count = 6
    replications: Annotated[int, BeforeValidator(no_truth_value), Field(ge=2, le=100_000)] = 20
    draws: Annotated[str, Field(min_length=1)] | None = None


class OptimiseSettings(BaseModel):
    """What a search changes, and what it looks for.

    Attributes
    ----------
    levers
        Keys of the strategy, each with a list of values, a range, or None for half to twice its value.
    objectives
        Metrics; each is made greater or smaller as its direction says. The first decides who wins.
    constraints
        Bounds by metric, for its mean over replications.
    trials
        Candidates, besides the strategy as it is.
    batch
        Candidates that are chosen at once, before any of them is known.
    first
        Replications after which a candidate can be given up; so can it after twice as many, and so on.
    retest
        How those that look best are measured again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    levers: Annotated[dict[str, Varied], BeforeValidator(_mapping_of_levers)] = {}
    objectives: Annotated[tuple[str, ...], BeforeValidator(_objectives)] = ("contribution",)
    constraints: Annotated[dict[str, Bound], BeforeValidator(_constraints)] = {}
    trials: Count = 60
    batch: Count = 4
    first: Annotated[int, BeforeValidator(no_truth_value), Field(ge=2, le=100_000)] = 3
    retest: Retest = Retest()
