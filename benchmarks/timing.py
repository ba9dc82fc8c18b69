"""Processor time of an event loop, apart from what comes before and after it.

Processor time, not the clock on the wall: all here is one thread, and other work on the machine should not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import simpy

from sim.scenario import Scenario
from sim.simulation import simulate


@contextmanager
def loop_timed() -> Iterator[list[float]]:
    """Collect the processor seconds of every SimPy event loop that runs meanwhile."""
    seconds: list[float] = []
    run = simpy.Environment.run

    def timed(environment: Any, until: Any = None) -> Any:
        started = time.process_time()
        try:
            return run(environment, until)
        finally:
            seconds.append(time.process_time() - started)

    with patch.object(simpy.Environment, "run", timed):
        yield seconds


def kernel_run(world: Scenario, seed: int) -> tuple[float, float, float]:
    """Return sessions, seconds of the event loop, and seconds of the whole call of a run of the kernel."""
    started = time.process_time()
    with loop_timed() as seconds:
        found = simulate(world, seed, record="summary")
    return found.summary["sessions"], sum(seconds), time.process_time() - started
