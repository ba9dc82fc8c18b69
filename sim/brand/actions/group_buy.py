"""A group buy: a price that holds for teams.

Members ask for it (a request, settled at a tick) and so join the open team of their group, or open one; a complete team buys. How
attraction grows to the tipping point: ``sim/behaviour/terms.py``. At the end incomplete teams are dissolved, to the disappointment of who
waits in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Due, Offering
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class GroupBuy(Offering):
    """Sell to teams of one group (PRACTICE 32, 36)."""

    kind: Literal["group_buy"]
    discount: float = parameter(0.25, unit="share of list", meaning="depth of the discount for a complete team", low=0, high=0.95)
    team: int = parameter(3, unit="people", meaning="size of a team", low=2, high=500)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Open the offer, publish it, and dissolve incomplete teams when all who asked in time have been counted."""
        offer = operator.open_offer(due, product=self.product, discount=self.discount, hours=self.window, form="team", team=self.team)
        self.show(operator, due, offer=offer)
        yield from operator.at(operator.settled_by(due.hour + self.window), due.item, self.priority)
        operator.dissolve(offer)

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
