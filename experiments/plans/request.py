"""What a user asks to import: the keys of the command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from experiments.errors import UserError
from experiments.wording import got, listed, suggestion

__all__ = ["Request", "asked_for"]

_KEYS = ("import", "name", "sheet", "like", "brand")
#: What Hydra's grammar takes as a plain word in strategy=NAME, and every file system as the name of a file.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
#: Plain words that Hydra's grammar takes for something else.
_NO_NAMES = ("null", "true", "false", "inf", "nan")


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
    # Names of files hold blanks, brackets and any script, which Hydra's grammar would refuse: the words are taken as they are.
    given: dict[str, str] = {}
    problems = []
    for word in words:
        key, separator, value = word.partition("=")
        if key not in _KEYS:
            problems.append(f"{key}: not a key of strategies; it takes {listed(_KEYS)}{suggestion(key, _KEYS)}")
        elif not separator or not value.strip():
            problems.append(f"{key}: it is set by {key}=VALUE")
        elif key in given:
            problems.append(f"{key}: got {got(given[key])} and {got(value)}; it takes one value")
        given.setdefault(key, value.strip())
    name = given.get("name", "")
    if "name" not in given:
        problems.append("name: missing; strategies takes import=FILE name=NAME")
    elif name and (not _NAME.fullmatch(name) or name.lower() in _NO_NAMES):
        problems.append(f"name: got {got(name)}; it takes letters a to z, digits, _ and -, a letter first, 80 characters at most")
    UserError.raise_any(problems)
    return Request(given["import"], *(given.get(key, "") for key in _KEYS[1:]))
