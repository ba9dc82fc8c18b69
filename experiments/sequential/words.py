"""What came of it, in sentences."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from experiments.metrics import Metric, metric_of
from experiments.numbers import count, share, show
from experiments.sequential.best import BEST, UNDECIDED, UNDEFINED
from experiments.sequential.results import REACHED
from experiments.sequential.settings import BestSettings, PrecisionSettings

__all__ = ["amount", "best_sentence", "precision_sentences", "share_text"]


def precision_sentences(table: pd.DataFrame, asked: PrecisionSettings) -> list[str]:
    """Say of every metric for which arms the precision was reached, and for which it was not.

    Parameters
    ----------
    table
        `precision.csv`.
    asked
        What was asked for.
    """
    sentences = []
    for name, wanted in asked.shares.items():
        rows = [row for _, row in table[table["metric"] == name].iterrows()]
        label = f"Precision of {_label(metric_of(name))}, {share_text(wanted)} of the mean of {rows[0]['baseline']}"
        sentences.append(f"{label}: {'; '.join(_precision(row, asked) for row in rows)}.")
    return sentences


def _precision(row: Any, asked: PrecisionSettings) -> str:
    if row["status"] == REACHED:
        return f"{row['arm']} reached it at {count(row['reached_at'])} replications"
    if row["status"] == UNDEFINED:
        return f"{row['arm']} has no pair of replications with a value"
    done = int(row["replications"])
    why = "precision.most" if done >= asked.most else "time_limit_minutes"
    text = f"{row['arm']} did not reach it with {count(done)} replications ({why})"
    if not math.isnan(row["share"]):
        text += f", half the interval is {share_text(row['share'])} now"
    needed = row["replications_needed"]
    if math.isinf(needed):
        return f"{text}, and the mean is 0: no number of replications would do"
    return text if math.isnan(needed) else f"{text} and would take about {_about(needed)} replications"


def best_sentence(table: pd.DataFrame, asked: BestSettings) -> str:
    """Say which arm is best, or between which it is undecided, and what that cost.

    Parameters
    ----------
    table
        `best.csv`.
    asked
        What was asked for.
    """
    assert asked.metric is not None
    metric = metric_of(asked.metric)
    label, zone = _label(metric), float(table["indifference"].iloc[0])
    spent = f"{count(int(table['replications'].sum()))} runs decided, {count(int(table['replications'].max()))} of an arm at most"
    best = table[table["status"] == BEST]
    if len(best):
        name = best["arm"].iloc[0]
        if (table["status"] != UNDEFINED).sum() == 1:
            return f"Best on {label}: {name} alone has a value."
        promise = (
            f"finds the best with a probability of at least {share_text(asked.confidence)} if it leads by {amount(zone, metric)} or more"
        )
        return f"Best on {label}: {name} (the procedure {promise}; {spent})."
    still = table[table["status"] == UNDECIDED]
    if still.empty:
        return f"Best on {label}: no arm has a value."
    if zone == 0:
        return f"Best on {label}: undecided, for the baseline's mean is 0 or not defined; give best.indifference_amount."
    names = still["arm"].tolist()
    done, ends_by = int(still["replications"].max()), float(still["ends_by"].max())
    why = "best.most" if done >= asked.most else "time_limit_minutes"
    ahead = still.loc[still["difference"] == 0, "arm"].iloc[0]
    between = f"{', '.join(names[:-1])} and {names[-1]}"
    text = f"Best on {label}: undecided between {between} after {count(done)} replications ({why}); {ahead} is ahead"
    end = "" if math.isnan(ends_by) or math.isinf(ends_by) else f"; the procedure ends by replication {count(ends_by)}"
    return f"{text}{end} ({spent})."


def amount(value: float, metric: Metric) -> str:
    """Write an amount of a metric with its unit; one of shares is in percentage points."""
    if metric.unit == "share":
        return f"{show(value, metric).removesuffix(' %')} points"
    if metric.unit == "count" and value < 1:  # rounding would make nothing of it
        return f"{value:.2g}"
    return f"{show(value, metric)}{' yuan' if metric.unit == 'yuan' else ' days' if metric.unit == 'days' else ''}"


def _label(metric: Metric) -> str:
    return metric.label if metric.label[:2].isupper() else f"{metric.label[0].lower()}{metric.label[1:]}"


def share_text(value: float) -> str:
    """Write a share without idle zeros: 2 %, 0.5 %, 12.3 %."""
    return f"{100 * value:.3g} %" if value < 1 else share(value)


def _about(number: float) -> str:
    """Write an estimate with two digits."""
    size = 10 ** max(0, math.floor(math.log10(max(number, 1))) - 1)
    return count(math.ceil(number / size) * size)
