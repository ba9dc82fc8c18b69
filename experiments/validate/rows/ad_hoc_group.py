"""Row 24: groups that are opened on order die as unplanned ones do, and few of the members of one of 500 are active."""

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
_REPLICATIONS = {"quick": 12, "full": 60}
_LARGE = "everybody"
_ACTIVE, _DEAD, _ALIVE = 0.10, 0.40, 0.30


def _life(result: Result) -> Measures:
    large = result.groups[result.groups["type"] == _LARGE]["group"]
    days = result.daily[result.daily["group"].isin(large)]
    active_there = days["interactions"].sum() / days["members"].sum()
    return {**last_words(result), "active": result.summary["interaction_rate"], "active there": active_there}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [simulated(_STRATEGY, programme(_STRATEGY, behaviour=behaviour, horizon_days=DAYS), _life, _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        *life(found.mean(_STRATEGY, "silent"), found.mean(_STRATEGY, "alive")),
        between("silent within 7 days, as it is told", _DEAD, 1.0, found.mean(_STRATEGY, "silent")),
        between("alive after 30 days, as it is told", 0.0, _ALIVE, found.mean(_STRATEGY, "alive")),
        between("members active on a day in groups of 500", 0.0, _ACTIVE, found.mean(_STRATEGY, "active there")),
        between("members active on a day in all groups", 0.0, _ACTIVE, found.mean(_STRATEGY, "active")),
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
    target="Of groups that are opened on order 40 % are silent within 7 days (+-5 points), 30 % alive after 30 days (+-5), as unplanned "
    "groups are; told are more than 40 %, and fewer than 30. In groups of 500 under 10 % of members are active on a day.",
    source="practitioner (grade D)",
    means=f"The playbook as shipped, {DAYS} days as in row 9. Life is that of the groups of day 0, with room for 23 people each: how many "
    "they had is not told, those of row 9 have as many in the mean. Silent: no member writes any more until the end, whatever the brand "
    "posts. Active: members who wrote, gave, claimed or bought on a day, over members and days, in the groups of up to 500 that fill with "
    "whom posters and baits bring, and in all.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
