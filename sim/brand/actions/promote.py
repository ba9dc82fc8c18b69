"""Valued members are moved into a group of their own (PRACTICE 25, 38)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Action, Due
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Promote(Action):
    """Move the members who are worth most, as far as the brand sees it, into groups of a type such as VIP."""

    kind: Literal["promote"]
    to: str = Field(description="type of groups that they are moved to")
    by: Literal["orders", "gmv", "messages"] = Field("orders", description="what makes a member valued, counted since they came")
    at_least: float = parameter(3.0, unit="orders, yuan or messages", meaning="how much of it", low=0, high=1e9, source=CHOICE)
    most: int = parameter(1000, unit="members", meaning="moved at most on an occasion, the most valued first", low=0, high=5_000_000)
    creative_days: float = parameter(0.0, unit="days", meaning="nothing is shown", low=0, high=10_000)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Move them."""
        operator.promote(due, to=self.to, by=self.by, at_least=self.at_least, most=self.most)
        yield from ()

    def keeps_hours(self) -> bool:
        """Return that nobody waits for it."""
        return False

    def types(self) -> list[str]:
        """Return the types of groups that they come from and go to."""
        return [*self.groups, self.to]
