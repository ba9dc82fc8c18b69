"""Row 19: purchases are Poisson within a person, messages come in bursts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.validate.programmes import burstiness, programme
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW", "without_rhythm"]

_STRATEGY = "fish_raising"
_LEAST = 6
_BUYERS = {"quick": 2_000, "full": 5_000}
_BUYING_DAYS, _WRITING_DAYS = 365, 60
_WRITERS = 200
_REPLICATIONS = {"quick": {"purchases": 2, "messages": 4}, "full": {"purchases": 8, "messages": 20}}
_WEEK = 168


def without_rhythm(times_h: Numbers) -> Numbers:
    """Return times on a clock that runs as fast as all events together do at that hour of the day, on weekdays and weekends apart.

    Parameters
    ----------
    times_h
        Hours since a Monday, of everybody.
    """
    hours = np.arange(_WEEK)
    weekend = hours >= 5 * 24
    of_week = times_h.astype(int) % _WEEK
    rate = np.zeros(_WEEK)
    for days, number in ((~weekend, 5), (weekend, 2)):
        counts = np.bincount(of_week[days[of_week]] % 24, minlength=24) / number
        rate[days] = counts[hours[days] % 24]
    rate = rate / rate.sum() * _WEEK
    through = np.append(0.0, rate.cumsum())
    return np.asarray(times_h // _WEEK * _WEEK + np.interp(times_h % _WEEK, np.arange(_WEEK + 1), through))


def _within_people(people: pd.Series[int], times: Numbers) -> Measures:
    """Return the burstiness of everybody with events enough, their number and the sum; a small run may have nobody."""
    table = pd.DataFrame({"person": people.to_numpy(), "time": times}).sort_values(["person", "time"])
    values = [burstiness(own.to_numpy()) for _, own in table.groupby("person")["time"] if len(own) >= _LEAST and own.max() > own.min()]
    return {"sum": float(sum(values)), "people": float(len(values)), "values": np.array(values)}


def _bought(result: Result) -> Measures:
    return _within_people(result.orders["person"], result.orders["time_h"].to_numpy(np.float64))


def _wrote(result: Result) -> Measures:
    return _within_people(result.chat["person"], without_rhythm(result.chat["time_h"].to_numpy(np.float64)))


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    buyers = programme(_STRATEGY, behaviour=behaviour, horizon_days=_BUYING_DAYS, population__size=_BUYERS[size])
    writers = programme(
        _STRATEGY, behaviour=behaviour, horizon_days=_WRITING_DAYS, population__size=_WRITERS, population__group_size=_WRITERS
    )
    return [
        simulated("purchases", buyers, _bought, _REPLICATIONS[size]["purchases"]),
        simulated("messages", writers, _wrote, _REPLICATIONS[size]["messages"], record="full"),
    ]


def _judge(found: Found) -> list[Check]:
    return [
        between("burstiness of purchases within a person", -0.1, 0.1, found.ratio("purchases", "sum", "people")),
        between("burstiness of messages within a person, without rhythm", 0.15, 0.7, found.ratio("messages", "sum", "people")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    bins = list(np.linspace(-1, 1, 41))
    for name, colour in (("purchases", "#0072B2"), ("messages", "#D55E00")):
        axes.hist(found.joined(name, "values"), bins, density=True, color=colour, alpha=0.5, label=f"simulated {name}")
    axes.axvspan(-0.1, 0.1, color="#0072B2", alpha=0.15, label="published mean, purchases")
    axes.axvspan(0.15, 0.7, color="#D55E00", alpha=0.12, label="published mean, messages")
    axes.set_xlabel("burstiness of a person")
    axes.set_ylabel("density")


ROW = Row(
    number=19,
    use="V",
    title="Poisson purchases, bursty messages",
    target="Burstiness within a person: of purchases within .1 of 0; of messages .15 to .7, after removing the daily and weekly rhythm.",
    source="CDNOW; Jo et al. 2012",
    means=f"The playbook fish_raising as shipped; people with {_LEAST} events or more; the estimator of Kim and Jo (2016), "
    f"unbiased for few events. Purchases of {_BUYING_DAYS} days, messages of {_WRITING_DAYS}.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
