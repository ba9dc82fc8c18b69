"""What of a programme members can get used to: fixed hours of the week, and creatives that are shown again and again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from sim.brand.actions import Action
from sim.clock import parse_schedule
from sim.codes import MOST_CREATIVES, MOST_SLOTS

NO_CREATIVE = -1
VERSIONS = 256


def fixed_slots(programme: Mapping[str, Action], before: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the slot of every item that comes at fixed hours of the week, in order of names; beyond the last, items share it.

    After a history, with its slots in ``before``, an item of the same name goes on with its slot, and others take free ones:
    members have no habit of what is new.
    """
    rhythmic = sorted(name for name, item in programme.items() if item.keeps_hours() and parse_schedule(item.when).weekdays)
    return {name: min(place, MOST_SLOTS - 1) for name, place in _places(rhythmic, before or {}).items()}


def _places(names: list[str], before: Mapping[str, int]) -> dict[str, int]:
    """Return a place for each name: the one it had, or the first that nobody had."""
    free = (place for place in count() if place not in set(before.values()))
    return {name: before[name] if name in before else next(free) for name in names}


class Creatives:
    """Which creative an item shows at a time: the same for some days, then a new one."""

    def __init__(self, programme: Mapping[str, Action], before: Mapping[str, int] | None = None) -> None:
        repeating = sorted(name for name, item in programme.items() if item.creative_days > 0)
        places = _places(repeating, before or {})
        #: Where members remember the creatives of each item; after a history, items of its names go on with their places in ``before``.
        self.places = {name: place for name, place in places.items() if place < MOST_CREATIVES}
        self._days = {name: programme[name].creative_days for name in self.places}

    def of(self, item: str, hour: float) -> tuple[int, int]:
        """Return the place that members remember the item's creative at, and its version; no place for what is new every time.

        Members remember creatives of so many items, in order of names; those of further items are always new to them.
        """
        if item not in self.places:
            return NO_CREATIVE, 0
        return self.places[item], int(hour / 24.0 / self._days[item]) % VERSIONS
