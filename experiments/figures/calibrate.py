"""Figures of a fit: what was observed beside what BG/NBD expects and what the simulator gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.calibrate.outcome import Outcome
from experiments.figures.style import count_axis, key_above, panel

__all__ = ["activity", "classes", "counts", "invited", "posterior", "retention", "spend", "track"]

#: The others are in the table.
_MOST_CHANNELS = 6
_ACTUAL, _EXPECTED, _SIMULATED = "#000000", "#0072B2", "#D55E00"


def counts(found: Outcome) -> Figure:
    """Draw customers by the number of their repeat purchases in the fitted weeks."""
    return _bars(found.histogram, "repeat purchases in the fitted weeks", "customers", "bg_nbd")


def classes(found: Outcome) -> Figure:
    """Draw purchases in the weeks after, by the number in the fitted weeks."""
    return _bars(found.classes, "repeat purchases in the fitted weeks", "mean purchases in the weeks after", "bg_nbd")


def spend(found: Outcome, currency: str) -> Figure:
    """Draw deciles of what an order costs."""
    table = found.spend.assign(repeats=[f"{10 * decile} %" for decile in found.spend["decile"]])
    return _bars(table, "share of orders that cost no more", f"value of an order ({currency})")


def track(found: Outcome, fit_weeks: int) -> Figure:
    """Draw cumulative repeat purchases, and what comes in each week, by week from the first order on."""
    table = found.tracking
    figure, (upper, lower) = panel(2, 1, height=6.0)
    for axes, frame in ((upper, table), (lower, _weekly(table))):
        axes.plot(frame["week"], frame["actual"], color=_ACTUAL, linewidth=1.6, label="actual")
        axes.plot(frame["week"], frame["bg_nbd"], color=_EXPECTED, linestyle="--", label="BG/NBD, expected")
        axes.plot(frame["week"], frame["simulated"], color=_SIMULATED, linestyle=":", label="simulated, mean of the runs")
        axes.axvline(fit_weeks, color="#666666", linewidth=1.0)
        axes.set_xlim(0, table["week"].max())
    upper.fill_between(
        table["week"], table["low"], table["high"], color=_SIMULATED, alpha=0.18, linewidth=0, label="95 % of simulated worlds"
    )
    upper.annotate(
        "fitted", (fit_weeks, 1.0), (-4, -4), xycoords=("data", "axes fraction"), textcoords="offset points", ha="right", va="top"
    )
    upper.annotate("predicted", (fit_weeks, 1.0), (4, -4), xycoords=("data", "axes fraction"), textcoords="offset points", va="top")
    count_axis(upper, "cumulative repeat purchases")
    count_axis(lower, "repeat purchases in the week")
    lower.set_xlabel("weeks from the first order")
    key_above(figure, upper)
    return figure


def posterior(draws: pd.DataFrame, fitted: dict[str, float]) -> Figure:
    """Draw how the draws of each parameter lie, with the fit of maximum likelihood."""
    figure, panels = panel(1, len(fitted), height=2.6)
    for axes, (name, value) in zip(panels, fitted.items(), strict=True):
        axes.hist(draws[name], bins=40, color=_SIMULATED, alpha=0.6)
        axes.axvline(value, color=_EXPECTED, linestyle="--")
        axes.set_xlabel(name, fontsize=9)
        axes.set_yticks([])
    return figure


def retention(table: pd.DataFrame) -> Figure:
    """Draw the share of members who are still in a group, by weeks after joining, of all and of each channel."""
    rows = table[table["measure"] == "retention"]
    channels = list(dict.fromkeys(rows["channel"]))[:_MOST_CHANNELS]
    columns = min(2, len(channels))
    figure, panels = panel(-(-len(channels) // columns), columns, height=1.0 + 2.4 * -(-len(channels) // columns))
    for axes, channel in zip(panels, channels, strict=False):
        _curves(axes, rows[rows["channel"] == channel], "weeks after joining")
        axes.set_title("all channels" if channel == "all" else channel, fontsize=9)
        axes.set_ylim(0, 1.02)
    for axes in panels[len(channels) :]:
        axes.set_visible(False)
    panels[0].set_ylabel("share still in a group")
    key_above(figure, panels[0])
    return figure


def activity(table: pd.DataFrame) -> Figure:
    """Draw messages a member and day, and the share of members who write, by week."""
    labels = {"messages": "messages a member and day", "writers": "share of members who write on a day"}
    told = [measure for measure in labels if (table["measure"] == measure).any()]
    figure, panels = panel(len(told), 1, height=1.0 + 2.4 * len(told))
    for axes, measure in zip(panels, told, strict=True):
        _curves(axes, table[table["measure"] == measure], "week")
        axes.set_ylabel(labels[measure])
        axes.set_ylim(bottom=0)
    key_above(figure, panels[0])
    return figure


def invited(table: pd.DataFrame) -> Figure:
    """Draw how many people a member has brought, by weeks after joining."""
    figure, (axes,) = panel()
    _curves(axes, table[table["measure"] == "invited"], "weeks after joining")
    axes.set_ylabel("people brought by a member")
    axes.set_ylim(bottom=0)
    key_above(figure, axes)
    return figure


def _curves(axes: Axes, rows: pd.DataFrame, across: str) -> None:
    axes.plot(rows["week"], rows["actual"], color=_ACTUAL, linewidth=1.6, label="actual")
    if rows["simulated"].notna().any():
        axes.plot(rows["week"], rows["simulated"], color=_SIMULATED, linestyle=":", label="simulated, mean of the runs")
        axes.fill_between(
            rows["week"], rows["low"], rows["high"], color=_SIMULATED, alpha=0.18, linewidth=0, label="95 % of simulated worlds"
        )
    axes.set_xlabel(across)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))


def _weekly(table: pd.DataFrame) -> pd.DataFrame:
    """Return what comes in each week; the first point is that of week 1."""
    columns = ["actual", "bg_nbd", "simulated"]
    return table[["week"]].join(table[columns].diff()).iloc[1:]


def _bars(table: pd.DataFrame, across: str, up: str, expected: str = "") -> Figure:
    figure, (axes,) = panel()
    place = np.arange(len(table))
    width = 0.27 if expected else 0.38
    axes.bar(place - width, table["actual"], width, color=_ACTUAL, label="actual")
    if expected:
        axes.bar(place, table[expected], width, color=_EXPECTED, label="BG/NBD, expected")
    _with_interval(axes, place + (width if expected else 0.0), table, width)
    axes.set_xticks(place, list(table["repeats"]))
    axes.set_xlabel(across)
    count_axis(axes, up)
    key_above(figure, axes)
    return figure


def _with_interval(axes: Axes, place: np.ndarray, table: pd.DataFrame, width: float) -> None:
    mean = table["simulated"].to_numpy(float)
    reach = np.abs(np.vstack([mean - table["low"], table["high"] - mean]))
    axes.bar(place, mean, width, color=_SIMULATED, label="simulated, with 95 % of worlds", yerr=reach, ecolor="#5c2500", capsize=2)
