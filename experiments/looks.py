"""Colour and line style of each strategy; nothing here loads matplotlib, so that who only reads results need not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["Look", "looks"]

#: Okabe and Ito's colours, the palest left out for lines.
_LINES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))


class Look(dict[str, Any]):
    """Colour and line style of a strategy, as keyword arguments of matplotlib."""

    @property
    def colour(self) -> str:
        """Colour alone, for areas and bars."""
        return str(self["color"])


def looks(strategies: Sequence[str]) -> dict[str, Look]:
    """Give every strategy its colour and line style, the same in all figures of an experiment."""
    return {name: Look(color=_LINES[index % len(_LINES)], linestyle=_STYLES[index % len(_STYLES)]) for index, name in enumerate(strategies)}
