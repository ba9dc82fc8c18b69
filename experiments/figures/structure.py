"""What happened to members and groups in all: exits by cause, groups by vitality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figure_data import CAUSES, FigureData
from experiments.figures.style import CAUSE_COLOURS, VITALITY_COLOURS, ink_on, key_above, panel
from experiments.numbers import count

__all__ = ["exits_by_cause", "group_vitality"]

_VITALITY = ("value", "lukewarm", "dead", "junk")
_SMALLEST_LABELLED = 0.04


def exits_by_cause(data: FigureData) -> Figure | None:
    """Draw the share of members who left, parted by the causes that their exits are shared among."""
    shares = exit_shares(data)
    if shares.empty or not shares.to_numpy().sum():
        return None
    return _bars(100 * shares, CAUSE_COLOURS, "of everyone who was a member, left because of (%)")


def group_vitality(data: FigureData) -> Figure | None:
    """Draw the number of groups of each class at the end."""
    columns = [f"groups_{name}" for name in _VITALITY]
    if not set(columns) <= set(data.runs.columns):
        return None
    means = data.runs.groupby("strategy")[columns].mean().reindex(data.strategies)
    means.columns = pd.Index(_VITALITY)
    means = means[means.sum(axis=1) > 0]
    if means.empty:
        return None
    return _bars(means, VITALITY_COLOURS, "groups at the end (mean over replications)")


def exit_shares(data: FigureData) -> pd.DataFrame:
    """Share of members who left, by strategy (rows) and cause (columns); mean over replications."""
    columns = [f"share_{cause}" for cause in CAUSES]
    members = data.members
    if not {"joined_h", "left_h", *columns} <= set(members.columns):
        return pd.DataFrame()
    joined = members[members["joined_h"].notna() & ~(members["left_h"] < 0)]
    per_run = joined.groupby(["strategy", "replication"])
    shares = per_run[columns].sum().div(per_run.size(), axis=0).groupby("strategy").mean()
    shares.columns = pd.Index(CAUSES)
    return shares.reindex([name for name in data.strategies if name in shares.index])


def _bars(values: pd.DataFrame, colours: Sequence[str], label: str) -> Figure:
    """Draw one stacked bar a strategy, with the numbers in the segments that have room for them."""
    used = [name for name in values.columns if values[name].sum() > 0]
    palette: Mapping[str, str] = dict(zip(values.columns, colours, strict=True))
    figure, (axes,) = panel(height=1.5 + 0.5 * len(values))
    longest = float(values.sum(axis=1).max())
    positions = np.arange(len(values))[::-1]
    start = np.zeros(len(values))
    for name in used:
        widths = values[name].to_numpy(dtype=float)
        axes.barh(positions, widths, left=start, height=0.6, color=palette[name], edgecolor="white", label=name)
        for position, left, width in zip(positions, start, widths, strict=True):
            if width > _SMALLEST_LABELLED * longest:
                _number(axes, left + width / 2, position, width, palette[name])
        start = start + widths
    for position, total in zip(positions, start, strict=True):
        axes.text(total + 0.01 * longest, position, count(total), va="center", weight="bold", color="#222222")
    axes.set_yticks(positions, [str(name) for name in values.index])
    axes.set_ylim(-0.6, len(values) - 0.4)
    axes.set_xlim(0, 1.08 * longest)
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))
    axes.grid(visible=False, axis="y")
    key_above(figure, axes)
    return figure


def _number(axes: Axes, x: float, y: float, value: float, background: str) -> None:
    axes.text(x, y, count(value), ha="center", va="center", fontsize=9, color=ink_on(background))
