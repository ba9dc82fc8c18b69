"""Whom to follow through a run: members by their keys, or some at random."""

from __future__ import annotations

import re
from typing import Any

from experiments.wording import got

__all__ = ["MOST_RANDOM", "Trace", "chosen_members"]

#: Keys of members, or how many to take at random; None for nobody.
Trace = tuple[str, ...] | int | None

#: Each gets a figure; with more, nobody looks at them.
MOST_RANDOM = 100

_FORMS = f"it takes a list of keys of members, or 'N random' with N from 1 to {MOST_RANDOM}"
_DIGITS = 16
_KEY = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
_RANDOM = re.compile(r"([0-9]+) random")


def chosen_members(value: Any) -> Trace:
    """Check the key `trace` of a run.

    Parameters
    ----------
    value
        What the user gave: a list of keys, a text such as ``"5 random"``, or None.

    Returns
    -------
    tuple of str, int or None
        Keys, each once; or the number of random members.

    Raises
    ------
    ValueError
        With what it got and what it takes.
    """
    if value is None:
        return None
    if isinstance(value, str):
        found = _RANDOM.fullmatch(value)
        number = int(found[1]) if found else 0
        if not 1 <= number <= MOST_RANDOM:
            raise ValueError(f"got {got(value)}; {_FORMS}")
        return number
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"got {got(value)}; {_FORMS}")
    if not value:
        raise ValueError(f"got an empty list; {_FORMS}")
    return tuple(dict.fromkeys(_key(entry) for entry in value))


def _key(entry: Any) -> str:
    if isinstance(entry, (int, float)) and not isinstance(entry, bool):
        if isinstance(entry, int) and len(str(entry)) == _DIGITS:
            return str(entry)
        # A file reads 0000000100000007 as an octal number, and both file and command line 12345e6700000000 as a huge one: what was
        # typed cannot be told from it any more. Only whole numbers of 16 digits can have been typed in no other way.
        raise ValueError(
            f"got the number {entry} in the list; it takes keys in quotes, with all their 16 digits, such as '0000000100000007'"
        )
    if not isinstance(entry, str) or not _KEY.fullmatch(entry.lower()):
        raise ValueError(f"got {got(entry)} in the list; it takes keys as in members.parquet, 16 hexadecimal digits: 0000000100000007")
    return entry.lower()
