"""What came of it, read back from the folder of a comparison: `precision.csv` and `best.csv`."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.loaded import Loaded
from experiments.metrics import metric_of
from experiments.sequential.best import best_table
from experiments.sequential.precision import Widths, replications_needed, stopping_look, widths_of
from experiments.sequential.samples import sample_of
from experiments.sequential.settings import BestSettings, PrecisionSettings, precision_keys
from experiments.tables import RunKey

__all__ = [
    *("BEST_TABLE", "NOT_REACHED", "PRECISION_TABLE", "REACHED", "UNDEFINED", "asked_best", "asked_precision"),
    *("precision_table", "read_best", "read_precision", "sequential_tables"),
]

PRECISION_TABLE, BEST_TABLE = "precision.csv", "best.csv"
REACHED, NOT_REACHED, UNDEFINED = "reached", "not reached", "undefined"
_COLUMNS = (
    *("metric", "arm", "baseline", "status", "replications", "pairs", "difference", "low", "high", "half_width"),
    *("share", "wanted_share", "reached_at", "replications_needed"),
)


def asked_precision(loaded: Loaded) -> PrecisionSettings:
    """Return the precision that a comparison was asked for."""
    return PrecisionSettings.model_validate(precision_keys(loaded.config.get("precision")))


def asked_best(loaded: Loaded) -> BestSettings:
    """Return the search for the best arm that a comparison was asked for."""
    return BestSettings.model_validate(loaded.config.get("best") or {})


def sequential_tables(loaded: Loaded) -> dict[str, pd.DataFrame]:
    """Compute the tables of what was asked for, by the names of their files."""
    arms = [str(name) for name in loaded.config["strategies"]]
    precision, best = asked_precision(loaded), asked_best(loaded)
    tables = {}
    if precision.wanted:
        least = int(loaded.config["first_look"])
        tables[PRECISION_TABLE] = precision_table(loaded.runs, loaded.failed, arms, precision, least)
    if best.metric is not None:
        sample = sample_of(loaded.runs, loaded.failed, arms, best.metric)
        tables[BEST_TABLE] = best_table(sample, metric_of(best.metric).better, best)
    return tables


def read_precision(folder: Path) -> pd.DataFrame:
    """Read `precision.csv` back."""
    return _read(folder / PRECISION_TABLE)


def read_best(folder: Path) -> pd.DataFrame:
    """Read `best.csv` back."""
    return _read(folder / BEST_TABLE)


def _read(path: Path) -> pd.DataFrame:
    # Names of arms are texts, whatever they look like.
    return pd.read_csv(path, dtype=dict.fromkeys(("metric", "arm", "baseline", "status"), "object"), keep_default_na=False, na_values=[""])


def precision_table(
    runs: pd.DataFrame, failed: Collection[RunKey], arms: Sequence[str], asked: PrecisionSettings, least: int
) -> pd.DataFrame:
    """Say of every metric and every arm but the baseline whether the precision was reached, at the look at which the rule stopped.

    Parameters
    ----------
    runs, failed, arms
        As in :func:`experiments.sequential.samples.sample_of`.
    asked
        The precision.
    least
        Replications at the first look.

    Returns
    -------
    DataFrame
        See docs/reference/metrics.md. Where the rule has not stopped, the last look counts, or what there is before the first.
    """
    samples = {metric: sample_of(runs, failed, arms, metric) for metric in asked.shares}
    there = min((int(sample.tried.min()) for sample in samples.values()), default=0)
    first, most = (least, max(asked.most, least)) if there >= least else (there, there)
    widths = {metric: widths_of(sample, asked.shares[metric], first, most) for metric, sample in samples.items()} if there else {}
    stop = stopping_look(list(widths.values())) if widths and there >= least else None
    rows = []
    for metric, share in asked.shares.items():
        for place, arm in enumerate(arms[1:]):
            known = _row(widths[metric], stop, place, share) if widths else (NOT_REACHED, 0, 0, *[math.nan] * 5, share, None, math.nan)
            rows.append((metric, arm, arms[0], *known))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({"reached_at": "Int64"})


def _row(widths: Widths, stop: int | None, arm: int, share: float) -> tuple[object, ...]:
    look = len(widths.looks) - 1 if stop is None else stop
    narrow = widths.narrow[: look + 1, arm]
    reached = bool(narrow[look]) and not widths.undefined[arm]
    # Since which look it has been: a half-width may grow again while other arms are waited for.
    wide = np.flatnonzero(~narrow)
    since = int(widths.looks[wide[-1] + 1 if wide.size else 0]) if reached else None
    difference, half = float(widths.differences[look, arm]), float(widths.half_widths[look, arm])
    mean = float(widths.targets[look]) / share
    status = UNDEFINED if widths.undefined[arm] else REACHED if reached else NOT_REACHED
    needed = float(replications_needed(widths, look)[arm])
    return (
        *(status, int(widths.looks[look]), int(widths.pairs[look, arm]), difference, difference - half, difference + half, half),
        *(half / mean if mean else math.nan, share, since, math.nan if reached else needed),
    )
