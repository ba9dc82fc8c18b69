"""Commission selling: members pass an offer on to people they know, and earn a share of what these buy on it.

Who shares, and with how many: ``sim/behaviour/sharing.py``. The offer reaches them when the brand's system next looks. The share is owed on
orders that carry the member as referrer, and paid some time after the end of the offer, as far as the budget goes; on what was sent back
there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Due, Offering
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class CommissionSelling(Offering):
    """Offer a product with a commission for who sells it on (PRACTICE 32: high margin, simple flow)."""

    kind: Literal["commission_selling"]
    discount: float = parameter(0.0, unit="share of list", meaning="depth of the discount", low=0, high=0.95)
    commission_share: float = parameter(0.1, unit="share of price", meaning="commission of who passed the offer on", low=0, high=0.95)
    join_share: float = parameter(0.3, unit="share", meaning="people from outside who enter a group when they come", low=0, high=1)
    looks_every: DurationHours = parameter(
        1.0, unit="hours", meaning="how often shared offers are passed on", low=0.25, high=24, source=CHOICE
    )
    pays_after: DurationHours = parameter(
        168.0,
        unit="hours",
        meaning="time from the end of the offer until commissions are paid, such as '7d'",
        low=0,
        high=8760,
        source=CHOICE,
    )

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, owe commissions, and pass on what members share until it ends."""
        closes_h = due.hour + self.window
        offer = operator.open_offer(
            due, product=self.product, discount=self.discount, hours=self.window, commission_share=self.commission_share
        )
        operator.promise(due, "commission", offer, closes_h + self.pays_after, share=self.commission_share)
        self.show(operator, due, offer=offer)
        for nth in range(1, int(self.window / self.looks_every) + 1):
            hour = due.hour + nth * self.looks_every
            if hour < closes_h:
                yield from operator.at(hour, due.item, self.priority)
                operator.pass_on(
                    due,
                    offer,
                    column=self.column,
                    join_share=self.join_share,
                    product=self.product,
                    commercial=self.commercial,
                    load=self.load,
                    credibility=operator.word_of_a_friend,
                    ring=self.ring,
                )

        yield from operator.at(closes_h, due.item, self.priority)
        operator.withdraw(offer)

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
