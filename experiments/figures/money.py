"""Money over time: cumulative, daily, and the paired difference with the day on which the order turns."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.crossing import Crossing
from experiments.figure_data import FigureData
from experiments.figures.style import days_axis, key_above, money_axis, panel
from experiments.looks import Look
from experiments.series import Band, band_of, rolling_mean

__all__ = ["cumulative", "daily_gmv", "difference"]

_SMOOTHED_DAYS = 7


def cumulative(data: FigureData, column: str, label: str) -> Figure | None:
    """Draw what every strategy has brought by each day."""
    if not data.has(column):
        return None
    figure, (axes,) = panel()
    for name in data.strategies:
        draw_band(axes, data.looks[name], name, band_of(_running_total(data.totals(column, name).to_numpy())))
    days_axis(axes, data.horizon_days)
    money_axis(axes, f"cumulative {label} (yuan)")
    key_above(figure, axes)
    return figure


def difference(data: FigureData, column: str, label: str) -> Figure | None:
    """Draw how far each strategy is ahead of the baseline by each day, on the same people."""
    if len(data.strategies) < 2 or not data.has(column):
        return None
    figure, (axes,) = panel()
    axes.axhline(0, color="#444444", linewidth=1.0)
    for name in data.strategies[1:]:
        band = band_of(_running_total(data.differences(column, name)))
        draw_band(axes, data.looks[name], f"{name} − {data.baseline}", band)
        crossing = data.crossing(column, name)
        if crossing is not None:
            _mark(axes, data.looks[name], crossing)
    days_axis(axes, data.horizon_days)
    money_axis(axes, f"difference in cumulative\n{label} (yuan)")
    key_above(figure, axes)
    return figure


def daily_gmv(data: FigureData) -> Figure | None:
    """Draw GMV a day, as the mean of seven days."""
    if not data.has("gmv"):
        return None
    figure, (axes,) = panel()
    for name in data.strategies:
        band = band_of(rolling_mean(data.totals("gmv", name), _SMOOTHED_DAYS).to_numpy())
        draw_band(axes, data.looks[name], name, band, first_day=1)
    days_axis(axes, data.horizon_days)
    money_axis(axes, "GMV a day (yuan, mean of 7 days)")
    axes.set_ylim(bottom=0)
    key_above(figure, axes)
    return figure


def draw_band(axes: Axes, look: Look, label: str, band: Band, first_day: int = 0) -> None:
    """Draw a mean curve, over its 95 % band where there is one."""
    days = np.arange(first_day, first_day + band.mean.size)
    if not np.isnan(band.low).all():
        axes.fill_between(days, band.low, band.high, color=look.colour, alpha=0.18, linewidth=0)
    axes.plot(days, band.mean, label=label, **look)


def _mark(axes: Axes, look: Look, crossing: Crossing) -> None:
    """Mark the day on which the order turns, and its interval, on the line of no difference."""
    if np.isnan(crossing.day):
        return
    if not np.isnan(crossing.low):
        axes.plot([crossing.low, crossing.high], [0, 0], color=look.colour, linewidth=5, alpha=0.5, solid_capstyle="butt")
    axes.plot([crossing.day], [0], "o", color=look.colour, markeredgecolor="white", markersize=8, zorder=5)


def _running_total(daily: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum up days, with the zero of the start in front."""
    return np.cumsum(np.pad(daily, ((0, 0), (1, 0))), axis=1)
