"""An invitation of contacts into a group: who is in none is asked one by one, and goes where their like are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from sim.brand.actions.base import Due, Sending
from sim.brand.audience import Audience
from sim.brand.group_types import ORDINARY
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class Invite(Sending):
    """Invite contacts who were never in a group into one of a type; with ``form_by: tag`` into one of their tag (PRACTICE 14)."""

    kind: Literal["invite"]
    into: str = Field(description="type of groups")
    to: Audience = Field(Audience(who="outside"), description="whom it is for")
    channel: Literal["one_to_one", "official", "dialogue"] = Field("one_to_one", description="channel by which it goes")
    column: str = Field("care", description="category of content")
    window: DurationHours = parameter(72.0, unit="hours", meaning="how long it can be accepted", above=0, high=2400, source=CHOICE)
    looks_every: DurationHours = parameter(
        1.0, unit="hours", meaning="time between two looks at who has accepted", low=0.25, high=2400, source=CHOICE
    )
    pull: float = parameter(0.7, unit="dose", meaning="how much it makes people accept", above=0, high=100)
    cost_yuan: float = parameter(0.3, unit="yuan", meaning="cost of writing to one person", low=0, high=1e4)
    credibility: float = parameter(
        0.55, unit="share", meaning="credibility of the sender", low=0, high=1, source="MODEL section 4: one-to-one .55"
    )
    commercial: float = parameter(0.1, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.7, unit="load", meaning="load of the message", low=0, high=10)
    ring: float = parameter(0.9, unit="factor", meaning="how loud it calls", low=0, high=1)

    @field_validator("into")
    @classmethod
    def _declared(cls, name: str) -> str:
        if name == ORDINARY:
            raise ValueError("takes a type of groups that the strategy declares, since nobody can be told which of the others is theirs")
        return name

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Ask, and let in hour by hour those who accept."""
        closes_h = operator.hour + self.window
        offer = operator.open_call(due, kind="invite", pull=self.pull, until_h=closes_h, outside=True)
        if offer is None:
            return
        operator.send(
            due,
            kind="invite",
            channel=self.channel,
            to=self.to,
            column=self.column,
            by_tag={},
            delivery=self.delivery,
            cost_yuan=self.cost_yuan,
            offer=offer,
            credibility=self.credibility,
            commercial=self.commercial,
            load=self.load,
            ring=self.ring,
            coupon_yuan=0.0,
            floor_yuan=0.0,
            valid_hours=1.0,
        )
        while operator.hour < closes_h:
            yield from operator.at(min(closes_h, operator.hour + self.looks_every), due.item, self.priority)
            operator.bring_in(due, offer, into=self.into)
        operator.close_call(due, kind="invite", offer=offer)

    def columns(self) -> list[str]:
        """Return the column."""
        return [self.column]

    def types(self) -> list[str]:
        """Return the types of groups that it is for, and into which."""
        return [*self.groups, self.into]
