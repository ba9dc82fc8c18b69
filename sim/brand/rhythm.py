"""What of a programme members can get used to: fixed hours of the week, and creatives that are shown again and again."""

from __future__ import annotations

from collections.abc import Mapping

from sim.brand.actions import Action
from sim.clock import parse_schedule
from sim.codes import MOST_CREATIVES, MOST_SLOTS

NO_CREATIVE = -1
VERSIONS = 256


def fixed_slots(programme: Mapping[str, Action]) -> dict[str, int]:
    """Return the slot of every item that comes at fixed hours of the week, in order of names; beyond the last, items share it."""
    rhythmic = sorted(name for name, item in programme.items() if item.keeps_hours() and parse_schedule(item.when).weekdays)
    return {name: min(place, MOST_SLOTS - 1) for place, name in enumerate(rhythmic)}


class Creatives:
    """Which creative an item shows at a time: the same for some days, then a new one."""

    def __init__(self, programme: Mapping[str, Action]) -> None:
        repeating = sorted(name for name, item in programme.items() if item.creative_days > 0)
        self._days = {name: programme[name].creative_days for name in repeating[:MOST_CREATIVES]}
        self._places = {name: place for place, name in enumerate(self._days)}

    def of(self, item: str, hour: float) -> tuple[int, int]:
        """Return the place that members remember the item's creative at, and its version; no place for what is new every time.

        Members remember creatives of so many items, in order of names; those of further items are always new to them.
        """
        if item not in self._places:
            return NO_CREATIVE, 0
        return self._places[item], int(hour / 24.0 / self._days[item]) % VERSIONS
