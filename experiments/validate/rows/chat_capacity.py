"""Row 17: how many people take part in a chat at once, and that this hardly grows with the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import Interval, interval_of
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_STRATEGY = "fish_raising"
_DAYS = 28
_WINDOW_HOURS = 1.0 / 3.0
_SIZES = (100, 200, 500)
_REPLICATIONS = {"quick": 3, "full": 12}
_HIGH = 0.95
#: "Far below linearly" from 100 to 500 members: at most half of five times. The number is ours.
_GROWTH = 2.5


def _posters(result: Result) -> Measures:
    """Measure the distinct posters of the first group in each window of 20 minutes in which anybody posts."""
    own = result.chat[result.chat["group"] == 0]
    posters = own.groupby((own["time_h"] // _WINDOW_HOURS).astype(int))["person"].nunique()
    return {"high": float(posters.quantile(_HIGH)) if len(posters) else 0.0}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            f"{most} members",
            programme(
                _STRATEGY,
                behaviour=behaviour,
                horizon_days=_DAYS,
                population__size=most,
                population__group_size=most,
                population__initial_fill=1.0,
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
    means=f"The playbook fish_raising as shipped, {_DAYS} days, the group that is full on day 0. Windows in which nobody posts "
    "do not count.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
