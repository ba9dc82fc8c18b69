"""From a file to a table: text with separators here, workbooks next door."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from experiments.errors import UserError
from experiments.plans.table import Table, table_of
from experiments.plans.workbook import read_workbook
from experiments.wording import got

__all__ = ["decoded", "read_table", "separator_of", "shown_name"]

_SEPARATORS = (",", ";", "\t")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_BYTES = 50_000_000


def read_table(path: Path, sheet: str = "") -> Table:
    """Read a table.

    Parameters
    ----------
    path
        A workbook of Excel, or text whose cells are separated by comma, semicolon or tab. What a file is, its content says.
    sheet
        Sheet of a workbook; empty for the first.

    Raises
    ------
    UserError
        When there is no such file, or no table in it.
    """
    name = shown_name(path)
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            raise UserError(f"import: {name} takes more than {_MOST_BYTES // 1_000_000} MB; it takes a weekly plan")
        content = path.read_bytes()
    except (OSError, ValueError) as fault:
        reason = fault.strerror or fault if isinstance(fault, OSError) else fault
        raise UserError(f"import: got {got(str(path))}; it takes a file: {reason}") from fault
    if content.startswith(_OLD_WORKBOOK):
        raise UserError(f"import: {name} is a workbook of an old kind, or locked by a password; save it as .xlsx without one, or as CSV")
    if content.startswith(_WORKBOOK):
        return read_workbook(name, content, sheet)
    if sheet:
        raise UserError(f"sheet: got {got(sheet)}; {name} is no workbook and has no sheets")
    return _read_text(name, decoded(name, content, "import", "CSV or a workbook (.xlsx)"))


def shown_name(path: Path) -> str:
    """Return the name of a file without what would break a line or a comment."""
    return "".join(letter if letter.isprintable() else "?" for letter in path.name)


def decoded(name: str, content: bytes, key: str, takes: str = "CSV") -> str:
    """Return the text of a file.

    Parameters
    ----------
    name
        Of the file, for the line of an error.
    content
        Its bytes: UTF-8, UTF-16 with its mark, or GB18030.
    key
        That chose the file.
    takes
        What the key takes.

    Raises
    ------
    UserError
        When it is none of these.
    """
    # GB18030 takes nearly any bytes, so it comes last.
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(f"{key}: {name} is no text in UTF-8 or GB18030; it takes {takes}")


def _read_text(name: str, text: str) -> Table:
    try:
        return table_of(name, list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))))
    except csv.Error as fault:
        raise UserError(f"import: {name} is no CSV: {fault}") from fault


def separator_of(text: str) -> str:
    """Return the separator that parts the header most: names of columns hold none of them, texts below may hold any."""

    def columns(separator: str) -> int:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return len(next((row for row in rows if any(cell.strip(" ,;\t") for cell in row)), []))

    return max(_SEPARATORS, key=columns)
