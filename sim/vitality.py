"""Classes of groups at the horizon: value, lukewarm, dead, junk (PRACTICE 16; METRICS).

Dead: no member message for 7 days. Junk: more than 80 % of all messages are promotions, or adverts of strangers that nobody took away.
Value: not those, and at least 10 % of members interact on a day of the last 14. Lukewarm: the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import COUNTERS, GROUP_FEED, REMOVED
from sim.ledger import PostNote

CLASSES = ("value", "lukewarm", "dead", "junk")
SILENT_HOURS = 168.0
JUNK_SHARE = 0.8
HEALTHY_RATE = 0.10
RECENT_DAYS = 14
PROMOTIONS = ("sales", "flash_sale", "coupon", "spam", "poach")
Array = NDArray[Any]


def members_of_days(days: Array, gone: Sequence[str]) -> Array:
    """Return how many were members at some time of a day, as those who did something on it were: who is there at its end, and who has gone.

    Parameters
    ----------
    days : array
        Rows of groups and days.
    gone : sequence of str
        Counters of those who went away: a move is none for all groups together.
    """
    members: Array = days[:, 2] + sum(days[:, 7 + COUNTERS.index(name)] for name in gone)
    return members


def classify(
    horizon: float, numbers: Array, rows: Array, days: Array, notes: list[PostNote], community: Any
) -> tuple[list[str], Array, Array]:
    """Return the class, the interaction rate of the last 14 days, and the share of promotions, of each group."""
    recent = days[days[:, 0] >= np.ceil(horizon / 24) - RECENT_DAYS]
    posts = community.world.posts[: community.total.posts]
    in_feed = posts["message"]["channel"] == GROUP_FEED
    promoted = np.array([note.kind in PROMOTIONS and note.time_h >= 0 for note in notes], dtype=bool) & in_feed
    removed = promoted & (posts["message"]["kind"] == REMOVED)
    promotions, gone = (
        np.bincount(posts["group"][chosen], minlength=community.total.groups)[numbers] for chosen in (promoted & ~removed, removed)
    )
    shares = promotions / np.maximum(rows["sequence"] - gone, 1)
    classes, rates = [], []
    for g, row, share in zip(numbers, rows, shares, strict=True):
        own = recent[recent[:, 1] == g]
        member_days = members_of_days(own, ("leaves", "moves_out", "pruned")).sum()
        rate = float(own[:, 7 + COUNTERS.index("interactions")].sum() / member_days) if member_days else 0.0
        rates.append(rate)
        if share > JUNK_SHARE:
            classes.append("junk")
        elif horizon - max(row["member_message_h"], row["opened_h"]) > SILENT_HOURS:
            classes.append("dead")
        else:
            classes.append("value" if rate >= HEALTHY_RATE else "lukewarm")
    return classes, np.array(rates), shares
