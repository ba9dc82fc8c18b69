"""A post that sells: a product at a price, for a while, in any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Sending
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class SalesPost(Sending):
    """Publish an offer of a product in every group (PRACTICE 2, 12, 32)."""

    kind: Literal["sales_post"]
    product: str = Field(description="product by name or role (entry, hero, premium)")
    column: str = Field("sales", description="category of content")
    discount: float = parameter(0.0, unit="share of list", meaning="depth of the discount", low=0, high=0.95)
    window: DurationHours = parameter(
        24.0, unit="hours", meaning="how long the offer stands, such as '24h'", above=0, high=8760, source=CHOICE
    )
    place: Literal["mall", "shop"] = Field("mall", description="where it can be bought: a shop takes living near one")
    credibility: float = parameter(0.25, unit="share", meaning="credibility of advertising", low=0, high=1, source="MODEL section 4")
    commercial: float = parameter(1.0, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(1.0, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(0.3, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer and publish it."""
        offer = operator.open_offer(due, product=self.product, discount=self.discount, hours=self.window, in_shop=self.place == "shop")
        operator.publish_everywhere(
            due,
            kind="sales",
            column=self.column,
            delivery=self.delivery,
            product=self.product,
            commercial=self.commercial,
            load=self.load,
            credibility=self.credibility,
            appeal=self.appeal,
            ring=self.ring,
            offer=offer,
        )
        yield from ()

    def products(self) -> list[str]:
        """Return the product."""
        return [self.product]

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
