"""A table as its file holds it: rows of texts, with the numbers that a spreadsheet shows beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.errors import UserError

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Area", "Place", "Row", "Table", "column_label", "column_letter", "table_of"]

#: A plan is smaller by far; a sheet beyond this was formatted to its edge, or is no plan.
MOST_ROWS, MOST_COLUMNS = 20_000, 200
_LONGEST_LABEL = 40


@dataclass(frozen=True, order=True)
class Place:
    """Where a cell stands: its row from 1, its column from 0, and what the header calls that column."""

    row: int
    position: int
    column: str

    def __str__(self) -> str:
        """Name row and column."""
        return f"row {self.row}, column {self.column}"


@dataclass(frozen=True)
class Row:
    """One row: its number in the spreadsheet, and its cells as texts, an empty one for each empty cell."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not any(self.cells)


@dataclass(frozen=True)
class Area:
    """A merged area of cells: rows from 1, positions from 0, the last of both included."""

    first_row: int
    last_row: int
    first: int
    last: int


@dataclass(frozen=True)
class Table:
    """A header and the rows below it.

    Attributes
    ----------
    file
        Name of the file, for messages.
    header
        The first row in which something is written.
    rows
        The others that are not blank, all as wide as the widest.
    merged
        Areas whose text stands in their first cell.
    """

    file: str
    header: Row
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()

    def filled(self, *, across: bool) -> Table:
        """Give the text of a merged area to the other cells of its first column or, `across`, of its first row.

        The first column, whose cells say what a row is about, is always filled downwards. Blank rows stay away.
        """
        if not self.merged:
            return self
        rows = {row.number: list(row.cells) for row in self.rows}
        for area in self.merged:
            if area.first_row not in rows:
                continue
            text = rows[area.first_row][area.first]
            if across and area.first > 0:
                for position in range(area.first, area.last + 1):
                    rows[area.first_row][position] = text
            else:
                for number in range(area.first_row, area.last_row + 1):
                    if number in rows:
                        rows[number][area.first] = text
        return replace(self, rows=tuple(Row(number, tuple(cells)) for number, cells in rows.items()), merged=())


def table_of(file: str, lines: Sequence[Sequence[str]], merged: Sequence[Area] = ()) -> Table:
    """Make a table of the lines of a file, from its first.

    Raises
    ------
    UserError
        When there is nothing below a header, or far too much.
    """
    if len(lines) > MOST_ROWS or any(len(line) > MOST_COLUMNS for line in lines):
        raise UserError(f"{file}: takes at most {MOST_ROWS} rows and {MOST_COLUMNS} columns; delete what is empty beyond the plan")
    width = max(map(len, lines), default=0)
    whole = (Row(number, (*(cell.strip() for cell in line), *[""] * (width - len(line)))) for number, line in enumerate(lines, start=1))
    written = [row for row in whole if not row.is_blank]
    if not written:
        raise UserError(f"{file}: is empty; it takes a header and a row for each item, or an hour and weekdays")
    header, *rows = written
    if not rows:
        raise UserError(f"{file}: has a header and nothing below it; it takes a row for each item, or for each hour")
    return Table(file, header, tuple(rows), tuple(merged))


def column_label(cell: str, position: int) -> str:
    """Return what the header calls a column, or its letter where that is nothing, too long, or would break a line."""
    return cell if cell and cell.isprintable() and len(cell) <= _LONGEST_LABEL else column_letter(position)


def column_letter(position: int) -> str:
    """Return what a spreadsheet calls a column: A, B, ..., Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
