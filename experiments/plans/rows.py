"""The layout with a row for each item: columns item, weekday, time, kind, and one for each parameter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from experiments.plans.kinds import Kinds
from experiments.plans.plan import Finding, Item, Plan, item_name, kind_of, set_parameter
from experiments.plans.table import Place, Row, Table, column_letter
from experiments.plans.texts import plain
from experiments.plans.times import clock_times, days, expression
from experiments.wording import got, suggestion

__all__ = ["OWN_COLUMNS", "header_names", "plan_of_rows"]

#: Columns that are no parameters.
OWN_COLUMNS = ("item", "weekday", "time", "kind")
_NEEDED = ("item", "kind")


def header_names(header: Row) -> list[str]:
    """Return the names of the columns as parameters are written: small letters, underscores for blanks."""
    return [plain(cell).replace(" ", "_") for cell in header.cells]


def plan_of_rows(table: Table, kinds: Kinds) -> Plan:
    """Make items of rows.

    Parameters
    ----------
    table
        With one row for each item.
    kinds
        What items of each kind take.
    """
    return _Rows(table.filled(across=False), kinds).plan()


class _Rows:
    def __init__(self, table: Table, kinds: Kinds) -> None:
        self._table, self._kinds = table, kinds
        self._names = header_names(table.header)
        valid = (*OWN_COLUMNS, *kinds.parameters)
        #: Parameters and columns of their own, from the left, by position; a second of the same name is left out.
        self._places = {name: position for position, name in reversed([*enumerate(self._names)]) if name in valid}
        self._columns = {name: (position, name) for name, position in self._places.items()}
        # The model knows one time expression for both columns; what it says is about days, since times are checked here.
        for column in ("time", "weekday"):
            if column in self._columns:
                self._columns["when"] = self._columns[column]
        self._parameters = sorted(set(self._places) - set(OWN_COLUMNS), key=self._places.__getitem__)

    def plan(self) -> Plan:
        plan = Plan("a row for each item", findings=list(self._of_the_header()))
        if all(name in self._places for name in _NEEDED):
            for row in self._table.rows:
                item = self._item(row, plan.findings)
                if item is not None:
                    plan.items.append(item)
            plan.named()
        return plan

    def _of_the_header(self) -> Iterator[Finding]:
        number, valid = self._table.header.number, [*OWN_COLUMNS, *self._kinds.parameters]
        counts = Counter(self._names)
        for position, name in enumerate(self._names):
            place = Place(number, position, column_letter(position))
            if not name:
                filled = next((row for row in self._table.rows if row.cells[position]), None)
                if filled is not None:
                    where = f"below it, in row {filled.number}, stands {got(filled.cells[position])}"
                    yield place, f"got no name; it takes one, since {where}"
            elif name not in valid:
                if name == "when":
                    hint = "; write it in two columns, weekday and time"
                else:
                    hint = suggestion(name, valid) or f"; it takes {', '.join(OWN_COLUMNS)} or a parameter of an action"
                yield place, f"got {got(self._table.header.cells[position])}; no such column{hint}"
            elif counts[name] > 1 and position != self._places[name]:
                yield place, f"got {got(name)} again, as in column {column_letter(self._places[name])}; it takes each once"
        for name in _NEEDED:
            if name not in self._places:
                yield Place(number, len(self._names), name), "missing; it must be given"

    def _item(self, row: Row, findings: list[Finding]) -> Item | None:
        item = Item("", (self._place(row, "item"),), columns=self._columns)
        try:
            item.name = item_name(self._cell(row, "item")) if self._cell(row, "item") else ""
        except ValueError as fault:
            findings += item.findings("item", str(fault))
        else:
            if not item.name:
                findings += item.findings("item", "missing; it takes a name")
        # Whatever is wrong with its name, the rest of the row is judged as well.
        item.name = item.name or f"row {row.number}"
        if not self._cell(row, "kind"):
            findings += item.findings("kind", "missing; it must be given")
            return None
        try:
            item.values["kind"] = kind_of(self._cell(row, "kind"), self._kinds)
        except ValueError as fault:
            findings += item.findings("kind", str(fault))
        self._set_time(item, row, findings)
        for name in self._parameters:
            text = self._cell(row, name)
            if text:
                findings += set_parameter(item, name, text, self._kinds)
        return item if "kind" in item.values else None

    def _set_time(self, item: Item, row: Row, findings: list[Finding]) -> None:
        """Set when it falls due; where both cells are empty that is left to the model, since some kinds need no time."""
        found: dict[str, str] = {}
        for column, read in (("weekday", days), ("time", clock_times)):
            text = self._cell(row, column)
            try:
                if text:
                    found[column] = read(text)
            except ValueError as fault:
                findings.append((self._place(row, column), str(fault)))
                item.wrong.add("when")
        if len(found) == 2:
            item.values["when"] = expression(found["weekday"], found["time"])
        elif found and "when" not in item.wrong:
            (column,) = {"weekday", "time"} - set(found)
            findings.append((self._place(row, column), "missing; weekday and time are given together"))
            item.wrong.add("when")

    def _cell(self, row: Row, name: str) -> str:
        return row.cells[self._places[name]] if name in self._places else ""

    def _place(self, row: Row, name: str) -> Place:
        return Place(row.number, self._places.get(name, len(self._names)), name)
