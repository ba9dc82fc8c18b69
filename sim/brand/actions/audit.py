"""An audit of the guides: head office looks whether its plan is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Action, Due
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Audit(Action):
    """Audit the guides of the groups that it is for (PRACTICE 42).

    They carry out more of the programme for some time; ``strategy.guides`` says how much.
    """

    kind: Literal["audit"]
    cost_yuan: float = parameter(0.0, unit="yuan", meaning="cost of an audit, on the line of staff", low=0, high=1e7)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Pay for it, and do it."""
        if operator.spend("staff_cost", self.cost_yuan, due.item, "audit"):
            operator.audit(due, cost_yuan=self.cost_yuan)
        yield from ()

    def keeps_hours(self) -> bool:
        """Return that members do not notice it."""
        return False
