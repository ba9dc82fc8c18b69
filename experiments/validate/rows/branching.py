"""Row 5: referral with nothing in its way is a branching process: Galton and Watson's closed forms.

Everybody invites a Poisson number of people soon after joining, everybody who is asked comes, and the pool is so large that hardly
anybody is asked twice. So the people brought in by one of the founding members, through any number of others, are the progeny of a
branching process with Poisson offspring.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from experiments.statistics import Interval, interval_of
from experiments.validate.drawing import draw_pairs
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, simulated, within
from experiments.validate.worlds import ALIKE_HOURS, build, null_tree, unlimited

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result, Scenario

__all__ = ["ROW", "extinction", "world"]

_EARLY_DAYS = 0.02
_QUIET_HOURS = 4.0  # a generation takes about one
_DYING, _GROWING = 0.6, 1.5
_HOURS = {"quick": {"dying": 48.0, "growing": 12.0}, "full": {"dying": 48.0, "growing": 14.0}}
_FOUNDERS = {"dying": 500, "growing": 200}
_REPLICATIONS = {"quick": {"dying": 30, "growing": 20}, "full": {"dying": 200, "growing": 100}}
_LARGE = 20
_ROOM = 1000
_MOST = 8
_TOLERANCE = 0.03


def extinction(offspring: float) -> float:
    """Return the probability that a line with a Poisson number of offspring, more than 1 in the mean, ends."""
    return float(optimize.brentq(lambda q: q - np.exp(offspring * (q - 1.0)), 0.0, 1.0 - 1e-6))


def progeny(offspring: float, sizes: Numbers) -> Numbers:
    """Return the probabilities of total progenies, the founder included (Borel's distribution)."""
    return np.asarray(np.exp(-offspring * sizes + (sizes - 1) * np.log(offspring * sizes) - special.gammaln(sizes + 1)))


def world(offspring: float, founders: int, hours: float) -> Scenario:
    """Return the world of so many founders, with an infinite pool to speak of."""
    scenario = build(
        null_tree(),
        {
            "horizon_days": hours / 24.0,
            "population.size": founders,
            "market.pool": 1_000_000,
            "behaviour.sessions.rate_per_day": 40.0,
            "behaviour.sessions.rate_shape": 1e6,
            "market.hour_weights": ALIKE_HOURS,
            "behaviour.referral": {
                "propensity_mean": 1.0,
                "propensity_shape": 1e6,
                "early_per_day": offspring / _EARLY_DAYS,
                "early_days": _EARLY_DAYS,
                "late_per_day": 0.0,
                "again_per_day": 0.0,
                "trust_weight": 0.0,
                "candidates": 1,
                "accept_alone": 1.0,
            },
        },
    )
    return unlimited(scenario, _ROOM * founders)  # with a limit, lines would end because groups are full


def _lines(founders: int, hours: float, result: Result) -> Measures:
    """Measure each founder's line: how many it has (the founder included), and whether it had long been quiet at the end."""
    members = result.members
    founder = members["person"].to_numpy().copy()
    inviters = members["inviter"].to_numpy()
    brought = np.bincount(inviters[(inviters >= 0) & (inviters < founders)], minlength=founders)
    for place, inviter in enumerate(inviters):
        if inviter >= 0:
            founder[place] = founder[inviter]
    sizes = np.bincount(founder, minlength=founders)[:founders].astype(float)
    last = np.zeros(founders)
    np.maximum.at(last, founder, members["joined_h"].to_numpy())
    quiet = last < hours - _QUIET_HOURS
    return {
        "mean": sizes.mean(),
        "alone": (sizes == 1).mean(),
        "sizes": np.bincount(np.minimum(sizes, _MOST).astype(int), minlength=_MOST + 1)[1:] / founders,
        "quiet": quiet.mean(),
        "undecided": ((sizes < _LARGE) & ~quiet).mean(),
        "brought": brought.mean(),
        "expected": (extinction(_GROWING) ** brought).mean(),
    }


def _units(size: Size, _behaviour: Lines) -> list[Unit]:
    return [
        simulated(name, world(offspring, _FOUNDERS[name], hours), partial(_lines, _FOUNDERS[name], hours), _REPLICATIONS[size][name])
        for (name, hours), offspring in zip(_HOURS[size].items(), (_DYING, _GROWING), strict=True)
    ]


def _extinct(found: Found) -> Interval:
    # Small lines that were not quiet yet may still end; of so few, half are counted. How many the founders bring themselves, which has a
    # check of its own, is chance and known: a line of k branches ends with q^k, and what their mean is above q is taken off (control
    # variate, which halves the variance).
    ended = found.joined("growing", "quiet") + found.joined("growing", "undecided") / 2
    return interval_of(ended - (found.joined("growing", "expected") - extinction(_GROWING)))


def _judge(found: Found) -> list[Check]:
    return [
        within("m = .6: mean progeny, 1 / (1 - m)", 1.0 / (1.0 - _DYING), _TOLERANCE, found.mean("dying", "mean")),
        within("m = .6: share that bring nobody, e^-m", float(np.exp(-_DYING)), _TOLERANCE, found.mean("dying", "alone")),
        within("m = 1.5: brought by founders, each", _GROWING, _TOLERANCE, found.mean("growing", "brought")),
        within("m = 1.5: share of lines that end", extinction(_GROWING), _TOLERANCE, _extinct(found)),
    ]


def _draw(axes: Axes, found: Found) -> None:
    shares = progeny(_DYING, np.arange(1.0, _MOST))
    labels = [*map(str, range(1, _MOST)), f"{_MOST} or more"]
    draw_pairs(axes, labels, [*shares, 1.0 - shares.sum()], [found.mean("dying", "sizes", place) for place in range(_MOST)])
    axes.set_xlabel("people of a line whose members bring .6 each, its founder included")
    axes.set_ylabel("share of lines")


ROW = Row(
    number=5,
    use="exact",
    title="Referral as a branching process",
    target="Members who bring m = .6 each make lines of 1 / (1 - m) in the mean; with m = 1.5 (Poisson) a share of .417 of the lines "
    "ends; both within 3 %.",
    source="Galton-Watson",
    means="Everybody who is asked comes, soon, and the pool is a million. A growing line has ended when nobody came "
    "in the last four hours.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
