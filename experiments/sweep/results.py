"""What the runs of a sweep say: every metric at every point, as tables with the settings beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from experiments.loaded import Loaded
from experiments.metrics import METRICS, metric_of
from experiments.statistics import half_width

__all__ = ["SweepResults", "marginal"]

Floats = NDArray[np.float64]


class SweepResults:
    """A sweep that was run.

    Parameters
    ----------
    loaded
        Its folder.

    Attributes
    ----------
    strategies
        The arms, the baseline first.
    keys
        What varies, levers first.
    metrics
        What is drawn.
    """

    def __init__(self, loaded: Loaded) -> None:
        config = loaded.config
        self.loaded = loaded
        self.strategies = [str(name) for name in config["strategies"]]
        self.keys = list(config["keys"])
        self.levers = [key for key in self.keys if config["keys"][key]["side"] == "lever"]
        self.uncertainties = [key for key in self.keys if key not in self.levers]
        self.metrics = [str(name) for name in config["metrics"]]
        self._points = config["points"]

    def unit(self, key: str) -> str:
        """Return the unit of a key; empty where it has none."""
        return str(self.loaded.config["keys"][key]["unit"])

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point: its name, and the value of every key."""
        rows = [{"point": name, **values} for name, values in self._points.items()]
        return pd.DataFrame(rows, columns=["point", *self.keys])

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: strategy, point, the keys, replication, metrics."""
        runs = pd.read_parquet(self.loaded.folder / "runs.parquet")
        names = runs["strategy"].str.rsplit("@", n=1)
        runs = runs.assign(strategy=names.str[0], point=names.str[1])
        joined = self.points.merge(runs[runs["strategy"].isin(self.strategies)], on="point", how="inner")
        shown = ["strategy", "point", *self.keys, "replication"]
        return joined[[*shown, *(name for name in joined.columns if name not in shown)]]

    @property
    def measured(self) -> list[str]:
        """Metrics that the runs have, in their order."""
        return [metric.name for metric in METRICS if metric.name in self.runs]

    def summary(self) -> pd.DataFrame:
        """Return the mean of every metric at every point with its 95 % t interval over replications, one row each."""
        return self._long(self.runs, ["strategy", "point"], ("mean", "low", "high"))

    def paired(self) -> pd.DataFrame:
        """Return paired differences from the baseline at every point, on the same people, one row a metric."""
        baseline = self.strategies[0]
        index = ["point", "replication"]
        base = self.runs[self.runs["strategy"] == baseline].set_index(index)[self.measured]
        frames = []
        for name in self.strategies[1:]:
            own = self.runs[self.runs["strategy"] == name].set_index(index)[self.measured]
            both = own.index.intersection(base.index)
            frames.append((own.loc[both] - base.loc[both]).reset_index().assign(strategy=name))
        names = ["strategy", "baseline", "point", *self.keys, "metric", "difference", "low", "high", "probability_better", "replications"]
        if not frames:
            return pd.DataFrame(columns=names)
        table = self._long(pd.concat(frames, ignore_index=True), ["strategy", "point"], ("difference", "low", "high"))
        return table.assign(baseline=baseline, probability_better=_probability(table))[names]

    def _long(self, runs: pd.DataFrame, by: Sequence[str], names: tuple[str, str, str]) -> pd.DataFrame:
        """Summarise metrics within groups, one row a group and metric, in the order of arms and points."""
        grouped = runs.groupby(list(by), sort=False)[self.measured]
        parts = {"mean": grouped.mean(), "deviation": grouped.std(ddof=1), "replications": grouped.count()}
        tall = pd.concat({name: part.stack(future_stack=True) for name, part in parts.items()}, axis=1)
        tall.index.names = [*by, "metric"]
        table = tall.reset_index().merge(self.points, on="point", how="left")
        count = table["replications"].to_numpy(dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            half = half_width(table["deviation"].to_numpy(dtype=np.float64), count)
        mean = table["mean"].to_numpy(dtype=np.float64)
        table = table.assign(**dict(zip(names, (mean, mean - half, mean + half), strict=True)))
        order = {name: place for place, name in enumerate(self.strategies)}
        place = {name: number for number, name in enumerate(self.points["point"])}
        table = table.assign(_arm=table["strategy"].map(order), _point=table["point"].map(place))
        table = table.sort_values(["_arm", "_point"], kind="stable")
        return table[["strategy", "point", *self.keys, "metric", *names, "replications"]].reset_index(drop=True)


def _probability(table: pd.DataFrame) -> Floats:
    """Return the probability that a mean difference is favourable, from the t distribution that its interval has."""
    count = table["replications"].to_numpy(dtype=np.float64)
    half = table["high"].to_numpy(dtype=np.float64) - table["difference"].to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = half / half_width(np.sqrt(count), count)  # by the half width that a standard error of 1 has
        better = np.array([metric_of(name).better for name in table["metric"]], dtype=np.float64)
        chance = stdtr(np.maximum(count - 1, 1), better * table["difference"].to_numpy(dtype=np.float64) / error)
    return np.where((better == 0) | (count < 2), np.nan, chance)


def marginal(runs: pd.DataFrame, by: Sequence[str], metric: str) -> pd.DataFrame:
    """Average over what is not named: one mean a replication, then mean and 95 % t interval over replications.

    Parameters
    ----------
    runs
        Runs of a sweep.
    by
        Columns whose values stay apart.
    metric
        What is averaged.

    Returns
    -------
    DataFrame
        The columns of `by`, then mean, low, high.
    """
    each: Any = runs.groupby([*by, "replication"], sort=True)[metric].mean()
    grouped = each.groupby(list(by), sort=True)
    count = grouped.count()
    half = half_width(grouped.std(ddof=1), count)
    mean = grouped.mean()
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half}).reset_index()
