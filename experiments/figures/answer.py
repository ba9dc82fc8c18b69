"""The figure that answers the question of a comparison: metrics by arm, or by day."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.answers.settings import SERIES, AnswerSettings
from experiments.answers.values import Measured, curves, measured, series_label
from experiments.figure_data import FigureData
from experiments.figures.money import draw_band
from experiments.figures.style import days_axis, key_above, panel
from experiments.looks import Look
from experiments.metrics import Metric, Unit
from experiments.numbers import count, yuan
from experiments.series import band_of
from experiments.statistics import Interval

__all__ = ["answer_figure", "broken", "number_axis"]

_FAINT = "#888888"
#: Names longer than this are broken, so that the axes keep their room.
_LONGEST_NAME = 22


def answer_figure(data: FigureData) -> Figure | None:
    """Draw what was asked for; None where nothing was, or where it was not recorded."""
    if data.answer is None:
        return None
    return _over_days(data, data.answer) if data.answer.over == "days" else _over_arms(data, data.answer)


def _over_arms(data: FigureData, answer: AnswerSettings) -> Figure | None:
    """Draw a row for every metric: each arm with its interval, and its difference from the baseline beside it."""
    found = [each for each in measured(data, answer) if each.ranked()]
    if not found:
        return None
    arms = data.strategies
    compared = len(arms) > 1
    height = 0.5 + len(found) * (0.95 + 0.3 * len(arms))
    figure, axes = panel(rows=len(found), columns=1 + compared, height=height)
    for row, each in enumerate(found):
        left, *right = axes[row * (1 + compared) : (row + 1) * (1 + compared)]
        _points(left, data, each.values, each.metric.unit)
        left.set_xlabel(_axis_label(each.metric))
        left.set_yticks(range(len(arms)), [broken(arm) for arm in arms])
        if right:
            _differences(right[0], data, each)
    return figure


def _points(axes: Axes, data: FigureData, values: dict[str, Interval], unit: Unit) -> None:
    """Draw a point with its interval for every arm, the baseline on top."""
    for place, arm in enumerate(data.strategies):
        if arm in values and not np.isnan(values[arm].mean):
            _point(axes, data.looks[arm], place, values[arm])
    axes.set_ylim(len(data.strategies) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    number_axis(axes, unit)


def _point(axes: Axes, look: Look, place: int, value: Interval) -> None:
    if not np.isnan(value.low):
        axes.plot([value.low, value.high], [place, place], color=look.colour, linewidth=2.5, solid_capstyle="butt")
    axes.plot([value.mean], [place], "o", color=look.colour, markeredgecolor="white", markersize=8, zorder=5)


def _differences(axes: Axes, data: FigureData, each: Measured) -> None:
    axes.axvline(0, color="#444444", linewidth=1.0)
    _points(axes, data, each.differences, each.metric.unit)
    axes.set_yticks(range(len(data.strategies)), [""] * len(data.strategies))
    low, high = axes.get_xlim()
    on_the_left = -low > high  # where there is more room
    name, side = ("baseline ", "right") if on_the_left else (" baseline", "left")
    axes.text(0, 0, name, ha=side, va="center", color=_FAINT, fontsize=9)
    below = data.baseline if len(data.baseline) <= _LONGEST_NAME else "the baseline"
    axes.set_xlabel(f"difference from {below}{' (points)' if each.metric.unit == 'share' else ''}")


def _over_days(data: FigureData, answer: AnswerSettings) -> Figure | None:
    """Draw a panel for every metric: a curve for each arm with its band, and what happened marked."""
    names = [name for name in answer.metrics if data.has(name)]
    if not names:
        return None
    figure, axes = panel(rows=len(names), height=0.9 + 2.5 * len(names))
    for place, (own, name) in enumerate(zip(axes, names, strict=True)):
        for arm in data.strategies:
            days = curves(data, name, arm, answer)
            if days.size and not np.isnan(days).all():
                draw_band(own, data.looks[arm], arm, band_of(days), first_day=1)
        days_axis(own, data.horizon_days, "days from the start" if own is axes[-1] else "")
        own.set_ylabel(series_label(name, answer))
        unit = SERIES[name].unit
        number_axis(own, "" if answer.per == "person" and unit == "count" else unit, vertical=True)
        if SERIES[name].kind != "mean" and name != "contribution":
            own.set_ylim(bottom=0)
        _mark(own, data, answer, named=not place)
    if not axes[0].lines:
        return None
    key_above(figure, axes[0])
    return figure


def _mark(axes: Axes, data: FigureData, answer: AnswerSettings, *, named: bool) -> None:
    """Draw a line at each day that is to be marked; what happened then is written on the first panel alone."""
    inside = {label: day for label, day in answer.marks.items() if 0 <= day <= data.horizon_days}
    for level, (label, day) in enumerate(sorted(inside.items(), key=lambda mark: mark[1])):
        axes.axvline(day, color="#444444", linewidth=1.0, linestyle=(0, (2, 2)))
        if named:
            # One under the other, so that marks of near days do not lie on each other; to the left where the right has no room.
            late = day > 0.7 * data.horizon_days
            axes.annotate(
                label,
                (day, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(-4 if late else 4, -4 - 13 * (level % 3)),
                textcoords="offset points",
                ha="right" if late else "left",
                va="top",
                fontsize=9,
                color="#444444",
            )


def number_axis(axes: Axes, unit: Unit, *, vertical: bool = False) -> None:
    """Put values of a unit on an axis, few enough to be read."""
    axis = axes.yaxis if vertical else axes.xaxis
    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    if unit == "share":
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.3g} %".replace("-", "−")))
    else:
        shown = {"yuan": yuan, "": _three_digits}.get(unit, count)
        axis.set_major_formatter(FuncFormatter(lambda value, _: shown(value)))


def _three_digits(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _axis_label(metric: Metric) -> str:
    return f"{metric.label} ({'yuan' if metric.unit == 'yuan' else 'days'})" if metric.unit in ("yuan", "days") else metric.label


def broken(name: str) -> str:
    """Break a long name at the underscore that is nearest to its middle."""
    places = [place for place, letter in enumerate(name) if letter == "_"]
    if len(name) <= _LONGEST_NAME or not places:
        return name
    middle = min(places, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle:]}"
