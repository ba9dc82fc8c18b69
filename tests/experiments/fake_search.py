"""Toys to search in: what is best is known. Two levers count, `strategy.pressure` (x) and the member day's discount (y)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.experiments.fake_world import FakeResult, FakeScenario, FakeSimulator

Setting = tuple[float, float]
#: Luck of a replication, the same for all settings; and of a setting in a replication.
COMMON, OWN = 400.0, 10.0
NOTHING = pd.DataFrame({"nothing": [1]}).iloc[:0]


def peak(x: float, y: float) -> dict[str, float]:
    """The best contribution is 500 at x = 1.2, y = 0.5; the less is spent the smaller x is."""
    return {"contribution": 500 - 300 * (x - 1.2) ** 2 - 1000 * (y - 0.5) ** 2, "acquisition_cost": 1000 * x}


def bargain(x: float, y: float) -> dict[str, float]:
    """Contribution is best at x = 1, churn at x = 2, both at y = 0.3: no setting beats those between."""
    return {"contribution": 500 - 300 * (x - 1) ** 2 - 1000 * (y - 0.3) ** 2, "churn_rate": 0.1 + 0.1 * (x - 2) ** 2 + 0.5 * (y - 0.3) ** 2}


def start_is_best(x: float, y: float) -> dict[str, float]:
    """Best is the strategy as it is: x = 0.3, y = 0.1."""
    return {"contribution": 500 - 300 * (x - 0.3) ** 2 - 1000 * (y - 0.1) ** 2}


def luck_of(seed: int, replication: int, setting: Setting) -> tuple[float, float]:
    """Draw the luck of a replication, and that of a setting in it."""
    key = [round(1e6 * part) for part in setting]
    return np.random.default_rng([seed, replication]).normal(), np.random.default_rng([seed, replication, *key]).normal()


def simulate(
    scenario: FakeScenario, *, seed: int, replication: int, record: str, threads: int, world: Callable[[float, float], dict[str, float]]
) -> FakeResult:
    """Simulate one replication of a toy."""
    setting = (scenario.strategy.pressure, scenario.strategy.programme["member_day"].discount)  # type: ignore[union-attr]
    summary = world(*setting)
    common, own = luck_of(seed, replication, setting)
    summary["contribution"] += COMMON * common + OWN * own
    if "churn_rate" in summary:
        summary["churn_rate"] += 0.02 * common + 0.001 * own
    none, tables = NOTHING, (NOTHING,) * 6
    return FakeResult(scenario.strategy.name, replication, seed, {**summary, "sessions": 1.0}, *tables, {"simulate": 0.0}, none, none, none)


class SearchSimulator(FakeSimulator):
    """A toy whose best setting is known, with calls that are noted and a fault where it is asked for."""

    def __init__(self, tree: Path, world: Callable[[float, float], dict[str, float]]) -> None:
        super().__init__(tree)
        self._simulate = functools.partial(simulate, world=world)
        self.calls: list[tuple[Setting, int, int]] = []
        self.fault: Callable[[Setting, int], None] = lambda setting, number: None

    def simulate(self) -> Any:
        return self._noted

    def _noted(self, scenario: FakeScenario, **settings: Any) -> FakeResult:
        setting = (scenario.strategy.pressure, scenario.strategy.programme["member_day"].discount)  # type: ignore[union-attr]
        self.calls.append((setting, settings["seed"], settings["replication"]))
        self.fault(setting, len(self.calls))
        return self._simulate(scenario, **settings)


class SpreadSimulator(SearchSimulator):
    """The same for worker processes, whose calls nobody sees."""

    def simulate(self) -> Any:
        return self._simulate
