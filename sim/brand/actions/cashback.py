"""Cashback: a share of what was paid comes back later, in money or as a coupon.

A cost (``coupon_cost``) when it is paid, or when the coupon is used. Money draws on the budget. See ``sim/behaviour/terms.py`` for what it
is worth to people today, and ``sim/brand/promises.py`` for how it is paid.
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


class Cashback(Offering):
    """Offer a product with money back (PRACTICE 32)."""

    kind: Literal["cashback"]
    discount: float = parameter(0.0, unit="share of list", meaning="depth of the discount beside it", low=0, high=0.95)
    back_share: float = parameter(0.1, unit="share of price", meaning="what comes back", low=0, high=0.95)
    pays: Literal["money", "coupon"] = Field("money", description="in money, or as a coupon for the next order")
    pays_after: DurationHours = parameter(
        168.0, unit="hours", meaning="time from the end of the offer until it comes, such as '7d'", low=0, high=8760, source=CHOICE
    )
    valid: DurationHours = parameter(720.0, unit="hours", meaning="how long such a coupon is good", above=0, high=8760, source=CHOICE)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, and owe what comes back."""
        offer = operator.open_offer(
            due, product=self.product, discount=self.discount, hours=self.window, back_share=self.back_share, wait_h=self.pays_after
        )
        coupon_hours = self.valid if self.pays == "coupon" else 0.0
        pays_h = due.hour + self.window + self.pays_after
        operator.promise(due, "cashback", offer, pays_h, share=self.back_share, coupon_hours=coupon_hours)
        self.show(operator, due, offer=offer)
        yield from ()

    def deepest_discount(self) -> float:
        """Return what a buyer saves in the end."""
        return 1.0 - (1.0 - self.discount) * (1.0 - self.back_share)
