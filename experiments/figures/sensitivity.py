"""What a result hangs on: each key alone as a tornado, and indices of all keys together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.style import key_above, panel
from experiments.metrics import Metric
from experiments.numbers import count, share, yuan
from experiments.sensitivity.assumptions import dependences_of
from experiments.sensitivity.effects import Effect, effects_of
from experiments.sensitivity.indices import Index, Indices, indices_of
from experiments.sensitivity.results import SensitivityResults, Target

__all__ = ["MOST_KEYS", "index_figure", "tornado"]

#: More keys are in the tables.
MOST_KEYS = 20
_LOW, _HIGH, _DARK, _FAINT = "#56B4E9", "#E69F00", "#222222", "#888888"
_FIRST, _TOTAL = "#0072B2", "#D55E00"
_ROW_INCHES = 0.37
_BAR = 0.38


def tornado(found: SensitivityResults, target: Target) -> Figure | None:
    """Draw what comes out at both ends of each key's range, the widest swing on top; None where nothing moves.

    Parameters
    ----------
    found
        The analysis.
    target
        What is looked at.
    """
    effects = [effect for effect in effects_of(found, target) if effect.swing][:MOST_KEYS]
    if not effects:
        return None
    figure, (axes,) = panel(height=1.25 + _ROW_INCHES * len(effects))
    now = effects[0].now.outcome
    if not np.isnan(now.low):
        axes.axvspan(now.low, now.high, color="#EEEEEE", zorder=0, label="as configured")
    axes.axvline(now.mean, color=_FAINT, linewidth=1.0)
    for row, effect in enumerate(effects):
        _bars(axes, effect, row)
    axes.bar(now.mean, 0, color=_LOW, label="least value")
    axes.bar(now.mean, 0, color=_HIGH, label="greatest value")
    _widened(axes)
    low, high = axes.get_xlim()
    if target.baseline and low < 0 < high:
        axes.axvline(0, color=_DARK, linewidth=1.4, zorder=1)
    depending = {own.key for own in dependences_of(found) if own.target == target}
    _rows(axes, found, [effect.key for effect in effects], depending)
    _value_axis(axes, found.metric, difference=bool(target.baseline))
    axes.set_xlabel(_axis_label(found.metric, target))
    key_above(figure, axes)
    return figure


def index_figure(found: SensitivityResults, target: Target) -> Figure | None:
    """Draw the indices with their intervals; None where the method has none.

    Parameters
    ----------
    found
        The analysis.
    target
        What is looked at.
    """
    indices = indices_of(found, target)
    if indices is None:
        return None
    return _sobol(found, target, indices) if found.method == "sobol" else _morris(found, target, indices)


def _bars(axes: Axes, effect: Effect, row: int) -> None:
    now = effect.now.outcome.mean
    for place, colour, side in zip(effect.ends, (_LOW, _HIGH), (-1, 1), strict=True):
        if place is effect.now:
            continue
        height = row + side * _BAR / 2
        change = place.effect
        axes.barh(height, place.outcome.mean - now, left=now, height=_BAR, color=colour, zorder=2)
        ends = (place.outcome.mean, place.outcome.mean)
        if not np.isnan(change.low):
            ends = (now + change.low, now + change.high)
            axes.plot(ends, [height, height], color=_DARK, linewidth=1.1, zorder=3)
        right = place.outcome.mean >= now
        axes.annotate(
            f"{place.value:.4g}".replace("-", "−"),
            (max(*ends, now) if right else min(*ends, now), height),
            xytext=(3 if right else -3, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            fontsize=7.5,
            color="#555555",
        )
    between = [place.outcome.mean for place in effect.places[1:-1] if place is not effect.now]
    axes.plot(between, [row] * len(between), ".", color=_DARK, markersize=4, zorder=4)


def _sobol(found: SensitivityResults, target: Target, indices: Indices) -> Figure:
    total, first = indices.of("ST"), indices.of("S1")
    keys = list(total)[:MOST_KEYS]
    figure, (axes,) = panel(height=1.25 + _ROW_INCHES * len(keys))
    axes.axvline(0, color="#444444", linewidth=1.0)
    _points(axes, [first[key] for key in keys], -0.15, _FIRST, "o", "alone (S1)")
    _points(axes, [total[key] for key in keys], 0.15, _TOTAL, "s", "with all interactions (ST)")
    _luck(axes, indices.noise, "ST of luck alone")
    _rows(axes, found, keys, set())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value).replace(".0", "")))
    axes.set_xlabel(f"share of the variance of {_axis_label(found.metric, target)}")
    key_above(figure, axes)
    return figure


def _morris(found: SensitivityResults, target: Target, indices: Indices) -> Figure:
    size, spread = indices.of("mu_star"), indices.of("sigma")
    keys = list(size)[:MOST_KEYS]
    figure, (axes,) = panel(height=1.25 + _ROW_INCHES * len(keys))
    rows = np.arange(len(keys))
    axes.barh(rows, [size[key].value for key in keys], height=0.5, color=_FIRST, alpha=0.75, zorder=2, label="mean size (mu*)")
    for row, key in enumerate(keys):
        axes.plot([size[key].low, size[key].high], [row, row], color=_DARK, linewidth=1.1, zorder=3)
    _points(axes, [spread[key] for key in keys], 0.34, _TOTAL, "D", "spread of it (sigma)")
    _luck(axes, indices.noise, "mu* of luck alone")
    axes.set_xlim(left=0)
    _rows(axes, found, keys, set())
    _value_axis(axes, found.metric, difference=True)
    axes.set_xlabel(f"effect over the whole range on {_axis_label(found.metric, target)}")
    key_above(figure, axes)
    return figure


def _points(axes: Axes, rows: Sequence[Index], shift: float, colour: str, marker: str, label: str) -> None:
    for place, row in enumerate(rows):
        axes.plot([row.low, row.high], [place + shift] * 2, color=colour, linewidth=1.8, solid_capstyle="butt", zorder=4)
    axes.plot(
        [row.value for row in rows],
        np.arange(len(rows)) + shift,
        marker,
        color=colour,
        markeredgecolor="white",
        markersize=7,
        zorder=5,
        label=label,
    )


def _luck(axes: Axes, noise: float, label: str) -> None:
    if noise > 0:
        axes.axvline(noise, color=_FAINT, linewidth=1.2, linestyle=(0, (3, 2)), label=label)


def _rows(axes: Axes, found: SensitivityResults, keys: Sequence[str], bold: set[str]) -> None:
    """Name the rows, the first on top, without the group that all keys share."""
    roots = {key.split(".")[0] for key in found.keys}
    names = [key.partition(".")[2] if len(roots) == 1 and "." in key else key for key in keys]
    units = [found.note(key)["unit"] for key in keys]
    labels = [f"{name} ({unit})" if unit and len(name) + len(unit) < 40 else name for name, unit in zip(names, units, strict=True)]
    axes.set_yticks(range(len(keys)), labels, fontsize=8.5)
    for text, key in zip(axes.get_yticklabels(), keys, strict=True):
        if key in bold:
            text.set_fontweight("bold")
    axes.set_ylim(len(keys) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def _widened(axes: Axes) -> None:
    """Make room for the values at the ends of the bars."""
    low, high = axes.get_xlim()
    axes.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))


def _value_axis(axes: Axes, metric: Metric, *, difference: bool) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    if metric.unit == "share":
        sign = "" if difference else " %"
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.3g}{sign}".replace("-", "−")))
    elif metric.unit in ("yuan", "count", "days"):
        shown = yuan if metric.unit == "yuan" else count
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: shown(value)))


def _axis_label(metric: Metric, target: Target) -> str:
    unit = {"yuan": " (yuan)", "days": " (days)", "share": " (points)" if target.baseline else ""}.get(metric.unit, "")
    what = f"{target.strategy} less {target.baseline}" if target.baseline else target.strategy
    label = metric.label if metric.label[:2].isupper() else metric.label.lower()
    return f"{label}{unit}: {what}"
