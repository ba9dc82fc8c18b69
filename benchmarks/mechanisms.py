"""What the mechanisms beyond the first set cost: the same community with them switched off and with all of them at work."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.programme import scenario
from benchmarks.timing import kernel_run

PEOPLE, DAYS, REPEATS = 10_000, 14.0, 5
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Cost:
    """Sessions a second of the event loop, with the first set of mechanisms alone and with all."""

    first_set: float
    everything: float

    @property
    def share(self) -> float:
        """Speed with everything on against the first set alone."""
        return self.everything / self.first_set


def measure() -> Cost:
    """Measure both in turn, so that whatever else the machine does falls on both."""
    worlds = (scenario(PEOPLE, DAYS), scenario(PEOPLE, DAYS, everything=True))
    speeds: tuple[list[float], list[float]] = ([], [])
    for seed in range(REPEATS):
        for world, found in zip(worlds, speeds, strict=True):
            sessions, loop, _ = kernel_run(world, seed)
            found.append(sessions / loop)
    return Cost(*(median(found) for found in speeds))
