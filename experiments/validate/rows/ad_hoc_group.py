"""Row 24: groups of 500 thrown together die as unplanned ones do, and few of their members are active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validate.drawing import SIMULATED
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated
from experiments.validate.silence import DAYS, LAST, draw_published, last_words, life

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_STRATEGY = "ad_hoc_group"
_REPLICATIONS = {"quick": 5, "full": 40}
_ACTIVE = 0.10


def _life(result: Result) -> Measures:
    return {**last_words(result), "active": result.summary["interaction_rate"]}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [simulated(_STRATEGY, programme(_STRATEGY, behaviour=behaviour, horizon_days=DAYS), _life, _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        *life(found.mean(_STRATEGY, "silent"), found.mean(_STRATEGY, "alive")),
        between("members active on a day", 0.0, _ACTIVE, found.mean(_STRATEGY, "active")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    active = 100 * found.mean(_STRATEGY, "active").mean
    curve = found.table(_STRATEGY, "curve").mean(axis=0)
    axes.plot(LAST, 100 * curve, color=SIMULATED, label=f"simulated; {active:.1f} % of members are active on a day")
    draw_published(axes)


ROW = Row(
    number=24,
    use="band",
    title="Playbook ad_hoc_group",
    target="Of groups of 500 that are thrown together 40 % are silent within 7 days (+-5 points), 30 % alive after 30 days (+-5), as "
    "unplanned groups are; under 10 % of members are active on a day.",
    source="practitioner (grade D)",
    means=f"The playbook as shipped, {DAYS} days as in row 9, the groups of day 0 (room for 500 each, 425 people in the mean). Silent: "
    "no member writes any more until the end, whatever the brand posts. Active: the metric interaction_rate, members who "
    "wrote, gave, claimed or bought on a day, over members and days.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
