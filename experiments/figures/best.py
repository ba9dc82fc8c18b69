"""Which arm is best: what each arm was given, and what it came to."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.figures.answer import broken, number_axis
from experiments.figures.style import key_columns, panel
from experiments.metrics import Metric
from experiments.numbers import count
from experiments.sequential.best import BEST, ELIMINATED, UNDECIDED, UNDEFINED

__all__ = ["best"]

_COLOURS = {BEST: "#009E73", UNDECIDED: "#0072B2", ELIMINATED: "#999999", UNDEFINED: "#999999"}


def best(table: pd.DataFrame, metric: Metric) -> Figure:
    """Draw an arm a row, the last to be left out above the others.

    Parameters
    ----------
    table
        `best.csv`.
    metric
        What the arms were compared on.
    """
    rows = table.assign(better=metric.better * table["difference"]).sort_values(
        ["replications", "better"], ascending=False, kind="stable", ignore_index=True
    )
    figure, (spent, means, gaps) = panel(columns=3, height=1.3 + 0.3 * len(rows))
    _spent(spent, rows)
    _points(means, rows, ("mean", "mean_low", "mean_high"))
    zone = float(rows["indifference"].iloc[0])
    if zone > 0:
        gaps.axvspan(-zone, zone, color="#F0E442", alpha=0.45, linewidth=0, label="indifference zone")
    gaps.axvline(0, color="#444444", linewidth=1.0)
    _points(gaps, rows, ("difference", "low", "high"))
    unit = {"yuan": " (yuan)", "days": " (days)"}.get(metric.unit, "")
    spent.set_xlabel("replications")
    means.set_xlabel(f"{metric.label}{unit}")
    decided = bool((rows["status"] == BEST).any())
    gaps.set_xlabel(f"difference from {'the best' if decided else 'who is ahead'}{' (points)' if metric.unit == 'share' else ''}")
    for axes in (means, gaps):
        number_axis(axes, metric.unit)
    there = [status for status in _COLOURS if (rows["status"] == status).any()]
    handles: list[Artist] = [Patch(color=_COLOURS[status], label=status) for status in there if status != UNDEFINED]
    handles += gaps.get_legend_handles_labels()[0]
    figure.legend(handles=handles, loc="outside upper left", ncols=key_columns([str(handle.get_label()) for handle in handles]))
    return figure


def _spent(axes: Axes, rows: pd.DataFrame) -> None:
    axes.barh(rows.index, rows["replications"], height=0.62, color=[_COLOURS[status] for status in rows["status"]])
    for place, number in enumerate(rows["replications"]):
        axes.text(number, place, f" {count(number)}", va="center", fontsize=9, color="#222222")
    axes.set_xlim(0, 1.18 * max(1, rows["replications"].max()))
    _rows(axes, rows, [broken(arm) for arm in rows["arm"]])


def _points(axes: Axes, rows: pd.DataFrame, columns: tuple[str, str, str]) -> None:
    middle, low, high = (rows[column].to_numpy(dtype=float) for column in columns)
    for place, status in enumerate(rows["status"]):
        if not np.isnan(low[place]):
            axes.plot([low[place], high[place]], [place, place], color=_COLOURS[status], linewidth=2.5, solid_capstyle="butt")
        if not np.isnan(middle[place]):
            axes.plot([middle[place]], [place], "o", color=_COLOURS[status], markeredgecolor="white", markersize=8, zorder=5)
    _rows(axes, rows, [""] * len(rows))


def _rows(axes: Axes, rows: pd.DataFrame, labels: list[str]) -> None:
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
