"""KOC sampling: products for members who write much, and what some of them write about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Action, Due
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class KocSampling(Action):
    """Give a product to the most valued members; some write about it later (PRACTICE 35; `outdoor_koc`)."""

    kind: Literal["koc_sampling"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    product: str = Field(description="product by name or role (entry, hero, premium)")
    column: str = Field("stories", description="category of content that they write")
    by: Literal["orders", "gmv", "messages"] = Field("messages", description="what a member's worth is measured by")
    at_least: float = parameter(1.0, unit="orders, yuan or messages", meaning="worth from which a member is chosen", low=0, high=1e9)
    most: int = parameter(10, unit="people", meaning="samples", low=1, high=1_000_000, source=CHOICE)
    shipping_yuan: float = parameter(8.0, unit="yuan", meaning="cost of a sample beside the goods", low=0, high=1e5)
    after: DurationHours = parameter(72.0, unit="hours", meaning="time until they write, such as '3d'", above=0, high=2400, source=CHOICE)
    quality: float | None = parameter(None, unit="share", meaning="quality of what is written; none: that of the column", low=0, high=1)
    credibility: float = parameter(
        0.85, unit="share", meaning="credibility of the authors", low=0, high=1, source="MODEL section 4: friend .85"
    )
    commercial: float = parameter(0.2, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.7, unit="load", meaning="load of each message", low=0, high=10)
    appeal: float = parameter(1.5, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls", low=0, high=1)

    def keeps_hours(self) -> bool:
        """Return no: at the hour parcels are sent."""
        return False

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Choose, give, wait, and let them write."""
        people = operator.best_members(due, by=self.by, at_least=self.at_least, most=self.most)
        given = operator.give_samples(due, people, product=self.product, shipping_yuan=self.shipping_yuan)
        yield from operator.at(due.hour + self.after, due.item, self.priority)
        operator.write_about(
            due,
            given,
            product=self.product,
            column=self.column,
            quality=self.quality,
            commercial=self.commercial,
            load=self.load,
            credibility=self.credibility,
            appeal=self.appeal,
            ring=self.ring,
        )

    def products(self) -> list[str]:
        """Return the product."""
        return [self.product]

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]
