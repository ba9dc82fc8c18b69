"""Rows of parameters as they are shown: a table that fits a terminal, aligned text for a pipe, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.parameters.rows import STATUSES, Row

__all__ = ["FORMATS", "as_csv", "as_table", "as_text", "summed_up"]

FORMATS = ("table", "csv")

_MARK = "*"
#: Columns of a terminal from which all columns of the table fit beside each other.
_WIDE = 170
#: Columns for words beside the keys, on a narrower one.
_ROOM = 36
_GAP = 2
_LONGEST_VALUE = 40

_COLUMNS = ("key", "value", "unit", "bounds", "status", "source", "meaning")
#: What a column takes at most on a wide terminal; the meaning gets the rest.
_WIDEST = {"key": 64, "value": 16, "unit": 14, "bounds": 18, "status": 10, "source": 18}


def as_table(rows: Sequence[Row], width: int, *, styled: bool = True) -> str:
    """Draw a table for a terminal of so many columns: everything side by side, or on a narrow one in two columns."""
    # Widths are set here: where a key has to stay whole, rich would draw beyond the edge and cut there.
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    (_fill_wide if width >= _WIDE else _fill_narrow)(table, rows, width)
    screen = io.StringIO()
    Console(file=screen, width=width, force_terminal=styled, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines())


def _fill_wide(table: Table, rows: Sequence[Row], width: int) -> None:
    left = width
    for name in _COLUMNS[:-1]:
        own = min(_WIDEST[name], max(cell_len(text) for text in (name, *(_cell(row, name) for row in rows))))
        left -= own + _GAP
        table.add_column(name, overflow="fold", width=own, style="" if name in ("key", "value") else "dim")
    table.add_column(_COLUMNS[-1], overflow="fold", width=left)
    for row in rows:
        table.add_row(Text(row.key), _value(row), *(Text(getattr(row, name)) for name in _COLUMNS[2:]))


def _fill_narrow(table: Table, rows: Sequence[Row], width: int) -> None:
    head = "key, value"
    longest = max(cell_len(text) for text in (head, *(row.key for row in rows)))
    own = min(longest, max(width - _ROOM, width // 2))
    table.add_column(head, overflow="fold", width=own)
    table.add_column("meaning; unit, bounds; status: source", overflow="fold", width=width - own - _GAP)
    for row in rows:
        words = filter(None, (Text(row.meaning), Text(_noted(row), style="dim")))
        table.add_row(Text.assemble(row.key, "\n  ", _value(row)), Text("\n").join(words))


def _cell(row: Row, column: str) -> str:
    return _marked(row) if column == "value" else str(getattr(row, column))


def _value(row: Row) -> Text:
    return Text(_marked(row), style="bold" if row.changed else "")


def as_text(rows: Sequence[Row]) -> str:
    """Align the columns, two spaces between them and one line a parameter, so that other programs can search it."""
    lines = [_COLUMNS, *([_cell(row, name) or "-" for name in _COLUMNS] for row in rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(_COLUMNS) - 1)]
    padded = ([cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=False)] + [line[-1]] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def as_csv(rows: Sequence[Row]) -> str:
    """Write a header and one record a parameter, everything whole."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [entry.name for entry in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**asdict(row), "changed": str(row.changed).lower()} for row in rows)
    return text.getvalue().rstrip("\n")


def summed_up(rows: Sequence[Row]) -> str:
    """Count the parameters by status, in one line."""
    counts = Counter(row.status for row in rows)
    named = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    rest = len(rows) - sum(counts[status] for status in STATUSES)
    without = f", {rest} without a status (names, texts, choices, times)" if rest else ""
    marked = sum(row.changed for row in rows)
    mark = f"; {marked} marked {_MARK} differ from the model's default, of which source and status speak" if marked else ""
    return f"{len(rows)} parameter{'s' * (len(rows) != 1)}: {named}{without}{mark}"


def _marked(row: Row) -> str:
    value = row.value if len(row.value) <= _LONGEST_VALUE else f"{row.value[: _LONGEST_VALUE - 3]}..."
    return f"{value} {_MARK}" if row.changed else value


def _noted(row: Row) -> str:
    """Write unit, bounds, status and source in one line, as far as the model notes them."""
    takes = ", ".join(filter(None, (row.unit, row.bounds)))
    came = ": ".join(filter(None, (row.status, row.source)))
    return "; ".join(filter(None, (takes, came)))
