"""How groups stand, as rules look at them: shares of members who have muted, left within a week, written within a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import PRUNED

if TYPE_CHECKING:
    from sim.community import Community

WEEK_HOURS = 168.0
Shares = NDArray[np.float64]


class Conditions(NamedTuple):
    """By group: members who have muted it; of those of a week ago, who have left; members who wrote within a week."""

    muted_share: Shares
    week_exits_share: Shares
    week_writers_share: Shares


def of_groups(community: Community) -> Conditions:
    """Return how all groups stand now; everybody must be caught up. A group without members has shares of 0, and writers 1."""
    people, many = community.world.people[: community.total.people], community.total.groups
    member, since_h = people["member"], community.now - WEEK_HOURS
    gone = people["ever_member"] & ~member & (people["left_cause"] != PRUNED) & (people["left_h"] >= since_h)
    old = member & (people["joined_h"] <= since_h) | gone & (people["joined_h"] <= since_h)

    def counted(those: NDArray[np.bool_]) -> Shares:
        return np.bincount(people["group"][those], minlength=many).astype(float)

    members = counted(member)
    wrote = member & (people["written"] > 0) & (people["wrote_h"] >= since_h)
    return Conditions(
        counted(member & people["muted"]) / np.maximum(members, 1.0),
        counted(gone & old) / np.maximum(counted(old), 1.0),
        np.where(members > 0, counted(wrote) / np.maximum(members, 1.0), 1.0),
    )
