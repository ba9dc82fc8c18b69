"""Row 22: without any influence among members, a naive analysis of the logs still finds that adoption passes from neighbour to neighbour.

People invite those who are like them, and who is alike wants the same products. The analyst who compares members whose inviter has bought a
product before with members whose inviter has not takes that for influence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import interval_of
from experiments.validate.drawing import draw_pairs
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW"]

_STRATEGY = "fish_raising"
_DAYS = 240
_WATCHED_DAYS = 60
_PEOPLE = {"quick": 1_500, "full": 3_000}
_REPLICATIONS = {"quick": 12, "full": 40}
#: Nobody hears, sees or misses anybody: members say nothing, counters and friends weigh nothing, exits are not caught.
_INFLUENCE_OFF = {
    "behaviour__chat__talkativeness_per_day": 0.0,
    "behaviour__buying__social_proof": 0.0,
    "behaviour__ties__inviter_strength": 0.0,
    "behaviour__ties__answer_strength": 0.0,
    "behaviour__contagion__excess": 0.0,
    "behaviour__giving__spontaneous_per_day": 0.0,
    "behaviour__giving__intensity_per_yuan": 0.0,
}
_LIKES = "likes invite likes"
_WORLDS = {_LIKES: 4, "anybody invites anybody": 1}


def _pairs(result: Result) -> Measures:
    """Count who bought in the first weeks what the inviter had bought before, and as many as the others' buying lets expect."""
    members, orders = result.members, result.orders
    invited = members[(members["inviter"] >= 0) & (members["joined_h"] < (_DAYS - _WATCHED_DAYS) * 24.0)]
    observed = expected = 0.0
    for _, own in orders.groupby("product"):
        first = own.groupby("person")["time_h"].min()
        exposed = (invited["inviter"].map(first) < invited["joined_h"]).to_numpy()
        adopted = (invited["person"].map(first) < invited["joined_h"] + _WATCHED_DAYS * 24.0).to_numpy()
        if exposed.any() and not exposed.all():
            observed += adopted[exposed].sum()
            expected += exposed.sum() * adopted[~exposed].mean()
    return {"observed": observed, "expected": expected}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    worlds = {
        name: programme(
            _STRATEGY,
            behaviour=behaviour,
            horizon_days=_DAYS,
            population__size=_PEOPLE[size],
            behaviour__referral__candidates=candidates,
            **_INFLUENCE_OFF,
        )
        for name, candidates in _WORLDS.items()
    }
    return [simulated(name, world, _pairs, _REPLICATIONS[size]) for name, world in worlds.items()]


def _judge(found: Found) -> list[Check]:
    ratio = found.ratio(_LIKES, "observed", "expected")
    return [
        between("naive ratio: bought, when the inviter had, against when not", 1.0, np.inf, ratio),
        between("lower end of that ratio's interval", 1.0, np.inf, interval_of(np.array([ratio.low]))),
    ]


def _draw(axes: Axes, found: Found) -> None:
    ratios = [found.ratio(name, "observed", "expected") for name in _WORLDS]
    draw_pairs(axes, list(_WORLDS), [np.nan, 1.0], ratios)
    axes.axhline(1.0, color="#444444", linewidth=1)
    axes.set_ylabel("naive neighbour-adoption ratio")


ROW = Row(
    number=22,
    use="trap",
    title="Homophily taken for influence",
    target="With all influence switched off, a naive neighbour-adoption ratio is still above 1. Ours: so is the lower end of its interval.",
    source="Aral et al. 2009",
    means="fish_raising without talk, ties, counters, contagion and gifts. Neighbours are who invited and who came; a product is "
    f"adopted when it is bought within {_WATCHED_DAYS} days of joining. Beside it the same where contacts are asked by chance.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
