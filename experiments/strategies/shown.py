"""A plan on a screen: tables that fit a terminal, aligned text for a pipe."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from experiments.strategies.section import Section

__all__ = ["as_lines", "as_tables", "as_text"]

_GAP = 2
_INDENT = 2


def as_text(sections: Sequence[Section]) -> str:
    """Align the columns, two spaces between them and one line a row, so that other programs can search them."""
    return "\n\n".join("\n".join(_lines(section)) for section in sections)


def as_lines(section: Section) -> str:
    """Align the rows of a section alone, without its title."""
    return "\n".join(line.removeprefix(" " * _INDENT) for line in _lines(section)[1:])


def _lines(section: Section) -> list[str]:
    rows = [*([section.columns] if section.columns else []), *section.rows]
    cells = [[cell or "-" for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    aligned = [
        (" " * _GAP).join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    return [section.title, *(" " * _INDENT + line for line in (*section.notes, *aligned))]


def as_tables(sections: Sequence[Section], width: int, *, styled: bool = True) -> str:
    """Draw tables for a terminal of so many columns."""
    screen = io.StringIO()
    console = Console(file=screen, width=width, force_terminal=styled, highlight=False)
    for place, section in enumerate(sections):
        if place:
            console.print()
        # Texts, since a name may look like the markup of rich.
        console.print(Text(section.title, style="bold"))
        for note in section.notes:
            console.print(Padding(Text(note, style="dim"), (0, 0, 0, _INDENT)))
        if section.rows:
            console.print(Padding(_table(section), (0, 0, 0, _INDENT)))
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines())


def _table(section: Section) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, show_header=bool(section.columns), header_style="dim")
    for name in section.columns or ("",) * len(section.rows[0]):
        table.add_column(name, overflow="fold")
    for row in section.rows:
        # A name breaks between the items of a cell rather than within them.
        table.add_row(*(Text(cell.replace(", ", ",\n") if section.columns[:1] == ("hour",) else cell) for cell in row))
    return table
