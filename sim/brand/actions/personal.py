"""What all personal messages have in common: whom they are for, what they say, what they offer, what they cost."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import Field

from sim.brand.actions.base import Due, MeetingNeeds, Sending
from sim.brand.audience import Audience
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class PersonalMessage(MeetingNeeds, Sending):
    """Base of messages that reach people one by one, in a group or not."""

    to: Audience = Field(default_factory=Audience, description="whom it is for")
    column: str = Field("care", description="category of content")
    by_tag: dict[str, str] = Field({}, description="another category of content for people tagged with a topic")
    quality: float | None = parameter(None, unit="share", meaning="quality of what it says; none: that of the column", low=0, high=1)
    credibility: float = parameter(
        0.55, unit="share", meaning="credibility of the sender", low=0, high=1, source="MODEL section 4: one-to-one .55"
    )
    commercial: float = parameter(0.3, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(1.0, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(0.0, unit="dose", meaning="how much it makes members write back to the desk", low=0, high=100)
    ring: float = parameter(0.9, unit="factor", meaning="how loud it calls", low=0, high=1)
    product: str | None = Field(None, description="product offered, by name or role")
    discount: float = parameter(0.0, unit="share of list", meaning="discount of that offer", low=0, high=0.95)
    window: DurationHours = parameter(48.0, unit="hours", meaning="how long the offer stands", above=0, high=8760, source=CHOICE)
    coupon_yuan: float = parameter(0.0, unit="yuan", meaning="coupon that comes with it; 0 is none", low=0, high=1e5)
    floor_yuan: float = parameter(0.0, unit="yuan", meaning="smallest order that the coupon can be used on", low=0, high=1e6)
    valid: DurationHours = parameter(168.0, unit="hours", meaning="how long the coupon is good", above=0, high=8760, source=CHOICE)
    production_yuan: float = parameter(0.0, unit="yuan", meaning="cost of making it (staff or agency)", low=0, high=1e7)
    cost_yuan: float = parameter(0.0, unit="yuan", meaning="cost of sending it to one person", low=0, high=1e4)

    def message_kind(self) -> str:
        """Return the kind of message that it is."""
        return "letter"

    @abstractmethod
    def way(self) -> str:
        """Return the channel by which it goes."""

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Make it, if that can be paid, and send it."""
        if not operator.spend("staff_cost", self.production_yuan, due.item, self.message_kind()):
            return
        offers = self.open_offers(operator, due, discount=self.discount, hours=self.window) if self.products() else {}
        operator.send(
            due,
            kind=self.message_kind(),
            channel=self.way(),
            to=self.to,
            column=self.column,
            by_tag=self.by_tag,
            delivery=self.delivery,
            cost_yuan=self.cost_yuan,
            product=self.product,
            product_by_tag=self.product_by_tag,
            offers=offers,
            quality=self.quality,
            credibility=self.credibility,
            commercial=self.commercial,
            load=self.load,
            appeal=self.appeal,
            ring=self.ring,
            coupon_yuan=self.coupon_yuan,
            floor_yuan=self.floor_yuan,
            valid_hours=self.valid,
        )
        yield from ()

    def products(self) -> list[str]:
        """Return the product, if one is offered, and those of topics."""
        return [product for product in (self.product, *self.product_by_tag.values()) if product is not None]

    def columns(self) -> list[str]:
        """Return all categories of content."""
        return [self.column, *self.by_tag.values()]

    def topics(self) -> list[str]:
        """Return the topics that people are told apart by."""
        return list(dict.fromkeys([*self.by_tag, *self.product_by_tag]))

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
