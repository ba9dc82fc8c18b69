"""Compute the golden baseline, and write it anew on purpose: ``python -m tests.golden.baseline``.

The baseline says that results changed, never that they are right: the exact tests do that. Update it in the commit that changes the
model, and say there why it moved.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from experiments import load
from sim import simulate

BASELINE = Path(__file__).with_name("baseline.json")
ARMS = ("kill_pig", "fish_raising", "no_community")
SIZE = ("population.size=300", "horizon_days=60")


def compute() -> dict[str, dict[str, float]]:
    """Return every metric of one small replication of each arm."""
    return {arm: dict(sorted(simulate(load(f"strategy={arm}", *SIZE), seed=1, record="summary").summary.items())) for arm in ARMS}


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(compute(), indent=1) + "\n")
    sys.stdout.write(f"wrote {BASELINE.name}: commit it with the change that moved it, and say why\n")
