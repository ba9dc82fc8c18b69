"""The layout of a calendar: hours in the first column, weekdays in the others, texts such as ``content_post: column=tips``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from experiments.plans.kinds import Kinds
from experiments.plans.plan import Finding, Item, Plan, item_name, kind_of, set_parameter
from experiments.plans.table import Place, Row, Table, column_label, column_letter
from experiments.plans.times import WEEKDAYS, clock_times, expression, weekday_of
from experiments.wording import got, suggestion

__all__ = ["is_grid", "plan_of_grid"]

_FORM = "it takes kind: key=value, key=value (several items with ; between them)"
#: Signs that part a cell, as they are typed on a Chinese keyboard.
_SIGNS = str.maketrans("：，；＝", ":,;=")
_KEY = re.compile(r"[\w.]{1,60}")
_END = re.compile(r"[;\n]")


def is_grid(table: Table) -> bool:
    """Return whether the header names weekdays."""
    return any(weekday_of(cell) for cell in table.header.cells[1:])


def plan_of_grid(table: Table, kinds: Kinds) -> Plan:
    """Make items of cells; the same text on several days of a row is one item.

    Parameters
    ----------
    table
        With hours in its first column and weekdays in the others.
    kinds
        What items of each kind take.
    """
    return _Grid(table.filled(across=True), kinds).plan()


class _Grid:
    def __init__(self, table: Table, kinds: Kinds) -> None:
        self._table, self._kinds = table, kinds
        self._plan = Plan("hours and weekdays")
        self._used: Counter[str] = Counter()

    def plan(self) -> Plan:
        weekdays = self._weekdays()
        for row in self._table.rows:
            self._add_row(row, weekdays)
        self._plan.named()
        return self._plan

    def _weekdays(self) -> dict[int, tuple[str, str]]:
        """Return what the columns are called and their weekdays, by position, and find columns that are none."""
        found: dict[int, tuple[str, str]] = {}
        header = self._table.header
        for position, cell in enumerate(header.cells[1:], start=1):
            place, day = Place(header.number, position, column_letter(position)), weekday_of(cell)
            if day is not None and (day, day) not in found.values():
                found[position] = day, day
            elif cell or any(row.cells[position] for row in self._table.rows):
                takes = f"; it takes {', '.join(WEEKDAYS)}{suggestion(cell, WEEKDAYS)}" if day is None else " again; it takes each once"
                self._plan.findings.append((place, f"got {got(cell)}{takes}"))
                found[position] = column_label(cell, position), WEEKDAYS[0]  # nothing is written, but the cells below are judged
        return found

    def _add_row(self, row: Row, weekdays: dict[int, tuple[str, str]]) -> None:
        filled = [position for position in weekdays if row.cells[position]]
        if not filled:
            return
        times = ""
        hour_column = column_label(self._table.header.cells[0], 0)
        try:
            times = clock_times(row.cells[0], whole_hours=True)
        except ValueError as fault:
            # The cells are judged all the same, without a time.
            self._plan.findings.append((Place(row.number, 0, hour_column), str(fault)))
        texts: dict[str, list[int]] = {}
        for position in filled:
            pieces = (" ".join(piece.split()) for piece in _END.split(row.cells[position].translate(_SIGNS)))
            for piece in filter(None, dict.fromkeys(pieces)):
                texts.setdefault(piece, []).append(position)
        for text, positions in texts.items():
            homes = tuple(Place(row.number, position, weekdays[position][0]) for position in positions)
            which = sorted({weekdays[position][1] for position in positions}, key=WEEKDAYS.index)
            self._plan.findings += self._add(text, homes, which, times)

    def _add(self, text: str, homes: tuple[Place, ...], which: list[str], times: str) -> Iterator[Finding]:
        item = Item("", homes)
        written, _, rest = text.partition(":")
        if "=" in written:
            yield from item.findings("", f"got {got(text)}; {_FORM}")
            return
        try:
            item.values["kind"] = kind_of(written, self._kinds)
        except ValueError as fault:
            yield from item.findings("kind", str(fault))
            return
        if times:
            item.values["when"] = expression("daily" if len(which) == len(WEEKDAYS) else ",".join(which), times)
        else:
            item.wrong.add("when")
        given: set[str] = set()
        for part in filter(None, (part.strip() for part in rest.split(","))):
            yield from self._set(item, part, given)
        item.name = item.name or self._name(item.values["kind"], which, times)
        self._plan.items.append(item)

    def _set(self, item: Item, part: str, given: set[str]) -> Iterator[Finding]:
        key, separator, value = (word.strip() for word in part.partition("="))
        if not (_KEY.fullmatch(key) and separator and value):
            yield from item.findings("", f"got {got(part)}; {_FORM}")
        elif key in given:
            yield from item.findings(key, f"got {got(value)} besides another value; it takes one")
        elif key == "item":
            try:
                item.name = item_name(value)
            except ValueError as fault:
                yield from item.findings("item", str(fault))
        else:
            yield from set_parameter(item, key, value, self._kinds)
        given.add(key)

    def _name(self, kind: str, which: list[str], times: str) -> str:
        """Name an item by what it is and when; the second of the same gets a number."""
        when = "daily" if len(which) == len(WEEKDAYS) else "_".join(which).lower()
        name = "_".join((kind, when, *times.replace(":", "").split(",")))[:70].rstrip("_")
        self._used[name] += 1
        return name if self._used[name] == 1 else f"{name}_{self._used[name]}"
