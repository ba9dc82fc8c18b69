"""Row 18: most of what members say finds no answer, and threads are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW", "discussions"]

_STRATEGY = "fish_raising"
_DAYS = 60
#: What was posted in the last days could still be answered.
_LAST_DAYS = 3
_PEOPLE = 1_000
_REPLICATIONS = {"quick": 4, "full": 20}
_UNANSWERED, _MEAN = (0.50, 0.70), (2.0, 5.0)
_MOST = 8


def discussions(chat: pd.DataFrame, until_h: float) -> Numbers:
    """Return how many messages each thread has that a member begins before an hour, the first one included: 1 without an answer.

    Parameters
    ----------
    chat
        Table of messages of members.
    until_h
        Hour.
    """
    begins = chat.loc[(chat["depth"] == 0) & (chat["time_h"] < until_h), "thread"]
    return np.asarray(chat["thread"].value_counts().reindex(begins), np.float64)


def _sizes(result: Result) -> Measures:
    sizes = discussions(result.chat, 24.0 * (_DAYS - _LAST_DAYS))
    shares = np.bincount(np.minimum(sizes, _MOST).astype(int), minlength=_MOST + 1)[1:] / sizes.size
    return {"mean": sizes.mean(), "shares": shares}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    world = programme(_STRATEGY, behaviour=behaviour, horizon_days=_DAYS, population__size=_PEOPLE)
    return [simulated("posts", world, _sizes, _REPLICATIONS[size], record="full")]


def _judge(found: Found) -> list[Check]:
    return [
        between("posts of members that nobody answers", *_UNANSWERED, found.mean("posts", "shares")),
        between("messages of a thread, the post included", *_MEAN, found.mean("posts", "mean")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    shares = [found.mean("posts", "shares", place) for place in range(_MOST)]
    places = np.arange(1, _MOST + 1)
    errors = np.nan_to_num([[one.mean - one.low for one in shares], [one.high - one.mean for one in shares]])
    axes.errorbar(places, [one.mean for one in shares], errors, fmt="o", color=SIMULATED, capsize=3, label="simulated")
    axes.plot([1, 1], _UNANSWERED, color=PUBLISHED, linewidth=7, solid_capstyle="butt", alpha=0.35, label="published: unanswered")
    axes.set_xticks(places, [*map(str, range(1, _MOST)), f"{_MOST} or more"])
    axes.set_xlabel(f"messages of a thread, the post included (mean {found.mean('posts', 'mean').mean:.2f}; published 2 to 5)")
    axes.set_ylabel("share of threads that members begin")
    axes.set_ylim(bottom=0)


ROW = Row(
    number=18,
    use="V",
    title="Posts without an answer",
    target="50 to 70 % of posts are not answered; a thread has 2 to 5 messages in the mean.",
    source="Meagher & Friel 2025",
    means=f"The playbook fish_raising as shipped, {_DAYS} days. A post is what a member writes without answering anything; its thread is "
    "the post and all that answers it, or an answer to it. The mean is over all posts, as the size of a discussion is in the source: "
    "one without an answer counts as 1. Messages of the brand and red packets, and what answers those, do not count.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
