"""The week of a plan: hours below each other, weekdays beside each other."""

from __future__ import annotations

from experiments.strategies.occasions import schedule_of
from experiments.strategies.plan import Item, Plan
from experiments.strategies.section import Section
from experiments.strategies.settings import settings
from experiments.strategies.words import schedule, several

__all__ = ["MARK", "week", "weekly_items"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Of items whose hours members get used to.
MARK = "*"


def week(plan: Plan) -> Section:
    """Draw the week: what comes at which hour of which weekday.

    Items whose fixed hours members form a habit for are marked.
    """
    cells: dict[int, list[list[str]]] = {}
    for item in plan.weekly:
        timetable = schedule_of(item.values.get("when"))
        assert timetable is not None
        for minute in timetable.minutes:
            row = cells.setdefault(minute, [[] for _ in WEEKDAYS])
            for weekday in timetable.weekdays:
                row[weekday].append(f"{item.name}{MARK}" if _is_habit(plan, item) else item.name)
    rows = tuple((f"{minute // 60:02d}:{minute % 60:02d}", *map(", ".join, row)) for minute, row in sorted(cells.items()))
    return Section("The week", ("hour", *WEEKDAYS) if rows else (), rows, _notes(plan))


def weekly_items(plan: Plan) -> Section:
    """Describe the items of the week."""
    rows = tuple(
        (item.name, schedule(item.values), item.kind, several(len(item.hours), "time"), settings(item.values, plan.fields(item.path)))
        for item in plan.weekly
    )
    return Section("Items of the week", ("item", "when", "kind", "falls due", "settings"), rows)


def _is_habit(plan: Plan, item: Item) -> bool:
    return plan.habits is not None and item.name in plan.habits


def _notes(plan: Plan) -> tuple[str, ...]:
    if not plan.weekly:
        return ("Nothing comes on fixed days of the week.",)
    if plan.habits is None:
        return ()
    if any(_is_habit(plan, item) for item in plan.weekly):
        return (f"{MARK} comes at fixed hours of the week: members form a habit of it, and miss it when it does not come.",)
    return ("Members form no habit of any of these.",)
