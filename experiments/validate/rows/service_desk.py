"""Row 4: the service desk of a community whose members ask at random is M/M/c: mean waits are Erlang C's.

Members ask independently and rarely, so questions come as a Poisson stream; nobody gives up. Waits are those of exact request times, though
answers reach members at the brand's next tick.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import draw_pairs
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, simulated, within
from experiments.validate.worlds import ALIKE_HOURS, build, null_tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result, Scenario

__all__ = ["ROW", "erlang_c", "mean_wait", "world"]

_MEMBERS, _DAYS = 2_000, 20.0
_WARM_UP_DAYS = 2.0
_ASKED_PER_DAY = 2.0
#: People at the desk, by the load in erlang that they have.
_DESKS = {"two people": (2, 1.2), "five people": (5, 3.0)}
_REPLICATIONS = {"quick": 5, "full": 60}
_TOLERANCE = 0.03


def erlang_c(people: int, load: float) -> float:
    """Return the chance of having to wait at a desk of so many people with a load in erlang."""
    terms = [load**n / math.factorial(n) for n in range(people)]
    last = load**people / math.factorial(people) * people / (people - load)
    return last / (sum(terms) + last)


def mean_wait(people: int, load: float) -> float:
    """Return the mean wait in conversations' mean lengths."""
    return erlang_c(people, load) / (people - load)


def minutes(load: float) -> float:
    """Return the mean length of a conversation at which the members' questions are such a load."""
    return load * 24.0 * 60.0 / (_MEMBERS * _ASKED_PER_DAY)


def world(people: int, load: float) -> Scenario:
    """Return a world whose members do nothing but ask a desk of so many people, which never closes."""
    tree = null_tree()
    desk = {"shifts": {"all": {"when": "daily 00:00-24:00", "people": people}}, "minutes": minutes(load)}
    tree["strategy"]["desk"] = desk
    return build(
        tree,
        {
            "horizon_days": _DAYS,
            # Questions wait for a session, so at first they come too seldom: what is asked in the history does not count.
            "history": {"strategy": tree["strategy"], "days": _WARM_UP_DAYS},
            "population": {"size": _MEMBERS, "group_size": 500},
            "market": {"hour_weights": ALIKE_HOURS, "weekend_factor": 1.0},
            "brand.need.rate_scale_weeks": 1e9,
            "behaviour.sessions": {"rate_per_day": 8.0, "rate_shape": 1e6},
            "behaviour.asking": {"per_day": _ASKED_PER_DAY, "patience_hours": 10_000.0, "weight": 0.0, "persuasion": 0.0},
        },
    )


def _waits(result: Result) -> Measures:
    summary = result.summary
    return {"minutes": summary["mean_wait_minutes"], "questions per day": summary["questions"] / _DAYS}


def _units(size: Size, _behaviour: Lines) -> list[Unit]:
    return [simulated(name, world(people, load), _waits, _REPLICATIONS[size]) for name, (people, load) in _DESKS.items()]


def _judge(found: Found) -> list[Check]:
    return [
        within(
            f"{name}, load {load:g} erlang: mean wait in minutes",
            mean_wait(people, load) * minutes(load),
            _TOLERANCE,
            found.mean(name, "minutes"),
        )
        for name, (people, load) in _DESKS.items()
    ]


def _draw(axes: Axes, found: Found) -> None:
    theory = [mean_wait(people, load) * minutes(load) for people, load in _DESKS.values()]
    draw_pairs(
        axes, [f"{name}, load {load:g}" for name, (_, load) in _DESKS.items()], theory, [found.mean(name, "minutes") for name in _DESKS]
    )
    axes.set_ylabel("mean wait (minutes)")
    axes.set_ylim(0, 1.25 * float(np.max(theory)))


ROW = Row(
    number=4,
    use="exact",
    title="Service desk as M/M/c",
    target="The mean wait for an answer is Erlang C's within 3 %.",
    source="closed form",
    means="A community of 2,000 whose members ask twice a day each at random times, a desk that never closes, exponential conversations.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
