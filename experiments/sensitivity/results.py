"""What the runs of an analysis say: a value of the metric at every point and replication, of an arm or of a pair of arms."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd

from experiments.loaded import Loaded
from experiments.metrics import Metric, metric_of
from experiments.sweep.results import SweepResults

__all__ = ["SensitivityResults", "Target"]


class Target(NamedTuple):
    """What is looked at: the metric of an arm, or by how much one arm is above another on the same people.

    Attributes
    ----------
    strategy
        The arm.
    baseline
        The arm that it is compared with; empty for none.
    """

    strategy: str
    baseline: str = ""

    @property
    def label(self) -> str:
        """The arm, or both."""
        return f"{self.strategy} less {self.baseline}" if self.baseline else self.strategy


class SensitivityResults(SweepResults):
    """An analysis that was run.

    Parameters
    ----------
    loaded
        Its folder.

    Attributes
    ----------
    metric
        What is looked at.
    method
        ``"tornado"``, ``"morris"`` or ``"sobol"``.
    alone
        By key, the points at which it is varied alone.
    design
        The points at which all keys vary, in the order of the method; empty for tornado.
    now
        The point at which nothing is varied.
    left_out
        Keys that could not vary, with the reason.
    """

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded)
        config = loaded.config
        self.metric: Metric = metric_of(self.metrics[0])
        self.method = str(config["method"])
        self.second_order = bool(config["second_order"])
        self.alone: dict[str, list[str]] = config["alone"]
        self.design: list[str] = config["design"]
        self.now = str(config["now"])
        self.left_out: dict[str, str] = config["left_out"]

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point: its name, and the value of every key, which is the configured one where it is not varied."""
        now = {key: self.note(key)["now"] for key in self.keys}
        rows = [{"point": name, **now, **values} for name, values in self.loaded.config["points"].items()]
        return pd.DataFrame(rows, columns=["point", *self.keys])

    @property
    def pairs(self) -> list[Target]:
        """Every two arms, the one that comes first as baseline."""
        return [Target(strategy, baseline) for baseline, strategy in combinations(self.strategies, 2)]

    @property
    def main(self) -> list[Target]:
        """What is drawn: the pairs with the first arm; of a single arm its metric."""
        first, *others = self.strategies
        return [Target(name, first) for name in others] or [Target(first)]

    @property
    def targets(self) -> list[Target]:
        """What is in the tables: the pairs, then each arm."""
        return [*self.pairs, *(Target(name) for name in self.strategies)]

    def note(self, key: str) -> dict[str, Any]:
        """Return what is known of a key: unit, now, low, high, scale, status, source, meaning."""
        note = self.loaded.config["keys"][key]
        assert isinstance(note, dict)
        return note

    def with_unit(self, key: str, value: float) -> str:
        """Write a value of a key with its unit, if it is counted in one; a factor or a share is a bare number."""
        unit = str(self.note(key)["unit"])
        counted = "/" in unit or unit.endswith("s") or unit == "yuan"
        return f"{value:.4g}{f' {unit}' if counted else ''}".replace("-", "−")

    def table(self, target: Target) -> pd.DataFrame:
        """Return the values of a target: one row a point, one column a replication; NaN where a run is missing."""
        own = self._of(target.strategy)
        return own - self._of(target.baseline) if target.baseline else own

    def _of(self, strategy: str) -> pd.DataFrame:
        if strategy not in self._wide:
            runs = self.runs
            own = runs[runs["strategy"] == strategy]
            values = own if self.metric.name in own else own.assign(**{self.metric.name: float("nan")})
            self._wide[strategy] = values.pivot(index="point", columns="replication", values=self.metric.name).reindex(self.points["point"])
        return self._wide[strategy]

    @cached_property
    def _wide(self) -> dict[str, pd.DataFrame]:
        return {}
