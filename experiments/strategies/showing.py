"""Everything that a reader needs to judge a plan, part by part."""

from __future__ import annotations

from datetime import timedelta

from experiments.strategies.means import groups, leads, money, rules, staff
from experiments.strategies.parts import audiences, campaigns, journeys, other_items
from experiments.strategies.plan import Plan
from experiments.strategies.section import Section
from experiments.strategies.week import week, weekly_items
from experiments.strategies.words import number

__all__ = ["DEFAULTS", "head", "sections"]

_NO_GROUPS = "There are no groups: nothing of the programme, the campaigns and the journeys is carried out."
#: How to read the settings of items.
DEFAULTS = "Settings that are not named have their defaults."
_NO_ITEMS = "No programme: the brand publishes nothing by plan."


def head(plan: Plan) -> Section:
    """Say what the plan is called, and for which brand and days it is shown."""
    first = plan.starts + timedelta(days=plan.begins_day)
    rows = [
        ("brand", str((plan.values.get("brand") or {}).get("name", ""))),
        ("days", f"{number(plan.horizon_days)} from {first:%A} {first.isoformat()}"),
    ]
    if plan.festivals:
        there = (f"{name} (day {', '.join(map(str, days))})" for name, days in plan.festivals.items())
        rows.append(("festivals in them", ", ".join(there)))
    before = (plan.values.get("history") or {}).get("strategy")
    if plan.begins_day and before:
        rows.append(("before day 0", f"{before.get('name')} for {plan.begins_day} days"))
    return Section(plan.name, rows=tuple(rows), notes=tuple(filter(None, [str(plan.strategy.get("description") or "")]))).cleaned()


def sections(plan: Plan) -> list[Section]:
    """Describe a plan: the week and its items, other items, campaigns, journeys, whom they are for, means and money."""
    found = [] if plan.has_groups else [Section("The programme", notes=(_NO_GROUPS,))]
    if plan.programme:
        found += [week(plan), *([weekly_items(plan)] if plan.weekly else []), other_items(plan)]
    elif plan.has_groups or not plan.strategy.get("journeys"):
        found.append(Section("The week", notes=(_NO_ITEMS,)))
    found += [*campaigns(plan), *journeys(plan), *audiences(plan)]
    found += [*rules(plan), *groups(plan), *staff(plan), *leads(plan), *money(plan)]
    return [section.cleaned() for section in found]
