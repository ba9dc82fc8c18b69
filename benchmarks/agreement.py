"""Do the SimPy members and the kernel agree? Means over replications, by Welch's t."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.programme import scenario
from benchmarks.simpy_community import simulate_plainly
from sim.scenario import Scenario
from sim.simulation import simulate

METRICS = (
    "sessions per member-day",
    "messages read per member-day",
    "messages written per member-day",
    "churn",
    "orders per member",
    "GMV",
)
#: Less unequal talkers, livelier leaving: the same rules with less noise, so that a difference shows in few replications.
CALM = {
    "chat": {
        "talkativeness_sigma": 0.8,
        "cohesion_sigma": 0.4,
        "talkativeness_per_day": 0.1,
        # The SimPy members do without.
        "audience_restraint": 0.0,
        "address_dose": 0.0,
        "address_ring": 0.0,
    },
    "leaving": {"base_per_day": 0.02, "pressure_per_day": 0.02},
}


@dataclass(frozen=True)
class Comparison:
    """One metric: means, and the interval of the difference, relative to the kernel's mean."""

    metric: str
    plain: float
    kernel: float
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        """Whether the interval of the difference holds 0."""
        return self.low <= 0.0 <= self.high


def plain_row(world: Scenario, seed: int) -> list[float]:
    """Return the metrics of a run with SimPy members."""
    totals = simulate_plainly(world, seed)
    size, days = world.population.size, world.horizon_days
    per_day = [count / size / days for count in (totals.sessions, totals.reads, totals.written)]
    return [*per_day, totals.leaves / size, totals.orders / size, totals.gmv_fen / 100.0]


def kernel_row(world: Scenario, seed: int) -> list[float]:
    """Return the metrics of a run of the kernel."""
    found = simulate(world, seed)
    size, days = world.population.size, world.horizon_days
    counts = (found.summary["sessions"], found.members["messages_read"].sum(), found.members["messages_written"].sum())
    return [
        *(count / size / days for count in counts),
        *(found.summary[name] / size for name in ("leaves", "orders")),
        found.summary["gmv"],
    ]


def compare(people: int, days: float, replications: int, error: float) -> list[Comparison]:
    """Return all metrics compared; ``error`` is the chance that any interval misses 0 though both agree (Bonferroni)."""
    world = scenario(people, days, **CALM)
    plain = np.array([plain_row(world, seed) for seed in range(replications)])
    kernel = np.array([kernel_row(world, seed) for seed in range(replications)])
    found = []
    for place, metric in enumerate(METRICS):
        left, right = plain[:, place], kernel[:, place]
        test = stats.ttest_ind(left, right, equal_var=False)
        interval = test.confidence_interval(1.0 - error / len(METRICS))
        found.append(Comparison(metric, left.mean(), right.mean(), interval.low / right.mean(), interval.high / right.mean()))
    return found
