"""What cells hold: which texts are right, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "Kind", "money", "times"]

#: Year first, so that day and month cannot be taken for each other: 2026-03-01, 2026/3/1, 20260301, then a time of day if there is one.
_TIME = re.compile(
    r"^(?P<year>\d{4})(?P<mark>[-/.]?)(?P<month>(?(mark)\d{1,2}|\d\d))(?P=mark)(?P<day>\d{1,2})"
    r"(?:[ T](?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?)?$"
)
_MONEY = re.compile(r"^[¥￥]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$")
_WHOLE = re.compile(r"^\d{1,9}(?:\.0+)?$")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Kind:
    """A kind of cell.

    Attributes
    ----------
    takes
        In words.
    valid
        Says cell by cell whether a text is right; an empty one always is.
    read
        Makes values of texts that are right: times, fen, numbers or texts; an empty one is missing (an empty text of texts).
    """

    takes: str
    valid: Callable[[pd.Series[str]], pd.Series[bool]]
    read: Callable[[pd.Series[str]], pd.Series]


def times(cells: pd.Series[str]) -> pd.Series:
    """Read times, local and without a zone; what is none is missing."""
    import pandas as pd

    parts = cells.str.extract(_TIME)
    numbers = parts.drop(columns="mark").apply(pd.to_numeric)
    numbers[["hour", "minute", "second"]] = numbers[["hour", "minute", "second"]].fillna(0)
    moments: pd.Series = pd.to_datetime(numbers, errors="coerce").astype("datetime64[s]")
    return moments


def money(cells: pd.Series[str]) -> pd.Series:
    """Read amounts in whole fen, hundredths of the currency; what is none is missing."""
    import pandas as pd

    right = cells.where(cells.str.fullmatch(_MONEY), "")
    yuan: pd.Series = pd.to_numeric(right.str.replace("[¥￥,]", "", regex=True), errors="coerce")
    fen: pd.Series = (yuan * 100).round()
    return fen


def _numbers(cells: pd.Series[str]) -> pd.Series:
    import pandas as pd

    return pd.to_numeric(cells.where(cells.str.fullmatch(_WHOLE), ""), errors="coerce")


def _valid_if(read: Callable[[pd.Series[str]], pd.Series], least: float | None = None) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    def valid(cells: pd.Series[str]) -> pd.Series[bool]:
        values = read(cells)
        right = values.notna() if least is None else values >= least
        return (cells == "") | right

    return valid


def _short(cells: pd.Series[str]) -> pd.Series[bool]:
    return cells.str.len() <= _LONGEST_NAME


#: By name.
KINDS = {
    "name": Kind(f"a text of {_LONGEST_NAME} characters at most", _short, lambda cells: cells),
    "time": Kind("a day, 2026-03-01, or a time, 2026-03-01 20:15:00", _valid_if(times), times),
    "money": Kind("an amount of at least 0, such as 129.90", _valid_if(money), money),
    "units": Kind("a whole number of at least 1", _valid_if(_numbers, 1), _numbers),
    "count": Kind("a whole number of at least 0", _valid_if(_numbers, 0), _numbers),
}
