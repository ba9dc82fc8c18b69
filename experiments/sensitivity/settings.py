"""What an analysis of sensitivity is asked for: the keys `sensitivity.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from experiments.checks import is_number, no_truth_value
from experiments.metrics import METRICS
from experiments.varying.settings import Range, flat_keys
from experiments.wording import got, suggestion

__all__ = ["SensitivitySettings"]

_EXAMPLE = "for example [behaviour.trust,behaviour.buying.advance_days] or {behaviour.buying.advance_days: [3,14]}"
_RANGE = "it takes a range, [LOW,HIGH] or {low: L, high: H, scale: linear|log}, or null for half to twice its value"
#: A metric that no run has by itself: it is made of two arms.
_OF_TWO_ARMS = "incremental_gmv"


def _over(value: Any) -> Any:
    if value is None:
        return None
    names = [value] if isinstance(value, str) else value
    if isinstance(names, (list, tuple)):
        wrong = [name for name in names if not isinstance(name, str) or not name]
        if wrong or not names:
            raise ValueError(f"got {got(wrong[0] if wrong else names)}; it takes keys, groups of keys or patterns, {_EXAMPLE}")
        return dict.fromkeys(names)
    if not isinstance(names, Mapping) or not names:
        raise ValueError(f"got {got(value)}; it takes keys with what they vary between, {_EXAMPLE}")
    return {key: _range(key, own) for key, own in flat_keys(names, "").items()}


def _range(key: str, value: Any) -> Any:
    if value is None or isinstance(value, Mapping):
        return value
    if not isinstance(value, (list, tuple)) or len(value) != 2 or not all(map(is_number, value)):
        raise ValueError(f"{key}: got {got(value)}; {_RANGE}")
    return {"low": value[0], "high": value[1]}


def _metric(value: Any) -> Any:
    known = [metric.name for metric in METRICS if metric.name != _OF_TWO_ARMS]
    if value not in known:
        raise ValueError(f"got {got(value)}; it takes the name of a metric{suggestion(str(value), known)}")
    return value


class SensitivitySettings(BaseModel):
    """What is varied, how, and what is looked at.

    Attributes
    ----------
    over
        By key, group of keys or pattern, a range, or None for half to twice its value; None altogether stands for the
        assumed parameters of behaviour.
    method
        ``"tornado"`` (each key alone), or besides that ``"morris"`` (screening of many) or ``"sobol"`` (indices of few).
    metric
        What is looked at.
    points
        Values of each key (tornado), trajectories (morris) or base points (sobol); None takes the method's own number.
    second_order
        Whether sobol looks at pairs of keys, too, for nearly twice as many runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    over: Annotated[dict[str, Range | None] | None, BeforeValidator(_over)] = None
    method: Literal["tornado", "morris", "sobol"] = "tornado"
    metric: Annotated[str, BeforeValidator(_metric)] = "contribution"
    points: Annotated[int, BeforeValidator(no_truth_value), Field(ge=2, le=100_000)] | None = None
    second_order: bool = False
