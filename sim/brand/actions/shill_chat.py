"""Shills: robots or staff who pose as members and chat, so that a group looks alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class ShillChat(Posting):
    """Write some messages into every group, some minutes apart, as if members had (PRACTICE 37); found out, they cost trust."""

    kind: Literal["shill_chat"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    delivery: Literal["staff"] = Field("staff", description="typed: the mass function would show the sender")
    messages: int = parameter(3, unit="messages", meaning="messages of an occasion in each group", low=1, high=50)
    spacing: DurationHours = parameter(
        0.1, unit="hours", meaning="time between the messages, such as '6min'", above=0, high=24, source=CHOICE
    )
    column: str = Field("care", description="category of content")
    quality: float = parameter(0.3, unit="share", meaning="how much each says about the brand's goods", low=0, high=1)
    credibility: float = parameter(0.3, unit="share", meaning="credibility: a member's", low=0, high=1, source="MODEL section 4")
    load: float = parameter(0.08, unit="load", meaning="load of each message: a member's", low=0, high=10)

    def keeps_hours(self) -> bool:
        """Return no: members take them for talk, which is no benefit that the brand has promised."""
        return False

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Write one message after another; like members' messages they do not ring."""
        for nth in range(self.messages):
            if nth:
                yield from operator.at(due.hour + nth * self.spacing, due.item, self.priority)
            self.post(
                operator,
                due,
                kind="shill",
                part=f"message {nth}",
                quality=self.quality,
                commercial=0.0,
                credibility=self.credibility,
                ring=0.0,
            )
