"""The time that a command may take."""

from __future__ import annotations

import math
from time import monotonic as now

__all__ = ["TimeLimit"]


class TimeLimit:
    """Counts from when it is made.

    Parameters
    ----------
    minutes
        How long; None for ever.
    """

    def __init__(self, minutes: float | None) -> None:
        self.minutes = math.inf if minutes is None else minutes
        self._start = now()

    def over(self) -> bool:
        """Whether the time is over."""
        return now() - self._start >= 60 * self.minutes
