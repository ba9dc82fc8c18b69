"""Each key alone: what comes out at every value that was tried, and by how much that differs from what comes out now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from experiments.sensitivity.results import SensitivityResults, Target
from experiments.statistics import Interval, interval_of

__all__ = ["Effect", "Place", "effects_of"]


class Place(NamedTuple):
    """One value of a key, all others as they are configured.

    Attributes
    ----------
    value
        The value.
    outcome
        What comes out, with its 95 % t interval over replications.
    effect
        The difference from what comes out now, paired by replication.
    """

    value: float
    outcome: Interval
    effect: Interval


@dataclass(frozen=True)
class Effect:
    """A key that was varied alone.

    Attributes
    ----------
    key
        The key.
    now
        Its configured value, and what comes out of it.
    places
        The values that were tried, the configured one among them, ascending; those without runs are left out.
    """

    key: str
    now: Place
    places: tuple[Place, ...]

    @property
    def ends(self) -> tuple[Place, Place]:
        """The least and the greatest value."""
        return self.places[0], self.places[-1]

    @property
    def swing(self) -> float:
        """Distance between the least and the greatest outcome."""
        outcomes = [place.outcome.mean for place in self.places]
        return max(outcomes) - min(outcomes)

    @property
    def nothing(self) -> bool:
        """Whether no run came out otherwise than it does now."""
        return all(place.effect.mean == 0 and not place.effect.high > 0 for place in self.places)


@lru_cache(maxsize=16)  # tables, figures and sentences of an analysis all ask for the same
def effects_of(found: SensitivityResults, target: Target) -> tuple[Effect, ...]:
    """Measure every key alone, that with the widest swing first; none where there are no runs as configured.

    Parameters
    ----------
    found
        The analysis.
    target
        What is looked at.
    """
    table = found.table(target)
    now = table.loc[found.now].to_numpy(dtype=np.float64)
    outcome = interval_of(now)
    if not outcome.replications:
        return ()
    values = found.points.set_index("point")
    effects = []
    for key, names in found.alone.items():
        as_it_is = Place(float(found.note(key)["now"]), outcome, interval_of(now - now))
        places = [as_it_is]
        for name in names:
            own = table.loc[name].to_numpy(dtype=np.float64)
            place = Place(float(values.loc[name, key]), interval_of(own), interval_of(own - now))  # type: ignore[arg-type]
            if place.effect.replications:
                places.append(place)
        effects.append(Effect(key, as_it_is, tuple(sorted(places, key=lambda place: place.value))))
    return tuple(sorted(effects, key=lambda effect: -effect.swing))
