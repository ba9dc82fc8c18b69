"""Words of error lines: which key, what it got, what it takes, the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["got", "listed", "nearest", "suggestion"]

_LONGEST_VALUE = 60


def got(value: Any) -> str:
    """Show a value that a user gave, cut to a readable length."""
    text = repr(value).replace("\n", " ")
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def nearest(name: str, names: Iterable[str], likeness: float = 0.5) -> str | None:
    """Find the valid name that looks most like `name`, or None when none is as alike as `likeness` (0 to 1)."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=likeness)
    return found[0] if found else None


def suggestion(name: str, names: Iterable[str], prefix: str = "") -> str:
    """Write ``; did you mean X?`` when a name is near, nothing otherwise."""
    found = nearest(name, names)
    return f"; did you mean {prefix}{found}?" if found else ""


def listed(names: Sequence[str], most: int = 12) -> str:
    """Join names for a sentence, cutting a long list."""
    shown = ", ".join(names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
