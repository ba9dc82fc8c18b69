"""What the brand owes for orders that it has taken: gifts, cashback, commissions; each an errand that pays when it falls due.

A promise is kept order by order, in order of time, as far as the budget goes. What it refuses is recorded, and disappoints the person. An
order that was sent back is owed nothing. What is owed in money at the end of the run is paid there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sim.brand.selling import Selling

#: Promises fall due with the board, before the actions of a minute.
PROMISED = -2
LINES = {"gift": "gift_cost", "cashback": "coupon_cost", "commission": "commission_cost"}


@dataclass(eq=False)
class Promise:
    """What is owed on the orders of an offer: a sum from an amount on, or a share of what was paid.

    ``since`` is how many batches of orders there were when the offer was opened; ``coupon_hours`` above 0 pays in coupons that are good for
    so long, which cost when they are used.
    """

    operator: Selling
    item: str
    kind: Literal["gift", "cashback", "commission"]
    offer: int
    since: int
    due_h: float
    fen: int = 0
    floor_fen: int = 0
    share: float = 0.0
    coupon_hours: float = 0.0
    kept: bool = False

    def owed_fen(self, order: Any) -> int:
        """Return what is owed for an order."""
        if order["refund_fen"] or order["paid_fen"] < self.floor_fen or not order["units"]:
            return 0
        return self.fen + math.floor(int(order["paid_fen"]) * self.share + 0.5)

    def live(self) -> Iterator[Any]:
        """Wait until it falls due, and keep it."""
        yield from self.operator.at(self.due_h, self.item, PROMISED)
        self.operator.keep(self)
