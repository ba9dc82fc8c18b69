"""What a user asks to import: the keys of the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.errors import UserError
from experiments.words import read_as_they_are, wrong_name

__all__ = ["Request", "asked_for"]

_KEYS = ("import", "name", "sheet", "like", "brand")


@dataclass(frozen=True)
class Request:
    """What to import, and as what.

    Attributes
    ----------
    file
        The table.
    name
        Name of the strategy to write.
    sheet
        Sheet of a workbook; empty for the first.
    like
        Strategy that the written one starts from; empty for none.
    brand
        Brand whose names the plan is checked against; empty for the configured one.
    """

    file: str
    name: str
    sheet: str = ""
    like: str = ""
    brand: str = ""

    @property
    def chosen(self) -> str:
        """Overrides that choose the strategy, and the brand that it was made for."""
        return f"strategy={self.name}{f' brand={self.brand}' if self.brand else ''}"


def asked_for(words: Sequence[str]) -> Request:
    """Read the words of the command line.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    given, problems = read_as_they_are(words, _KEYS, "strategies")
    name = given.get("name", "")
    if "name" not in given:
        problems.append("name: missing; strategies takes import=FILE name=NAME")
    elif name and (wrong := wrong_name(name)):
        problems.append(f"name: {wrong}")
    UserError.raise_any(problems)
    return Request(given["import"], *(given.get(key, "") for key in _KEYS[1:]))
