"""Which arm is best: the procedure applied to a metric of finished runs, and what is known of each arm then."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.sequential.kim_nelson import Selection, first_rows, kim_nelson
from experiments.sequential.samples import Sample
from experiments.sequential.settings import BestSettings
from experiments.statistics import bootstrap_means, interval_of

__all__ = ["BEST", "ELIMINATED", "UNDECIDED", "UNDEFINED", "Contest", "best_of", "best_table", "probability_best"]

BEST, ELIMINATED, UNDECIDED, UNDEFINED = "best", "eliminated", "undecided", "undefined"
_COLUMNS = (
    *("arm", "status", "replications", "mean", "mean_low", "mean_high", "difference", "low", "high"),
    *("eliminated_at", "probability_best", "indifference", "ends_by"),
)


class Contest(NamedTuple):
    """State of the search for the best arm.

    Attributes
    ----------
    columns
        Arms that take part: those of the sample that have a value at all in the first stage.
    zone
        The indifference zone, in the unit of the metric: 0 where the share of the baseline's mean is none, NaN in the first stage.
    selection
        How far the procedure has come, over these columns.
    """

    columns: list[int]
    zone: float
    selection: Selection


def best_of(sample: Sample, better: int, settings: BestSettings) -> Contest:
    """Look for the best arm.

    Parameters
    ----------
    sample
        The metric, the baseline first.
    better
        1 when more is better, -1 when less is.
    settings
        Zone, confidence, first stage.
    """
    first = settings.first_stage
    columns = [
        place for place in range(len(sample.arms)) if sample.tried[place] < first or not np.isnan(sample.values[:first, place]).all()
    ]
    own = sample.only(columns).signed(better)
    start = first_rows(own.values, own.tried, first) if columns else np.empty(0, dtype=np.int64)
    base = float(np.nanmean(sample.values[start, 0])) if start.size and 0 in columns else math.nan
    zone = settings.indifference * abs(base) if settings.indifference_amount is None else settings.indifference_amount
    zone = float(np.nan_to_num(zone)) if start.size == first else math.nan
    return Contest(columns, zone, kim_nelson(own.values, zone, confidence=settings.confidence, first_stage=first, tried=own.tried))


def best_table(sample: Sample, better: int, settings: BestSettings) -> pd.DataFrame:
    """Say what became of each arm, from the replications that the procedure used.

    Parameters
    ----------
    sample, better, settings
        As in :func:`best_of`.

    Returns
    -------
    DataFrame
        One row an arm, see docs/reference/metrics.md. While nothing is decided, `difference` is from the arm that is ahead.
    """
    columns, zone, selection = best_of(sample, better, settings)
    used = np.zeros(len(sample.arms), dtype=np.int64)
    used[columns] = selection.used
    alive = np.zeros(len(sample.arms), dtype=bool)
    alive[columns] = selection.alive
    values = sample.values[selection.rows]
    values = np.where(np.arange(len(values))[:, None] < used, values, np.nan)
    ahead = _ahead(values, alive, better)
    probabilities = probability_best(better * values, ahead)
    rows = []
    for place, arm in enumerate(sample.arms):
        status = (
            UNDEFINED if place not in columns else ELIMINATED if not alive[place] else BEST if selection.best is not None else UNDECIDED
        )
        mean = interval_of(values[:, place])
        gap = interval_of(values[:, place] - values[:, ahead])
        known = (gap.mean, gap.low, gap.high) if place != ahead else (0.0, math.nan, math.nan)
        out = used[place] if status == ELIMINATED else math.nan
        ends_by = selection.ends_by if status == UNDECIDED and selection.ends_by else math.nan
        rows.append((arm, status, used[place], *mean[:3], *known, out, probabilities[place], zone, ends_by))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({"eliminated_at": "Int64"})


def probability_best(values: NDArray[np.float64], reference: int) -> NDArray[np.float64]:
    """Share of bootstrap samples of the replications in which each arm is ahead of all others.

    Arms have unequal numbers of replications. Each is compared with the reference on the replications that both have, in the
    same bootstrap sample for all arms.

    Parameters
    ----------
    values
        Replications x arms, more is better; NaN where an arm was out.
    reference
        An arm that has them all.

    Returns
    -------
    array
        One share an arm, together 1; NaN for arms without a value, and for all with fewer than two replications.
    """
    shares = np.full(values.shape[1], np.nan)
    if len(values) < 2:
        return shares
    gaps = values - values[:, [reference]]
    there = ~np.isnan(gaps)
    known = np.flatnonzero(there.any(axis=0))
    means = bootstrap_means(np.hstack([np.where(there, gaps, 0.0)[:, known], there[:, known].astype(np.float64)]))
    sums, counts = means[:, : known.size], means[:, known.size :]
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(counts > 0, sums / counts, -np.inf)
    first = gains == gains.max(axis=1, keepdims=True)
    shares[known] = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)  # arms that are equal share a sample
    return shares


def _ahead(values: NDArray[np.float64], alive: NDArray[np.bool_], better: int) -> int:
    """Find the arm with the best mean among those that are still in: these have the same replications."""
    if not len(values) or not alive.any():
        return int(alive.argmax())
    means = np.where(alive, better * values.sum(axis=0), -np.inf)
    return int(np.nan_to_num(means, nan=-np.inf).argmax())
