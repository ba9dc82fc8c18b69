"""A message of staff to one person after another: strong reach, at the risk of being blocked."""

from __future__ import annotations

from typing import Literal

from sim.brand.actions.personal import PersonalMessage
from sim.parameters import parameter


class OneToOne(PersonalMessage):
    """Write to contacts one by one (PRACTICE 1, 14, 35)."""

    kind: Literal["one_to_one"]
    cost_yuan: float = parameter(0.3, unit="yuan", meaning="staff time of writing to one person", low=0, high=1e4)

    def way(self) -> str:
        """Return the channel."""
        return "one_to_one"
