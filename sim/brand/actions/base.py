"""What every action of a programme has in common: when it falls due, where, in which order; and what those have that send or offer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from sim.brand.audience import Audience
from sim.clock import WEEKDAYS, DurationHours, Occurrence, When, parse_schedule
from sim.parameters import CHOICE, Parameters, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


@dataclass(frozen=True)
class Due:
    """One occasion of an item: for all whom the item is for, or only for some people or groups, by number, who are on a journey."""

    item: str
    occurrence: Occurrence
    people: tuple[int, ...] | None = None
    groups: tuple[int, ...] | None = None

    @property
    def hour(self) -> float:
        """Time of the occasion in hours."""
        return self.occurrence.hour


class Action(Parameters):
    """Base of every action: subclasses add ``kind`` (a literal), their parameters, and ``perform``."""

    when: When = Field(description='times, such as "Wed 20:00" or "daily 10:00"')
    from_day: float = parameter(0.0, unit="days", meaning="first day on which it may fall due", low=0, high=10_000)
    until_day: float | None = parameter(
        None, unit="days", meaning="day from which it no longer falls due; none: never; 0 takes it away", low=0, high=10_000, source=CHOICE
    )
    priority: int = parameter(
        100, unit="rank", meaning="order among actions of the same minute, lowest first", low=0, high=10_000, source=CHOICE
    )
    creative_days: float = parameter(
        28.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    groups: list[str] = parameter(
        [], unit="types", meaning="types of groups that it is for, 'ordinary' those of no type; empty: all groups", source=CHOICE
    )
    split: str = Field("", description='"SPLIT.treated" or "SPLIT.control": only for that arm; empty: for all')

    @model_validator(mode="after")
    def _can_fall_due(self) -> Action:
        schedule = parse_schedule(self.when)
        if schedule.festival or self.until_day == 0.0 or (self.from_day == 0.0 and self.until_day is None):
            return self
        days = max(self.from_day, schedule.first_day) + max(len(WEEKDAYS), schedule.period_days) + 1
        if not self.can_fall_due_in(days, range(len(WEEKDAYS))):
            until = "" if self.until_day is None else f" and before day {self.until_day:g}"
            raise ValueError(f"when: takes a time from day {self.from_day:g} on{until}, got {self.when!r}, so that it never falls due")
        return self

    def occasions(self, begins_h: float, ends_h: float, festivals: Mapping[str, tuple[int, ...]]) -> list[Occurrence]:
        """Return the occasions in a span of time from whose beginning its days are counted."""
        schedule = parse_schedule(self.when)
        ends_h = ends_h if self.until_day is None else min(ends_h, begins_h + self.until_day * 24.0)
        shift = 0.0 if schedule.by_calendar else begins_h
        found = schedule.occurrences(ends_h - shift, festivals)
        shifted = [Occurrence(occurrence.hour + shift, occurrence.index) for occurrence in found]
        return [occurrence for occurrence in shifted if occurrence.hour >= begins_h + self.from_day * 24.0]

    def can_fall_due_in(self, days: float, first_weekdays: Iterable[int]) -> bool:
        """Return whether a span of so many days that begins on one of these weekdays (0 is Monday) has an occasion."""
        return any(self.occasions(24.0 * day, 24.0 * (day + days) + self.after_the_end_h(), {}) for day in first_weekdays)

    def audience(self) -> Audience | None:
        """Return whom it reaches one by one; None of what everybody in a group sees."""
        to = getattr(self, "to", None)
        return to if isinstance(to, Audience) else None

    def lead_hours(self) -> float:
        """Return how long before the occasion its process starts."""
        return 0.0

    def after_the_end_h(self) -> float:
        """Return how long after the end of its phase the occasion may be: a moment, for what is all done before its hour."""
        return 0.0

    def keeps_hours(self) -> bool:
        """Return whether members can get used to its hours, if they are fixed."""
        return True

    @abstractmethod
    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Carry out one occasion: a SimPy process, started ``lead_hours`` before the occasion."""

    def products(self) -> list[str]:
        """Return names or roles of the products that the action needs."""
        return []

    def columns(self) -> list[str]:
        """Return the columns of content that the action needs."""
        return []

    def channels(self) -> list[str]:
        """Return the channels that the action brings people by."""
        return []

    def topics(self) -> list[str]:
        """Return the topics that the action names."""
        return []

    def types(self) -> list[str]:
        """Return the types of groups that the action names."""
        return self.groups

    def deepest_discount(self) -> float:
        """Return the deepest discount that the action gives (share of list)."""
        return 0.0


class Sending(Action):
    """Base of actions that send messages."""

    delivery: Literal["staff", "mass"] = Field("staff", description="typed by staff, or sent by the platform's mass function (capped)")


class Posting(Sending):
    """Base of actions that post in groups; a group that gathers people by a topic may get a category of its own (PRACTICE 14, 24)."""

    column: str = Field(description="category of content")
    by_tag: dict[str, str] = Field({}, description="another category of content for groups that gather people by a topic")
    load: float = parameter(1.0, unit="load", meaning="load of the message", low=0, high=10)
    appeal: float = parameter(1.0, unit="factor", meaning="how much it makes members answer", low=0, high=100)

    def post(self, operator: Operator, due: Due, *, kind: str, **values: Any) -> None:
        """Publish a message in every group that it is for, of the column unless ``values`` say another."""
        stated = {"column": self.column, "load": self.load, "appeal": self.appeal}
        operator.publish_everywhere(due, kind=kind, by_tag=self.by_tag, delivery=self.delivery, **{**stated, **values})

    def columns(self) -> list[str]:
        """Return the column, and those of groups about a topic."""
        return [self.column, *self.by_tag.values()]

    def topics(self) -> list[str]:
        """Return the topics that groups are told apart by."""
        return [*self.by_tag]


class MeetingNeeds(Action):
    """Base of actions about a product; whose need is known, by a tag or by the group they are in, may be shown another (PRACTICE 14)."""

    product_by_tag: dict[str, str] = Field({}, description="another product for groups, or people, of a topic")

    def products(self) -> list[str]:
        """Return the product, and those of topics."""
        return [*super().products(), *self.product_by_tag.values()]

    def topics(self) -> list[str]:
        """Return the topics that groups, or people, are told apart by."""
        return list(dict.fromkeys([*super().topics(), *self.product_by_tag]))

    def open_offers(self, operator: Operator, due: Due, **terms: Any) -> dict[str, int]:
        """Put an offer of each product on the board; return their numbers by the product's name or role."""
        first, *others = dict.fromkeys(self.products())
        offers = {first: operator.open_offer(due, product=first, **terms)}
        return offers | {product: operator.open_offer(due, product=product, part=product, **terms) for product in others}


class Offering(Posting):
    """Base of actions that put an offer before all groups in a message that sells, beside its price on terms of their own."""

    product: str = Field(description="product by name or role (entry, hero, premium)")
    column: str = Field("sales", description="category of content")
    window: DurationHours = parameter(
        24.0, unit="hours", meaning="how long the offer stands, such as '24h'", above=0, high=8760, source=CHOICE
    )
    credibility: float = parameter(0.25, unit="share", meaning="credibility of advertising", low=0, high=1, source="MODEL section 4")
    commercial: float = parameter(1.0, unit="share", meaning="how far it sells", low=0, high=1)
    appeal: float = parameter(0.3, unit="factor", meaning="how much it makes members answer", low=0, high=100)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls", low=0, high=1)

    def show(self, operator: Operator, due: Due, part: str = "", **shown: Any) -> None:
        """Publish the offer, or that of a group's topic, in every group."""
        self.post(
            operator,
            due,
            kind="sales",
            part=part,
            product=self.product,
            commercial=self.commercial,
            credibility=self.credibility,
            ring=self.ring,
            **shown,
        )

    def products(self) -> list[str]:
        """Return the product."""
        return [self.product]
