"""Row 27: who leads, kill-pig or fish-raising, by horizon and by two uncertain parameters; no direction is asserted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.flip_map.results import decided, flip_table
from experiments.statistics import Interval, interval_of
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW", "map_checks"]

_STRATEGIES = ("kill_pig", "fish_raising")
_DAYS = {"quick": 90, "full": 180}
_PEOPLE = {"quick": 400, "full": 1_000}
_REPLICATIONS = {"quick": 3, "full": 8}
#: Three values of each parameter, read at three horizons.
_CELLS = 3 * 3 * 3
_COLOURS = dict(zip(_STRATEGIES, ("#D55E00", "#009E73"), strict=True))


def _money(metric: str, result: Result) -> Measures:
    """Measure what all groups and people earn on each day."""
    return {"money": result.daily.groupby("day")[metric].sum().to_numpy(np.float64)}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    """Return a unit for each strategy in each cell of the map that `compare flip_map=default` makes."""
    from experiments.job_composition import compose_job
    from experiments.simulator import Simulator

    asked = [f"strategies=[{','.join(_STRATEGIES)}]", "flip_map=default", f"horizon_days={_DAYS[size]}", f"population.size={_PEOPLE[size]}"]
    made = compose_job("compare", [*asked, *behaviour], Simulator()).flip_map
    assert made is not None
    return [simulated(cell.name, cell.scenario, partial(_money, made.metric), _REPLICATIONS[size]) for cell in made.cells]


def _table(found: Found) -> pd.DataFrame:
    """Return the map as `flip_map.csv` has it."""

    def curve(name: str) -> pd.DataFrame:
        return pd.DataFrame(found.table(name, "money"))

    values = _values(found)
    days = curve(found.units[0]).shape[1]
    return flip_table(curve, _STRATEGIES, values, [round(days * part / 3) for part in (1, 2, 3)])


def _values(found: Found) -> list[list[float]]:
    """Return the values of both parameters, which the names of the units end with."""
    pairs = [unit.partition("@")[2].split(",") for unit in found.units]
    return [sorted({float(pair[place]) for pair in pairs}) for place in (0, 1)]


def map_checks(table: pd.DataFrame) -> list[Check]:
    """Return the checks of a map: whether it is complete, and, not judged, how much of it is decided and for whom.

    Parameters
    ----------
    table
        As `experiments.flip_map.results.flip_table` makes it.
    """
    known = table[["difference", "low", "high"]].notna().all(axis=1)
    sure = decided(table)
    late = table["horizon_days"] == table["horizon_days"].max()
    return [
        Check("cells and horizons with a difference and an interval", _CELLS, _CELLS, _CELLS, _one(known.sum())),
        between("share of them where the interval leaves out zero", 0.0, 1.0, _one(sure.mean())),
        *(
            between(f"share where {name} leads at the {told} horizon", 0.0, 1.0, _one((table["leader"][chosen] == name).mean()))
            for name in _STRATEGIES[1:]
            for told, chosen in (("first", table["horizon_days"] == table["horizon_days"].min()), ("last", late))
        ),
    ]


def _one(number: float) -> Interval:
    return interval_of(np.array([number], np.float64))


def _judge(found: Found) -> list[Check]:
    return map_checks(_table(found))


def _draw(axes: Axes, found: Found) -> None:
    from experiments.figures.flip_map import draw_cells

    table = _table(found)
    days = table["horizon_days"].unique()
    axes.set_axis_off()
    for place, day in enumerate(days):
        own = axes.inset_axes((place / len(days), 0.12, 0.94 / len(days), 0.8))
        draw_cells(own, table[table["horizon_days"] == day], _values(found), _COLOURS, wide=False)
        own.set_title(f"by day {day}", fontsize=10, loc="left")
        own.set_xlabel("days of need that an offer advances")
        if place == 0:
            own.set_ylabel("weight of trust in buying")
        else:
            own.set_yticks([])
    for name, colour in _COLOURS.items():
        axes.bar(0, 0, color=colour, label=f"{name} leads")
    axes.bar(0, 0, color="#CCCCCC", hatch="///", label="undecided; yuan of fish_raising less kill_pig")


ROW = Row(
    number=27,
    use="flip",
    title="Kill-pig against fish-raising",
    target="The map of who leads, by horizon and by two uncertain parameters, is computed and shown with intervals. No direction is "
    "asserted.",
    source="design",
    means="The map of compare flip_map=default: the contribution of both playbooks on the same people at three values of the days of need "
    "that an offer can bring forward and of the effect of trust on buying (half, once and twice the default), read at a third, two thirds "
    "and all of the horizon (quick: 400 people, 90 days; full: 1,000 people, 180 days). It passes where every cell has a difference with "
    "an interval. Wages weigh the more the fewer the people.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
