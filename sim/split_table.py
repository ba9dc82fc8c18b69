"""What the arms of the splits inside a strategy came to: a simulated A/B test, to be read as one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.brand import splits
from sim.brand.splits import ARMS, Split
from sim.lots import is_of_arm
from sim.tables import YUAN, Book

COLUMNS = ("split", "unit", "arm", "people", "buyers", "exits", "orders", "gmv", "gmv_sd", "contribution", "contribution_sd")


def split_table(book: Book) -> pd.DataFrame:
    """Return one row for every arm of every split: people, and what they did, in sums and standard deviations over people.

    A split of people takes everybody who came in; one of groups everybody who was a member, by the group that they were last in.
    ``contribution`` is that of the table of members: margin less acquisition and claimed packets.
    """
    rows = []
    for name, split in book.scenario.strategy.splits.items():
        inside, treated = _lots(book, name, split)
        for arm in ARMS:
            rows.append({"split": name, "unit": split.unit, "arm": arm, **_outcomes(book, inside & (treated == (arm == splits.TREATED)))})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _lots(book: Book, name: str, split: Split) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who takes part in a split, and who of everybody is treated."""
    people, run = book.people, book.community.run
    if split.unit == "person":
        key = splits.key_of(name)
        lots = [is_of_arm(run, person, key, split.treated, True) for person in people["key"]]
        return np.ones(len(people), np.bool_), np.array(lots, np.bool_)
    groups = [splits.takes_group(run, name, split, splits.TREATED, group) for group in range(book.community.total.groups)]
    return people["ever_member"], np.array(groups, np.bool_)[people["group"]]


def _outcomes(book: Book, those: NDArray[np.bool_]) -> dict[str, Any]:
    people = book.people[those]
    gmv = people["gmv_fen"] / YUAN
    contribution = (people["margin_fen"] - people["acquisition_fen"] - people["claimed_fen"]) / YUAN
    return {
        "people": len(people),
        "buyers": int((people["orders"] > 0).sum()),
        "exits": int((people["ever_member"] & ~people["member"]).sum()),
        "orders": int(people["orders"].sum()),
        "gmv": float(gmv.sum()),
        "gmv_sd": float(gmv.std(ddof=1)) if len(people) > 1 else np.nan,
        "contribution": float(contribution.sum()),
        "contribution_sd": float(contribution.std(ddof=1)) if len(people) > 1 else np.nan,
    }
