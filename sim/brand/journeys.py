"""Journeys: what happens to somebody, or to a group, after something has happened to them.

The brand looks again and again who has come to the beginning of a journey. Whoever has sets out, unless they are under way on it; each of
its steps falls due so long after they set out, and is carried out at the first look from then on. Who does what is named in ``exits``, or
no longer fits, leaves the journey. A step is an action: what the action's own ``to`` says of its audience is the condition of the step.

Source: PRACTICE 10 (welcome flow), 14 (questionnaire, tags, scripts by tag), 35 (after-payment coupons, sleeping members).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.brand.actions import KINDS, Action, AnyAction
from sim.brand.audience import Audience
from sim.clock import DurationHours
from sim.parameters import CHOICE, Name, Parameters, parameter

#: What people do, or what happens to them.
PERSONAL = ("joined", "first_order", "order", "silent", "muted", "left", "birthday", "price_question", "packet_missed")
#: What happens to groups.
OF_GROUPS = ("group_dying",)
Trigger = Literal["joined", "first_order", "order", "silent", "muted", "left", "birthday", "price_question", "packet_missed", "group_dying"]
Exit = Literal["order", "left", "muted", "message"]
#: Triggers that take so many days without something.
AFTER_DAYS = ("silent", "group_dying")


#: What stands in a step for the time that an action must have.
AT_ITS_TIME = "day 0 00:00"


def _writes_to_people(kind: type[Action]) -> bool:
    """Return whether actions of a kind reach people one by one, by an audience of their own."""
    to = kind.model_fields.get("to")
    return to is not None and isinstance(to.get_default(call_default_factory=True), Audience)


def _without_times(value: Any) -> Any:
    """Give an action its time, which the journey decides."""
    if isinstance(value, dict) and value.get("when", AT_ITS_TIME) == AT_ITS_TIME:
        return {**value, "when": AT_ITS_TIME}
    if isinstance(value, dict):
        raise ValueError("when: takes no time, since a step comes so long after the journey began (after: 2d)")
    return value


class Step(Parameters):
    """A step of a journey."""

    after: DurationHours = parameter(
        0.0, unit="hours", meaning="time after the journey began, such as '2d'", low=0, high=87_600, source=CHOICE
    )
    do: Annotated[AnyAction, BeforeValidator(_without_times)] = Field(description="the action, without a time")


class Journey(Parameters):
    """Steps that somebody, or a group, goes through."""

    description: str = Field("", description="one line")
    trigger: Trigger = Field(description="what sets somebody, or a group, out")
    days: float = parameter(
        7.0,
        unit="days",
        meaning="how long nothing must have happened, for the triggers silent and group_dying",
        low=0.1,
        high=3650,
        source=CHOICE,
    )
    to: Audience = Field(default_factory=Audience, description="who may set out, of those to whom it happened")
    split: str = Field("", description='"SPLIT.treated" or "SPLIT.control": only that arm sets out')
    look: DurationHours = parameter(
        1.0, unit="hours", meaning="time between two looks of the brand, whole minutes", low=0.25, high=720, source=CHOICE
    )
    exits: list[Exit] = parameter([], unit="events", meaning="what ends the journey early", source=CHOICE)
    again_after: DurationHours = parameter(
        0.0, unit="hours", meaning="time after its end in which nobody sets out again", low=0, high=87_600, source=CHOICE
    )
    steps: dict[Name, Step] = Field(description="steps, in the order of their times")

    @property
    def of_groups(self) -> bool:
        """Whether groups go through it, and no people."""
        return self.trigger in OF_GROUPS

    @model_validator(mode="after")
    def _consistent(self) -> Journey:
        wrong = []
        if not self.steps:
            wrong.append("steps: takes at least one step")
        if self.of_groups and (self.to != Audience() or self.exits or self.split):
            wrong.append(f"to: takes nobody, and neither exits nor split, since groups go through a journey of {self.trigger!r}")
        for name, step in self.steps.items():
            if (step.do.audience() is not None) == self.of_groups:
                kinds = ", ".join(kind for kind, model in KINDS.items() if _writes_to_people(model))
                takes = f"something that is done in a group, none of {kinds}" if self.of_groups else f"a message to people, one of {kinds}"
                wrong.append(f"steps.{name}.do.kind: takes {takes}, since the trigger is {self.trigger!r}, got {step.do.kind!r}")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self
