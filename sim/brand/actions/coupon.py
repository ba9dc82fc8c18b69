"""A coupon sent to people personally: to every member, or to whom it is time for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Sending
from sim.brand.audience import UNTAGGED, Audience
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Coupon(Sending):
    """Send a coupon: money off the next order, also of one that would have come anyway (PRACTICE 32, 35).

    With an audience it is the coupon after payment (``to.ordered_until: 24h``), for a birthday, or to win somebody back
    (``to.ordered_from: 60d, to.ordered_until: 61d``), daily.
    """

    kind: Literal["coupon"]
    product: str = Field("hero", description="product that the coupon's message shows, by name or role")
    to: Audience = Field(default_factory=Audience, description="whom it is for")
    channel: Literal["personal", "one_to_one", "official", "dialogue"] = Field(
        "personal", description="channel by which it goes; personal is a letter to every member of a group"
    )
    column: str = Field("sales", description="category of content")
    amount_yuan: float = parameter(10.0, unit="yuan", meaning="money off", low=0.01, high=1e5)
    floor_yuan: float = parameter(0.0, unit="yuan", meaning="smallest order that it can be used on", low=0, high=1e6)
    valid: DurationHours = parameter(168.0, unit="hours", meaning="how long it is good, such as '7d'", above=0, high=8760, source=CHOICE)
    delivery: Literal["staff", "mass"] = Field("mass", description="sent by the platform's mass function (capped), or by staff")
    commercial: float = parameter(0.8, unit="share", meaning="how far it sells", low=0, high=1)
    credibility: float = parameter(
        0.55, unit="share", meaning="credibility of the sender", low=0, high=1, source="MODEL section 4: one-to-one .55"
    )
    load: float = parameter(1.0, unit="load", meaning="load of the message", low=0, high=10)
    ring: float = parameter(0.6, unit="factor", meaning="how loud it calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Send it."""
        offer = operator.coupon_offer(
            due, product=self.product, amount_yuan=self.amount_yuan, floor_yuan=self.floor_yuan, valid_hours=self.valid
        )
        operator.send(
            due,
            kind="coupon",
            channel=self.channel,
            to=self.to,
            column=self.column,
            by_tag={},
            delivery=self.delivery,
            product=self.product,
            offer=offer,
            credibility=self.credibility,
            commercial=self.commercial,
            load=self.load,
            ring=self.ring,
            coupon_yuan=self.amount_yuan,
            floor_yuan=self.floor_yuan,
            valid_hours=self.valid,
        )
        yield from ()

    def products(self) -> list[str]:
        """Return the product."""
        return [self.product]

    def topics(self) -> list[str]:
        """Return the tags."""
        return [tag for tag in self.to.tags if tag != UNTAGGED]

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]
