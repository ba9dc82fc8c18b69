"""An offline event: members sign up, places are drawn by lot, and who comes gets to know others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class OfflineEvent(Posting):
    """Announce a meeting, and hold it (PRACTICE 34: one meeting is worth a hundred chats)."""

    kind: Literal["offline_event"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    column: str = Field("entertainment", description="category of content")
    announce: DurationHours = parameter(
        168.0, unit="hours", meaning="how long before it members are told and can sign up, such as '7d'", above=0, high=2400, source=CHOICE
    )
    capacity: int = parameter(40, unit="people", meaning="places; drawn by lot if more sign up", low=1, high=100_000, source=CHOICE)
    nearby: bool = parameter(False, unit="yes or no", meaning="whether only people who live near a shop can come", source=CHOICE)
    cost_yuan: float = parameter(2000.0, unit="yuan", meaning="cost of the event, paid when it is announced", low=0, high=1e8)
    person_yuan: float = parameter(50.0, unit="yuan", meaning="further cost for each who comes", low=0, high=1e5)
    pull: float = parameter(0.3, unit="dose", meaning="how much it makes members sign up", above=0, high=100)
    credibility: float = parameter(0.55, unit="share", meaning="credibility of the persona", low=0, high=1, source="MODEL section 4")
    load: float = parameter(0.7, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(1.5, unit="factor", meaning="how much it makes members answer in the chat", low=0, high=100)
    ring: float = parameter(0.5, unit="factor", meaning="how loud it calls", low=0, high=1)

    def lead_hours(self) -> float:
        """Return how long before the event it is announced."""
        return self.announce

    def keeps_hours(self) -> bool:
        """Return no: what happens in the group happens long before the hour."""
        return False

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Pay, announce, take names, and meet."""
        if round(due.hour * 60) <= round(operator.hour * 60) or not operator.spend("event_cost", self.cost_yuan, due.item, "event"):
            return
        offer = operator.open_call(due, kind="event", pull=self.pull, until_h=due.hour, nearby=self.nearby)
        if offer is None:
            return
        self.post(operator, due, kind="event", commercial=0.0, credibility=self.credibility, ring=self.ring, offer=offer)
        yield from operator.at(due.hour, due.item, self.priority)
        people = operator.close_call(due, kind="event", offer=offer)
        operator.hold_meeting(due, people, capacity=self.capacity, yuan_each=self.person_yuan)
