"""Figures of a sweep: response curves with bands, heat maps of two keys, and interaction plots."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.style import ink_on, key_above, panel
from experiments.looks import looks
from experiments.metrics import Metric, metric_of
from experiments.numbers import count, yuan
from experiments.sweep.levels import Levels, levels_of, shortened
from experiments.sweep.results import SweepResults, marginal

__all__ = ["differences", "heat_maps", "interactions", "responses"]

_CURVE_LEVELS, _MAP_LEVELS, _LINES = 8, 6, 4
#: More panels are not read.
_MOST_PANELS = 6
_COLUMNS = 2
_ROW_INCHES = 2.7


def responses(found: SweepResults, metric: str) -> Figure:
    """Draw a metric over each key: the mean over everything else that varies, with its band, a curve for each arm."""
    return _curves(found, found.runs, metric, found.strategies, _label(metric_of(metric)))


def differences(found: SweepResults, metric: str) -> Figure:
    """Draw what a key changes on the same people: the paired difference from the baseline, or of one arm that from its own mean."""
    label = metric_of(metric)
    unit = " (points)" if label.unit == "share" else ""
    less = f"difference\nfrom {found.strategies[0]}" if len(found.strategies) > 1 else "less its mean\nover all points"
    figure = _curves(
        found, _relative(found, metric), metric, found.strategies[-max(1, len(found.strategies) - 1) :], f"{label.label}: {less}{unit}"
    )
    for axes in figure.axes:
        axes.axhline(0, color="#444444", linewidth=1.0)
    return figure


def heat_maps(found: SweepResults, metric: str) -> Figure | None:
    """Draw a metric, or the difference of the last arm from the baseline, over pairs of keys; None with one key."""
    pairs = _pairs(found)
    if not pairs:
        return None
    compared = len(found.strategies) > 1
    runs = _relative(found, metric) if compared else found.runs
    arm = found.strategies[-1]
    runs = runs[runs["strategy"] == arm]
    figure, panels = _grid(len(pairs), height=3.3)
    tables = [_two_way(runs, pair, metric, _MAP_LEVELS) for pair in pairs]
    norm = _norm([table for _, _, table in tables], centred=compared)
    colours = "PuOr" if compared else "viridis"
    for axes, pair, (across, up, table) in zip(panels, pairs, tables, strict=False):
        image = axes.imshow(table.T, origin="lower", aspect="auto", cmap=colours, norm=norm)
        for (x, y), value in np.ndenumerate(table):
            if not np.isnan(value):
                ink = ink_on(to_hex(image.cmap(norm(value))))
                axes.text(x, y, _number(value, metric_of(metric)), ha="center", va="center", fontsize=8, color=ink)
        axes.set_xticks(range(len(across.labels)), _broken(across.labels), fontsize=8)
        axes.set_yticks(range(len(up.labels)), up.labels, fontsize=8)
        axes.set_xlabel(_short(found, pair[0]))
        axes.set_ylabel(_short(found, pair[1]))
        axes.grid(visible=False)
    what = f"{arm} − {found.strategies[0]}" if compared else arm
    bar = figure.colorbar(ScalarMappable(norm, colours), ax=panels[: len(pairs)], location="top", shrink=0.6, aspect=40)
    bar.set_label(f"{_label(metric_of(metric))}: {what}")
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, metric_of(metric))))
    return figure


def interactions(found: SweepResults, metric: str) -> Figure | None:
    """Draw a metric over one key, a line for each level of another: where lines are not parallel, the two interact."""
    pairs = _pairs(found)
    if not pairs:
        return None
    compared = len(found.strategies) > 1
    runs = _relative(found, metric)
    runs = runs[runs["strategy"] == found.strategies[-1]]
    figure, panels = _grid(len(pairs), height=3.1)
    for axes, (first, second) in zip(panels, pairs, strict=False):
        own = runs.assign(_x=(across := levels_of(runs[first], _MAP_LEVELS)).of, _line=(lines := levels_of(runs[second], _LINES)).of)
        look = looks(lines.labels)
        for number, label in enumerate(lines.labels):
            band = marginal(own[own["_line"] == number], ["_x"], metric)
            _band(axes, [across.places[place] for place in band["_x"]], band, look[label], label)
        _key_axis(axes, across, _short(found, first))
        axes.set_ylabel(f"{metric_of(metric).label}{': difference' if compared else ' less its mean'}")
        _value_axis(axes, metric_of(metric))
        axes.legend(title=_short(found, second), fontsize=8, title_fontsize=8)
    return figure


def _curves(found: SweepResults, runs: pd.DataFrame, metric: str, arms: list[str], label: str) -> Figure:
    keys = found.keys[:_MOST_PANELS]
    figure, panels = _grid(len(keys), height=_ROW_INCHES)
    look = looks(found.strategies)
    for place, (axes, key) in enumerate(zip(panels, keys, strict=False)):
        levels = levels_of(runs[key], _CURVE_LEVELS)
        own = runs.assign(_level=levels.of)
        for arm in arms:
            band = marginal(own[own["strategy"] == arm], ["_level"], metric)
            _band(axes, [levels.places[level] for level in band["_level"]], band, look[arm], arm)
        _key_axis(axes, levels, _short(found, key))
        axes.set_ylabel(label if place % _COLUMNS == 0 else "")
        _value_axis(axes, metric_of(metric))
    if len(found.strategies) > 1:
        key_above(figure, panels[0])
    return figure


def _band(axes: Axes, places: list[float], band: pd.DataFrame, look: dict[str, object], label: str) -> None:
    colour = str(look["color"])
    axes.plot(places, band["mean"], marker="o", markersize=4, color=colour, linestyle=look["linestyle"], label=label)
    if band["low"].notna().any():
        axes.fill_between(places, band["low"], band["high"], color=colour, alpha=0.18, linewidth=0)


def _relative(found: SweepResults, metric: str) -> pd.DataFrame:
    """Subtract from every run that of the baseline at the same point, or, of one arm, its mean over all points: on the same people both."""
    runs = found.runs[["strategy", "point", *found.keys, "replication", metric]]
    if len(found.strategies) == 1:
        return runs.assign(**{metric: runs[metric] - runs.groupby("replication")[metric].transform("mean")})
    base = runs.loc[runs["strategy"] == found.strategies[0], ["point", "replication", metric]].rename(columns={metric: "_base"})
    both = runs[runs["strategy"] != found.strategies[0]].merge(base, on=["point", "replication"], how="inner")
    return both.assign(**{metric: both[metric] - both["_base"]}).drop(columns="_base")


def _pairs(found: SweepResults) -> list[tuple[str, str]]:
    """Pair the keys: a lever across and a world up first, since that is the question; then the others."""
    several = [key for key in found.keys if levels_of(found.points[key], _MAP_LEVELS).labels[1:]]
    pairs = sorted(combinations(several, 2), key=lambda pair: (pair[0] in found.levers) == (pair[1] in found.levers))
    return pairs[:_MOST_PANELS]


def _two_way(runs: pd.DataFrame, pair: tuple[str, str], metric: str, most: int) -> tuple[Levels, Levels, np.ndarray]:
    across, up = (levels_of(runs[key], most) for key in pair)
    means = runs.assign(_x=across.of, _y=up.of).groupby(["_x", "_y"])[metric].mean()
    table = np.full((len(across.labels), len(up.labels)), np.nan)
    for row in means.reset_index().itertuples(index=False):
        table[int(row[0]), int(row[1])] = row[2]
    return across, up, table


def _norm(tables: list[np.ndarray], *, centred: bool) -> Normalize:
    values = np.concatenate([table[~np.isnan(table)] for table in tables])
    if centred:
        return CenteredNorm(0, float(np.abs(values).max()) or 1.0)
    low, high = float(values.min()), float(values.max())
    return Normalize(low, high if high > low else low + 1.0)


def _grid(panels: int, height: float) -> tuple[Figure, list[Axes]]:
    columns = min(_COLUMNS, panels)
    rows = -(-panels // columns)
    figure, axes = panel(rows, columns, height=0.6 + height * rows)
    for spare in axes[panels:]:
        spare.remove()
    return figure, axes


def _key_axis(axes: Axes, levels: Levels, label: str) -> None:
    axes.set_xlabel(label)
    if not levels.numeric:
        axes.set_xticks(levels.places, _broken(levels.labels), fontsize=8)
        axes.margins(x=0.1)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))


def _value_axis(axes: Axes, metric: Metric) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, metric)))


def _number(value: float, metric: Metric) -> str:
    if metric.unit == "share":
        return f"{100 * value:.3g} %".replace("-", "−")
    if metric.unit == "yuan":
        return yuan(value)
    return f"{value:.3g}".replace("-", "−") if metric.unit == "" else count(value)


def _label(metric: Metric) -> str:
    return f"{metric.label} ({metric.unit})" if metric.unit in ("yuan", "days") else metric.label


def _short(found: SweepResults, key: str) -> str:
    unit = found.unit(key)
    short = shortened(key, found.keys)
    return f"{short} ({unit})" if unit else short


def _broken(labels: list[str]) -> list[str]:
    """Break long labels of ticks, so that neighbours do not lie on each other."""
    return [label.replace(" to ", "\nto ") if len(label) > 9 else label for label in labels]
