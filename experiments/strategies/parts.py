"""What of a plan is no item of its week: other items, campaigns, journeys, and whom they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.strategies.plan import Campaign, Item, Plan
from experiments.strategies.section import Section
from experiments.strategies.settings import settings
from experiments.strategies.words import audience, days, duration, number, schedule, several, value

__all__ = ["audiences", "campaigns", "journeys", "other_items"]

#: Triggers that speak of a time without something.
_AFTER_DAYS = ("silent", "group_dying")
_OF_GROUPS = ("group_dying",)


def other_items(plan: Plan) -> Section:
    """Describe the items that come on no fixed days of the week."""
    columns = ("item", "when", "falls due", "kind", "settings")
    rows = tuple((item.name, schedule(item.values), _days(plan, item), item.kind, _settings(plan, item)) for item in plan.others)
    return Section("Other items", columns if rows else (), rows, () if rows else ("There are none.",))


def _days(plan: Plan, item: Item) -> str:
    return f"from {days(item.hours)} on" if plan.lasts(item) else days(item.hours)


def campaigns(plan: Plan) -> Iterator[Section]:
    """Describe every campaign: its rounds, and its phases with their items."""
    for campaign in plan.campaigns:
        rows = tuple(row for row in _phase_rows(plan, campaign))
        columns = ("phase", "days of a round", "item", "when", "kind", "falls due", "settings")
        yield Section(f"Campaign {campaign.name}", columns, rows, tuple(_of_campaign(plan, campaign)))


def _of_campaign(plan: Plan, campaign: Campaign) -> Iterator[str]:
    if campaign.values.get("description"):
        yield str(campaign.values["description"])
    lead, most = campaign.values.get("lead_days"), campaign.values.get("rounds")
    words = [
        f"A round begins: {campaign.values.get('when')}",
        *([f"{several(lead, 'day')} ahead"] if lead else []),
        *([f"{several(most, 'round')} at most"] if most else []),
    ]
    found = several(len(campaign.begins), "round")
    yield f"{', '.join(words)}. {found} within {number(plan.horizon_days)} days{f': {days(campaign.begins)}' if campaign.begins else ''}."
    yield "Days and every so many days are counted from the first day of the phase."


def _phase_rows(plan: Plan, campaign: Campaign) -> Iterator[tuple[str, ...]]:
    first = 0
    for phase in campaign.phases:
        span = f"{first} to {first + phase.days - 1}" if phase.days > 1 else f"{first}"
        first += phase.days
        if not phase.items:
            yield phase.name, span, "(pause)", "", "", "", ""
        for item in phase.items:
            own = item.path[-1]
            yield phase.name, span, own, schedule(item.values), item.kind, several(len(item.hours), "time"), _settings(plan, item)


def journeys(plan: Plan) -> Iterator[Section]:
    """Describe every journey: what sets whom out, the steps, and what ends it."""
    for name, journey in (plan.strategy.get("journeys") or {}).items():
        rows = tuple(
            (item.path[-2], duration(after) if after else "at once", item.kind, _settings(plan, item)) for after, item in plan.steps(name)
        )
        yield Section(f"Journey {name}", ("step", "after", "kind", "settings"), rows, tuple(_of_journey(journey)))


def _of_journey(journey: Mapping[str, Any]) -> Iterator[str]:
    if journey.get("description"):
        yield str(journey["description"])
    trigger = str(journey.get("trigger"))
    waits = f" (for {value(journey.get('days'))} days)" if trigger in _AFTER_DAYS else ""
    who = "groups" if trigger in _OF_GROUPS else audience(journey.get("to") or {})
    arm = f"; only {journey['split']}" if journey.get("split") else ""
    yield f"Trigger: {trigger}{waits}. Who sets out: {who}{arm}."
    exits = ", ".join(journey.get("exits") or []) or "nothing"
    again = f"again {duration(journey['again_after'])} after its end at the earliest" if journey.get("again_after") else "again at any time"
    yield f"Ends early by: {exits}. Looked at every {duration(float(journey.get('look') or 1.0))}; {again}."


def audiences(plan: Plan) -> Iterator[Section]:
    """Describe segments and splits."""
    segments, splits = plan.strategy.get("segments") or {}, plan.strategy.get("splits") or {}
    if segments:
        yield Section("Segments", ("segment", "who"), tuple((name, audience(segment)) for name, segment in segments.items()))
    if splits:
        rows = tuple((name, f"{number(100 * split['treated'])} % of {_units(split)}") for name, split in splits.items())
        yield Section("Splits", ("split", "treated"), rows)


def _units(split: Mapping[str, Any]) -> str:
    return "groups" if split.get("unit") == "group" else "people"


def _settings(plan: Plan, item: Item) -> str:
    return settings(item.values, plan.fields(item.path))
