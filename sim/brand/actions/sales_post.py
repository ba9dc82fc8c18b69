"""A post that sells: a product at a price, for a while, in any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, MeetingNeeds, Offering
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class SalesPost(MeetingNeeds, Offering):
    """Publish an offer of a product in every group (PRACTICE 2, 12, 32)."""

    kind: Literal["sales_post"]
    discount: float = parameter(0.0, unit="share of list", meaning="depth of the discount", low=0, high=0.95)
    place: Literal["mall", "shop"] = Field("mall", description="where it can be bought: a shop takes living near one")

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer and publish it."""
        offers = self.open_offers(operator, due, discount=self.discount, hours=self.window, in_shop=self.place == "shop")
        self.show(operator, due, product_by_tag=self.product_by_tag, offers=offers)
        yield from ()

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
