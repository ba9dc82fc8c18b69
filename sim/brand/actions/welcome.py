"""The welcome that everybody gets on joining a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Action, Due
from sim.clock import DurationHours, When
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Welcome(Action):
    """Greet newcomers personally, with a coupon for the first order if one is given (PRACTICE 10)."""

    kind: Literal["welcome"]
    when: When = Field("day 0 00:00", description="from when on newcomers are greeted")
    priority: int = parameter(
        0, unit="rank", meaning="order among actions of the same minute, lowest first", low=0, high=10_000, source=CHOICE
    )
    column: str = Field("care", description="category of content")
    quality: float = parameter(0.7, unit="share", meaning="quality of the greeting", low=0, high=1)
    credibility: float = parameter(
        0.55, unit="share", meaning="credibility of the persona", low=0, high=1, source="MODEL section 4: one-to-one .55"
    )
    commercial: float = parameter(0.1, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.5, unit="load", meaning="load of the message", low=0, high=10)
    ring: float = parameter(0.9, unit="factor", meaning="how loud it calls", low=0, high=1)
    coupon_yuan: float = parameter(0.0, unit="yuan", meaning="coupon; 0 is none", low=0, high=1e5)
    floor_yuan: float = parameter(0.0, unit="yuan", meaning="smallest order that the coupon can be used on", low=0, high=1e6)
    valid: DurationHours = parameter(168.0, unit="hours", meaning="how long the coupon is good", above=0, high=8760, source=CHOICE)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Make it the welcome of every group, also of those that open later."""
        operator.set_welcome(
            due,
            column=self.column,
            quality=self.quality,
            credibility=self.credibility,
            commercial=self.commercial,
            load=self.load,
            ring=self.ring,
            coupon_yuan=self.coupon_yuan,
            floor_yuan=self.floor_yuan,
            valid_hours=self.valid,
        )
        yield from ()

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]
