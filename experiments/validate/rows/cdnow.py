"""Row 7: customers with the need fitted to CDNOW's buy again as often as CDNOW's did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import draw_pairs
from experiments.validate.purchases import CUSTOMERS, MOST, WEEKS, bought_on, customers_alone, first_days
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["OBSERVED", "ROW", "room"]

#: Customers of the sample with 0, 1, ..., 7 or more repeat purchases.
OBSERVED = (1411, 439, 214, 100, 62, 38, 29, 64)
_LAST_DAY = 7 * WEEKS - 1
_RUNS = {"quick": 6, "full": 50}
_SHARE, _DEVIATIONS = 0.15, 3.0
_UNIT = "customers"


def room(count: float) -> float:
    """Return how far from an observed number of customers the simulated one may lie."""
    return max(_SHARE * count, _DEVIATIONS * float(np.sqrt(count)))


def _counted(result: Result) -> Measures:
    days = bought_on(result.orders, first_days(CUSTOMERS), _LAST_DAY)
    repeats = np.bincount(days["person"], minlength=CUSTOMERS) - 1
    return {"histogram": np.bincount(np.minimum(repeats, MOST), minlength=MOST + 1).astype(float)}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [simulated(_UNIT, customers_alone(CUSTOMERS, _LAST_DAY + 1, behaviour), _counted, _RUNS[size])]


def _judge(found: Found) -> list[Check]:
    return [
        Check(
            f"customers with {bin_}{' or more' if bin_ == MOST else ''} repeat purchases",
            count,
            count - room(count),
            count + room(count),
            found.mean(_UNIT, "histogram", bin_),
        )
        for bin_, count in enumerate(OBSERVED)
    ]


def _draw(axes: Axes, found: Found) -> None:
    labels = [*map(str, range(MOST)), f"{MOST} or more"]
    draw_pairs(axes, labels, OBSERVED, [found.mean(_UNIT, "histogram", bin_) for bin_ in range(MOST + 1)])
    axes.set_yscale("log")
    axes.set_xlabel(f"repeat purchases by the end of week {WEEKS}")
    axes.set_ylabel(f"customers of {CUSTOMERS:,}")


ROW = Row(
    number=7,
    use="C",
    title="CDNOW purchases",
    target="Customers of CDNOW's sample with 0 to 6 and 7 or more repeat purchases in 39 weeks: 1411 439 214 100 62 38 29 64, each within "
    "15 % or three times its root, whichever is more.",
    source="CDNOW data (Fader and Hardie)",
    means="People whom no brand reaches, with behaviour at its defaults and need as `calibrate` fits it to these weeks, which is the "
    "published one (Fader, Hardie, Lee 2005). First purchases lie on the days of the sample's (where its file is not "
    "installed, evenly over 12 weeks); purchases of a person on one day are one. Row 3 holds the same against what its formula expects; "
    "this one against the data.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
