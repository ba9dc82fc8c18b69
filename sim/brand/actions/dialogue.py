"""A personal message of the official account, within the window in which the platform allows one."""

from __future__ import annotations

from typing import Literal

from sim.brand.actions.personal import PersonalMessage
from sim.parameters import parameter


class Dialogue(PersonalMessage):
    """Write to followers who opened an article or bought in the last 48 hours (PRACTICE 35)."""

    kind: Literal["dialogue"]
    ring: float = parameter(0.7, unit="factor", meaning="how loud it calls", low=0, high=1)

    def way(self) -> str:
        """Return the channel."""
        return "dialogue"
