"""A questionnaire: who answers is tagged with an interest."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.brand.actions.personal import PersonalMessage
from sim.parameters import parameter


class Survey(PersonalMessage):
    """Ask people what they care about; the tags that come of it can be written to (PRACTICE 14)."""

    kind: Literal["survey"]
    channel: Literal["personal", "one_to_one", "official", "dialogue"] = Field("one_to_one", description="channel by which it goes")
    commercial: float = parameter(0.0, unit="share", meaning="how far it sells", low=0, high=1)

    def message_kind(self) -> str:
        """Return the kind of message that it is."""
        return "survey"

    def way(self) -> str:
        """Return the channel."""
        return self.channel
