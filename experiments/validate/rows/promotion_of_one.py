"""Row 11 once more: the same promotion of one good of a brand that sells six.

It is apart from the row of a brand's only good because it asks something else: an offer must bring forward the need of its category, not
that of the whole brand. Nothing is calibrated on this row.
"""

from __future__ import annotations

from experiments.validate.row import Check, Found, Lines, Row, Size, Unit, between
from experiments.validate.rows.promotion import promoted

__all__ = ["ROW"]

_GOODS = ("vegetables", "rice")


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [promoted(good, size, behaviour, beside=True) for good in _GOODS]


def _judge(found: Found) -> list[Check]:
    return [between(f"{good}, one of six goods: its units of the week", 1.8, 3.0, found.mean(good, "promoted")) for good in _GOODS]


ROW = Row(
    number=11,
    use="C",
    title="A 31 % promotion of one good of six",
    target="A week at 31 % off multiplies units by 1.8 to 3.0.",
    source="own analysis of a grocery panel; Bijmolt et al. 2005 (elasticity -2.62)",
    means="As the row of a good that is all the brand sells, but the brand's five other goods are there.",
    units=_units,
    judge=_judge,
)
