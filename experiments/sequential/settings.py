"""What is asked of the number of replications: the keys `precision.*` and `best.*` of a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from experiments.checks import is_number, no_truth_value
from experiments.metrics import METRICS
from experiments.wording import got, listed, suggestion

__all__ = ["BEST_KEYS", "FIXED", "LEAST", "PRECISION_KEYS", "BestSettings", "PrecisionSettings", "precision_keys", "sequential_problems"]

#: Fewer replications make no interval that may stop a simulation.
LEAST = 20
_MOST = 2000

_SHARE = "it takes a share of the baseline's mean, above 0 to 1, for example precision.contribution=0.02"
_WHOLE = f"it takes a whole number of at least {LEAST}"


def precision_keys(value: Any) -> Any:
    """Part the keys below ``precision``: metrics with the shares that are wanted, and the most replications."""
    if value is None or isinstance(value, PrecisionSettings):
        return value or {}
    if not isinstance(value, Mapping):
        raise ValueError(f"got {got(value)}; it takes shares of the baseline's mean by metric, for example precision.contribution=0.02")
    problems = list(_precision_problems(value))
    if problems:
        raise ValueError("\n".join(problems))
    shares = {str(name): float(share) for name, share in value.items() if name != "most" and share is not None}
    return {"shares": shares, "most": value.get("most") or _MOST}


def _precision_problems(value: Mapping[Any, Any]) -> Iterator[str]:
    for name, share in value.items():
        if name == "most":
            if share is not None and (not isinstance(share, int) or isinstance(share, bool) or share < LEAST):
                yield f"most: got {got(share)}; {_WHOLE}"
        elif name not in PRECISION_KEYS:
            yield f"{name}: no such metric{suggestion(str(name), list(PRECISION_KEYS), 'precision.')}"
        elif share is not None and not (is_number(share) and 0 < share <= 1):
            yield f"{name}: got {got(share)}; {_SHARE}"


class PrecisionSettings(BaseModel):
    """How narrow the intervals of paired differences are to be.

    Attributes
    ----------
    shares
        By metric, half the width of the 95 % interval as a share of the baseline's mean (absolute value).
    most
        Replications at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: dict[str, float] = {}
    most: int = _MOST

    @property
    def wanted(self) -> bool:
        """Whether replications are added until a precision is reached."""
        return bool(self.shares)

    def shown(self) -> dict[str, Any] | None:
        """Return the keys as they are written; None without any."""
        return {**self.shares, "most": self.most} if self.wanted else None


def _with_a_direction(value: str | None) -> str | None:
    names = [metric.name for metric in METRICS if metric.better and metric.name != "incremental_gmv"]
    if value is None or value in names:
        return value
    if value == "incremental_gmv":
        raise ValueError("got 'incremental_gmv'; it differs from gmv by the same amount in every arm: it takes gmv")
    if any(metric.name == value for metric in METRICS):
        raise ValueError(f"got {value!r}, of which neither more nor less is better; it takes a metric with a direction: {listed(names)}")
    raise ValueError(f"got {got(value)}; it takes {listed(names)}{suggestion(str(value), names)}")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"got {value}; it takes a number")
    return value


class BestSettings(BaseModel):
    """How the best arm is looked for.

    Attributes
    ----------
    metric
        On what; None when it is not looked for.
    indifference
        Differences that do not matter, as a share of the baseline's mean (absolute value) over the first stage.
    indifference_amount
        The same in the unit of the metric, in place of the share.
    confidence
        Probability with which the best is to be found, if it is better than every other by the indifference zone at least.
    first_stage
        Replications of every arm before the first is left out.
    most
        Replications of an arm at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: Annotated[str | None, AfterValidator(_with_a_direction)] = None
    indifference: Annotated[float, AfterValidator(_finite), Field(gt=0)] = 0.02
    indifference_amount: Annotated[float, AfterValidator(_finite), Field(gt=0)] | None = None
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    first_stage: Annotated[int, BeforeValidator(no_truth_value), Field(ge=5)] = LEAST
    most: Annotated[int, BeforeValidator(no_truth_value), Field(ge=5)] = _MOST

    @model_validator(mode="after")
    def _room_after_the_first_stage(self) -> Self:
        if self.most < self.first_stage:
            raise ValueError(f"most: got {self.most}; it takes at least the replications of the first stage, {self.first_stage}")
        return self

    @property
    def wanted(self) -> bool:
        """Whether the best arm is looked for."""
        return self.metric is not None

    def shown(self) -> dict[str, Any] | None:
        """Return the keys as they are written; None when it is not looked for."""
        return self.model_dump(mode="json") if self.wanted else None


#: Settings of jobs whose replications are as many as they ask for.
FIXED: dict[str, Any] = {"precision": PrecisionSettings(), "best": BestSettings()}
#: Keys below ``precision`` and below ``best``, with the JSON schema of each.
PRECISION_KEYS: dict[str, Any] = {
    **{metric.name: {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 1} for metric in METRICS},
    "most": {"type": "integer", "minimum": LEAST},
}
BEST_KEYS: dict[str, Any] = dict.fromkeys(BestSettings.model_fields, True)


def sequential_problems(precision: PrecisionSettings, best: BestSettings, arms: int) -> Iterator[str]:
    """Word what is wrong with what is asked of a comparison of so many arms."""
    if precision.wanted and best.wanted:
        yield "best.metric: there is precision.*, which repeats all arms equally often; it takes one of the two"
    for key, wanted in (("precision", precision.wanted), ("best.metric", best.wanted)):
        if wanted and arms < 2:
            yield f"{key}: there is one arm only; it takes a comparison of two or more"
