"""`sensitivity.csv`: every effect and every index, one row each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from experiments.sensitivity.effects import effects_of
from experiments.sensitivity.indices import indices_of
from experiments.sensitivity.results import SensitivityResults, Target

__all__ = ["sensitivity_table"]

_COLUMNS = [
    *("strategy", "baseline", "metric", "method", "key", "with_key", "index", "at", "value", "low", "high", "replications"),
]


def sensitivity_table(found: SensitivityResults) -> pd.DataFrame:
    """Return all effects and indices, of pairs of arms and of each arm."""
    rows = [
        {"strategy": target.strategy, "baseline": target.baseline, "metric": found.metric.name, **row}
        for target in found.targets
        for row in [*_alone(found, target), *_together(found, target)]
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _alone(found: SensitivityResults, target: Target) -> Iterator[dict[str, Any]]:
    for effect in effects_of(found, target):
        for place in effect.places:
            for index, interval in (("outcome", place.outcome), ("effect", place.effect)):
                head = {"method": "tornado", "key": effect.key, "with_key": "", "index": index, "at": place.value}
                yield {**head, "value": interval.mean, "low": interval.low, "high": interval.high, "replications": interval.replications}


def _together(found: SensitivityResults, target: Target) -> Iterator[dict[str, Any]]:
    indices = indices_of(found, target)
    if indices is None:
        return
    head = {"method": found.method, "at": math.nan, "replications": indices.replications}
    for row in indices.rows:
        yield {**head, "key": row.key, "with_key": row.with_key, "index": row.name, "value": row.value, "low": row.low, "high": row.high}
    for name, value in (("noise", indices.noise), ("noise_share", indices.noise_share)):
        yield {**head, "key": "", "with_key": "", "index": name, "value": value, "low": math.nan, "high": math.nan}
