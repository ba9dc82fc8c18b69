"""CSV files as tables of texts, each row with its number in a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.errors import UserError
from experiments.plans.reading import decoded, separator_of, shown_name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_texts"]


def read_texts(path: Path) -> tuple[pd.DataFrame, list[int]]:
    """Read a file whose first row that is not empty names the columns.

    Parameters
    ----------
    path
        Text in UTF-8, UTF-16 or GB18030, its cells separated by comma, semicolon or tab.

    Returns
    -------
    table
        Texts without blanks around them; the index is the number of the row. Rows without any text are left out.
    long
        Numbers of rows that have more cells than the header.

    Raises
    ------
    UserError
        When it is no such file.
    """
    import pandas as pd

    name = shown_name(path)
    try:
        text = decoded(name, path.read_bytes(), "data")
    except OSError as fault:
        raise UserError(f"data: cannot read {path}: {fault.strerror or fault}") from fault
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))]
    except csv.Error as fault:
        raise UserError(f"data: {name} is no CSV: {fault}") from fault
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not filled:
        raise UserError(f"data: {name} is empty; its first row names the columns")
    (_, header), *body = filled
    names = [cell.lower() for cell in header]
    twice = sorted({cell for cell in names if cell and names.count(cell) > 1})
    if twice:
        raise UserError(f"data: {name} has two columns {twice[0]}; it takes each once")
    width = len(names)
    long = [number for number, row in body if any(row[width:])]
    cells = [(row + [""] * width)[:width] for _, row in body]
    table = pd.DataFrame(cells, columns=names, index=[number for number, _ in body], dtype=str)
    return table.loc[:, [cell for cell in names if cell]], long
