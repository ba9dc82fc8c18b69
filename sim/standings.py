"""Who pays a standing price: members who paid for it, and customers whose spending has earned it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import FEES

if TYPE_CHECKING:
    from sim.community import Community

A_DAY = 24.0


@dataclass
class Standings:
    """Paid memberships under way, and what people have spent in the last days."""

    paid: dict[int, tuple[float, float]] = field(default_factory=dict)
    spent_fen: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    days: deque[tuple[float, Any, Any]] = field(default_factory=deque)
    counted: int = 0

    def enrol(self, community: Community, person: int, share: float, until_h: float) -> None:
        """Give a person a standing price for what they have paid; a better one that they have earned goes on until it ends."""
        self.paid[person] = (share, until_h)
        record = community.world.people[person]
        has = community.now < record["standing_until_h"]
        self._give(community, person, float(record["standing_share"]) if has else 1.0, float(record["standing_until_h"]))

    def review(self, community: Community, window_hours: float, floors_fen: list[int], shares: list[float]) -> None:
        """Give everybody the price that their spending has earned, until the next review in a day.

        ``floors_fen`` rise, and ``shares`` are the shares of list that people pay from each on. Everybody must be caught up.
        """
        self._count(community, community.now - window_hours)
        places = np.searchsorted(floors_fen, self.spent_fen, side="right")
        earned = np.array([1.0, *shares])[places]
        for person in np.union1d(np.flatnonzero(places), np.fromiter(self.paid, int, len(self.paid))):
            own = float(earned[person]) if person < len(earned) else 1.0
            self._give(community, int(person), own, community.now + A_DAY)

    def _count(self, community: Community, since_h: float) -> None:
        """Add what was spent on products since the last count, less what was sent back, and take off what was spent before an hour."""
        many = community.total.people
        self.spent_fen = np.concatenate([self.spent_fen, np.zeros(many - len(self.spent_fen), np.int64)])
        orders = community.orders_since(self.counted)
        orders = orders[~np.isin(orders["kind"], FEES)]
        self.counted = len(community.orders)
        self.days.append((community.now, orders["person"].copy(), orders["paid_fen"] - orders["refund_fen"]))
        np.add.at(self.spent_fen, self.days[-1][1], self.days[-1][2])
        while self.days and self.days[0][0] <= since_h:
            _, people, fen = self.days.popleft()
            np.subtract.at(self.spent_fen, people, fen)

    def _give(self, community: Community, person: int, earned: float, earned_until_h: float) -> None:
        """Write down the better of what a person has paid for and what they have earned."""
        share, until_h = self.paid.get(person, (1.0, 0.0))
        if until_h <= community.now:
            self.paid.pop(person, None)
            share = 1.0
        if earned < share:
            share, until_h = earned, earned_until_h
        record = community.world.people[person]
        record["standing_share"], record["standing_until_h"] = share, until_h
