"""What a sweep is asked for: the keys `sweep.*`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from experiments.metrics import METRICS
from experiments.varying.settings import Side
from experiments.wording import got, suggestion

__all__ = ["Metrics", "SweepSettings"]

_MOST_METRICS = 4


def _metric_names(value: Any) -> Any:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names:
        raise ValueError(f"got {got(value)}; it takes a list of metrics, for example [contribution,churn_rate]")
    known = [metric.name for metric in METRICS]
    for name in names:
        if name not in known:
            raise ValueError(f"got {got(name)}; it takes names of metrics{suggestion(str(name), known)}")
    if len(names) > _MOST_METRICS or len(set(names)) < len(names):
        raise ValueError(f"got {len(names)} metrics; it takes up to {_MOST_METRICS}, each once")
    return tuple(names)


#: Names of metrics; the first is the one that matters most.
Metrics = Annotated[tuple[str, ...], BeforeValidator(_metric_names)]


def _off_when_null(value: Any) -> Any:
    return {} if value is None else value


class SweepSettings(BaseModel):
    """What a sweep varies, and what it shows.

    Attributes
    ----------
    levers
        What the brand decides: keys of its strategy.
    worlds
        What it meets: any other keys. Every setting of the levers meets every world.
    metrics
        What is drawn; tables have all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    levers: Annotated[Side, BeforeValidator(_off_when_null)] = Side()
    worlds: Annotated[Side, BeforeValidator(_off_when_null)] = Side()
    metrics: Metrics = ("contribution", "churn_rate")
