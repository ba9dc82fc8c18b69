"""What a session costs at 10,000 and at 300,000 members, and how much memory a member takes.

Each size runs in a process of its own: ``python -m benchmarks.scaling 300000`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.programme import scenario
from benchmarks.timing import kernel_run
from sim.compiled import warm_up
from sim.world import FEED_LENGTH, GROUP, MESSAGE, PERSON

SIZES = (10_000, 300_000)
MOST_RATIO = 1.5
DAYS = 2.0
REPEATS = {10_000: 5, 300_000: 1}


@dataclass(frozen=True)
class Scaling:
    """Speed at both sizes (event loop, whole call), and memory a member."""

    small: float
    large: float
    small_whole: float
    large_whole: float
    peak_bytes: float
    own_bytes: float

    @property
    def ratio(self) -> float:
        """How much more a session costs at the larger size, in the event loop."""
        return self.small / self.large

    @property
    def whole_ratio(self) -> float:
        """How much more it costs with drawing people, seating them and making tables."""
        return self.small_whole / self.large_whole


def run(people: int) -> dict[str, Any]:
    """Return speed and peak memory of a size, in this process."""
    warm_up()
    world = scenario(people, DAYS)
    runs = [kernel_run(world, seed) for seed in range(REPEATS.get(people, 1))]
    return {
        "people": people,
        "loop": median(found / loop for found, loop, _ in runs),
        "whole": median(found / whole for found, _, whole in runs),
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def measure() -> Scaling:
    """Measure both sizes, each in a process of its own."""
    found = []
    for people in SIZES:
        command = [sys.executable, "-m", "benchmarks.scaling", str(people)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        found.append(json.loads(answer.stdout.splitlines()[-1]))
    small, large = found
    extra = (large["peak_kib"] - small["peak_kib"]) * 1024 / (SIZES[1] - SIZES[0])
    return Scaling(small["loop"], large["loop"], small["whole"], large["whole"], extra, own_bytes())


def own_bytes() -> float:
    """Return the bytes of a member's record, their place in the queue, and their part of a group (with its feed)."""
    settings = scenario(SIZES[0], DAYS).population
    in_a_group = settings.group_size * settings.initial_fill
    return PERSON.itemsize + 16 + (GROUP.itemsize + FEED_LENGTH * MESSAGE.itemsize) / in_a_group


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
