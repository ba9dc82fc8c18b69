"""What a sweep shows, in a sentence or two."""

from __future__ import annotations

import pandas as pd

from experiments.metrics import metric_of
from experiments.numbers import show
from experiments.sweep.levels import levels_of
from experiments.sweep.results import SweepResults

__all__ = ["SWEEP_CAVEAT", "reading", "title"]

SWEEP_CAVEAT = (
    "Curves and maps are means over everything else that varies, and over replications on the same people at every point; 95 % intervals "
    "are over replications. They do not include uncertainty of the model itself beyond the keys that vary."
)
_LEVELS = 8


def title(found: SweepResults) -> str:
    """Name what was tried."""
    return f"{' and '.join(found.strategies)}: {len(found.points)} points"


def reading(found: SweepResults, metric: str) -> str:
    """Say which setting is best on a metric, which key moves it most, and, with several arms, who leads where.

    Parameters
    ----------
    found
        The sweep.
    metric
        A metric.
    """
    parts = [_spread(found, metric), _best(found, metric)]
    if len(found.strategies) > 1:
        parts.append(_leads(found, metric))
    return " ".join(part for part in parts if part)


def _spread(found: SweepResults, metric: str) -> str:
    """Say how far each key alone moves the mean of the last arm."""
    arm, label = found.strategies[-1], metric_of(metric).label
    own = found.runs[found.runs["strategy"] == arm]
    moves = []
    for key in found.keys:
        means = own.groupby(levels_of(own[key], _LEVELS).of.to_numpy())[metric].mean()
        moves.append((float(means.max() - means.min()), key))
    moves.sort(reverse=True)
    shown = [f"{key} by {show(size, metric_of(metric))}{_yuan(metric)}" for size, key in moves[:3]]
    return f"{label} of {arm}, over all else that varies, moves most with {', then '.join(shown)}."


def _best(found: SweepResults, metric: str) -> str:
    """Say which setting of the levers is best on average over the worlds."""
    better = metric_of(metric).better
    if not better or not found.levers:
        return ""
    means = found.runs.groupby(["strategy", "point"], sort=False)[metric].mean().reset_index().merge(found.points, on="point")
    by_levers = means.assign(_levers=[repr([row[key] for key in found.levers]) for _, row in means.iterrows()])
    mean = by_levers.groupby(["strategy", "_levers"], sort=False)[metric].mean()
    best = mean.sort_values(ascending=better < 0, kind="stable").reset_index().iloc[0]
    arm = best["strategy"]
    row = by_levers[(by_levers["strategy"] == arm) & (by_levers["_levers"] == best["_levers"])].iloc[0]
    setting = ", ".join(f"{key} = {_value(row[key])}" for key in found.levers)
    over = f", on average over {_count(means, found)} worlds" if found.uncertainties else ""
    return f"Best{over}: {arm} with {setting} ({show(float(best[metric]), metric_of(metric))}{_yuan(metric)})."


def _leads(found: SweepResults, metric: str) -> str:
    """Count the points at which each arm is best on average."""
    better = metric_of(metric).better
    if not better:
        return ""
    mean = found.runs.groupby(["point", "strategy"])[metric].mean().unstack() * better
    # In the order of the arms, so that where two are equal the baseline counts.
    leads = mean[[name for name in found.strategies if name in mean]].idxmax(axis=1).value_counts()
    shown = ", ".join(f"{name} in {int(leads.get(name, 0))}" for name in found.strategies)
    return f"Of {len(mean)} points the best mean is that of {shown}."


def _count(means: pd.DataFrame, found: SweepResults) -> int:
    return len({repr([row[key] for key in found.uncertainties]) for _, row in means.iterrows()})


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _yuan(metric: str) -> str:
    return " yuan" if metric_of(metric).unit == "yuan" else ""
