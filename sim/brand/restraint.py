"""Restraint: the strategy's own rules at work, which keep messages back from a group."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim import conditions
from sim.brand.rules import Rules, Stop
from sim.brand.strategy import Strategy
from sim.conditions import Conditions

if TYPE_CHECKING:
    from sim.community import Community

OWN_CAP = "cap of its own"
WEEK_HOURS = 168.0


class Restraint:
    """What has gone out to each group, and what the rules say of the next message."""

    def __init__(self, strategy: Strategy) -> None:
        self.rules: Rules = strategy.rules
        self.kinds = {planned.name: str(planned.action.kind) for planned in strategy.planned}  # type: ignore[attr-defined]
        self._days: dict[tuple[int, int], int] = {}
        self._offers: dict[int, deque[float]] = {}
        self._seen: tuple[float, Conditions] | None = None

    @property
    def stops(self) -> dict[str, Stop]:
        """Conditions under which something stops."""
        return self.rules.stops

    def refusal(self, community: Community, item: str, group: int, hour: float, *, sells: bool) -> str:
        """Return which rule keeps a message of an item back from a group now; empty if none does."""
        most = self.rules.messages_per_group_day
        most_offers = self.rules.offers_per_group_week
        if most is not None and self._days.get((group, int(hour // 24)), 0) >= most:
            return OWN_CAP
        if sells and most_offers is not None and len(self._lately(group, hour)) >= most_offers:
            return OWN_CAP
        return self.stopped(community, item, group)

    def count(self, group: int, hour: float, *, sells: bool) -> None:
        """Count a message that goes out to a group."""
        day = (group, int(hour // 24))
        self._days[day] = self._days.get(day, 0) + 1
        if sells:
            self._lately(group, hour).append(hour)

    def stopped(self, community: Community, item: str, group: int) -> str:
        """Return which condition stops an item in a group now; empty if none does. With conditions everybody must be caught up."""
        for name, stop in self.stops.items():
            if (item in stop.items or self.kinds.get(item) in stop.kinds) and self._holds(stop, self._conditions(community), group):
                return f"stopped by {name}"
        return ""

    def _lately(self, group: int, hour: float) -> deque[float]:
        """Return the hours at which offers have gone out to a group within 7 days."""
        hours = self._offers.setdefault(group, deque())
        while hours and hours[0] <= hour - WEEK_HOURS:
            hours.popleft()
        return hours

    def _conditions(self, community: Community) -> Conditions:
        """Return how groups stand now; looked at once for all messages of a minute."""
        if self._seen is None or self._seen[0] != community.now:
            self._seen = community.now, conditions.of_groups(community)
        return self._seen[1]

    @staticmethod
    def _holds(stop: Stop, seen: Conditions, group: int) -> bool:
        """Return whether a condition of a stop holds in a group. A group opened this minute has no past."""
        if group >= seen.muted_share.size:
            return False
        return bool(
            (stop.muted_share is not None and seen.muted_share[group] > stop.muted_share)
            or (stop.week_exits_share is not None and seen.week_exits_share[group] > stop.week_exits_share)
            or (stop.week_writers_share is not None and seen.week_writers_share[group] < stop.week_writers_share)
        )
