"""How much the same people save: the variance of paired differences against that of independent seeds.

    python -m benchmarks.pairing            # about ten minutes on two cores; smaller: --people 300 --days 30 --replications 10

A small change is compared with none, on the same people with the same luck, and on others. The ratio says how many times more
replications independent seeds would need for the same interval.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import joblib
import numpy as np

from experiments import load
from sim import Scenario, simulate
from sim.compiled import warm_up

METRICS = ("gmv", "contribution", "churn_rate")
#: What is changed, and the least ratio of variances of GMV.
CHANGES = {
    "behaviour.buying.advance_days 10 % more": (("behaviour.buying.advance_days=7.7",), 15.0),
    "one post a day more": (("+strategy.programme.one_more={kind: content_post, when: 'daily 16:00', column: tips}",), 5.0),
}


@dataclass(frozen=True)
class Pairing:
    """Ratios of variance of one change, by metric."""

    change: str
    least: float
    ratios: dict[str, float]

    @property
    def enough(self) -> bool:
        """Whether pairing saves as much as it must, of GMV."""
        return self.ratios["gmv"] >= self.least


def measure(people: int, days: int, replications: int, workers: int) -> list[Pairing]:
    """Run the strategy fish_raising as it is and with each change, and compare variances."""
    size = (f"population.size={people}", f"horizon_days={days}", "strategy=fish_raising")
    base = load(*size)
    worlds = {"": base, **{name: load(*size, *lines) for name, (lines, _) in CHANGES.items()}}
    asked = [(name, replication) for replication in range(replications) for name in worlds]
    run = joblib.Parallel(n_jobs=workers, inner_max_num_threads=1)
    found = dict(zip(asked, run(joblib.delayed(_metrics)(worlds[name], number) for name, number in asked), strict=True))
    base_values = np.array([found["", number] for number in range(replications)])
    rows = []
    for name, (_, least) in CHANGES.items():
        changed = np.array([found[name, number] for number in range(replications)])
        paired = (changed - base_values).var(axis=0, ddof=1)
        # Of two independent runs, the variance of the difference is the sum of both variances.
        independent = changed.var(axis=0, ddof=1) + base_values.var(axis=0, ddof=1)
        rows.append(Pairing(name, least, dict(zip(METRICS, (independent / paired).tolist(), strict=True))))
    return rows


def _metrics(scenario: Scenario, replication: int) -> list[float]:
    summary = simulate(scenario, 1, replication, record="summary").summary
    return [summary[name] for name in METRICS]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    print(f"kernel ready after {warm_up():.1f} s")
    rows = measure(chosen.people, chosen.days, chosen.replications, chosen.workers)
    print(f"{chosen.people} people, {chosen.days} days, {chosen.replications} replications: variance unpaired over paired")
    print(f"{'change':<44}{''.join(f'{name:>14}' for name in METRICS)}   bound")
    for row in rows:
        print(f"{row.change:<44}{''.join(f'{row.ratios[name]:>14.1f}' for name in METRICS)}   GMV at least {row.least:.0f}")
    return 0 if all(row.enough for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
