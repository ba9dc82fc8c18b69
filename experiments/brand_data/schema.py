"""The files of a brand's data: their columns, what each takes, and the rules that hold for a row or a whole file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.brand_data.cells import KINDS, money, times

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

__all__ = ["FILES", "Column", "FileSchema", "Rule"]


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Attributes
    ----------
    name
        As the header writes it.
    kind
        Which of `cells.KINDS` its cells are.
    meaning
        What it holds.
    required
        Whether the column has to be there and every cell of it filled.
    unique
        Whether no two rows may have the same value.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    unique: bool = False


@dataclass(frozen=True)
class Rule:
    """What a row must keep to beyond its single cells.

    Attributes
    ----------
    column
        Where a row that breaks it is at fault.
    takes
        What that cell takes.
    holds
        Says row by row, of the file as texts, whether it is kept.
    """

    column: str
    takes: str
    holds: Callable[[pd.DataFrame], pd.Series[bool]]


@dataclass(frozen=True)
class FileSchema:
    """A file.

    Attributes
    ----------
    name
        Without `.csv`.
    row
        What a row of it is.
    columns
        All that are read.
    rules
        Beyond single cells.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that have to be there."""
        return [column.name for column in self.columns if column.required]

    def checked(self, there: list[str]) -> DataFrameSchema:
        """Return the checks of a file with these columns; its cells are texts, empty where nothing was filled in.

        The error of every check is ``COLUMN|WHAT IT TAKES``.
        """
        import pandera.pandas as pa

        columns: dict[str, Any] = {}
        for column in self.columns:
            if column.name not in there:
                continue
            kind = KINDS[column.kind]
            checks = [pa.Check(kind.valid, error=f"{column.name}|{kind.takes}", name=column.kind)]
            if column.required:
                checks.insert(0, pa.Check(_filled, error=f"{column.name}|{kind.takes}, and must be filled", name="filled"))
            if column.unique:
                checks.append(pa.Check(_once, error=f"{column.name}|each value once", name="unique"))
            columns[column.name] = pa.Column(str, checks)
        rules = [pa.Check(rule.holds, error=f"{rule.column}|{rule.takes}", name=rule.takes) for rule in self.rules]
        return pa.DataFrameSchema(columns, checks=rules)


def _filled(cells: pd.Series[str]) -> pd.Series[bool]:
    return cells != ""


def _once(cells: pd.Series[str]) -> pd.Series[bool]:
    return (cells == "") | ~cells.duplicated()


def _column(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column, or empty cells where there is none."""
    import pandas as pd

    return table[name] if name in table else pd.Series("", index=table.index)


def _left_after_joined(table: pd.DataFrame) -> pd.Series[bool]:
    joined, left = times(_column(table, "joined")), times(_column(table, "left"))
    before: pd.Series[bool] = left.dt.normalize() < joined.dt.normalize()
    return ~before  # unknown times break nothing, and days and times can be compared


def _not_oneself(table: pd.DataFrame) -> pd.Series[bool]:
    inviter, invited = _column(table, "inviter"), _column(table, "member")
    return (inviter == "") | (inviter != invited)


def _somebody(table: pd.DataFrame) -> pd.Series[bool]:
    return (_column(table, "member") != "") | (_column(table, "group") != "")


def _refund_within_amount(table: pd.DataFrame) -> pd.Series[bool]:
    return ~(money(_column(table, "refund")) > money(_column(table, "amount")))


#: The files, by their names without `.csv`. All of them may be missing but one.
FILES = {
    file.name: file
    for file in (
        FileSchema(
            "members",
            "a person whom the brand has got hold of, in a group or not",
            (
                Column("member", "name", "the person: any text, the same in all files", required=True, unique=True),
                Column("added", "time", "when the brand got hold of the person"),
                Column("joined", "time", "when the person first entered a group; empty: never did"),
                Column("left", "time", "when the person left, for good; empty: has not"),
                Column("channel", "name", "how the person came"),
                Column("inviter", "name", "the member who brought the person"),
                Column("group", "name", "the group"),
            ),
            (
                Rule("left", "a time that is not before joined", _left_after_joined),
                Rule("inviter", "another member", _not_oneself),
            ),
        ),
        FileSchema(
            "orders",
            "an order",
            (
                Column("order", "name", "the order; empty: not known", unique=True),
                Column("member", "name", "who ordered", required=True),
                Column("time", "time", "when it was paid", required=True),
                Column("amount", "money", "what was paid, before anything was sent back", required=True),
                Column("discount", "money", "list price less what was paid; empty: none"),
                Column("refund", "money", "what was paid back; empty: nothing"),
                Column("product", "name", "what was bought"),
                Column("units", "units", "how many of it; empty: 1"),
            ),
            (Rule("refund", "not more than amount", _refund_within_amount),),
        ),
        FileSchema(
            "messages",
            "the messages that a member wrote on a day, or all members of a group",
            (
                Column("day", "time", "the day; a time of day is passed over", required=True),
                Column("member", "name", "who wrote; empty: all of the group together"),
                Column("group", "name", "where"),
                Column("messages", "count", "how many", required=True),
            ),
            (Rule("member", "a member, or else group a group", _somebody),),
        ),
        FileSchema(
            "invitations",
            "an invitation",
            (
                Column("time", "time", "when; that of an accepted one may be when the person came", required=True),
                Column("inviter", "name", "the member who invited", required=True),
                Column("member", "name", "who came of it; empty: nobody"),
            ),
            (Rule("inviter", "another member", _not_oneself),),
        ),
    )
}
