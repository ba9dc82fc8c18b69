"""Row 25: the classes of groups agree with the levels of interaction at which operators are content or alarmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import Interval, interval_of
from experiments.validate.drawing import PUBLISHED
from experiments.validate.programmes import playbooks, programme
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["CLASSES", "LEVELS", "ROW", "agreeing", "agreeing_by_level", "cross_table"]

CLASSES = ("value", "lukewarm", "dead", "junk")
LEVELS = ("healthy", "between", "silent")
_HEALTHY, _SILENT = 0.10, 0.03
#: The class that goes with each level. Junk is about what is posted, not about who takes part, and stands outside.
_SAME = {"healthy": "value", "between": "lukewarm", "silent": "dead"}
_DAYS = 28
#: Of a shipped length only parts are simulated in the quick size; the longest programmes last a year.
_MOST_DAYS = {"quick": _DAYS, "full": 120}
_REPLICATIONS = {"quick": 1, "full": 3}
_TOLD = {
    "healthy": "groups above 10 % that are of value",
    "between": "groups from 3 to 10 % that are lukewarm",
    "silent": "groups below 3 % that are dead",
}
#: How many of the groups must agree; the number is ours.
_AGREEING = 0.8
_COLOURS = {"value": "#009E73", "lukewarm": "#E69F00", "dead": "#555555", "junk": "#CC79A7"}


def cross_table(classes: Numbers, rates: Numbers) -> Numbers:
    """Count groups by level of interaction (rows, `LEVELS`) and class (columns, `CLASSES`).

    Parameters
    ----------
    classes
        The place of each group's class among `CLASSES`.
    rates
        Share of its members who interact on a day.
    """
    counts = np.zeros((len(LEVELS), len(CLASSES)))
    np.add.at(counts, (_levels(rates), classes.astype(np.intp)), 1.0)
    return counts


def _levels(rates: Numbers) -> NDArray[np.intp]:
    return np.where(rates > _HEALTHY, 0, np.where(rates < _SILENT, 2, 1))


def agreeing(counts: Numbers) -> float:
    """Return the share of groups, those of junk left out, whose class goes with their level; NaN without groups."""
    judged = counts[:, : CLASSES.index("junk")].sum()
    return float(_same(counts).sum() / judged) if judged else np.nan


def agreeing_by_level(counts: Numbers) -> dict[str, float]:
    """Return the same for the groups of each level."""
    judged = counts[:, : CLASSES.index("junk")].sum(axis=1)
    shares = np.divide(_same(counts), judged, out=np.full(len(LEVELS), np.nan), where=judged > 0)
    return dict(zip(LEVELS, shares.tolist(), strict=True))


def _same(counts: Numbers) -> Numbers:
    return np.array([counts[place, CLASSES.index(_SAME[level])] for place, level in enumerate(LEVELS)])


def _classes(result: Result) -> Measures:
    """Measure the groups at the end: what their members did over the last 14 days, and the place of their class among `CLASSES`."""
    groups = result.groups[result.groups["members"] > 0]
    places = groups["vitality"].map({name: place for place, name in enumerate(CLASSES)})
    if groups.empty:  # left out by the rate
        return {"rates": np.nan, "classes": 0.0}
    return {"rates": groups["interaction_rate_14d"].to_numpy(np.float64), "classes": places.to_numpy(np.float64)}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    units = []
    for name in playbooks():
        scenario = programme(name, behaviour=behaviour)
        days = min(scenario.horizon_days, _MOST_DAYS[size])
        units.append(simulated(name, scenario.model_copy(update={"horizon_days": days}), _classes, _REPLICATIONS[size]))
    return units


def _judge(found: Found) -> list[Check]:
    counts = [cross_table(*_groups(found, name)) for name in playbooks()]
    whole = np.sum(counts, axis=0)
    levels = agreeing_by_level(whole)
    shares = np.array([agreeing(own) for own in counts])
    return [
        Check("groups above 10 % that are lukewarm or dead", 0.0, 0.0, 0.0, _one(whole[0, 1:3].sum())),
        *(between(told, _AGREEING, 1.0, _one(levels[level])) for level, told in _TOLD.items()),
        between("groups whose class goes with their level, mean over playbooks", _AGREEING, 1.0, interval_of(shares[~np.isnan(shares)])),
    ]


def _groups(found: Found, name: str) -> tuple[Numbers, Numbers]:
    classes, rates = found.joined(name, "classes"), found.joined(name, "rates")
    return classes[~np.isnan(rates)], rates[~np.isnan(rates)]


def _one(number: float) -> Interval:
    return interval_of(np.array([number]))


def _draw(axes: Axes, found: Found) -> None:
    names = playbooks()
    parts = [_groups(found, name) for name in names]
    for place, (name, colour) in enumerate(_COLOURS.items()):
        own = [(100 * rate, up) for up, (classes, rates) in enumerate(parts) for rate in rates[classes == place]]
        if own:
            axes.plot(*zip(*own, strict=True), "o", color=colour, alpha=0.6, markersize=5, label=name)
    for level in (_SILENT, _HEALTHY):
        axes.axvline(100 * level, color=PUBLISHED, linestyle="--", linewidth=1.2, label="alarm levels" if level == _HEALTHY else None)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("members who interact on a day (%), a point for each group")


ROW = Row(
    number=25,
    use="band",
    title="Alarm levels of operators",
    target="Operators call interaction above 10 % of members a day healthy and below 3 % silent: the classes of groups agree with that on "
    "simulated groups of every playbook.",
    source="trade lore",
    means=f"Every playbook as shipped, for its own length but {_DAYS} days at most (full: {_MOST_DAYS['full']}), the groups that have "
    "members at the end, and their members' interaction over the last 14 days. Agreement: value goes with healthy, dead with silent, "
    f"lukewarm with what lies between, in {100 * _AGREEING:.0f} % of the groups of each level at least, and in the mean over playbooks "
    "(the number is ours); groups of junk are left out, since that class is about what is posted. No group above 10 % may be lukewarm or "
    "dead. That none below 3 % is of value follows from the class, which takes 10 %.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
