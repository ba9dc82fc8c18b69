"""The section of the report: what practitioners report of each strategy, beside what its runs gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.loaded import Loaded
from experiments.metrics import Metric
from experiments.numbers import show
from experiments.reported.measures import MEASURES
from experiments.reported.run import runs_of
from experiments.statistics import Interval, interval_of

__all__ = ["reported_blocks", "verdict"]

_INSIDE, _OUTSIDE, _NO_FIGURE, _UNSEEN = "inside", "outside", "no figure", "not to be seen"


def reported_blocks(loaded: Loaded) -> list[dict[str, Any]]:
    """Return a block for each arm that has notes or reported figures: name, notes, and a row for each figure."""
    arms = {name: loaded.scenario(name)["strategy"] for name in loaded.strategies}
    arms = {name: strategy for name, strategy in arms.items() if strategy.get("notes") or strategy.get("reported")}
    if not arms:
        return []
    runs = runs_of(loaded)
    blocks = []
    for name, strategy in arms.items():
        own = [run for (arm, _), run in runs.items() if arm == name]
        rows = []
        for asked in (strategy.get("reported") or {}).values():
            measure, days = MEASURES[asked["measure"]], asked.get("within_days")
            values = np.array([measure.of(run, np.nan if days is None else float(days)) for run in own], dtype=np.float64)
            rows.append(_row(asked, measure.named(days), measure.shown(), interval_of(values)))
        blocks.append({"name": name, "notes": strategy.get("notes") or "", "rows": rows})
    return blocks


def verdict(low: float | None, high: float | None, found: Interval) -> str:
    """Say where the mean of the runs lies: inside or outside of what was reported, if it can be said."""
    if not found.replications:
        return _UNSEEN
    if low is None and high is None:
        return _NO_FIGURE
    return _INSIDE if (low is None or found.mean >= low) and (high is None or found.mean <= high) else _OUTSIDE


def _row(asked: Mapping[str, Any], label: str, metric: Metric, found: Interval) -> dict[str, str]:
    low, high = asked.get("low"), asked.get("high")
    return {
        "says": str(asked["says"]),
        "measure": label,
        "reported": _band(low, high, metric),
        "simulated": show(found.mean, metric),
        "span": f"{show(found.low, metric)} to {show(found.high, metric)}" if found.replications > 1 else "",
        "verdict": verdict(low, high, found),
    }


def _band(low: float | None, high: float | None, metric: Metric) -> str:
    if low is None and high is None:
        return "–"
    if low is None or high is None:
        return f"at least {show(low, metric)}" if low is not None else f"at most {show(float(high or 0.0), metric)}"
    return f"{show(low, metric)} to {show(high, metric)}"
