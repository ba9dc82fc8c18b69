"""How rows draw published beside simulated, on axes that they are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import Interval
from experiments.validate.row import Check, Numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PUBLISHED", "SIMULATED", "draw_checks", "draw_curves", "draw_pairs"]

PUBLISHED, SIMULATED = "#0072B2", "#D55E00"
_BAND = "#0072B2"


def draw_pairs(axes: Axes, labels: Sequence[str], published: Sequence[float] | Numbers, simulated: Sequence[Interval]) -> None:
    """Draw published values as bars and simulated ones as points with their intervals."""
    places = np.arange(len(labels))
    axes.bar(places, published, width=0.7, color=PUBLISHED, alpha=0.35, label="published")
    axes.errorbar(places, [one.mean for one in simulated], _errors(simulated), fmt="o", color=SIMULATED, capsize=3, label="simulated")
    axes.set_xticks(places, labels)


def draw_curves(axes: Axes, x: Numbers, published: Numbers, simulated: Numbers, runs: Numbers | None = None) -> None:
    """Draw a published curve and the simulated one; `runs` (a row each) are drawn pale behind it."""
    for own in runs if runs is not None else ():
        axes.plot(x, own, color=SIMULATED, alpha=0.25, linewidth=0.8)
    axes.plot(x, simulated, color=SIMULATED, label="simulated")
    axes.plot(x, published, color=PUBLISHED, linestyle="--", label="published")


def draw_checks(axes: Axes, checks: Sequence[Check]) -> None:
    """Draw every check in the units of its own limits: what it takes as a bar from 0 to 1, the simulated value as a point."""
    for place, check in enumerate(checks):
        room = (check.high - check.low) or 1.0
        mean, low, high = ((value - check.low) / room for value in check.simulated[:3])
        scaled = Interval(mean, low, high, check.simulated.replications)
        axes.barh(place, 1.0, height=0.6, color=_BAND, alpha=0.25, label="what is taken" if place == 0 else None)
        axes.errorbar(
            scaled.mean, place, xerr=_errors([scaled]), fmt="o", color=SIMULATED, capsize=3, label="simulated" if place == 0 else None
        )
        axes.text(1.02, place, f"{check.low:.3g} to {check.high:.3g}", transform=axes.get_yaxis_transform(), va="center", fontsize=8)
    axes.set_yticks(range(len(checks)), [check.name for check in checks])
    axes.set_xticks([0.0, 1.0], ["lowest", "highest"])
    axes.set_xlabel("values that are taken")
    axes.set_ylim(len(checks) - 0.4, -0.6)
    axes.margins(x=0.1)


def _errors(values: Sequence[Interval]) -> Numbers:
    """Return the lengths of error bars; none where there is no interval."""
    both = [(one.mean - one.low, one.high - one.mean) for one in values]
    return np.nan_to_num(np.array(both, np.float64)).T
