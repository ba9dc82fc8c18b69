"""A thousand small runs: how long, how well two workers share them, and whether memory grows with their number.

    python -m benchmarks.throughput         # about five minutes on two cores; fewer: --runs 100

The whole command is timed, in processes of its own and after compilation: `fishpond compare`, 500 members, 90 days, metrics alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.compiled import warm_up

MOST_SECONDS, LEAST_EFFICIENCY = 120.0, 0.85
_WORDS = ("population.size=500", "horizon_days=90", "record=summary", "report.page=false", "progress=off")


def timed(runs: int, workers: int, folder: Path) -> tuple[float, float]:
    """Return seconds and peak memory (bytes, of the driver) of a comparison of two strategies in a process of its own."""
    command = [sys.executable, "-m", "experiments.command", "compare", *_WORDS]
    command += [f"replications={runs // 2}", f"workers={workers}", f"out={folder}"]
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"the command failed with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss * 1024.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    chosen = parser.parse_args()
    runs = chosen.runs
    print(f"kernel ready after {warm_up():.1f} s")
    with tempfile.TemporaryDirectory() as place:
        _, memory_few = timed(runs // 10, 2, Path(place, "few"))
        two, memory = timed(runs, 2, Path(place, "two"))
        one, _ = timed(runs // 2, 1, Path(place, "one"))
    # Half as many runs by half as many workers: without any loss they would take as long.
    efficiency = one / two
    print(f"{runs} runs, 2 workers: {two:.1f} s (at most {MOST_SECONDS:.0f} for 1,000); {runs // 2} runs, 1 worker: {one:.1f} s")
    print(f"parallel efficiency at 2 workers: {efficiency:.2f} (at least {LEAST_EFFICIENCY})")
    print(f"peak memory of the driver: {memory / 2**20:.0f} MB for {runs} runs, {memory_few / 2**20:.0f} MB for {runs // 10}")
    good = two * 1000 / runs <= MOST_SECONDS and efficiency >= LEAST_EFFICIENCY and memory <= 1.25 * memory_few
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
