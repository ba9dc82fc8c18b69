"""What the runs in uncertain worlds say: who leads in what share of them, and what a wrong choice would cost."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.loaded import Loaded
from experiments.metrics import metric_of
from experiments.robustness.job import FOLDER
from experiments.statistics import half_width
from experiments.sweep.results import SweepResults
from experiments.tables import RUNS

__all__ = ["ROBUSTNESS_TABLE", "WORLDS_TABLE", "Robustness", "robustness_of"]

ROBUSTNESS_TABLE, WORLDS_TABLE = "robustness.csv", "robustness_worlds.csv"


class Robustness:
    """A comparison in many worlds.

    Parameters
    ----------
    found
        Its runs.

    Attributes
    ----------
    strategies
        The arms, the baseline first.
    keys
        What varies from world to world.
    metric
        What decides who leads.
    """

    def __init__(self, found: SweepResults) -> None:
        self.found = found
        self.strategies = found.strategies
        self.keys = found.keys
        self.metric = found.metrics[0]
        #: Whether the worlds are draws of a posterior, each as likely as any other.
        self.are_draws = bool(found.loaded.config.get("draws"))
        self._better = metric_of(self.metric).better

    @cached_property
    def _runs(self) -> pd.DataFrame:
        """The metric of every replication that all arms have, one row a world and replication, one column an arm."""
        return self.found.runs.pivot(index=["point", "replication"], columns="strategy", values=self.metric)[self.strategies].dropna()

    @cached_property
    def means(self) -> pd.DataFrame:
        """Means over replications, one row a world, one column an arm."""
        means = self._runs.groupby("point").mean()
        return means.loc[[name for name in self.found.points["point"] if name in means.index]]

    def worlds(self) -> pd.DataFrame:
        """Compute `robustness_worlds.csv`.

        Returns
        -------
        DataFrame
            One row a world: its keys, the leader, whether its lead over the next is decided (95 % t interval of the
            paired difference over replications leaves out 0), the difference of the best other arm from the baseline,
            and for each arm its mean and its regret.
        """
        means = self.means
        values = means.to_numpy(dtype=np.float64)
        good = values * self._better
        other = 1 + np.argmax(good[:, 1:], axis=1)
        table = self.found.points.set_index("point").loc[means.index].reset_index()
        table["leader"] = np.array(self.strategies, dtype=object)[np.argmax(good, axis=1)]
        table["decided"] = [self._is_decided(str(point)) for point in means.index]
        table["difference"] = values[np.arange(len(values)), other] - values[:, 0]
        for place, name in enumerate(self.strategies):
            table[f"mean_{name}"] = values[:, place]
        for place, name in enumerate(self.strategies):
            table[f"regret_{name}"] = good.max(axis=1) - good[:, place]
        return table

    def table(self) -> pd.DataFrame:
        """Compute `robustness.csv`.

        Returns
        -------
        DataFrame
            One row an arm: share of worlds in which it leads with the 95 % Wilson interval of a share of so many worlds,
            share in which its lead is decided, mean of the metric, mean and greatest regret.
        """
        from scipy import stats  # takes half a second, and most comparisons have no such worlds

        worlds = self.worlds()
        rows = []
        for name in self.strategies:
            wins = int((worlds["leader"] == name).sum())
            low, high = stats.binomtest(wins, len(worlds)).proportion_ci(method="wilson")
            sure = float(((worlds["leader"] == name) & worlds["decided"]).mean())
            regret = worlds[f"regret_{name}"]
            rows.append(
                (name, wins / len(worlds), low, high, sure, worlds[f"mean_{name}"].mean(), regret.mean(), regret.max(), len(worlds))
            )
        names = ["strategy", "share_of_worlds", "low", "high", "share_decided", "mean", "regret_mean", "regret_most", "worlds"]
        return pd.DataFrame(rows, columns=names)

    def spread(self, strategy: str) -> tuple[float, float, float]:
        """Return the mean over worlds of the difference of an arm from the baseline, and between what 95 % of worlds have it."""
        gaps = (self.means[strategy] - self.means[self.strategies[0]]).to_numpy(np.float64)
        low, high = np.quantile(gaps, [0.025, 0.975])
        return float(gaps.mean()), float(low), float(high)

    def _is_decided(self, point: str) -> bool:
        """Whether the first of a world leads the second by more than the interval of their paired difference."""
        runs = self._runs.loc[[point]].to_numpy(dtype=np.float64) * self._better
        first, second = np.argsort(-runs.mean(axis=0), kind="stable")[:2]
        gaps = runs[:, first] - runs[:, second]
        return bool(gaps.size > 1 and gaps.mean() > half_width(gaps.std(ddof=1), gaps.size))


def robustness_of(folder: Path) -> Robustness | None:
    """Find the worlds in the folder of a comparison; None where none were asked for, or no run of them is joined yet."""
    place = folder / FOLDER
    if not (place / f"{RUNS}.parquet").is_file():
        return None
    found = Robustness(SweepResults(Loaded(place)))
    return None if found.means.empty else found
