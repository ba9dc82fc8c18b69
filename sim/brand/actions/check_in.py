"""A check-in ritual: members sign in, and who does so many times in a row gets a coupon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class CheckIn(Posting):
    """Call members to check in (PRACTICE 29, 30; charity check-ins: `starbucks`)."""

    kind: Literal["check_in"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    column: str = Field("care", description="category of content")
    window: DurationHours = parameter(
        24.0, unit="hours", meaning="how long members can check in, such as '24h'", above=0, high=168, source=CHOICE
    )
    pull: float = parameter(0.5, unit="dose", meaning="how much it makes members take part", above=0, high=100)
    every: int = parameter(7, unit="check-ins", meaning="check-ins in a row that earn a coupon", low=1, high=1000, source=CHOICE)
    reward_yuan: float = parameter(3.0, unit="yuan", meaning="that coupon; 0 is none", low=0, high=1e5)
    valid: DurationHours = parameter(
        168.0, unit="hours", meaning="how long the coupon is good, such as '7d'", above=0, high=8760, source=CHOICE
    )
    credibility: float = parameter(0.55, unit="share", meaning="credibility of the persona", low=0, high=1, source="MODEL section 4")
    load: float = parameter(0.2, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(0.5, unit="factor", meaning="how much it makes members answer in the chat", low=0, high=100)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Call, wait, and reward who has come often enough without a gap."""
        closes_h = due.hour + self.window
        offer = operator.open_call(due, kind="check_in", pull=self.pull, until_h=closes_h)
        if offer is None:
            return
        self.post(operator, due, kind="check_in", commercial=0.0, credibility=self.credibility, ring=self.ring, offer=offer)
        yield from operator.at(closes_h, due.item, self.priority)
        people = operator.close_call(due, kind="check_in", offer=offer)
        steady = operator.in_a_row(due, people, self.every)
        if self.reward_yuan > 0:
            operator.give_coupons(steady, yuan=self.reward_yuan, hours=self.valid)
