"""A journey at work: who is under way on it, and which step of whom falls due when.

One errand for each journey: at every look it sends out those to whom the trigger has happened, and carries out the steps that have fallen
due, each for all whose it is at once. So the brand's work is one look, however many people are under way (ENGINE section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import happenings
from sim.brand.actions import Due
from sim.brand.journeys import Journey
from sim.brand.occasion import Occasion
from sim.clock import Occurrence
from sim.happenings import Look
from sim.ledger import Deed

if TYPE_CHECKING:
    from sim.brand.operator import Operator

#: Journeys look after the board and midnight, and before items of the same minute.
LOOKS = 0


@dataclass(eq=False)
class Journeying:
    """An errand: look, send out, carry out.

    ``under_way`` is the hour at which somebody (or a group) set out, ``resting`` the hour from which they may again, ``steps`` what falls
    due: (hour, who, place of the step, hour at which they set out); those of somebody who has left the journey since are skipped.
    """

    operator: Operator
    name: str
    looks: int = 0
    seen: Look | None = None
    under_way: dict[int, float] = field(default_factory=dict)
    resting: dict[int, float] = field(default_factory=dict)
    steps: list[tuple[float, int, int, float]] = field(default_factory=list)

    @property
    def journey(self) -> Journey:
        """What the plan says."""
        return self.operator.scenario.strategy.journeys[self.name]

    def live(self) -> Iterator[Any]:
        """Look again and again."""
        operator, minutes = self.operator, max(1, round(self.journey.look * 60))
        if self.seen is None:
            yield from operator.at(operator.begins_h, self.name, LOOKS)
            operator.community.catch_up(operator.hour)
            self.seen = happenings.first_look(operator.community, operator.hour, self.journey.days)
        while (hour := operator.begins_h + (self.looks + 1) * minutes / 60) < operator.ends_h:
            yield from operator.at(hour, self.name, LOOKS)
            self.looks += 1
            self._look()

    def _look(self) -> None:
        """Send out whom it has happened to, let go who has done what ends the journey, and carry out what has fallen due."""
        operator, hour = self.operator, self.operator.hour
        operator.community.catch_up(hour)
        sent = [who for who in self._came(hour) if who not in self.under_way and self.resting.get(who, hour) <= hour]
        for who in sent:
            self.under_way[who] = hour
            for place, step in enumerate(self.journey.steps.values()):
                heappush(self.steps, (hour + step.after, who, place, hour))
        gone = self._gone()
        self._end(gone, hour)
        for place, those in sorted(self._due(hour).items()):
            self._carry_out(place, tuple(those))
        last_h = max(step.after for step in self.journey.steps.values())
        done = [who for who, since_h in self.under_way.items() if since_h + last_h <= hour]
        self._end(done, hour)
        for what, those in (("set out", sent), ("left early", gone), ("finished", done)):
            if those:
                operator.ledger.deeds.append(Deed(hour, self.name, "journey", -1, "done", what, 0.0, len(those)))

    def _came(self, hour: float) -> list[int]:
        """Return to whom the trigger has happened since the last look, of those who may set out."""
        operator, journey = self.operator, self.journey
        assert self.seen is not None
        look = replace(self.seen, until_h=hour)
        self.seen = look.next(operator.community)
        found = happenings.HAPPENINGS[journey.trigger](operator.community, look)
        if not found.size:
            return []
        if journey.of_groups:
            return [int(group) for group in found]
        return happenings.of_audience(operator.community, found, operator.audience(journey.to, split=journey.split))

    def _gone(self) -> list[int]:
        """Return who has done what ends the journey, in the order in which they set out."""
        if not self.journey.exits or not self.under_way:
            return []
        who, since_h = np.array(list(self.under_way)), np.array(list(self.under_way.values()))
        return [int(one) for one in who[happenings.exited(self.operator.community, who, since_h, self.journey.exits)]]

    def _due(self, hour: float) -> dict[int, list[int]]:
        """Take the steps that have fallen due; return whose they are, by the place of the step."""
        due: dict[int, list[int]] = {}
        while self.steps and self.steps[0][0] <= hour:
            _, who, place, since_h = heappop(self.steps)
            if self.under_way.get(who) == since_h:
                due.setdefault(place, []).append(who)
        return due

    def _carry_out(self, place: int, those: tuple[int, ...]) -> None:
        """Carry out a step for all whose it is."""
        name, step = list(self.journey.steps.items())[place]
        occurrence = Occurrence(self.operator.hour, self.looks)
        people, groups = (None, those) if self.journey.of_groups else (those, None)
        due = Due(f"{self.name}.{name}", occurrence, people, groups)
        self.operator.agenda.start(Occasion(self.operator, step.do, due))

    def _end(self, those: list[int], hour: float) -> None:
        for who in those:
            del self.under_way[who]
            self.resting[who] = hour + self.journey.again_after
