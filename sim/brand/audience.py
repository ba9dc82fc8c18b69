"""Whom a personal message is for: what the brand knows of people narrows it down."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from sim.clock import DurationHours
from sim.parameters import CHOICE, Parameters, parameter

UNTAGGED = "untagged"
Stage = Literal["new", "active", "dormant", "lapsed", "left"]


class Audience(Parameters):
    """Everybody whom the channel reaches, as far as nothing here leaves them out; ``to: NAME`` is the segment of that name."""

    segment: str = Field("", description="segment of the strategy that they must be of; empty: any")
    who: Literal["everybody", "members", "outside"] = parameter(
        "everybody", unit="choice", meaning="members of groups, people outside, or both", source=CHOICE
    )
    stages: list[Stage] = parameter([], unit="stages", meaning="stages of life, as the brand sees them; empty: all", source=CHOICE)
    tags: list[str] = parameter(
        [], unit="topics", meaning="topics that the brand has tagged them with, or 'untagged'; empty: all", source=CHOICE
    )
    orders_min: int = parameter(0, unit="orders", meaning="fewest orders so far", low=0, high=1_000_000, source=CHOICE)
    orders_max: int | None = parameter(None, unit="orders", meaning="most orders so far; none: any", low=0, high=1_000_000, source=CHOICE)
    ordered_from: DurationHours | None = parameter(
        None, unit="hours", meaning="last order at least so long ago, such as '60d'", low=0, high=1e6, source=CHOICE
    )
    ordered_until: DurationHours | None = parameter(
        None, unit="hours", meaning="last order at most so long ago, such as '24h'", low=0, high=1e6, source=CHOICE
    )
    admitted_from: DurationHours | None = parameter(
        None, unit="hours", meaning="came in at least so long ago", low=0, high=1e6, source=CHOICE
    )
    admitted_until: DurationHours | None = parameter(
        None, unit="hours", meaning="came in at most so long ago", low=0, high=1e6, source=CHOICE
    )
    spent_min_yuan: float = parameter(0.0, unit="yuan", meaning="least paid for orders so far", low=0, high=1e8, source=CHOICE)
    channels: list[str] = parameter(
        [], unit="channels", meaning="how they came in: channels of the brand, founding, referral or walk_in; empty: all", source=CHOICE
    )
    groups: list[str] = parameter(
        [],
        unit="types",
        meaning="types of groups that they are members of, 'ordinary' those of no type; empty: any, or none",
        source=CHOICE,
    )
    birthday: bool = parameter(False, unit="switch", meaning="only those whose birthday it is", source=CHOICE)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"segment": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _possible(self) -> Audience:
        for name in ("ordered", "admitted"):
            first, last = getattr(self, f"{name}_from"), getattr(self, f"{name}_until")
            if first is not None and last is not None and last <= first:
                raise ValueError(f"{name}_until: takes more than {name}_from = {first:g} hours, got {last:g}")
        if self.orders_max is not None and self.orders_max < self.orders_min:
            raise ValueError(f"orders_max: takes at least orders_min = {self.orders_min}, got {self.orders_max}")
        return self
