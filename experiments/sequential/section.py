"""What the report says of the number of replications."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from experiments.loaded import Loaded
from experiments.metrics import Metric, metric_of
from experiments.numbers import count, show
from experiments.sequential.best import BEST
from experiments.sequential.results import asked_best, asked_precision, read_best, read_precision
from experiments.sequential.words import amount, best_sentence, precision_sentences, share_text

__all__ = ["best_section", "precision_section"]

_MISSING = "–"


def precision_section(loaded: Loaded) -> dict[str, Any] | None:
    """Show for every metric and arm whether the precision was reached; None where none was asked for."""
    asked = asked_precision(loaded)
    if not asked.wanted:
        return None
    table = read_precision(loaded.folder)
    return {"sentences": precision_sentences(table, asked), "rows": [_precision_row(row) for _, row in table.iterrows()]}


def _precision_row(row: pd.Series[Any]) -> dict[str, str]:
    metric = metric_of(row["metric"])
    return {
        "metric": metric.label,
        "arm": row["arm"],
        "status": row["status"],
        "replications": count(row["replications"]),
        "difference": amount(row["difference"], metric),
        "half_width": amount(row["half_width"], metric),
        "share": _MISSING if math.isnan(row["share"]) else share_text(row["share"]),
        "wanted": share_text(row["wanted_share"]),
        "reached_at": count(row["reached_at"]),
        "needed": _MISSING if not math.isfinite(row["replications_needed"]) else count(row["replications_needed"]),
    }


def best_section(loaded: Loaded) -> dict[str, Any] | None:
    """Show what became of each arm, the best first; None where the best was not looked for."""
    asked = asked_best(loaded)
    if asked.metric is None:
        return None
    table, metric = read_best(loaded.folder), metric_of(asked.metric)
    decided = bool((table["status"] == BEST).any())
    return {
        "sentence": best_sentence(table, asked),
        "metric": metric.label,
        "from": "the best" if decided else "the arm that is ahead",
        "rows": [_best_row(row, metric) for _, row in table.iterrows()],
    }


def _best_row(row: pd.Series[Any], metric: Metric) -> dict[str, str]:
    return {
        "arm": row["arm"],
        "status": row["status"],
        "replications": count(row["replications"]),
        "mean": show(row["mean"], metric),
        "span": _span(row["mean_low"], row["mean_high"], metric),
        "difference": _MISSING if math.isnan(row["low"]) else show(row["difference"], metric),
        "difference_span": _span(row["low"], row["high"], metric),
        "probability": _MISSING if math.isnan(row["probability_best"]) else f"{row['probability_best']:.2f}",
    }


def _span(low: float, high: float, metric: Metric) -> str:
    return "" if math.isnan(low) else f"{show(low, metric)} to {show(high, metric)}"
