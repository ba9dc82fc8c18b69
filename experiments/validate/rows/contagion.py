"""Row 15: who sees ties leave is more likely to leave, for a month or so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from experiments.statistics import Interval
from experiments.validate.cox import cox
from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW", "spells"]

_STRATEGY = "fish_raising"
_DAYS = 180
_REPLICATIONS = {"quick": 24, "full": 80}
_MONTH_DAYS = 30.0
#: Covariates of a spell: ties who left up to a month ago, a month to two, and all ties so far.
_RECENT, _EARLIER, _TIES = 0, 1, 2
_FIELDS = ("start", "stop", "event", "recent", "earlier", "ties")
_LOW, _HIGH = 1.5, 2.1


def spells(members: pd.DataFrame, days: float) -> Numbers:
    """Part the time of each member, counted from joining, where the number of ties or of those who left changes.

    Parameters
    ----------
    members
        Table of members. A tie is between an inviter and who came through the invitation, from the latter's joining on.
    days
        Length of the run.

    Returns
    -------
    array
        A row a spell: start and stop in days from joining, whether the member left at its end, ties who left within the month before,
        in the month before that, and ties so far.
    """
    own = members[members["joined_h"].notna()]
    persons, inviters = own["person"].tolist(), own["inviter"].tolist()
    joined = dict(zip(persons, own["joined_h"] / 24.0, strict=True))
    left = dict(zip(persons, own["left_h"] / 24.0, strict=True))
    told: dict[int, list[tuple[float, int, int]]] = {}
    for one, other in zip(persons, inviters, strict=True):
        if other not in joined:
            continue
        since = max(joined[one], joined[other])
        for person, tie in ((one, other), (other, one)):
            changes = told.setdefault(person, [])
            changes.append((since, _TIES, 1))
            if left[tie] > since:
                gone = left[tie]
                changes += [(gone, _RECENT, 1), (gone + _MONTH_DAYS, _RECENT, -1)]
                changes += [(gone + _MONTH_DAYS, _EARLIER, 1), (gone + 2 * _MONTH_DAYS, _EARLIER, -1)]
    rows = []
    for person in persons:
        begins, ends = joined[person], left[person]
        last = ends if ends <= days else days
        state, at = [0, 0, 0], begins
        for time, place, change in sorted(told.get(person, ())):
            if time >= last:
                break
            if time > at:
                rows.append((at - begins, time - begins, 0.0, *state))
                at = time
            state[place] += change
        if last > at:
            rows.append((at - begins, last - begins, float(ends <= days), *state))
    return np.array(rows, np.float64)


def _spells(result: Result) -> Measures:
    table = spells(result.members, _DAYS)
    return dict(zip(_FIELDS, table.T, strict=True))


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [simulated(_STRATEGY, programme(_STRATEGY, behaviour=behaviour, horizon_days=_DAYS), _spells, _REPLICATIONS[size])]


def _ratios(found: Found) -> list[Interval]:
    """Return the hazard ratios of a tie who left in the last month, and in the month before it."""
    start, stop, event, *covariates = (found.joined(_STRATEGY, name) for name in _FIELDS)
    lengths = [len(run) for run in found.runs(_STRATEGY, "start")]
    made = cox(start, stop, event, np.column_stack(covariates), np.repeat(np.arange(len(lengths)), lengths).astype(float))
    half = stats.norm.ppf(0.975) * made.errors
    low, ratio, high = (np.exp(made.effects + way * half) for way in (-1, 0, 1))
    return [Interval(float(ratio[place]), float(low[place]), float(high[place]), len(lengths)) for place in (_RECENT, _EARLIER)]


def _judge(found: Found) -> list[Check]:
    recent, earlier = _ratios(found)
    return [
        between("hazard ratio of leaving, for each tie who left in the last month", _LOW, _HIGH, recent),
        between("the same for each tie who left one to two months ago: below it", 0.0, recent.mean, earlier),
    ]


def _draw(axes: Axes, found: Found) -> None:
    values = _ratios(found)
    errors = np.array([[one.mean - one.low, one.high - one.mean] for one in values]).T
    axes.errorbar([0, 1], [one.mean for one in values], errors, fmt="o", color=SIMULATED, capsize=4, label="simulated")
    axes.errorbar([-0.1], [(_LOW + _HIGH) / 2], (_HIGH - _LOW) / 2, fmt="none", color=PUBLISHED, capsize=4, label="published, and fading")
    axes.axhline(1.0, color="#888888", linewidth=1, linestyle=":", label="no contagion")
    axes.set_xticks([0, 1], ["last month", "one to two months ago"])
    axes.set_xlim(-0.6, 1.6)
    axes.set_xlabel("when the tie left")
    axes.set_ylabel("hazard ratio of leaving, a tie")


ROW = Row(
    number=15,
    use="V",
    title="Contagion of leaving",
    target="The hazard of leaving is 1.5 to 2.1 times as high for each tie who left in the last month, and this fades.",
    source="Nitzan and Libai 2011",
    means=f"Cox regression on the logs of the playbook fish_raising as shipped, {_DAYS} days: time from joining, runs as strata. Ties "
    "that the log knows: inviter and who came through the invitation, from the latter's joining on. Beside ties who left within a month "
    "stand those who left one to two months ago, and the number of ties so far. Fading: the earlier ratio is below the recent one. The "
    "interval is of the regression.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
