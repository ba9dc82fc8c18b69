"""Sessions a second: a SimPy process a member against the kernel, same scenario, same run, event loop against event loop."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.programme import scenario
from benchmarks.simpy_community import simulate_plainly
from benchmarks.timing import kernel_run, loop_timed

LEAST_RATIO = 30.0
PEOPLE = 10_000
DAYS = 2.0


@dataclass(frozen=True)
class Speed:
    """Sessions a second of both event loops, and of the kernel's whole call with drawing people and making tables."""

    plain: float
    kernel: float
    kernel_whole: float

    @property
    def ratio(self) -> float:
        """How many times slower a session is in SimPy."""
        return self.kernel / self.plain


def measure(repeats: int = 5) -> Speed:
    """Time both; the kernel is taken at its median of some repeats."""
    world = scenario(PEOPLE, DAYS)
    with loop_timed() as seconds:
        sessions = simulate_plainly(world, 1).sessions
    runs = [kernel_run(world, seed) for seed in range(repeats)]
    return Speed(
        plain=sessions / sum(seconds),
        kernel=median(found / loop for found, loop, _ in runs),
        kernel_whole=median(found / whole for found, _, whole in runs),
    )
