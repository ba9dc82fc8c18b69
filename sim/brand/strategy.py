"""A strategy as data: where contacts come from, what happens when, who does it, what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from sim.brand.actions import KINDS, Action, AnyAction
from sim.brand.audience import Audience
from sim.brand.campaigns import Campaign
from sim.brand.desk import Desk
from sim.brand.group_types import GroupType, Moderation, wrong_names
from sim.brand.guides import Guides
from sim.brand.journeys import Journey
from sim.brand.reported import Reported
from sim.brand.rules import Rules
from sim.brand.splits import ARMS, Split, parted
from sim.clock import unknown
from sim.parameters import CHOICE, Name, Parameters, parameter


class Budget(Parameters):
    """What actions may spend (staff on the payroll is a fixed cost beside it)."""

    total_yuan: float | None = parameter(
        None, unit="yuan", meaning="spent at most over the whole run; none: no limit", low=0, high=1e10, source=CHOICE
    )
    month_yuan: float | None = parameter(
        None, unit="yuan", meaning="spent at most in each 30 days; none: no limit", low=0, high=1e10, source=CHOICE
    )
    items: dict[str, Annotated[float, Field(ge=0, le=1e10)]] = parameter(
        {},
        unit="yuan",
        meaning="spent at most over the whole run, by programme item, campaign, journey or channel, or on referral",
        source=CHOICE,
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


class Level(Parameters):
    """A tier of loyalty: from how much spending on, and what it is worth."""

    spend_yuan: float = parameter(unit="yuan", meaning="spending in the window from which on somebody is of the tier", above=0, high=1e8)
    discount: float = parameter(unit="share of list", meaning="taken off everything that they buy", low=0, high=0.95)


class Tiers(Parameters):
    """Tiers of loyalty: the more somebody has spent lately, the better their standing price (PRACTICE 38)."""

    window_days: float = parameter(90.0, unit="days", meaning="time over which spending counts", above=0, high=3650, source=CHOICE)
    levels: dict[str, Level] = Field(default_factory=dict, description="tiers by name")

    @model_validator(mode="after")
    def _more_gives_more(self) -> Tiers:
        levels = sorted(self.levels.values(), key=lambda level: level.spend_yuan)
        if any(low.discount > high.discount or low.spend_yuan == high.spend_yuan for low, high in pairwise(levels)):
            raise ValueError("levels: takes tiers in which more spending never gives a smaller discount")
        return self


class Planned(NamedTuple):
    """An item of a strategy: its name in all tables, the key below which it is written, and the campaign and phase or journey it is of."""

    name: str
    path: str
    action: Action
    owner: str
    phase: str | None = None
    journey: str | None = None


class Strategy(Parameters):
    """What a brand does with its community."""

    name: str = Field(description="name of the strategy's configuration", min_length=1, max_length=80)
    description: str = Field("", description="one line")
    notes: str = Field("", description="what practitioners report of it, and what is our assumption: shown in the report, without effect")
    reported: dict[Name, Reported] = Field(
        default_factory=dict, description="figures that practitioners report, by name: shown beside those of the runs, without effect"
    )
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
    programme: dict[Name, AnyAction] = Field(default_factory=dict, description="named items: what happens when")
    campaigns: dict[Name, Campaign] = Field(default_factory=dict, description="named campaigns: phases with a programme each")
    journeys: dict[Name, Journey] = Field(default_factory=dict, description="named journeys: what follows on what happens to somebody")
    segments: dict[Name, Audience] = Field(default_factory=dict, description="named audiences, used as to: NAME")
    splits: dict[Name, Split] = Field(default_factory=dict, description="named splits, used as split: NAME.treated")
    rules: Rules = Field(default_factory=Rules, description="what the strategy forbids itself")
    staff: Staff = Field(default_factory=Staff)
    desk: Desk = Field(default_factory=Desk)
    guides: Guides = Field(default_factory=Guides)
    budget: Budget = Field(default_factory=Budget)
    referral: Referral = Field(default_factory=Referral)
    caps: Caps = Field(default_factory=Caps)
    account: Literal["guide", "brand"] = Field(
        "guide", description="who has an account on the platform: each group's guide, or the brand one"
    )
    tiers: Tiers = Field(default_factory=Tiers)
    discount_ceiling: float = parameter(
        0.95, unit="share of list", meaning="deepest discount that any item may give", low=0, high=0.95, source="PRACTICE 12"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Strategy:
        wrong = wrong_names(self.groups, {f"strategy.{planned.path}": planned.action.types() for planned in self.planned})
        for planned in self.planned:
            if planned.action.deepest_discount() > self.discount_ceiling:
                limit = f"strategy.discount_ceiling = {self.discount_ceiling}"
                wrong.append(f"strategy.{planned.path}.discount: takes at most {limit}, got {planned.action.deepest_discount()}")
        for name, level in self.tiers.levels.items():
            if level.discount > self.discount_ceiling:
                limit = f"strategy.discount_ceiling = {self.discount_ceiling}"
                wrong.append(f"strategy.tiers.levels.{name}.discount: takes at most {limit}, got {level.discount}")
        known = (*self.programme, *self.campaigns, *self.journeys, *self.leads, "referral")
        for name in self.budget.items:
            if name not in known:
                wrong.append(f"strategy.budget.items.{name}: {unknown('item, campaign, journey or channel', name, known)}")
        wrong += self._shared_names() + self._unknown_references()
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _shared_names(self) -> list[str]:
        """Return a line for every name that two of the plan's parts have: budgets and tables go by it."""
        parts = {"programme": self.programme, "campaigns": self.campaigns, "journeys": self.journeys}
        return [
            f"strategy.{second}.{name}: takes a name of its own, got that of strategy.{first}.{name}"
            for first, second in (("programme", "campaigns"), ("programme", "journeys"), ("campaigns", "journeys"))
            for name in parts[second]
            if name in parts[first]
        ]

    def _unknown_references(self) -> list[str]:
        """Return a line for every segment, split, kind or item that is named and not there."""
        wrong = []
        audiences = {f"{planned.path}.to": planned.action.audience() or Audience() for planned in self.planned}
        audiences |= {f"journeys.{name}.to": journey.to for name, journey in self.journeys.items()}
        for place, audience in audiences.items():
            if audience.segment and audience.segment not in self.segments:
                wrong.append(f"strategy.{place}.segment: {unknown('segment', audience.segment, self.segments)}")
        for name, segment in self.segments.items():
            if segment.segment:
                wrong.append(f"strategy.segments.{name}.segment: takes no other segment, got {segment.segment!r}")
        splits: dict[str, tuple[str, Action | None]] = {
            f"{planned.path}.split": (planned.action.split, planned.action) for planned in self.planned
        }
        splits |= {f"journeys.{name}.split": (journey.split, None) for name, journey in self.journeys.items()}
        for place, (text, action) in splits.items():
            wrong += self._wrong_split(place, text, action) if text else []
        for name, stop in self.rules.stops.items():
            wrong += [
                f"strategy.rules.stops.{name}.kinds: {unknown('kind', kind, list(KINDS))}" for kind in stop.kinds if kind not in KINDS
            ]
            wrong += [
                f"strategy.rules.stops.{name}.items: {unknown('item', item, self.items)}" for item in stop.items if item not in self.items
            ]
        return wrong

    def _wrong_split(self, place: str, text: str, action: Action | None) -> list[str]:
        name, arm = parted(text)
        if not arm or name not in self.splits:
            return [f"strategy.{place}: {unknown('arm of a split', text, [f'{split}.{arm}' for split in self.splits for arm in ARMS])}"]
        if self.splits[name].unit == "person" and action is not None and action.audience() is None:
            return [f"strategy.{place}: takes a split of groups, since everybody in a group sees it, got {name!r}, which is one of people"]
        return []

    @cached_property
    def planned(self) -> list[Planned]:
        """All items: of the programme, of the phases of campaigns, and the steps of journeys."""
        found = [Planned(name, f"programme.{name}", action, name) for name, action in self.programme.items()]
        for owner, campaign in self.campaigns.items():
            for part, phase in campaign.phases.items():
                place = f"campaigns.{owner}.phases.{part}.programme"
                found += [
                    Planned(f"{owner}.{part}.{name}", f"{place}.{name}", action, owner, part) for name, action in phase.programme.items()
                ]
        for owner, journey in self.journeys.items():
            place = f"journeys.{owner}.steps"
            found += [Planned(f"{owner}.{name}", f"{place}.{name}.do", step.do, owner, None, owner) for name, step in journey.steps.items()]
        return found

    @cached_property
    def items(self) -> Mapping[str, Action]:
        """Actions by the name of their item."""
        return {planned.name: planned.action for planned in self.planned}
