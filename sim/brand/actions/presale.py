"""A presale: a deposit now, the rest and the goods at a later date.

Members reserve while the offer stands (a request, settled at a tick). At the date of the goods those who still want them
(``sim/behaviour/terms.py``) buy; the others lose their deposit, which is then an order of its own kind without goods, or have it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Due, Offering
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Presale(Offering):
    """Sell ahead of delivery (PRACTICE 32)."""

    kind: Literal["presale"]
    discount: float = parameter(0.2, unit="share of list", meaning="depth of the discount", low=0, high=0.95)
    deposit_share: float = parameter(0.2, unit="share of price", meaning="deposit on reserving", low=0, high=1)
    delivers_after: DurationHours = parameter(
        336.0,
        unit="hours",
        meaning="time from the end of the offer until the rest is paid and the goods come, such as '14d'",
        low=24,
        high=8760,
        source=CHOICE,
    )
    keeps_deposit: bool = parameter(True, unit="switch", meaning="whether the brand keeps deposits on what is not bought", source=CHOICE)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, wait, and deliver."""
        offer = operator.open_offer(
            due,
            product=self.product,
            discount=self.discount,
            hours=self.window,
            form="presale",
            wait_h=self.window + self.delivers_after,
        )
        self.show(operator, due, offer=offer)
        yield from operator.at(due.hour + self.window + self.delivers_after, due.item, self.priority)
        operator.deliver(offer, deposit_share=self.deposit_share, keeps_deposit=self.keeps_deposit)

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
