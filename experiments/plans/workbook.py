"""From a workbook of Excel to a table, by openpyxl: every cell as the text that a person would have written."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime, time, timedelta
from typing import Any

from experiments.errors import UserError
from experiments.plans.table import MOST_COLUMNS, MOST_ROWS, Area, Table, table_of
from experiments.wording import got, listed, suggestion

__all__ = ["read_workbook"]

#: What openpyxl raises on files that are no workbooks, or broken ones.
_FAULTS = (zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError, RuntimeError)
_MOST_UNPACKED = 500_000_000
_FORMULA = "f"


def read_workbook(name: str, content: bytes, sheet: str) -> Table:
    """Read a sheet of a workbook.

    Parameters
    ----------
    name
        Name of the file, for messages.
    content
        The file.
    sheet
        Name of the sheet; empty for the first.

    Raises
    ------
    UserError
        When it cannot be read, there is no such sheet, or openpyxl is not installed.
    """
    written = _opened(name, content, sheet, computed=False)
    if written.max_row > MOST_ROWS or written.max_column > MOST_COLUMNS:
        raise UserError(f"{name}: takes at most {MOST_ROWS} rows and {MOST_COLUMNS} columns; delete what is empty beyond the plan")
    cells = [list(row) for row in written.iter_rows(min_row=1, min_col=1)]
    if any(cell.data_type == _FORMULA for row in cells for cell in row):
        # What a formula gave is kept beside it, by the program that saved the file; openpyxl reads one or the other.
        results = _opened(name, content, sheet, computed=True)
        texts = [[_result(cell, results) if cell.data_type == _FORMULA else _text(cell) for cell in row] for row in cells]
    else:
        texts = [[_text(cell) for cell in row] for row in cells]
    merged = [
        Area(area.min_row, min(area.max_row, len(cells)), area.min_col - 1, min(area.max_col, written.max_column) - 1)
        for area in written.merged_cells.ranges
    ]
    return table_of(name, texts, merged)


def _opened(name: str, content: bytes, sheet: str, *, computed: bool) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise UserError(
            f"import: {name} is a workbook; to read it install openpyxl: pip install 'fishpond[xlsx]', or save it as CSV"
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise UserError(f"import: {name} unpacks to {unpacked // 1_000_000} MB; it takes a weekly plan")
        workbook = load_workbook(io.BytesIO(content), data_only=computed)
        sheets = {found.title: found for found in workbook.worksheets}
    except _FAULTS as fault:
        raise UserError(f"import: {name} cannot be read as a workbook (.xlsx): {got(str(fault))}") from fault
    if sheet and sheet not in sheets:
        raise UserError(f"sheet: got {got(sheet)}; {name} has {listed(list(sheets))}{suggestion(sheet, sheets)}")
    if not sheets:
        raise UserError(f"import: {name} has no sheet with cells")
    return sheets[sheet or next(iter(sheets))]


def _result(cell: Any, results: Any) -> str:
    """Write what a formula gave; where nobody has computed it, something that no column takes: empty, it would become a default."""
    found = results.cell(cell.row, cell.column)
    return _text(found) if found.value is not None else f"formula without a result {getattr(cell.value, 'text', cell.value)}"


def _text(cell: Any) -> str:
    """Write the value of a cell as a person would."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        # A cell that shows 12% holds 0.12; as a text it keeps what the person saw.
        return f"{value * 100:.12g}%" if "%" in str(cell.number_format) else f"{value:.15g}" if isinstance(value, float) else str(value)
    if isinstance(value, time):
        return _clock(value.hour * 3600 + value.minute * 60 + value.second + round(value.microsecond / 1e6))
    if isinstance(value, timedelta):
        return _clock(round(value.total_seconds()))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + f":{rest:02d}" * (rest > 0)
