"""A gift with every order from an amount on.

It is worth something to people (``sim/behaviour/terms.py``), which may be more than it costs the brand (``gift_cost``, when it is sent out
at the end of the offer, as far as the budget goes).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Due, MeetingNeeds, Offering
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Gift(MeetingNeeds, Offering):
    """Offer a product with a present (PRACTICE 31)."""

    kind: Literal["gift"]
    discount: float = parameter(0.0, unit="share of list", meaning="depth of the discount beside it", low=0, high=0.95)
    floor_yuan: float = parameter(0.0, unit="yuan", meaning="order from which there is a gift; 0: with any", low=0, high=1e6)
    gift_yuan: float = parameter(5.0, unit="yuan", meaning="cost of a gift to the brand", low=0, high=1e5)
    worth_yuan: float = parameter(10.0, unit="yuan", meaning="what a gift is worth to members", low=0, high=1e5)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, and owe the gifts."""
        floor_fen = max(1, round(self.floor_yuan * 100))
        worth_fen = round(self.worth_yuan * 100)
        offers = self.open_offers(operator, due, discount=self.discount, hours=self.window, floor_fen=floor_fen, worth_fen=worth_fen)
        for offer in offers.values():
            operator.promise(due, "gift", offer, due.hour + self.window, fen=round(self.gift_yuan * 100), floor_fen=floor_fen)
        self.show(operator, due, product_by_tag=self.product_by_tag, offers=offers)
        yield from ()

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
