"""Compute the golden baseline, and write it anew on purpose: ``python -m tests.golden.baseline``.

The baseline says that results changed, never that they are right: the exact tests do that. Update it in the commit that changes the
model, and say there why it moved.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from experiments import load
from sim import simulate

BASELINE = Path(__file__).with_name("baseline.json")
ARMS = ("kill_pig", "fish_raising", "no_community")
SIZE = ("population.size=300", "horizon_days=60")


def compute() -> dict[str, dict[str, float | None]]:
    """Return every metric of one small replication of each arm (None where it is not defined)."""
    found: dict[str, dict[str, float | None]] = {}
    for arm in ARMS:
        summary = simulate(load(f"strategy={arm}", *SIZE), seed=1, record="summary").summary
        found[arm] = {name: None if math.isnan(value) else value for name, value in sorted(summary.items())}
    return found


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(compute(), indent=1) + "\n")
    print(f"wrote {BASELINE.name}: commit it with the change that moved it, and say why")
