"""What is recorded while a brand works: costs by line, what was done or refused, posts, the daily panel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import panel
from sim.codes import COUNTERS
from sim.community import Community

COST_LINES = ("red_packet_cost", "coupon_cost", "commission_cost", "gift_cost", "kol_cost", "acquisition_cost", "staff_cost", "event_cost")


class Cost(NamedTuple):
    """One cost: when, which line, which group (-1: none), how many fen."""

    time_h: float
    line: str
    group: int
    fen: int


class Deed(NamedTuple):
    """One thing that the brand did or was refused."""

    time_h: float
    item: str
    kind: str
    group: int
    status: str
    reason: str
    cost_yuan: float
    people: int = 0


class PostNote(NamedTuple):
    """What a post was, in words."""

    time_h: float
    item: str
    kind: str
    column: str


class Stand(NamedTuple):
    """How people and groups stood when the comparison began."""

    people: NDArray[Any]
    groups: NDArray[Any]


@dataclass
class Ledger:
    """Everything recorded of one replication, besides the state of people and the orders themselves."""

    costs: list[Cost] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    posts: list[PostNote] = field(default_factory=list)
    days: list[NDArray[np.float64]] = field(default_factory=list)
    admitted: list[int] = field(default_factory=list)
    at_switch: Stand | None = None

    def begin_comparison(self, community: Community) -> None:
        """Note how everybody stands: what they did before is not of the comparison."""
        world, total = community.world, community.total
        self.at_switch = Stand(world.people[: total.people].copy(), world.groups[: total.groups].copy())

    def close_day(self, community: Community, day: int) -> None:
        """Write the panel of a day that has ended: a row a group, one for people outside, and start counting anew.

        A row has day, group, state (members, active in 7 days, irritation a week, trust, reference price: sums), then the counters.
        """
        many = community.total.groups
        rows = np.zeros((many + 1, 7 + len(COUNTERS)))
        self.days.append(rows[: panel.close_day(community.world, day, many, community.now, rows)])

    def cost_fen(self, line: str) -> int:
        """Return what a cost line adds up to."""
        return sum(cost.fen for cost in self.costs if cost.line == line)

    def refusals(self) -> int:
        """Return how many actions were refused."""
        return sum(deed.status == "refused" for deed in self.deeds)
