"""Row 8: the more often customers have bought, the likelier they buy again soon."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import interval_of
from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.purchases import bought_on, customers_alone, first_days
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, simulated, within_points

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["OBSERVED", "ROW", "ladder"]

#: Share of CDNOW's customers who buy again within 91 days of their k-th purchase, k from 1.
OBSERVED = (0.293, 0.430, 0.523, 0.596, 0.657, 0.723, 0.748)
_POINTS = 0.05
_SOON_DAYS = 91
_LAST_DAY = 7 * 78 - 1
#: All customers of the cohort, and how many of such runs; the quick size takes one cohort in quarters.
_RUNS = {"quick": (5_892, 4), "full": (23_570, 12)}
_UNIT = "customers"


def ladder(days: pd.DataFrame, last_day: int, rungs: int) -> Numbers:
    """Return the share of people who buy again within 91 days of their k-th purchase, by k.

    Who could not be observed for 91 days after it is left out of the k-th rung.

    Parameters
    ----------
    days
        Days on which people bought: person and day, in order.
    last_day
        The last day that is observed.
    rungs
        The highest k.
    """
    nth = days.groupby("person").cumcount()
    gap = days.groupby("person")["day"].shift(-1) - days["day"]
    seen = days["day"] <= last_day - _SOON_DAYS
    return np.array([(gap[seen & (nth == k)] <= _SOON_DAYS).mean() for k in range(rungs)])


def _climbed(people: int, result: Result) -> Measures:
    return {"ladder": ladder(bought_on(result.orders, first_days(people), _LAST_DAY), _LAST_DAY, len(OBSERVED))}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    people, runs = _RUNS[size]
    return [simulated(_UNIT, customers_alone(people, _LAST_DAY + 1, behaviour), partial(_climbed, people), runs)]


def _judge(found: Found) -> list[Check]:
    checks = [
        within_points(f"buy again within 91 days of purchase {k + 1}", target, _POINTS, found.mean(_UNIT, "ladder", k))
        for k, target in enumerate(OBSERVED)
    ]
    steps = np.diff(found.table(_UNIT, "ladder").mean(axis=0))
    rising = interval_of(np.array([float((steps > 0).sum())]))
    return [*checks, Check("steps of the ladder that rise", len(steps), len(steps), len(steps), rising)]


def _draw(axes: Axes, found: Found) -> None:
    rungs = np.arange(1, len(OBSERVED) + 1)
    means = [found.mean(_UNIT, "ladder", k) for k in range(len(OBSERVED))]
    axes.errorbar(rungs, 100 * np.array(OBSERVED), yerr=100 * _POINTS, fmt="s", color=PUBLISHED, capsize=4, label="CDNOW; what is taken")
    axes.plot(rungs, [100 * one.mean for one in means], "o-", color=SIMULATED, label="simulated")
    axes.fill_between(rungs, [100 * one.low for one in means], [100 * one.high for one in means], color=SIMULATED, alpha=0.25)
    axes.set_xlabel("purchases so far")
    axes.set_ylabel("buy again within 91 days (%)")


ROW = Row(
    number=8,
    use="C",
    title="Repeat ladder",
    target="Of those who have bought 1, 2, ..., 7 times, .293 .430 .523 .596 .657 .723 .748 buy again within 91 days: "
    "each +-.05, and rising.",
    source="CDNOW full cohort (23,570 customers, 78 weeks)",
    means="The people of row 7, with the same need, for 78 weeks. Counted as the data are: purchases of a person on one day are one, and a "
    "k-th purchase in the last 91 days is left out, because what follows it was not observed.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
