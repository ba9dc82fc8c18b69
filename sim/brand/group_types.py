"""Types of groups that a strategy declares: who is sent there, what entering costs, how large they grow, who keeps order.

What the word ``kind`` says is for people who read the plan. It does nothing: two types differ by what their other fields say.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Literal

from pydantic import Field

from sim.clock import unknown
from sim.parameters import CHOICE, Parameters, parameter

#: The name of groups that are of no declared type.
ORDINARY = "ordinary"
#: In a list of channels, the people of day 0.
FOUNDING = "founding"
#: People of the pool who come by themselves, as an entry channel.
WALK_IN = "walk_in"
#: Whom members invited, as an entry channel.
REFERRAL = "referral"
FormBy = Literal["interest", "tag", "region", "age_band", "gender", "nothing"]


class Gate(Parameters):
    """What stands before a group; see :mod:`sim.gates` for who goes in."""

    @abstractmethod
    def cost_yuan(self, thrift: float, invited: bool) -> float:
        """Return what entering costs somebody, in yuan: ``thrift`` is their deal-proneness against the mean, ``invited`` if by a member."""

    def fee_fen(self) -> int:
        """Return what the brand earns from an entry."""
        return 0

    def asks(self) -> bool:
        """Return whether entering tells the brand what somebody cares about."""
        return False


class FreeGate(Gate):
    """Anybody goes in."""

    kind: Literal["free"] = "free"

    def cost_yuan(self, thrift: float, invited: bool) -> float:  # noqa: ARG002
        """Return nothing."""
        return 0.0


class FeeGate(Gate):
    """Entering costs money, which the brand earns."""

    kind: Literal["fee"]
    fee_yuan: float = parameter(9.9, unit="yuan", meaning="price of entering", low=0, high=1e5, source="PRACTICE 22")

    def cost_yuan(self, thrift: float, invited: bool) -> float:  # noqa: ARG002
        """Return the fee, as heavy as it is to somebody who looks for deals."""
        return self.fee_yuan * thrift

    def fee_fen(self) -> int:
        """Return the fee."""
        return round(self.fee_yuan * 100)


class TaskGate(Gate):
    """Entering takes an effort, from which nobody earns."""

    kind: Literal["task"]
    effort_yuan: float = parameter(5.0, unit="yuan", meaning="what the effort is worth", low=0, high=1e5, source="PRACTICE 22")
    questionnaire: bool = parameter(
        False, unit="switch", meaning="whether the task is a questionnaire: who comes in is tagged", source="PRACTICE 14"
    )

    def cost_yuan(self, thrift: float, invited: bool) -> float:  # noqa: ARG002
        """Return the effort."""
        return self.effort_yuan

    def asks(self) -> bool:
        """Return whether it is a questionnaire."""
        return self.questionnaire


class InvitationGate(Gate):
    """Entering takes an invitation: whom a member invites has it, others must find somebody who vouches for them."""

    kind: Literal["invitation"]
    trouble_yuan: float = parameter(
        20.0, unit="yuan", meaning="what finding somebody to vouch is worth", low=0, high=1e5, source="PRACTICE 22"
    )

    def cost_yuan(self, thrift: float, invited: bool) -> float:  # noqa: ARG002
        """Return the trouble of those whom nobody invited."""
        return 0.0 if invited else self.trouble_yuan


AnyGate = Annotated[FreeGate | FeeGate | TaskGate | InvitationGate, Field(discriminator="kind")]


class Moderation(Parameters):
    """Who keeps order in a group, and how well (PRACTICE 24, 27)."""

    removed_share: float = parameter(0.0, unit="share", meaning="adverts of strangers that are taken out of the feed", low=0, high=1)
    delay_minutes: float = parameter(30.0, unit="minutes", meaning="time until an advert is taken out", low=0, high=10_080)
    found_per_day: float = parameter(0.0, unit="1/day", meaning="rate at which an infiltrator is found out", low=0, high=100)
    yuan_per_day: float = parameter(0.0, unit="yuan/day", meaning="staff time for a group, a staff cost beside the budget", low=0, high=1e5)


class GroupType(Parameters):
    """A type of groups (PRACTICE 4, 22, 24)."""

    kind: Literal["interest_circle", "conversion", "new_product", "outlet", "vip", "store", "fission"] = Field(
        description="what it is for, in a word: a label for readers and the table of groups, which does nothing"
    )
    channels: list[str] = parameter([], unit="channels", meaning="whose people are sent there; 'founding' is those of day 0", source=CHOICE)
    capacity: int = parameter(
        200, unit="people", meaning="members at which a group is full and the next one opens", low=2, high=500, source="PRACTICE 24"
    )
    split: bool = parameter(
        False, unit="switch", meaning="whether a full group is parted at midnight into two of likelier people", source=CHOICE
    )
    form_by: FormBy = Field("interest", description="attribute that the people of one group share; interest as far as population.likeness")
    invitees_to: str | None = Field(None, description="type that people whom members invite are sent to; none: the group of who invites")
    gate: AnyGate = Field(FreeGate(), description="what entering costs")
    moderation: Moderation = Field(default_factory=Moderation, description="who keeps order")


def wrong_names(groups: dict[str, GroupType], named: dict[str, list[str]]) -> list[str]:
    """Return a line for everything about types of groups that does not fit together; ``named`` are types that items name, by their keys."""
    wrong = []
    known = (*groups, ORDINARY)
    sent: dict[str, str] = {}
    for name, group in groups.items():
        if name == ORDINARY:
            wrong.append(f"strategy.groups.{name}: takes a name other than {ORDINARY!r}, which groups of no type have")
        if group.invitees_to is not None and group.invitees_to not in known:
            wrong.append(f"strategy.groups.{name}.invitees_to: {unknown('type of groups', group.invitees_to, known)}")
        for channel in group.channels:
            if channel in sent:
                other = sent[channel]
                wrong.append(f"strategy.groups.{name}.channels: takes channels of no other type, got {channel!r} of {other!r}")
            sent[channel] = name
    for key, types in named.items():
        wrong += [f"{key}: {unknown('type of groups', type_name, known)}" for type_name in types if type_name not in known]
    return wrong
