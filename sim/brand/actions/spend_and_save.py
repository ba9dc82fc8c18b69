"""Spend and save: money off an order from an amount on, which is a reason to buy more units.

The saving is a lower price, not a means of payment: GMV is what was paid, and ``discount_cost`` holds it. What members see is the list
price, so that their reference price stays. How people judge it, and who adds units to reach the amount: ``sim/behaviour/terms.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import model_validator

from sim.brand.actions.base import Due, MeetingNeeds, Offering
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class SpendAndSave(MeetingNeeds, Offering):
    """Take something off an order on the offer that comes to an amount (PRACTICE 32)."""

    kind: Literal["spend_and_save"]
    floor_yuan: float = parameter(..., unit="yuan", meaning="order from which something is taken off", low=0.01, high=1e6)
    save_yuan: float = parameter(..., unit="yuan", meaning="what is taken off, once an order", low=0.01, high=1e6)

    @model_validator(mode="after")
    def _less_than_the_order(self) -> SpendAndSave:
        if self.save_yuan >= self.floor_yuan:
            raise ValueError(f"save_yuan: takes less than floor_yuan = {self.floor_yuan:g}, got {self.save_yuan:g}")
        return self

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer and publish it."""
        floor_fen, save_fen = round(self.floor_yuan * 100), round(self.save_yuan * 100)
        offers = self.open_offers(operator, due, discount=0.0, hours=self.window, floor_fen=floor_fen, save_fen=save_fen)
        self.show(operator, due, product_by_tag=self.product_by_tag, offers=offers)
        yield from ()

    def deepest_discount(self) -> float:
        """Return what an order of just the amount saves."""
        return self.save_yuan / self.floor_yuan
