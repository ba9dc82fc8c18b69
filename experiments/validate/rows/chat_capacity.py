"""Row 17: how many people take part in a chat at once where all would like to, and that this hardly grows with the group.

The channels that were counted are busy ones, full of people who come to talk; customers of a brand fill no chat. So the row has people who
have a thousand times as much to say as customers: how many of them find room is a matter of the chat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import Interval, interval_of
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated
from experiments.validate.unprompted import unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_TALKATIVENESS_PER_DAY = 30.0
#: The first day, on which everybody is new, does not count.
_DAYS, _FIRST_HOUR = 4, 24.0
_WINDOW_HOURS = 1.0 / 3.0
_SIZES = (100, 200, 500)
_REPLICATIONS = {"quick": 3, "full": 12}
_HIGH = 0.95
#: "Far below linearly" from 100 to 500 members: at most half of five times. The number is ours.
_GROWTH = 2.5


def _posters(result: Result) -> Measures:
    """Measure the distinct posters of the group in each window of 20 minutes in which anybody posts."""
    own = result.chat[(result.chat["group"] == 0) & (result.chat["time_h"] >= _FIRST_HOUR)]
    posters = own.groupby((own["time_h"] // _WINDOW_HOURS).astype(int))["person"].nunique()
    return {"high": float(posters.quantile(_HIGH)) if len(posters) else 0.0}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            f"{most} members",
            unprompted(
                behaviour=behaviour,
                horizon_days=_DAYS,
                population__size=most,
                population__group_size=most,
                population__initial_fill=1.0,
                behaviour__chat__talkativeness_per_day=_TALKATIVENESS_PER_DAY,
            ),
            _posters,
            _REPLICATIONS[size],
            record="full",
        )
        for most in _SIZES
    ]


def _high(found: Found, most: int) -> Interval:
    return found.mean(f"{most} members", "high")


def _judge(found: Found) -> list[Check]:
    growth = found.joined("500 members", "high") / found.joined("100 members", "high")
    return [
        between("500 members: distinct posters in 20 minutes, 95th percentile of windows with a post", 25.0, 55.0, _high(found, 500)),
        between("the same at 500 members over that at 100 (linear: 5)", 0.0, _GROWTH, interval_of(growth)),
    ]


def _draw(axes: Axes, found: Found) -> None:
    values = [_high(found, most) for most in _SIZES]
    errors = np.nan_to_num([[one.mean - one.low for one in values], [one.high - one.mean for one in values]])
    axes.errorbar(_SIZES, [one.mean for one in values], errors, fmt="o-", color="#D55E00", capsize=3, label="simulated")
    axes.errorbar([500], [40], yerr=[[15], [15]], color="#0072B2", capsize=4, label="published")
    axes.set_xlabel("members of the group")
    axes.set_ylabel("posters in 20 minutes (95th percentile)")
    axes.set_ylim(bottom=0)


ROW = Row(
    number=17,
    use="V",
    title="Chat capacity",
    target="Distinct posters in the busiest windows of 20 minutes (95th percentile): 25 to 55 at 500 members, growing far below linearly "
    "from 100 to 500.",
    source="Jones et al. 2008",
    means=f"One group, full on day 0, whose people would write {_TALKATIVENESS_PER_DAY:g} messages a day before an audience of 20, "
    f"a thousand times what customers do: busy channels were counted. No brand. {_DAYS} days, the first left out; windows in which "
    "nobody posts do not count.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
