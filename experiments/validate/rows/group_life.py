"""Row 9: many groups that nobody tends fall silent within a week, and a third or so live for a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, simulated, within_points
from experiments.validate.unprompted import unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_DAYS = 34
_GROUPS = {"quick": 60, "full": 200}
_REPLICATIONS = {"quick": 4, "full": 20}
#: People of a group on its first day. How large the groups of the study are is not told there; sizes of this order are ours.
_SIZES = (10, 20, 40)
_SILENT_WITHIN, _ALIVE_AFTER = 7.0, 30.0
_SILENT, _ALIVE, _POINTS = 0.40, 0.30, 0.05
_LAST = np.arange(0.0, _DAYS + 1.0)


def _last_words(result: Result) -> Measures:
    """Measure the groups of day 0: on which day somebody wrote there for the last time (-1: never)."""
    groups = result.groups[result.groups["opened_h"] == 0.0]
    last = (groups["last_member_message_h"] / 24.0).fillna(-1.0).to_numpy(np.float64)
    return {
        "silent": (last < _SILENT_WITHIN).mean(),
        "alive": (last >= _ALIVE_AFTER).mean(),
        "curve": (last[:, None] >= _LAST).mean(axis=0),
    }


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            f"groups of {people}",
            unprompted(
                behaviour=behaviour,
                horizon_days=_DAYS,
                population__size=people * _GROUPS[size],
                population__group_size=people,
                population__initial_fill=1.0,
                behaviour__referral__propensity_mean=0.0,
            ),
            _last_words,
            _REPLICATIONS[size],
        )
        for people in _SIZES
    ]


def _judge(found: Found) -> list[Check]:
    return [
        within_points("silent within 7 days", _SILENT, _POINTS, found.mixed([f"groups of {people}" for people in _SIZES], "silent")),
        within_points("alive after 30 days", _ALIVE, _POINTS, found.mixed([f"groups of {people}" for people in _SIZES], "alive")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    for people, style in zip(_SIZES, (":", "-", "--"), strict=True):
        curve = found.table(f"groups of {people}", "curve").mean(axis=0)
        axes.plot(_LAST, 100 * curve, color=SIMULATED, linestyle=style, label=f"simulated, groups of {people}")
    axes.errorbar([_SILENT_WITHIN, _ALIVE_AFTER], [60, 30], yerr=5, fmt="o", color=PUBLISHED, capsize=4, label="published")
    axes.set_xlabel("days from opening")
    axes.set_ylabel("groups in which somebody still writes (%)")


ROW = Row(
    number=9,
    use="C",
    title="Life of unplanned groups",
    target="Of groups that nobody plans, 40 % are silent within 7 days (+-5 points), 30 % alive after 30 days (+-5); window of 34 days.",
    source="Qiu et al., WWW 2016",
    means="Groups of 10, 20 and 40 people in equal parts, in which the brand does nothing and nobody is asked in. The study does not say "
    "how large its groups are: these sizes are ours, and larger ones live longer. Silent: nobody writes any more until the end.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
