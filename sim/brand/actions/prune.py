"""Freeloaders are removed (PRACTICE 25)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from sim.brand.actions.base import Action, Due
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Prune(Action):
    """Remove members who have claimed red packets and never wrote nor bought. They stay customers, and their ties miss them."""

    kind: Literal["prune"]
    claimed_yuan: float = parameter(
        1.0, unit="yuan", meaning="claimed from the brand's red packets at least", low=0, high=1e6, source=CHOICE
    )
    after_days: float = parameter(14.0, unit="days", meaning="membership after which somebody may be judged", low=0, high=10_000)
    most: int = parameter(1000, unit="members", meaning="removed at most on an occasion, who claimed most first", low=0, high=5_000_000)
    creative_days: float = parameter(0.0, unit="days", meaning="nothing is shown", low=0, high=10_000)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Remove them."""
        operator.prune(due, claimed_yuan=self.claimed_yuan, after_days=self.after_days, most=self.most)
        yield from ()

    def keeps_hours(self) -> bool:
        """Return that nobody waits for it."""
        return False
