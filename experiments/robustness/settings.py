"""What is asked of uncertain worlds: the keys `robustness.*` of a comparison."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from experiments.checks import no_truth_value
from experiments.metrics import METRICS
from experiments.varying.settings import Side, Varied, varied_keys
from experiments.wording import got, suggestion

__all__ = ["RobustnessSettings"]


def _with_direction(name: Any) -> Any:
    known = [metric.name for metric in METRICS if metric.better]
    if name not in known:
        raise ValueError(f"got {got(name)}; it takes a metric of which more or less is better{suggestion(str(name), known)}")
    return name


class RobustnessSettings(BaseModel):
    """Which worlds, how many, and what decides who leads.

    Attributes
    ----------
    over
        By key of the world, between what it varies; empty when no such worlds are asked for.
    draws
        Worlds that fit the evidence in the place of those: ``"posterior"`` (fishpond's own) or a Parquet file of draws.
    points
        How many worlds.
    design
        How they are spread.
    replications
        Runs of each strategy in each world.
    metric
        What decides who leads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    over: Annotated[dict[str, Varied], BeforeValidator(varied_keys)] = {}
    draws: Annotated[str, Field(min_length=1)] | None = None
    points: Annotated[int, BeforeValidator(no_truth_value), Field(ge=2, le=10_000)] = 64
    design: Literal["latin_hypercube", "sobol"] = "sobol"
    replications: Annotated[int, BeforeValidator(no_truth_value), Field(ge=1)] = 3
    metric: Annotated[str, AfterValidator(_with_direction)] = "contribution"

    @property
    def wanted(self) -> bool:
        """Whether worlds are asked for."""
        return bool(self.over) or self.draws is not None

    @property
    def side(self) -> Side:
        """The worlds as one side of a design."""
        return Side(over=self.over, design=self.design, points=self.points)
