"""Means, paired differences and their intervals over replications.

Intervals are 95 % t intervals over replications. They say how much the result hangs on the draws, not how much it hangs
on the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from experiments.metrics import METRICS, metric_of

__all__ = [
    "Interval",
    "bootstrap_means",
    "comparable_means",
    "distinct_bootstrap_means",
    "half_width",
    "interval_of",
    "paired_differences",
    "paired_table",
    "probability_better",
    "summary_table",
    "with_incremental_gmv",
]

_CONFIDENCE = 0.95
_RESAMPLES = 10_000
#: Fixed, so that the same runs always give the same statistics.
_BOOTSTRAP_SEED = 20_240_601
_CHUNK = 2_000_000
#: Up to so many replications, bootstrap samples repeat often enough for it to pay to look at each once (8: 6,435 there are).
_FEW = 8

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """A mean with its interval; `low` and `high` are NaN where fewer than two replications say something."""

    mean: float
    low: float
    high: float
    replications: int

    @property
    def decided(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def interval_of(values: Floats) -> Interval:
    """Mean and 95 % t interval of one value a replication; NaN values are left out.

    Parameters
    ----------
    values
        One number a replication.
    """
    values = values[~np.isnan(values)]
    count = values.size
    if count == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    mean = float(values.mean())
    if count == 1:
        return Interval(mean, np.nan, np.nan, 1)
    half = float(_quantile(count) * values.std(ddof=1) / np.sqrt(count))
    return Interval(mean, mean - half, mean + half, count)


@lru_cache(maxsize=1024)
def _quantile(count: int) -> float:
    """Return the quantile of a t interval; SciPy takes longer for it than all else takes."""
    return float(stdtrit(count - 1, (1 + _CONFIDENCE) / 2))


def half_width(deviation: Any, count: Any) -> Any:
    """Half the width of a 95 % t interval, from standard deviations and numbers of replications (arrays or numbers)."""
    return stdtrit(np.maximum(count - 1, 1), (1 + _CONFIDENCE) / 2) * deviation / np.sqrt(count)


def bootstrap_means(values: Floats, resamples: int = _RESAMPLES) -> Floats:
    """Means of bootstrap samples of replications, drawn with a fixed seed.

    Parameters
    ----------
    values
        One row (or number) a replication.
    resamples
        How many samples.

    Returns
    -------
    array
        One row (or number) a sample.
    """
    count = len(values)
    step = max(1, _CHUNK // count)
    if step >= resamples:
        return _samples(count, resamples) @ values / count
    generator = np.random.default_rng(_BOOTSTRAP_SEED)
    means = []
    for start in range(0, resamples, step):
        weights = generator.multinomial(count, np.full(count, 1 / count), size=min(step, resamples - start))
        means.append(weights @ values / count)
    return np.concatenate(means)


def distinct_bootstrap_means(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Means of the samples of :func:`bootstrap_means`, each once, for what costs much to work out of a mean.

    Parameters
    ----------
    values
        One row (or number) a replication.

    Returns
    -------
    means : array
        One row (or number) a distinct sample; with many replications, every sample.
    times : array
        How often each was drawn.
    """
    count = len(values)
    if count > _FEW:
        return bootstrap_means(values), np.ones(_RESAMPLES, dtype=np.int64)
    weights, times = _distinct_samples(count)
    return weights @ values / count, times


@lru_cache(maxsize=4)
def _samples(count: int, resamples: int) -> NDArray[np.int64]:
    """Draw how often each of `count` replications is in each sample; all statistics of an experiment take the same."""
    return np.random.default_rng(_BOOTSTRAP_SEED).multinomial(count, np.full(count, 1 / count), size=resamples)


@lru_cache(maxsize=4)
def _distinct_samples(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    weights, times = np.unique(_samples(count, _RESAMPLES), axis=0, return_counts=True)
    return weights, times


def probability_better(differences: Floats, better: int) -> float:
    """Bootstrap probability that the mean difference is favourable; ties count half.

    Parameters
    ----------
    differences
        One paired difference a replication, without NaN.
    better
        1 when more is better, -1 when less is; 0 gives NaN, and so do fewer than two replications.
    """
    if better == 0 or differences.size < 2:
        return float("nan")
    return _share_better(bootstrap_means(differences), better)


def _share_better(means: Floats, better: int) -> float:
    return float(np.mean(better * means > 0) + 0.5 * np.mean(means == 0))


def _probabilities_better(differences: pd.DataFrame) -> dict[str, float]:
    """Bootstrap probabilities of several metrics, see :func:`probability_better`.

    Metrics that the same replications have share their samples: to draw them takes longer than all other statistics together.
    """
    alike: dict[bytes, list[str]] = {}
    for metric in differences.columns:
        alike.setdefault(differences[metric].notna().to_numpy().tobytes(), []).append(metric)
    found: dict[str, float] = {}
    for metrics in alike.values():
        values = differences[metrics].dropna().to_numpy(dtype=np.float64)
        known = [metric for metric in metrics if metric_of(metric).better != 0] if len(values) > 1 else []
        if known:
            means = bootstrap_means(values[:, [metrics.index(metric) for metric in known]])
            found |= {metric: _share_better(own, metric_of(metric).better) for metric, own in zip(known, means.T, strict=True)}
    return found


def paired_differences(runs: pd.DataFrame, strategy: str, baseline: str, metric: str) -> Floats:
    """Differences strategy - baseline of replications that both have."""
    return _without_gaps(_paired(runs, strategy, baseline, [metric])[metric])


def _paired(runs: pd.DataFrame, strategy: str, baseline: str, metrics: Sequence[str]) -> pd.DataFrame:
    """Differences strategy - baseline of several metrics, a row a replication."""
    ours, theirs = (runs.loc[runs["strategy"] == name, ["replication", *metrics]].set_index("replication") for name in (strategy, baseline))
    return ours.sub(theirs).sort_index()


def _without_gaps(differences: pd.Series[float]) -> Floats:
    return np.asarray(differences.dropna(), dtype=np.float64)


def comparable_means(runs: pd.DataFrame, strategies: Sequence[str], metric: str) -> pd.Series[float]:
    """Mean of a metric by strategy, for ranking: where numbers of replications differ, as if all had those of the strategy with most.

    Replications differ in luck, and all strategies share it: who has had the first twenty only is placed by the paired difference.

    Parameters
    ----------
    runs
        One row a run.
    strategies
        Which, in the order of the result.
    metric
        Column of the metric.
    """
    columns = runs.pivot(index="replication", columns="strategy", values=metric).reindex(columns=list(strategies)).astype(float)
    means, counts = columns.mean(), columns.notna().sum()
    if counts[counts > 0].nunique() <= 1:
        return means
    most = str(counts.idxmax())
    reference = columns[most]
    placed: pd.Series[float] = reference.mean() + columns.sub(reference, axis=0).mean()
    return placed.fillna(means)


def summary_table(runs: pd.DataFrame, strategies: Sequence[str]) -> pd.DataFrame:
    """Summarise every metric of every strategy.

    Parameters
    ----------
    runs
        One row a run: strategy, replication, metrics.
    strategies
        In the order to show; the first is the baseline.

    Returns
    -------
    DataFrame
        strategy, metric, mean, low, high, replications.
    """
    rows = []
    for strategy in strategies:
        own = runs[runs["strategy"] == strategy]
        for metric in _metrics(runs):
            rows.append((strategy, metric, *interval_of(own[metric].to_numpy(dtype=np.float64))))
    return pd.DataFrame(rows, columns=["strategy", "metric", "mean", "low", "high", "replications"])


def paired_table(runs: pd.DataFrame, strategies: Sequence[str]) -> pd.DataFrame:
    """Compare every strategy with the first, replication by replication.

    Parameters
    ----------
    runs, strategies
        As in :func:`summary_table`.

    Returns
    -------
    DataFrame
        strategy, baseline, metric, difference, low, high, probability_better, replications.
    """
    rows = []
    baseline, *others = strategies
    for strategy in others:
        paired = _paired(runs, strategy, baseline, _metrics(runs))
        probabilities = _probabilities_better(paired)
        for metric in _metrics(runs):
            mean, low, high, count = interval_of(_without_gaps(paired[metric]))
            rows.append((strategy, baseline, metric, mean, low, high, probabilities.get(metric, np.nan), count))
    names = ["strategy", "baseline", "metric", "difference", "low", "high", "probability_better", "replications"]
    return pd.DataFrame(rows, columns=names)


def with_incremental_gmv(runs: pd.DataFrame, community: Mapping[str, bool]) -> pd.DataFrame:
    """Add what the community brought, where an arm without one was run on the same people.

    Parameters
    ----------
    runs
        One row a run.
    community
        By strategy, whether it has a community. The first without one is the reference.
    """
    reference = next((name for name, has_one in community.items() if not has_one), None)
    if reference is None or "gmv" not in runs:
        return runs
    base = runs[runs["strategy"] == reference].set_index("replication")["gmv"]
    incremental = runs["gmv"] - runs["replication"].map(base)
    return runs.assign(incremental_gmv=incremental.where(runs["strategy"] != reference))


def _metrics(runs: pd.DataFrame) -> list[str]:
    """List the metrics of the runs: those that are defined in their order, then any others."""
    there = [name for name in runs.columns if name not in ("strategy", "replication")]
    known = [metric.name for metric in METRICS if metric.name in there]
    return [*known, *sorted(set(there) - set(known))]
