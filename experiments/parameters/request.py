"""What a user asks to see of the parameters: the keys of the command that are no overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from experiments.errors import UserError
from experiments.overrides import parse
from experiments.parameters.rows import STATUSES, Row
from experiments.parameters.shown import FORMATS
from experiments.settings import LIST_KEYS
from experiments.wording import got, listed, suggestion

__all__ = ["Request", "parted"]

_CHOICES = {"status": STATUSES, "format": FORMATS}


@dataclass(frozen=True)
class Request:
    """Which parameters to show, and how.

    Attributes
    ----------
    under
        A key, or the beginning of keys up to a dot; empty for all.
    status
        One of `STATUSES`; empty for all.
    format
        One of `FORMATS`.
    """

    under: str = ""
    status: str = ""
    format: str = "table"

    def chosen(self, rows: Sequence[Row]) -> list[Row]:
        """Choose the rows that are asked for.

        Raises
        ------
        UserError
            When there is no such key.
        """
        if self.under:
            places = dict.fromkeys(place for row in rows for place in accumulate(row.key.split("."), "{}.{}".format))
            if self.under not in places:
                alike = [place for place in places if place.startswith(self.under) or place.endswith(f".{self.under}")]
                hint = suggestion(self.under, alike or places)
                raise UserError(f"under: got {got(self.under)}; it takes a key or the beginning of one{hint}")
        return [row for row in rows if self._is_below(row) and self.status in ("", row.status)]

    def _is_below(self, row: Row) -> bool:
        return not self.under or f"{row.key}.".startswith(f"{self.under}.")


def parted(lines: Sequence[str]) -> tuple[Request, list[str], list[str]]:
    """Part the keys of the command from the overrides of the configuration.

    Returns
    -------
    request : Request
    overrides : list of str
        All other lines.
    problems : list of str
        A line for each key of the command that is wrong.
    """
    own = [line for line in lines if line.lstrip("+~").partition("=")[0].strip() in LIST_KEYS]
    overrides, problems = parse(own)
    asked: dict[str, str] = {}
    for override in overrides:
        key, value = override.key, str(override.parsed)
        choices = _CHOICES.get(key)
        if override.prefix or override.parsed is None:
            problems.append(f"{override.prefix}{key}: it is set by {key}=VALUE")
        elif choices and value not in choices:
            problems.append(f"{key}: got {got(override.parsed)}; it takes {listed(choices)}{suggestion(value, choices)}")
        else:
            asked[key] = value
    return Request(**asked), [line for line in lines if line not in own], problems
