"""Row 20: more members have ever muted a group than have left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validate.programmes import NURTURING, programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from sim import Result

__all__ = ["ROW"]

_DAYS = 180
_PEOPLE = {"quick": 300, "full": 1_500}
_REPLICATIONS = {"quick": 3, "full": 10}


def _ever(result: Result) -> Measures:
    members = result.members[result.members["joined_h"] == 0.0]
    muted, left = (members[column].notna().mean() for column in ("muted_h", "left_h"))
    return {"muted": muted, "left": left, "ratio": muted / left}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        simulated(
            name, programme(name, behaviour=behaviour, horizon_days=_DAYS, population__size=_PEOPLE[size]), _ever, _REPLICATIONS[size]
        )
        for name in NURTURING
    ]


def _judge(found: Found) -> list[Check]:
    return [between(f"{name}: ever muted / ever left", 1.5, 3.0, found.mean(name, "ratio")) for name in NURTURING]


ROW = Row(
    number=20,
    use="V",
    title="Muted and left",
    target="Within 180 days of a nurturing programme, 1.5 to 3 times as many have ever muted as have ever left (74.6 % : 38.4 %).",
    source="survey, n = 2,002",
    means="The members of day 0 of four nurturing playbooks, as shipped, each with its brand.",
    units=_units,
    judge=_judge,
)
