"""A session with an opinion leader: content with credibility and reach, for a fee."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class KolSession(Posting):
    """Pay the fee, let the KOL post over a while (the last post may carry an offer), take in the outsiders who follow (PRACTICE 4, 23)."""

    kind: Literal["kol_session"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    fee_yuan: float = parameter(2000.0, unit="yuan", meaning="fee of a session", low=0, high=1e8)
    credibility: float = parameter(
        0.65, unit="share", meaning="credibility with members", low=0, high=1, source="MODEL section 4: online opinion .65"
    )
    quality: float = parameter(0.75, unit="share", meaning="quality of what the KOL says", low=0, high=1)
    column: str = Field("expert", description="category of content (fit with the members' interests)")
    posts: int = parameter(3, unit="posts", meaning="posts of the session", low=1, high=50)
    spacing: DurationHours = parameter(
        0.25, unit="hours", meaning="time between the posts, such as '15min'", above=0, high=24, source=CHOICE
    )
    outsiders: int = parameter(
        0, unit="people", meaning="outsiders whom the KOL brings to the door in the next days", low=0, high=1_000_000
    )
    outsider_days: float = parameter(2.0, unit="days", meaning="over how many days they come", low=0.1, high=60)
    channel: str = Field("kol", description="channel by which outsiders come")
    product: str | None = Field(None, description="product offered with the last post, by name or role")
    discount: float = parameter(0.0, unit="share of list", meaning="discount of that offer", low=0, high=0.95)
    window: DurationHours = parameter(24.0, unit="hours", meaning="how long the offer stands", above=0, high=8760, source=CHOICE)
    commercial: float = parameter(0.3, unit="share", meaning="how far the posts sell", low=0, high=1)
    load: float = parameter(0.8, unit="load", meaning="load of each post", low=0, high=10)
    appeal: float = parameter(1.5, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.6, unit="factor", meaning="how loud the first post calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Run the session, if the fee can be paid."""
        if not operator.spend("kol_cost", self.fee_yuan, due.item, "kol_session"):
            return
        for nth in range(self.posts):
            if nth:
                yield from operator.at(due.hour + nth * self.spacing, due.item, self.priority)
            offer = -1
            if self.product is not None and nth == self.posts - 1:
                offer = operator.open_offer(due, product=self.product, discount=self.discount, hours=self.window)
            ring = self.ring if nth == 0 else 0.0
            self.post(
                operator,
                due,
                kind="kol",
                part=f"post {nth}",
                quality=self.quality,
                commercial=self.commercial,
                credibility=self.credibility,
                ring=ring,
                offer=offer,
            )
        operator.bring_outsiders(channel=self.channel, people=self.outsiders, days=self.outsider_days)

    def products(self) -> list[str]:
        """Return the product, if one is offered."""
        return [] if self.product is None else [self.product]

    def channels(self) -> list[str]:
        """Return the channel, if outsiders come."""
        return [self.channel] if self.outsiders else []

    def deepest_discount(self) -> float:
        """Return the discount."""
        return self.discount
