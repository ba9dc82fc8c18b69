"""A plan as it is read: plain values of a scenario, and what only its model knows of them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from experiments.known_keys import KnownKeys, Schema, schema_of
from experiments.strategies.occasions import Span, rounds, schedule_of, within
from sim.clock import festival_days

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["Campaign", "Item", "Phase", "Plan", "plan_of", "plan_of_values"]

_MONDAY = date(2026, 1, 5)
#: Campaigns may begin so long before a festival.
_BEYOND = 366


@dataclass(frozen=True)
class Item:
    """Something that a plan does.

    Attributes
    ----------
    name
        As in all tables: of a campaign ``CAMPAIGN.PHASE.ITEM``, of a journey ``JOURNEY.STEP``.
    path
        Keys below ``strategy``.
    values
        Its parameters.
    hours
        When it falls due within the time of the plan, counted from its beginning; none for a step of a journey.
    """

    name: str
    path: tuple[str, ...]
    values: Mapping[str, Any]
    hours: tuple[float, ...] = ()

    @property
    def kind(self) -> str:
        """Kind of action."""
        return str(self.values.get("kind", ""))


@dataclass(frozen=True)
class Phase:
    """A part of a campaign: its length, the hours at which it begins in each round, and its items."""

    name: str
    days: int
    begins: tuple[float, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Campaign:
    """Rounds of phases: its parameters, the hours at which rounds begin, and its phases in their order."""

    name: str
    values: Mapping[str, Any]
    begins: tuple[float, ...]
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Plan:
    """What a brand plans, and the time that it plans for.

    Attributes
    ----------
    values
        The scenario as plain values (``model_dump(mode="json")``).
    known
        Keys of the model that notes units and defaults.
    habits
        Items whose hours members get used to; None where the model could not say.
    """

    values: Mapping[str, Any]
    known: KnownKeys
    habits: frozenset[str] | None = None
    past_the_end_h: Mapping[str, float] = field(default_factory=dict)

    @property
    def strategy(self) -> Mapping[str, Any]:
        """The strategy's own values."""
        strategy = self.values["strategy"]
        assert isinstance(strategy, Mapping)
        return strategy

    @property
    def name(self) -> str:
        """Name of the strategy."""
        return str(self.strategy.get("name", ""))

    @property
    def horizon_days(self) -> float:
        """Length of the plan's time."""
        return float(self.values.get("horizon_days", 0.0))

    @property
    def begins_day(self) -> int:
        """Days of the history before it; weekdays are counted on from there."""
        return int((self.values.get("history") or {}).get("days", 0))

    @cached_property
    def starts(self) -> date:
        """Date of the first day of the simulation, a Monday."""
        text = (self.values.get("market") or {}).get("start_date")
        return date.fromisoformat(str(text)) if text else _MONDAY

    @cached_property
    def span(self) -> Span:
        """Time of the plan, and the festivals in it and after it."""
        festivals = (self.values.get("market") or {}).get("festivals") or {}
        days = festival_days(self.starts, festivals, self.begins_day + int(self.horizon_days) + _BEYOND)
        begins_h = 24.0 * self.begins_day
        return Span(begins_h, begins_h + 24.0 * self.horizon_days, days)

    @property
    def festivals(self) -> dict[str, list[int]]:
        """Days of the plan on which festivals fall, by festival; those outside its time are left out."""
        found = {name: [day - self.begins_day for day in days] for name, days in self.span.festivals.items()}
        return {name: inside for name, days in found.items() if (inside := [day for day in days if 0 <= day < self.horizon_days])}

    @property
    def has_groups(self) -> bool:
        """Whether there are groups at all; without, nothing of the plan is carried out."""
        return bool(self.strategy.get("community", True))

    @cached_property
    def programme(self) -> tuple[Item, ...]:
        """Items of the programme."""
        return tuple(self._item(name, ("programme", name), values, self.span) for name, values in _mappings(self.strategy.get("programme")))

    @cached_property
    def weekly(self) -> tuple[Item, ...]:
        """Items of the programme that come on days of the week."""
        return tuple(item for item in self.programme if (schedule := schedule_of(item.values.get("when"))) and schedule.weekdays)

    @cached_property
    def others(self) -> tuple[Item, ...]:
        """All other items of the programme."""
        return tuple(item for item in self.programme if item not in self.weekly)

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Campaigns with their phases."""
        return tuple(self._campaign(name, values) for name, values in _mappings(self.strategy.get("campaigns")))

    def steps(self, journey: str) -> Iterator[tuple[float, Item]]:
        """Yield the steps of a journey: the hours after its beginning, and what is done."""
        for name, step in _mappings(self.strategy["journeys"][journey].get("steps")):
            path = ("journeys", journey, "steps", name, "do")
            yield float(step.get("after", 0.0)), Item(f"{journey}.{name}", path, step.get("do") or {})

    def lasts(self, item: Item) -> bool:
        """Say whether an item goes on from its first occasion, as what needs no time in a plan does: a welcome."""
        return bool(item.hours) and "default" in self.fields(item.path).get("when", {})

    def fields(self, path: tuple[str, ...]) -> Schema:
        """Return what the model notes about the parameters at a place of the strategy, by name; empty where it knows none."""
        fields = self.known.group(("strategy", *path), self.values).get("properties", {})
        assert isinstance(fields, Mapping)
        return fields

    def _item(self, name: str, path: tuple[str, ...], values: Mapping[str, Any], *spans: Span) -> Item:
        hours = [hour - self.span.begins_h for span in spans for hour in within(values, span)]
        return Item(name, path, values, tuple(hours) if self.has_groups else ())

    def _campaign(self, name: str, values: Mapping[str, Any]) -> Campaign:
        begins = rounds(values, self.span) if self.has_groups else []
        phases, lead_h = [], 0.0
        for part, phase in _mappings(values.get("phases")):
            days = int(phase.get("days", 1))
            starts = [hour + lead_h for hour in begins if hour + lead_h < self.span.ends_h]
            items = tuple(
                self._item(f"{name}.{part}.{own}", ("campaigns", name, "phases", part, "programme", own), item, *spans)
                for own, item in _mappings(phase.get("programme"))
                for spans in [self._spans(starts, 24.0 * days + self.past_the_end_h.get(f"{name}.{part}.{own}", 0.0))]
            )
            phases.append(Phase(part, days, tuple(hour - self.span.begins_h for hour in starts), items))
            lead_h += 24.0 * days
        return Campaign(name, values, tuple(hour - self.span.begins_h for hour in begins), tuple(phases))

    def _spans(self, starts: Iterable[float], hours: float) -> list[Span]:
        return [Span(start, min(self.span.ends_h, start + hours), self.span.festivals) for start in starts]


def plan_of(scenario: Scenario) -> Plan:
    """Read the plan of a checked scenario."""
    return Plan(scenario.model_dump(mode="json"), KnownKeys(schema_of(type(scenario))), _habits(scenario), _past_the_end(scenario))


def plan_of_values(values: Mapping[str, Any], model: type[Scenario]) -> Plan:
    """Read the plan of plain values, such as those in the folder of an experiment.

    Parameters
    ----------
    values
        A scenario as it was written down, perhaps by another version: what the model no longer takes is read all the same.
    model
        Type of a scenario.
    """
    try:
        scenario = model.model_validate(_as_written(values))
    except ValidationError:
        return Plan(values, KnownKeys(schema_of(model)))
    return Plan(values, KnownKeys(schema_of(model)), _habits(scenario), _past_the_end(scenario))


def _as_written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Take from the steps of journeys the time that the model gave them, and does not take back."""
    written = copy.deepcopy(dict(values))
    history = written.get("history") or {}
    for strategy in filter(None, (written.get("strategy"), history.get("strategy"))):
        for _, journey in _mappings(strategy.get("journeys")):
            for _, step in _mappings(journey.get("steps")):
                step.get("do", {}).pop("when", None)
    return written


def _habits(scenario: Scenario) -> frozenset[str]:
    """Name the items whose hours of the week members get used to: see `sim.brand.rhythm`."""
    programme = scenario.strategy.programme.items()
    return frozenset(
        name for name, action in programme if action.keeps_hours() and (schedule := schedule_of(action.when)) and schedule.weekdays
    )


def _past_the_end(scenario: Scenario) -> dict[str, float]:
    items = {item.name: item.action.after_the_end_h() for item in scenario.strategy.planned}
    return {name: hours for name, hours in items.items() if hours}


def _mappings(values: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the entries that are mappings."""
    for name, entry in (values or {}).items():
        if isinstance(entry, Mapping):
            yield str(name), entry
