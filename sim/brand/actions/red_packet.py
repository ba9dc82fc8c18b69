"""A red packet dropped into every group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from sim.brand.actions.base import Due, Sending
from sim.parameters import parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class RedPacket(Sending):
    """Drop a packet in n shares by the double-mean rule; what nobody claims in 24 hours comes back (PRACTICE 23)."""

    kind: Literal["red_packet"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    amount_yuan: float = parameter(20.0, unit="yuan", meaning="sum in each group", low=0.01, high=200, source="limit of the platform")
    shares: int = parameter(20, unit="shares", meaning="number of shares", low=1, high=500)
    column: str = Field("care", description="category of content")
    load: float = parameter(0.3, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(0.8, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.8, unit="factor", meaning="how loud it calls", low=0, high=1)
    credibility: float = parameter(0.55, unit="share", meaning="credibility of the sender", low=0, high=1, source="MODEL section 4")

    @model_validator(mode="after")
    def _a_fen_each(self) -> RedPacket:
        if round(self.amount_yuan * 100) < self.shares:
            raise ValueError(f"shares: takes at most one share a fen ({round(self.amount_yuan * 100)}), got {self.shares}")
        return self

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Drop one packet in each group, as far as the budget goes; take back what is left after a day."""
        operator.drop_packets(
            due,
            amount_yuan=self.amount_yuan,
            shares=self.shares,
            column=self.column,
            delivery=self.delivery,
            load=self.load,
            appeal=self.appeal,
            ring=self.ring,
            credibility=self.credibility,
        )
        yield from ()

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]
