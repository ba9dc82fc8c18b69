"""A post in the staff's Moments: weak reach, no risk, and weaker the more there are."""

from __future__ import annotations

from typing import Literal

from sim.brand.actions.personal import PersonalMessage
from sim.parameters import parameter


class MomentsPost(PersonalMessage):
    """Post in Moments, for contacts to come across (PRACTICE 1, ``womenswear_moments``)."""

    kind: Literal["moments_post"]
    ring: float = parameter(0.0, unit="factor", meaning="how loud it calls: nobody is told of it", low=0, high=1)
    load: float = parameter(0.2, unit="load", meaning="load of the post", low=0, high=10)

    def way(self) -> str:
        """Return the channel."""
        return "moments"
