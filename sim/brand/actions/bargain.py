"""A bargain ("help me cut the price"): a member asks people for help, and each who helps takes something off.

Who helps: ``sim/behaviour/sharing.py``. At the end of the offer the member buys at the price reached, if that is what they had thought of
or else if they still want to (``sim/behaviour/terms.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Due, Offering
from sim.parameters import parameter
from sim.touch import Haggling

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Bargain(Offering):
    """Let members bring a price down by asking around (PRACTICE 31, 36)."""

    kind: Literal["bargain"]
    asks: int = parameter(5, unit="people", meaning="people whom a member asks", low=1, high=64)
    cut: float = parameter(0.06, unit="share of list", meaning="what each who helps takes off", low=0, high=0.95)
    deepest: float = parameter(0.3, unit="share of list", meaning="how far the price may fall", low=0, high=0.95)
    expected: float = parameter(0.5, unit="share", meaning="part of that which members think they will get", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, and sell at the prices reached when all who asked in time have been helped."""
        offer = operator.open_offer(
            due,
            product=self.product,
            discount=self.expected * self.deepest,
            hours=self.window,
            form="bargain",
            bargain=Haggling(self.asks, self.cut, self.deepest),
        )
        self.show(operator, due, offer=offer)
        yield from operator.at(operator.settled_by(due.hour + self.window), due.item, self.priority)
        operator.deliver(offer, deposit_share=0.0, keeps_deposit=False)

    def deepest_discount(self) -> float:
        """Return how far the price may fall."""
        return self.deepest
