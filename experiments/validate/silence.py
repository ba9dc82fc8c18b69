"""How long groups live: when a member wrote there for the last time. Rows on unplanned groups share what is published of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import Interval
from experiments.validate.drawing import PUBLISHED
from experiments.validate.row import Check, Measures, within_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["DAYS", "LAST", "draw_published", "last_words", "life"]

#: The window: silent is who does not write any more until its end.
DAYS = 34
LAST = np.arange(0.0, DAYS + 1.0)
_SILENT_WITHIN, _ALIVE_AFTER = 7.0, 30.0
_SILENT, _ALIVE, _POINTS = 0.40, 0.30, 0.05


def last_words(result: Result) -> Measures:
    """Measure the groups of day 0: on which day somebody wrote there for the last time (-1: never)."""
    groups = result.groups[result.groups["opened_h"] == 0.0]
    last = (groups["last_member_message_h"] / 24.0).fillna(-1.0).to_numpy(np.float64)
    return {
        "silent": (last < _SILENT_WITHIN).mean(),
        "alive": (last >= _ALIVE_AFTER).mean(),
        "curve": (last[:, None] >= LAST).mean(axis=0),
    }


def life(silent: Interval, alive: Interval) -> list[Check]:
    """Return the checks of the share silent within a week and of the share alive after a month."""
    return [
        within_points("silent within 7 days", _SILENT, _POINTS, silent),
        within_points("alive after 30 days", _ALIVE, _POINTS, alive),
    ]


def draw_published(axes: Axes) -> None:
    """Draw what is published, and name the axes."""
    points = [100 * (1.0 - _SILENT), 100 * _ALIVE]
    axes.errorbar([_SILENT_WITHIN, _ALIVE_AFTER], points, yerr=100 * _POINTS, fmt="o", color=PUBLISHED, capsize=4, label="published")
    axes.set_xlabel("days from opening")
    axes.set_ylabel("groups in which somebody still writes (%)")
