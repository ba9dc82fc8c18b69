"""Row 16: in groups of 200 to 500 people few write most of the messages, and most are silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_STRATEGY = "fish_raising"
_DAYS = 90
_SIZES = (200, 500)
_PEOPLE = 1_000
_REPLICATIONS = {"quick": 4, "full": 20}
_TOP = 0.1
_SHARES = np.linspace(0.0, 1.0, 21)


def _shares(result: Result) -> Measures:
    """Measure the groups of day 0: what their most active write, and how many of their people write nothing."""
    members = result.members
    groups = result.groups.loc[result.groups["opened_h"] == 0.0, "group"]
    tops, silent, curves, sizes = [], [], [], []
    for group in groups:
        own = members[(members["group"] == group) & (members["joined_h"] == 0.0)]
        wrote = np.sort(own["messages_written"].to_numpy(np.float64))[::-1]
        if not wrote.sum():
            continue
        through = np.append(0.0, wrote.cumsum()) / wrote.sum()
        tops.append(np.interp(_TOP, np.linspace(0, 1, through.size), through))
        curves.append(np.interp(_SHARES, np.linspace(0, 1, through.size), through))
        silent.append((wrote == 0).mean())
        sizes.append(wrote.size)
    return {
        "top": np.mean(tops),
        "silent": np.mean(silent),
        "curve": np.mean(curves, axis=0),
        "people": np.mean(sizes),
    }


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            f"groups of {most}",
            programme(
                _STRATEGY,
                behaviour=behaviour,
                horizon_days=_DAYS,
                population__size=_PEOPLE,
                population__group_size=most,
                population__initial_fill=1.0,
            ),
            _shares,
            _REPLICATIONS[size],
        )
        for most in _SIZES
    ]


def _judge(found: Found) -> list[Check]:
    checks = []
    for most in _SIZES:
        name = f"groups of {most}"
        checks.append(between(f"{name}: share of messages that the top 10 % write", 0.60, 0.98, found.mean(name, "top")))
        checks.append(between(f"{name}: share of people who write nothing", 0.60, 0.90, found.mean(name, "silent")))
    return checks


def _draw(axes: Axes, found: Found) -> None:
    for most, style in zip(_SIZES, ("-", "--"), strict=True):
        curve = found.table(f"groups of {most}", "curve").mean(axis=0)
        axes.plot(100 * _SHARES, 100 * curve, color="#D55E00", linestyle=style, label=f"simulated, groups of {most}")
    axes.errorbar([10], [79], yerr=[[19], [19]], color="#0072B2", capsize=4, label="published: top 10 %")
    axes.plot([10, 40], [100, 100], color="#0072B2", linewidth=5, alpha=0.35, label="published: all who write")
    axes.set_xlabel("people, the most active first (%)")
    axes.set_ylabel("messages (%)")


ROW = Row(
    number=16,
    use="V",
    title="Participation in large groups",
    target="In groups of 200 to 500 people the top 10 % write 60 to 98 % of messages; 60 to 90 % are silent.",
    source="van Mierlo 2014; Caetano et al. 2018",
    means=f"The playbook fish_raising as shipped, {_DAYS} days, groups that are full on day 0; the people of that day, "
    "whether they stayed or not.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
