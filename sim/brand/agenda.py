"""What waits to be done, as data: every process of the brand is an errand that can be saved, and go on where it was.

A SimPy process is a generator, and a generator cannot be saved. So the agenda knows the errand of every process, in the order in which the
processes began to wait; that order, and what each errand knows, is all that must be kept. Going on, each errand is sent out again in that
order and waits for the rest of its time.

Errands of one instant act in the order of (priority, item name), whatever the order in which they were written or woken: each asks for its
turn, and turns of an instant are given when all errands of that instant have asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import simpy

AFTER_WAKING = 2


class Errand(Protocol):
    """Something that the brand has to do over time; it can be pickled while it waits."""

    def live(self) -> Iterator[Any]:
        """Do it: a SimPy process that waits by :meth:`Agenda.at` alone. Begun again, it goes on where it waited."""
        ...


class Agenda:
    """The errands under way, the clock that they live by, and their turns.

    Parameters
    ----------
    minute : int
        Where the clock stands (SimPy counts whole minutes, so that times never drift).
    """

    def __init__(self, minute: int = 0) -> None:
        self.environment = simpy.Environment(minute)
        self._alive: dict[simpy.Process | None, Errand] = {}
        self._turns: list[tuple[int, str, int, simpy.Event]] = []

    @property
    def hour(self) -> float:
        """Time now in hours."""
        return self.environment._now / 60.0

    @property
    def errands(self) -> list[Errand]:
        """Errands under way, in the order in which they began to wait."""
        return list(self._alive.values())

    def start(self, errand: Errand) -> None:
        """Send an errand out."""
        self._alive[self.environment.process(self._live(errand))] = errand  # type: ignore[arg-type]

    def run_until(self, minute: int) -> None:
        """Let everything happen that is due before a minute."""
        if minute > self.environment.now:
            self.environment.run(until=minute)

    def at(self, hour: float, item: str, priority: int) -> Iterator[Any]:
        """Wait until the hour (to the minute), then for the item's turn."""
        wait = round(hour * 60) - self.environment.now
        if wait > 0:
            process = self.environment.active_process
            self._alive[process] = self._alive.pop(process)
            yield self.environment.timeout(wait)
        yield self._turn(priority, item)

    def _live(self, errand: Errand) -> Iterator[Any]:
        yield from errand.live()
        del self._alive[self.environment.active_process]

    def _turn(self, priority: int, item: str) -> simpy.Event:
        turn = self.environment.event()
        if not self._turns:
            bell = simpy.Event(self.environment)
            bell._ok, bell._value = True, None
            assert bell.callbacks is not None
            bell.callbacks.append(self._give_turns)
            self.environment.schedule(bell, priority=AFTER_WAKING)  # type: ignore[arg-type]
        self._turns.append((priority, item, len(self._turns), turn))
        return turn

    def _give_turns(self, _bell: simpy.Event) -> None:
        turns, self._turns = sorted(self._turns, key=lambda turn: turn[:3]), []
        for _, _, _, turn in turns:
            turn.succeed()
