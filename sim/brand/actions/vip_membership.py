"""A paid membership: a fee now, a lower price for everything for some time, perhaps a gift.

Who finds it worth the fee, and what a standing price does: ``sim/behaviour/standing.py``. The fee is an order of its own kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Offering
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class VipMembership(Offering):
    """Sell a membership while its message stands (PRACTICE 22, 38)."""

    kind: Literal["vip_membership"]
    product: str = Field("hero", description="product that the message shows, by name or role")
    fee_yuan: float = parameter(30.0, unit="yuan", meaning="price of the membership", low=0, high=1e6)
    discount: float = parameter(0.1, unit="share of list", meaning="taken off everything that a member buys", low=0, high=0.95)
    lasts: DurationHours = parameter(2160.0, unit="hours", meaning="how long it lasts, such as '90d'", above=0, high=87_600, source=CHOICE)
    gift_yuan: float = parameter(0.0, unit="yuan", meaning="cost of a gift on joining; 0: none", low=0, high=1e5)
    worth_yuan: float = parameter(0.0, unit="yuan", meaning="what that gift is worth to members", low=0, high=1e5)
    looks_every: DurationHours = parameter(
        1.0, unit="hours", meaning="how often new members are enrolled", low=0.25, high=24, source=CHOICE
    )

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, and enrol until it ends."""
        offer = operator.open_membership(
            due,
            product=self.product,
            discount=self.discount,
            hours=self.window,
            fee_fen=round(self.fee_yuan * 100),
            worth_fen=round(self.worth_yuan * 100),
            term_h=self.lasts,
        )
        self.show(operator, due, offer=offer)
        hour = due.hour
        while hour < due.hour + self.window:
            hour = min(hour + self.looks_every, due.hour + self.window)
            yield from operator.at(hour, due.item, self.priority)
            operator.enrol(due, offer, hours=self.lasts, gift_yuan=self.gift_yuan)

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
