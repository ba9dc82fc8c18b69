"""What members do: one mechanism a file. This list fixes which take part and in which order.

A mechanism module may have

- ``STATE``: fields of the person record that it owns,
- hooks, compiled functions that the session procedure calls in this order of mechanisms:
  ``elapsed(person, p, hours)`` when time has passed; ``seen(person, group, message, relevance, p, now)`` when a message was seen;
  ``offered(person, message, offer, product, relevance, p, now)`` at the first sight of an offer;
  ``claimed(person, packet, fen, p, now)`` after a share of a red packet; ``wrote(person, p, now)`` after a message;
  ``act(person, group, p, now)`` to contribute to the intensities of acts; ``ordered(person, order, product, p, now)`` after a purchase.

``p`` is the record of all parameters. A null effect is a value of a parameter, never another compiled variant.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sim.behaviour import (
    asking,
    attention,
    belonging,
    benefits,
    blocking,
    buying,
    chat,
    company,
    contacts,
    contagion,
    coupons,
    desire,
    fatigue,
    freeloading,
    giving,
    habit,
    leaving,
    lifecycle,
    live,
    meeting,
    muting,
    poaching,
    prices,
    reception,
    red_packets,
    referral,
    regret,
    sampling,
    sessions,
    sharing,
    shills,
    showing,
    standing,
    tags,
    taking_part,
    terms,
    ties,
    trust,
    wearout,
    winning_back,
)
from sim.compiled import compiled, inlined

MECHANISMS: tuple[ModuleType, ...] = (
    sessions,
    attention,
    contacts,
    wearout,
    ties,
    habit,
    fatigue,
    shills,
    trust,
    desire,
    regret,
    winning_back,
    live,
    poaching,
    standing,
    terms,
    buying,
    coupons,
    prices,
    chat,
    belonging,
    company,
    reception,
    benefits,
    red_packets,
    giving,
    asking,
    referral,
    showing,
    sharing,
    taking_part,
    meeting,
    sampling,
    freeloading,
    contagion,
    muting,
    blocking,
    leaving,
    tags,
    lifecycle,
)


@compiled
def nothing(*arguments: Any) -> None:
    """Do nothing: what fills up a chain."""


def chain(functions: list[Callable[..., Any]]) -> Callable[..., Any]:
    """Return one compiled function that calls compiled functions of the same arguments one after another.

    It cuts the list into four: every function on the way is compiled with all that it calls, so a chain of single links would compile
    the last of n functions n times.
    """
    if len(functions) == 1:
        return functions[0]
    if len(functions) > 4:
        quarter = -(-len(functions) // 4)
        functions = [chain(functions[first : first + quarter]) for first in range(0, len(functions), quarter)]
    one, two, three, four = [*functions, nothing, nothing, nothing, nothing][:4]

    @inlined
    def run(*arguments: Any) -> None:
        """Call the four in their order."""
        one(*arguments)
        two(*arguments)
        three(*arguments)
        four(*arguments)

    return run


def hook(name: str) -> Callable[..., Any]:
    """Return one compiled function that calls the named hook of every mechanism that has it, in the order of mechanisms."""
    return chain([getattr(mechanism, name) for mechanism in MECHANISMS if hasattr(mechanism, name)])


elapsed = hook("elapsed")
seen = hook("seen")
offered = hook("offered")
act = hook("act")
ordered = hook("ordered")
claimed = hook("claimed")
wrote = hook("wrote")
