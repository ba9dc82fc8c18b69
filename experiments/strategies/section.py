"""A part of what is shown of a plan: the same for a screen and for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from experiments.strategies.words import one_line

__all__ = ["Section"]


@dataclass(frozen=True)
class Section:
    """A titled table with remarks.

    Attributes
    ----------
    title
        Its heading.
    columns
        Names of the columns; none for pairs of a key and its value, which need no names.
    rows
        Texts; the first of a row names it.
    notes
        Sentences above the table.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def cleaned(self) -> Self:
        """Return it with every text on one line and nothing in it that a screen would obey."""
        rows = tuple(tuple(map(one_line, row)) for row in self.rows)
        return type(self)(one_line(self.title), self.columns, rows, tuple(map(one_line, self.notes)))
