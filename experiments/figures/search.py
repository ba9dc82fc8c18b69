"""Figures of a search: pale what the search itself saw, full what fresh people say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.checks import is_number
from experiments.figures.style import key_above, panel
from experiments.metrics import Metric
from experiments.numbers import count, yuan
from experiments.optimise.measures import measure_of
from experiments.optimise.results import OptimiseResults
from experiments.optimise.trials import COMPLETE, GIVEN_UP, Trial
from experiments.statistics import Interval

__all__ = ["fronts", "history", "levers"]

_PALE, _FULL, _WON, _NOW, _BROKEN = "#9CC4E4", "#0072B2", "#D55E00", "#444444", "#BBBBBB"
_MOST_PANELS, _COLUMNS, _ROW_INCHES = 6, 2, 2.7
_LETTERS = 34


def fronts(found: OptimiseResults) -> Figure | None:
    """Draw the first objective against each of the others; None with one objective."""
    first, *others = found.search.objectives
    if not others:
        return None
    figure, panels = panel(1, len(others), height=4.4)
    for axes, other in zip(panels, others, strict=True):
        for trials, look in _groups(found):
            axes.scatter(_means(trials, first), _means(trials, other), **look)
        for own in found.ending.retested[1:]:
            x, y = own.differences[first], own.differences[other]
            before = found.trials[own.number]
            axes.plot(
                [*_means([before], first), *_means([own], first)],
                [*_means([before], other), *_means([own], other)],
                color=_PALE,
                linewidth=1,
            )
            axes.errorbar(
                [_scaled(x.mean, first)], [_scaled(y.mean, other)], xerr=_bars(x, first), yerr=_bars(y, other), **_retested(found, own)
            )
        axes.scatter([0], [0], marker="*", s=110, color=_NOW, zorder=5, label=f"{found.strategy} as it is")
        axes.set_xlabel(_axis_label(first))
        axes.set_ylabel(_axis_label(other))
        _numbers(axes.xaxis, first)
        _numbers(axes.yaxis, other)
    _key(figure, panels[0])
    return figure


def history(found: OptimiseResults) -> Figure | None:
    """Draw the objective of each trial in the order of asking, and the best so far; None with several objectives."""
    first, *others = found.search.objectives
    if others:
        return None
    figure, (axes,) = panel(height=4.0)
    for trials, look in _groups(found):
        axes.scatter([own.number for own in trials], _means(trials, first), **look)
    kept = [own for own in found.trials if own.is_kept]
    if kept:
        sign = measure_of(first).better
        best = sign * np.maximum.accumulate(sign * np.array(_means(kept, first)))
        ends = [*(own.number for own in kept), len(found.trials) - 1]
        axes.step(ends, [*best, best[-1]], where="post", color=_PALE, linewidth=1.5, label="best of the search so far")
    for own in found.ending.retested[1:]:
        gap = own.differences[first]
        axes.errorbar([own.number], [_scaled(gap.mean, first)], yerr=_bars(gap, first), **_retested(found, own))
    axes.axhline(0, color=_NOW, linewidth=1)
    axes.set_xlabel("trial")
    axes.set_ylabel(_axis_label(first).replace(", ", ",\n"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _numbers(axes.yaxis, first)
    _key(figure, axes)
    return figure


def levers(found: OptimiseResults) -> Figure:
    """Draw the first objective over each lever."""
    first = found.search.objectives[0]
    keys = found.levers[:_MOST_PANELS]
    columns = min(_COLUMNS, len(keys))
    rows = math.ceil(len(keys) / columns)
    figure, panels = panel(rows, columns, height=0.8 + rows * _ROW_INCHES)
    for axes in panels[len(keys) :]:
        axes.remove()
    for place, (axes, key) in enumerate(zip(panels, keys, strict=False)):
        _lever(axes, found, key, first)
        axes.set_ylabel(_axis_label(first, brief=True) if place % columns == 0 else "")
        axes.set_xlabel(_broken(found.label(key)))
        _numbers(axes.yaxis, first)
    _key(figure, panels[0])
    return figure


def _lever(axes: Axes, found: OptimiseResults, key: str, metric: str) -> None:
    over = found.over(key)
    choices = None if isinstance(over, dict) or all(is_number(value) for value in over) else over

    def place(value: Any) -> float:
        return float(value) if choices is None else float(choices.index(value)) if value in choices else math.nan

    for trials, look in _groups(found):
        axes.scatter([place(own.candidate.point.levers[key]) for own in trials], _means(trials, metric), **look)
    for own in found.ending.retested[1:]:
        gap = own.differences[metric]
        x = place(own.candidate.point.levers[key])
        axes.errorbar([x], [_scaled(gap.mean, metric)], yerr=_bars(gap, metric), **_retested(found, own))
    axes.axhline(0, color=_NOW, linewidth=1)
    now = place(found.now(key)) if choices is not None or is_number(found.now(key)) else math.nan
    if not math.isnan(now):
        axes.axvline(now, color=_NOW, linewidth=1, linestyle=":", label="as it is")
    if choices is not None:
        axes.set_xticks(range(len(choices)), [str(value) for value in choices], fontsize=8)
        axes.set_xlim(-0.5, len(choices) - 0.5)
    elif not isinstance(over, dict):
        axes.set_xticks(over, [f"{value:g}" for value in over])
    elif over["scale"] == "log":
        axes.set_xscale("log")


def _groups(found: OptimiseResults) -> list[tuple[list[Trial], dict[str, Any]]]:
    """Part the trials of the search by how they are drawn."""
    own = [trial for trial in found.trials[1:] if trial.status in (COMPLETE, GIVEN_UP)]
    groups = [
        ([trial for trial in own if trial.is_kept], {"color": _PALE, "s": 30, "label": "search"}),
        ([trial for trial in own if trial.feasible and not trial.is_kept], {"color": _PALE, "s": 10, "label": "search, given up"}),
        ([trial for trial in own if not trial.feasible], {"color": _BROKEN, "s": 22, "marker": "x", "label": "beyond a constraint"}),
    ]
    return [(trials, {"zorder": 2, **look}) for trials, look in groups if trials]


def _retested(found: OptimiseResults, own: Trial) -> dict[str, Any]:
    won = found.ending.winner is not None and own.number == found.ending.winner.number
    colour = _WON if won else _FULL if own.feasible else _BROKEN
    label = "winner, fresh people" if won else "fresh people" if own.feasible else "fresh people, beyond a constraint"
    return {
        "color": colour,
        "fmt": "D" if won else "o",
        "markersize": 6 if won else 5,
        "elinewidth": 1.3,
        "zorder": 6 if won else 4,
        "label": label,
    }


def _scaled(value: float, name: str) -> float:
    return 100 * value if measure_of(name).unit == "share" else value


def _means(trials: Sequence[Trial], name: str) -> list[float]:
    return [_scaled(own.differences[name].mean, name) for own in trials]


def _bars(own: Interval, name: str) -> list[list[float]]:
    """Return the two arms of an error bar."""
    return [[max(0.0, _scaled(own.mean - own.low, name))], [max(0.0, _scaled(own.high - own.mean, name))]]


def _axis_label(name: str, *, brief: bool = False) -> str:
    metric = measure_of(name)
    unit = {"yuan": "yuan", "share": "points", "days": "days"}.get(metric.unit, "")
    better = "more" if metric.better > 0 else "less"
    return f"{metric.label}: difference{f' ({unit})' if unit else ''}{'' if brief else f', {better} is better'}"


def _numbers(axis: Any, name: str) -> None:
    metric: Metric = measure_of(name)
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: yuan(value) if metric.unit == "yuan" else count(value) if abs(value) >= 100 else f"{value:.3g}")
    )
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))


def _key(figure: Figure, axes: Axes) -> None:
    """Put each sort of point into the key once."""
    seen: set[str] = set()
    for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
        if label in seen:
            handle.set_label("_")
        seen.add(label)
    key_above(figure, axes)


def _broken(label: str) -> str:
    """Break a long key at its dots."""
    lines = [""]
    for part in label.removeprefix("strategy.").replace(".", ".\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > _LETTERS:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
