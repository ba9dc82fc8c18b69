"""A customer case: a good customer is thanked, and their story told in every group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, MeetingNeeds, Posting
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class CustomerCase(MeetingNeeds, Posting):
    """Tell the story of a customer, if there is one to tell (PRACTICE 41: endorsements and customer cases as content)."""

    kind: Literal["customer_case"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    product: str = Field("hero", description="product that the story is about, by name or role")
    column: str = Field("stories", description="category of content")
    at_least: int = parameter(2, unit="orders", meaning="orders from which a member has a story", low=1, high=1000)
    thanks_yuan: float = parameter(30.0, unit="yuan", meaning="cost of the gift of thanks", low=0, high=1e5)
    quality: float | None = parameter(None, unit="share", meaning="quality, if other than the column's", low=0, high=1)
    credibility: float = parameter(
        0.65, unit="share", meaning="credibility of a customer's word", low=0, high=1, source="MODEL section 4: opinion .65"
    )
    commercial: float = parameter(0.3, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.8, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(1.2, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Look for the next of the best customers, thank them, and tell the story."""
        if operator.next_story(due, at_least=self.at_least, thanks_yuan=self.thanks_yuan):
            self.post(
                operator,
                due,
                kind="case",
                product=self.product,
                product_by_tag=self.product_by_tag,
                quality=self.quality,
                commercial=self.commercial,
                credibility=self.credibility,
                ring=self.ring,
            )
        yield from ()

    def products(self) -> list[str]:
        """Return the product, and those of topics."""
        return [self.product, *self.product_by_tag.values()]
