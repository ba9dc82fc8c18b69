"""A strategy as data: where contacts come from, what happens when, who does it, what it may cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.brand.actions import AnyAction
from sim.brand.desk import Desk
from sim.brand.group_types import GroupType, Moderation, wrong_names
from sim.brand.guides import Guides
from sim.parameters import CHOICE, Parameters, parameter


class Budget(Parameters):
    """What actions may spend (staff on the payroll is a fixed cost beside it)."""

    total_yuan: float | None = parameter(
        None, unit="yuan", meaning="spent at most over the whole run; none: no limit", low=0, high=1e10, source=CHOICE
    )
    month_yuan: float | None = parameter(
        None, unit="yuan", meaning="spent at most in each 30 days; none: no limit", low=0, high=1e10, source=CHOICE
    )
    items: dict[str, Annotated[float, Field(ge=0, le=1e10)]] = parameter(
        {}, unit="yuan", meaning="spent at most over the whole run, by programme item or channel, or on referral", source=CHOICE
    )


class Staff(Parameters):
    """People on the payroll of the community."""

    people: float = parameter(1.0, unit="people", meaning="full-time staff", low=0, high=100_000)


class Referral(Parameters):
    """What the brand does for invitations."""

    incentive: float = parameter(0.0, unit="factor", meaning="how much more members invite because of the reward", low=0, high=100)
    reward_yuan: float = parameter(0.0, unit="yuan", meaning="reward to the inviter of somebody who came", low=0, high=1e5)


class Caps(Parameters):
    """Limits of the platform on mass messages; what staff type is not limited."""

    mass_per_group_day: int = parameter(
        1, unit="messages", meaning="mass messages to a group a day", low=0, high=1000, source="MODEL section 2"
    )
    mass_per_person_day: int = parameter(
        1, unit="messages", meaning="mass messages to a person a day", low=0, high=1000, source="MODEL section 2"
    )


class Strategy(Parameters):
    """What a brand does with its community."""

    name: str = Field(description="name of the strategy's configuration", min_length=1, max_length=80)
    description: str = Field("", description="one line")
    community: bool = parameter(
        True, unit="switch", meaning="whether there are groups at all; without, people come and buy, and that is all", source=CHOICE
    )
    leads: dict[str, Annotated[float, Field(ge=0, le=100_000)]] = parameter(
        {}, unit="contacts/day", meaning="contacts a day through each channel of the brand", source=CHOICE
    )
    groups: dict[str, GroupType] = Field(
        default_factory=dict, description="types of groups by name; people whom no type is for go to ordinary groups"
    )
    moderation: Moderation = Field(default_factory=Moderation, description="who keeps order in ordinary groups")
    programme: dict[str, AnyAction] = Field(default_factory=dict, description="named items: what happens when")
    staff: Staff = Field(default_factory=Staff)
    desk: Desk = Field(default_factory=Desk)
    guides: Guides = Field(default_factory=Guides)
    budget: Budget = Field(default_factory=Budget)
    referral: Referral = Field(default_factory=Referral)
    caps: Caps = Field(default_factory=Caps)
    account: Literal["guide", "brand"] = Field(
        "guide", description="who has an account on the platform: each group's guide, or the brand one"
    )
    discount_ceiling: float = parameter(
        0.95, unit="share of list", meaning="deepest discount that any item may give", low=0, high=0.95, source="PRACTICE 12"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Strategy:
        wrong = wrong_names(self.groups, self.programme)
        for name, item in self.programme.items():
            if item.deepest_discount() > self.discount_ceiling:
                limit = f"strategy.discount_ceiling = {self.discount_ceiling}"
                wrong.append(f"strategy.programme.{name}.discount: takes at most {limit}, got {item.deepest_discount()}")
        known = (*self.programme, *self.leads, "referral")
        for name in self.budget.items:
            if name not in known:
                wrong.append(f"strategy.budget.items.{name}: takes a programme item or a channel: {', '.join(known)}")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self
