"""Members are parted anew, each to their like (PRACTICE 14, 24, 25)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Action, Due
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Regroup(Action):
    """Move members into groups of a type, formed by what that type gathers people by: interest as bought, region, age or gender."""

    kind: Literal["regroup"]
    to: str = Field(description="type of groups that they are moved to; its form_by says by what")
    most: int = parameter(5_000_000, unit="members", meaning="moved at most on an occasion", low=0, high=5_000_000)
    creative_days: float = parameter(0.0, unit="days", meaning="nothing is shown", low=0, high=10_000)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Move them."""
        operator.regroup(due, to=self.to, most=self.most)
        yield from ()

    def keeps_hours(self) -> bool:
        """Return that nobody waits for it."""
        return False

    def types(self) -> list[str]:
        """Return the types of groups that they come from and go to."""
        return [*self.groups, self.to]
