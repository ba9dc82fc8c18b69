"""Members over time: who stays, who is active, how tired and trusting they are."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from experiments.figure_data import FigureData
from experiments.figures.money import draw_band
from experiments.figures.style import count_axis, days_axis, key_above, panel
from experiments.series import band_of, member_means, survival

__all__ = ["active_members", "fatigue_and_trust", "retention"]


def retention(data: FigureData) -> Figure | None:
    """Draw the share of members that is still there at each age (Kaplan-Meier)."""
    if "joined_h" not in data.members:
        return None
    figure, (axes,) = panel()
    last = 0
    for name in data.strategies:
        curves = survival(data.members, name, data.horizon_days)
        if curves.size:
            draw_band(axes, data.looks[name], name, band_of(curves.to_numpy()))
            last = max(last, curves.shape[1] - 1)
    if not last:
        return None
    days_axis(axes, last, "days since joining")
    axes.set_ylabel("still a member")
    low = min(float(line.get_ydata().min()) for line in axes.lines)  # type: ignore[union-attr]
    axes.set_ylim(max(0.0, low - 0.1), 1.01)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    key_above(figure, axes)
    return figure


def active_members(data: FigureData) -> Figure | None:
    """Draw how many members had a session on each day."""
    if not data.has("active"):
        return None
    figure, (axes,) = panel()
    inside = data.daily[data.daily["group"] >= 0]
    for name in data.strategies:
        if (inside["strategy"] == name).any():
            draw_band(axes, data.looks[name], name, band_of(data.totals("active", name).to_numpy()), first_day=1)
    if not axes.lines:
        return None
    days_axis(axes, data.horizon_days)
    count_axis(axes, "members with a session that day")
    key_above(figure, axes)
    return figure


def fatigue_and_trust(data: FigureData) -> Figure | None:
    """Draw the mean fatigue and trust of members, side by side."""
    if not (data.has("mean_fatigue") and data.has("mean_trust")):
        return None
    figure, panels = panel(columns=2, height=3.4)
    for axes, column, label in zip(
        panels, ("mean_fatigue", "mean_trust"), ("mean fatigue\n(irritating messages a week)", "mean trust (0 to 1)"), strict=True
    ):
        for name in data.strategies:
            curves = member_means(data.daily, column, name, data.days).to_numpy()
            if curves.size:
                draw_band(axes, data.looks[name], name, band_of(curves), first_day=1)
        days_axis(axes, data.horizon_days)
        axes.set_ylabel(label)
    if not panels[0].lines:
        return None
    panels[0].set_ylim(bottom=0)
    key_above(figure, panels[0])
    return figure
