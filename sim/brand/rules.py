"""Rules of a strategy for itself: caps of its own, and conditions under which something stops in a group.

What a rule keeps back is recorded as refused, with the name of the rule. Source: PRACTICE 12 (restraint) and section 3 (alarm levels).
"""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.parameters import CHOICE, Name, Parameters, parameter


class Stop(Parameters):
    """When something stops in a group: any of the conditions is enough."""

    muted_share: float | None = parameter(
        None, unit="share", meaning="more members than this share have muted the group; none: no condition", low=0, high=1, source=CHOICE
    )
    week_exits_share: float | None = parameter(
        None,
        unit="share",
        meaning="more than this share of those of a week ago have left; none: no condition",
        low=0,
        high=1,
        source=CHOICE,
    )
    week_writers_share: float | None = parameter(
        None, unit="share", meaning="fewer members than this share wrote within a week; none: no condition", low=0, high=1, source=CHOICE
    )
    kinds: list[str] = parameter([], unit="kinds", meaning="kinds of action that stop", source=CHOICE)
    items: list[str] = parameter([], unit="items", meaning="items that stop, by name", source=CHOICE)

    @model_validator(mode="after")
    def _says_something(self) -> Stop:
        if self.muted_share is None and self.week_exits_share is None and self.week_writers_share is None:
            raise ValueError("takes at least one condition: muted_share, week_exits_share or week_writers_share")
        if not self.kinds and not self.items:
            raise ValueError("takes what stops: kinds or items")
        return self


class Rules(Parameters):
    """What a strategy forbids itself."""

    messages_per_group_day: int | None = parameter(
        None, unit="messages", meaning="messages to a group a day at most; none: no limit", low=0, high=1000, source=CHOICE
    )
    offers_per_group_week: int | None = parameter(
        None,
        unit="messages",
        meaning="messages with an offer to a group within 7 days at most; none: no limit",
        low=0,
        high=1000,
        source=CHOICE,
    )
    letters_per_person_week: int | None = parameter(
        None,
        unit="messages",
        meaning="personal messages to somebody within 7 days at most; none: no limit",
        low=0,
        high=1000,
        source=CHOICE,
    )
    stops: dict[Name, Stop] = Field(default_factory=dict, description="named conditions under which something stops in a group")
