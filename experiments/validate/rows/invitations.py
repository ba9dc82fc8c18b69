"""Row 12: most first invitations come soon after joining, and most further ones soon after the last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, within_points
from experiments.validate.unprompted import followed, unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Scenario

__all__ = ["ROW"]

_DAYS = 34
_PEOPLE = {"quick": 600, "full": 2_000}
#: Times as many people as on day 0 are followed: everybody who joins, unless behaviour is tried in which members ask in without end.
_FOLLOWED = 2
_REPLICATIONS = {"quick": 3, "full": 10}
_FIRST_DAYS, _GAP_DAYS = 5.0, 2.0
_SHARE, _POINTS = 0.80, 0.07
_AGES = np.linspace(0.0, 15.0, 61)


def _timing(scenario: Scenario, most: int, seed: int, replication: int, threads: int) -> Measures:
    """Measure when members invite: age at the first invitation, time since the last one at the others."""
    told = followed(scenario, ["invitations", "joined_h"], seed, replication, threads, most)
    asked = told[told["invitations"] > told["invitations_before"]].sort_values(["key", "time_h"])
    first = asked.groupby("key").head(1)
    ages = ((first["time_h"] - first["joined_h"]) / 24.0).to_numpy(np.float64)
    gaps = (asked.groupby("key")["time_h"].diff().dropna() / 24.0).to_numpy(np.float64)
    return {
        "first": (ages <= _FIRST_DAYS).mean(),
        "gaps": (gaps <= _GAP_DAYS).mean(),
        "ages": (ages[:, None] <= _AGES).mean(axis=0),
        "since": (gaps[:, None] <= _AGES).mean(axis=0),
    }


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    world = unprompted(
        behaviour=behaviour, horizon_days=_DAYS, population__size=_PEOPLE[size], population__group_size=50, market__pool=50_000
    )
    return [Unit("groups", partial(_timing, world, _FOLLOWED * _PEOPLE[size]), _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        within_points("first invitations within 5 days of joining", _SHARE, _POINTS, found.mean("groups", "first")),
        within_points("gaps between invitations of at most 2 days", _SHARE, _POINTS, found.mean("groups", "gaps")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    for measure, label, colour in (
        ("ages", "first, by days since joining", SIMULATED),
        ("since", "further, by days since the last", "#CC79A7"),
    ):
        axes.plot(_AGES, 100 * found.table("groups", measure).mean(axis=0), color=colour, label=f"simulated: {label}")
    axes.errorbar([_FIRST_DAYS], [80], yerr=[[7], [7]], fmt="o", color=PUBLISHED, capsize=4, label="published: first")
    axes.errorbar([_GAP_DAYS], [80], yerr=[[7], [7]], fmt="s", color=PUBLISHED, capsize=4, label="published: further")
    axes.set_xlabel("days")
    axes.set_ylabel("invitations so far (%)")


ROW = Row(
    number=12,
    use="C",
    title="Timing of invitations",
    target="80 % of first invitations within 5 days of joining, 80 % of gaps between invitations within 2 days (+-7 points).",
    source="Qiu et al. 2016",
    means=f"Groups in which the brand does nothing, for {_DAYS} days; a large pool, so that there is always somebody to ask.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
