"""Row 17: how many people take part in a chat at once where all would like to, and that this hardly grows with the group.

The channels that were counted are busy ones, full of people who sit before them and talk; customers of a brand fill no chat. So the row has
people who look at the chat once in the window that is counted, and would say more than the chat has room for: how many of them find room is
a matter of the chat. The same people where chat has no limit show that room is what they lack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.statistics import Interval, interval_of
from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated
from experiments.validate.unprompted import unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_WINDOW_MINUTES = 20.0
_LOOKS_PER_DAY = 24.0 * 60.0 / _WINDOW_MINUTES
_TALKATIVENESS_PER_DAY = 100.0
#: Far above what any group reaches: no limit.
_NO_LIMIT = 1e6
#: The first day, on which everybody is new, does not count.
_DAYS, _FIRST_HOUR = 4, 24.0
_WINDOW_HOURS = _WINDOW_MINUTES / 60.0
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
    def unit(name: str, most: int, **changes: Any) -> Unit:
        world = unprompted(
            behaviour=behaviour,
            horizon_days=_DAYS,
            population__size=most,
            population__group_size=most,
            population__initial_fill=1.0,
            behaviour__sessions__rate_per_day=_LOOKS_PER_DAY,
            behaviour__chat__talkativeness_per_day=_TALKATIVENESS_PER_DAY,
            **changes,
        )
        return simulated(name, world, _posters, _REPLICATIONS[size], record="full")

    limited = [unit(f"{most} members", most) for most in _SIZES]
    return [*limited, *(unit(f"{most} members without limit", most, behaviour__chat__capacity_posters=_NO_LIMIT) for most in _SIZES)]


def _high(found: Found, most: int, besides: str = "") -> Interval:
    return found.mean(f"{most} members{besides}", "high")


def _judge(found: Found) -> list[Check]:
    growth = found.joined("500 members", "high") / found.joined("100 members", "high")
    return [
        between("500 members: distinct posters in 20 minutes, 95th percentile of windows with a post", 25.0, 55.0, _high(found, 500)),
        between("the same at 500 members over that at 100 (linear: 5)", 0.0, _GROWTH, interval_of(growth)),
    ]


def _draw(axes: Axes, found: Found) -> None:
    for besides, style, colour in (("", "o-", SIMULATED), (" without limit", "o:", "#888888")):
        values = [_high(found, most, besides) for most in _SIZES]
        errors = np.nan_to_num([[one.mean - one.low for one in values], [one.high - one.mean for one in values]])
        axes.errorbar(_SIZES, [one.mean for one in values], errors, fmt=style, color=colour, capsize=3, label=f"simulated{besides}")
    axes.errorbar([500], [40], yerr=[[15], [15]], color=PUBLISHED, capsize=4, label="published")
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
    means="One group, full on day 0, of people who sit before the chat, as those do who are counted as present in a channel: they look "
    f"in every {_WINDOW_MINUTES:g} minutes in the mean, and would write {_TALKATIVENESS_PER_DAY:g} messages a day before an audience of "
    f"20. The grey line has the same people in a chat without limit. No brand. {_DAYS} days, the first left out; windows in which nobody "
    "posts do not count.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
