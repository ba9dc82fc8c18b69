"""A live session: members are told, come into a room at a time, and buy what is shown there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class LiveSession(Posting):
    """Announce, open the room, show one product after another, close (PRACTICE 8; live rooms: ``biyinlefen``)."""

    kind: Literal["live_session"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    shown: list[str] = parameter(["hero"], unit="products", meaning="products shown, in this order, by name or role", source=CHOICE)
    column: str = Field("entertainment", description="category of content")
    length: DurationHours = parameter(2.0, unit="hours", meaning="how long the room is open", above=0, high=24, source=CHOICE)
    announce: DurationHours = parameter(
        3.0, unit="hours", meaning="how long before the opening it is announced; 0 is not at all", low=0, high=168, source=CHOICE
    )
    discount: float = parameter(0.1, unit="share of list", meaning="discount in the room", low=0, high=0.95)
    lift: float = parameter(1.4, unit="factor", meaning="how much better an offer works in the room", low=0, high=100)
    return_factor: float = parameter(2.0, unit="factor", meaning="returns of what is bought there against other orders", low=0, high=100)
    fee_yuan: float = parameter(0.0, unit="yuan", meaning="fee of the host", low=0, high=1e8)
    production_yuan: float = parameter(300.0, unit="yuan", meaning="cost of the session (studio, staff)", low=0, high=1e7)
    quality: float | None = parameter(None, unit="share", meaning="quality of what is said; none: that of the column", low=0, high=1)
    credibility: float = parameter(0.5, unit="share", meaning="credibility of the host", low=0, high=1)
    commercial: float = parameter(0.6, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.6, unit="load", meaning="load of each message", low=0, high=10)
    ring: float = parameter(0.8, unit="factor", meaning="how loud the opening calls", low=0, high=1)
    outsiders: int = parameter(
        0, unit="people", meaning="outsiders whom the room brings to the door in the next days", low=0, high=1_000_000
    )
    outsider_days: float = parameter(2.0, unit="days", meaning="over how many days they come", low=0.1, high=60)
    channel: str = Field("kol", description="channel by which outsiders come")

    def lead_hours(self) -> float:
        """Return how long before the opening it is announced."""
        return self.announce

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Run it, if host and production can be paid: each product is shown for its part of the time, its offer stands to the end."""
        if self.announce > 0:
            self._publish(operator, due, part="announce", ring=self.ring * 0.5, offer=-1)
        if round(due.hour * 60) > round(operator.hour * 60):
            yield from operator.at(due.hour, due.item, self.priority)
        if not operator.spend("staff_cost", self.production_yuan, due.item, "live_session"):
            return
        if not operator.spend("kol_cost", self.fee_yuan, due.item, "live_session"):
            return
        for nth, product in enumerate(self.shown):
            passed = nth * self.length / len(self.shown)
            if nth:
                yield from operator.at(due.hour + passed, due.item, self.priority)
            offer = operator.open_offer(
                due,
                part=f"shown {nth}",
                product=product,
                discount=self.discount,
                hours=self.length - passed,
                room=operator.room(due),
                lift=self.lift,
                return_factor=self.return_factor,
            )
            self._publish(operator, due, part=f"shown {nth}", ring=0.0 if nth else self.ring, offer=offer, product=product)
        operator.bring_outsiders(channel=self.channel, people=self.outsiders, days=self.outsider_days)

    def _publish(self, operator: Operator, due: Due, *, part: str, ring: float, offer: int, product: str | None = None) -> None:
        self.post(
            operator,
            due,
            kind="live",
            part=part,
            product=product,
            quality=self.quality,
            commercial=self.commercial,
            credibility=self.credibility,
            ring=ring,
            offer=offer,
        )

    def products(self) -> list[str]:
        """Return the products."""
        return self.shown

    def channels(self) -> list[str]:
        """Return the channel, if outsiders come."""
        return [self.channel] if self.outsiders else []

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
