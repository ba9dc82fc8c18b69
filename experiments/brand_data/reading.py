"""Read a folder of a brand's data: what is right as values, and a report of every row that is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.brand_data.cells import KINDS
from experiments.brand_data.schema import FILES, FileSchema
from experiments.brand_data.texts import read_texts
from experiments.errors import UserError
from experiments.wording import got, listed, suggestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BAD_ROWS", "BrandData", "read_folder"]

#: Columns of the report of bad rows.
BAD_ROWS = ("file", "row", "column", "got", "takes")


@dataclass(frozen=True)
class BrandData:
    """What a folder holds.

    Attributes
    ----------
    folder
        Where.
    tables
        Of each file that is there, the rows that are right, with every column of its schema: texts (empty where unknown), times
        (``datetime64``), numbers (NaN where unknown) and amounts (in fen, NaN where unknown). The index is the row of the file.
    bad
        A row for everything that is wrong: file, row as a spreadsheet numbers it, column, what it got, what it takes.
    notes
        Lines about what is there and not read.
    """

    folder: Path
    tables: dict[str, pd.DataFrame]
    bad: pd.DataFrame
    notes: tuple[str, ...] = ()

    def lines(self, most: int = 10) -> list[str]:
        """Word what is wrong, the first `most` of it."""
        first = self.bad.head(most)
        rows = zip(first["file"], first["row"], first["column"], first["got"], first["takes"], strict=True)
        return [f"{file}, row {row}, {column}: got {got(cell)}; it takes {takes}" for file, row, column, cell, takes in rows]


def read_folder(folder: Path) -> BrandData:
    """Read the files of `FILES` that a folder has.

    Parameters
    ----------
    folder
        One with `orders.csv`, `members.csv`, `messages.csv` or `invitations.csv`.

    Raises
    ------
    UserError
        When there is no such folder, none of the files, or in one of them a column is missing. Rows that are wrong raise nothing.
    """
    import pandas as pd

    if not folder.is_dir():
        raise UserError(f"data: {folder} is no folder; it takes one with {listed([f'{name}.csv' for name in FILES])}")
    there = {path.stem.lower(): path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv"}
    notes = [f"{path.name} is not read{suggestion(name, FILES)}" for name, path in there.items() if name not in FILES]
    if not set(there) & set(FILES):
        raise UserError(f"data: {folder} has none of {listed([f'{name}.csv' for name in FILES])}; orders.csv alone is enough")
    tables: dict[str, pd.DataFrame] = {}
    bad: list[dict[str, Any]] = []
    for name, schema in FILES.items():
        if name in there:
            tables[name], faults, said = _read(there[name], schema)
            bad += faults
            notes += said
    return BrandData(folder, tables, pd.DataFrame(bad, columns=list(BAD_ROWS)), tuple(notes))


def _read(path: Path, schema: FileSchema) -> tuple[pd.DataFrame, list[dict[str, Any]], list[str]]:
    import pandas as pd

    texts, long = read_texts(path)
    names = list(texts.columns)
    unknown = [name for name in names if name not in schema.names]
    UserError.raise_any(
        f"data: {path.name} has no column {name}; it takes {', '.join(schema.names)}{_instead(name, unknown)}"
        for name in schema.required
        if name not in names
    )
    faults = [(row, "", f"{len(names)} cells, as many as the header", "more cells than the header") for row in long]
    faults += _failures(schema, texts)
    faults.sort(key=lambda fault: (fault[0], schema.names.index(fault[1]) if fault[1] in schema.names else -1))
    good = texts.drop(index=list({row for row, *_ in faults}))
    values = {
        column.name: KINDS[column.kind].read(good[column.name] if column.name in good else pd.Series("", good.index, dtype=str))
        for column in schema.columns
    }
    report = [dict(zip(BAD_ROWS, (path.name, row, column, cell, takes), strict=True)) for row, column, takes, cell in faults]
    notes = [f"{path.name}: column {got(name)} is not read{suggestion(name, schema.names)}" for name in unknown]
    return pd.DataFrame(values, index=good.index), report, notes


def _failures(schema: FileSchema, texts: pd.DataFrame) -> list[tuple[int, str, str, str]]:
    """Return row, column, what it takes and what it got, once for each cell."""
    from pandera.errors import SchemaErrors

    try:
        schema.checked(list(texts.columns)).validate(texts, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    found: dict[tuple[int, str], tuple[int, str, str, str]] = {}
    for check, row in zip(cases["check"], cases["index"], strict=True):
        column, _, takes = str(check).partition("|")
        cell = str(texts.at[row, column]) if column in texts else ""
        found.setdefault((int(row), column), (int(row), column, takes, cell))
    return list(found.values())


def _instead(name: str, unknown: list[str]) -> str:
    hint = suggestion(name, unknown).removeprefix("; did you mean ").removesuffix("?")
    return f" (is {hint} the one?)" if hint else ""
