"""A flash sale: announced, limited in stock and time, with a counter that everybody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class FlashSale(Posting):
    """Announce, open, allot the stock by the minute in order of request, close (PRACTICE 21, 26, 33)."""

    kind: Literal["flash_sale"]
    product: str = Field(description="product by name or role (entry, hero, premium)")
    column: str = Field("sales", description="category of content")
    discount: float = parameter(0.3, unit="share of list", meaning="depth of the discount", low=0, high=0.95)
    stock: int = parameter(..., unit="units", meaning="units for sale, over all groups", low=0, high=10_000_000)
    window: DurationHours = parameter(2.0, unit="hours", meaning="how long it is open, such as '2h'", above=0, high=168, source=CHOICE)
    announce: DurationHours = parameter(
        0.0, unit="hours", meaning="how long before the opening it is announced; 0 is not at all", low=0, high=168, source=CHOICE
    )
    commercial: float = parameter(1.0, unit="share", meaning="how far it sells", low=0, high=1)
    credibility: float = parameter(0.25, unit="share", meaning="credibility of advertising", low=0, high=1, source="MODEL section 4")
    load: float = parameter(1.0, unit="load", meaning="load of each of its messages", low=0, high=10)
    appeal: float = parameter(0.6, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.7, unit="factor", meaning="how loud the opening calls", low=0, high=1)

    def lead_hours(self) -> float:
        """Return how long before the opening it is announced."""
        return self.announce

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Announce, open, keep the board by the minute until it closes or sells out."""
        if self.announce > 0:
            self._publish(operator, due, part="announce", ring=self.ring * 0.5, offer=-1)
        if round(due.hour * 60) > round(operator.hour * 60):
            # Not if it is due now: asking for another turn would put the opening behind the other actions of this minute.
            yield from operator.at(due.hour, due.item, self.priority)
        offer = operator.open_offer(due, product=self.product, discount=self.discount, hours=self.window, stock=self.stock)
        self._publish(operator, due, part="open", ring=self.ring, offer=offer)
        yield from operator.clear(offer, due.hour + self.window)

    def _publish(self, operator: Operator, due: Due, *, part: str, ring: float, offer: int) -> None:
        self.post(
            operator,
            due,
            kind="flash_sale",
            part=part,
            product=self.product,
            commercial=self.commercial,
            credibility=self.credibility,
            ring=ring,
            offer=offer,
        )

    def products(self) -> list[str]:
        """Return the product."""
        return [self.product]

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
