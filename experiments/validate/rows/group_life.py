"""Row 9: many groups that nobody tends fall silent within a week, and a third or so live for a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validate.drawing import SIMULATED
from experiments.validate.row import Check, Found, Lines, Row, Size, Unit, simulated
from experiments.validate.silence import DAYS, LAST, draw_published, last_words, life
from experiments.validate.unprompted import unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ROW"]

_GROUPS = {"quick": 60, "full": 200}
_REPLICATIONS = {"quick": 4, "full": 20}
#: People of a group on its first day. How large the groups of the study are is not told there; sizes of this order are ours.
_SIZES = (10, 20, 40)


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            f"groups of {people}",
            unprompted(
                behaviour=behaviour,
                horizon_days=DAYS,
                population__size=people * _GROUPS[size],
                population__group_size=people,
                population__initial_fill=1.0,
                behaviour__referral__propensity_mean=0.0,
            ),
            last_words,
            _REPLICATIONS[size],
        )
        for people in _SIZES
    ]


def _judge(found: Found) -> list[Check]:
    units = [f"groups of {people}" for people in _SIZES]
    return life(found.mixed(units, "silent"), found.mixed(units, "alive"))


def _draw(axes: Axes, found: Found) -> None:
    for people, style in zip(_SIZES, (":", "-", "--"), strict=True):
        curve = found.table(f"groups of {people}", "curve").mean(axis=0)
        axes.plot(LAST, 100 * curve, color=SIMULATED, linestyle=style, label=f"simulated, groups of {people}")
    draw_published(axes)


ROW = Row(
    number=9,
    use="C",
    title="Life of unplanned groups",
    target="Of groups that nobody plans, 40 % are silent within 7 days (+-5 points), 30 % alive after 30 days (+-5); window of 34 days.",
    source="Qiu et al., WWW 2016",
    means="Groups of 10, 20 and 40 people in equal parts, in which the brand does nothing and nobody is asked in. How large groups of the "
    "study are is not known to us: these sizes are ours. Larger groups live longer, as reports of the study have it. Silent: nobody writes "
    "any more until the end.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
