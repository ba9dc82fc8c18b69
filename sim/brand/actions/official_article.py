"""An article of the official account, sent to its followers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.brand.actions.personal import PersonalMessage
from sim.parameters import parameter


class OfficialArticle(PersonalMessage):
    """Publish an article; who opens it, or has bought, can be written to for 48 hours (PRACTICE 6, 35)."""

    kind: Literal["official_article"]
    delivery: Literal["staff", "mass"] = Field("mass", description="sent by the platform's mass function (capped)")
    credibility: float = parameter(0.4, unit="share", meaning="credibility of the account", low=0, high=1)
    ring: float = parameter(0.1, unit="factor", meaning="how loud it calls", low=0, high=1)
    load: float = parameter(0.5, unit="load", meaning="load of the article", low=0, high=10)

    def way(self) -> str:
        """Return the channel."""
        return "official"
