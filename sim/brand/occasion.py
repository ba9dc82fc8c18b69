"""One occasion of a programme item under way, with a journal by which it can be taken up again.

What an action does is code, and where it stands cannot be saved. But it acts through its operator alone, so the journal of what the
operator answered says where it stands. To take it up again the action is performed from its start: as long as there is something in the
journal, it is answered from there and nothing is done; the first call beyond it is the wait in which the occasion was saved, and that one
is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from inspect import isgeneratorfunction
from typing import TYPE_CHECKING, Any, Literal, cast

from sim.brand.actions import Action, Due

if TYPE_CHECKING:
    from sim.brand.operator import Operator

Journal = list[tuple[str, Any]]


@cache
def _kind_of(operator: type, name: str) -> Literal["property", "verb", "waits"]:
    """Return what an operator has by a name: a property, a verb that acts at once, or one that may wait."""
    verb = getattr(operator, name, None)
    if isinstance(verb, property):
        return "property"
    if not callable(verb) or name.startswith("_"):
        raise AttributeError(f"an action acts through verbs of its operator, and {name!r} is none: it could not be taken up again")
    return "waits" if isgeneratorfunction(verb) else "verb"


@dataclass(eq=False)
class Occasion:
    """An errand: carry out one occasion of an item."""

    operator: Operator
    action: Action
    due: Due
    journal: Journal = field(default_factory=list)

    def live(self) -> Iterator[Any]:
        """Perform the action, from the journal as far as that goes."""
        return self.action.perform(cast("Operator", Hand(self.operator, self.journal)), self.due)


class Hand:
    """The operator as an action sees it: its verbs and its clock, each answer noted in the journal or read from it."""

    def __init__(self, operator: Operator, journal: Journal) -> None:
        self._operator = operator
        self._journal = journal
        self._read = 0

    def __getattr__(self, name: str) -> Any:
        """Return a verb of the operator, or what a property of it is now."""
        verbs: type = type(self._operator)
        kind = _kind_of(verbs, name)
        if kind == "property":
            return self._answer(name, getattr, self._operator, name)
        return partial(self._wait if kind == "waits" else self._answer, name, getattr(self._operator, name))

    def _answer(self, name: str, act: Callable[..., Any], *values: Any, **named: Any) -> Any:
        if self._read == len(self._journal):
            self._journal.append((name, act(*values, **named)))
        return self._next(name)

    def _wait(self, name: str, live: Callable[..., Generator[Any, Any, Any]], *values: Any, **named: Any) -> Generator[Any, Any, Any]:
        if self._read == len(self._journal):
            answer = yield from live(*values, **named)
            self._journal.append((name, answer))
        return self._next(name)

    def _next(self, name: str) -> Any:
        noted, answer = self._journal[self._read]
        if noted != name:
            raise RuntimeError(f"the action asks for {name!r} where it asked for {noted!r} when the run was saved: its code has changed")
        self._read += 1
        return answer
