"""What uncertain worlds show, in words that take no side."""

from __future__ import annotations

import pandas as pd

from experiments.metrics import metric_of
from experiments.numbers import share, show
from experiments.robustness.results import Robustness

__all__ = ["ROBUSTNESS_CAVEAT", "reading"]

ROBUSTNESS_CAVEAT = (
    "Worlds are spread evenly over what was asked for, which is not how likely they are: a share of worlds is no probability. Intervals "
    "of shares are those of so many worlds; everything that does not vary is as the comparison has it."
)


def reading(found: Robustness, table: pd.DataFrame) -> str:
    """Say in what share of worlds who leads, and what choosing each would cost where it does not.

    Parameters
    ----------
    found
        The worlds.
    table
        Their table.
    """
    metric = metric_of(found.metric)
    rows = table.sort_values("share_of_worlds", ascending=False, kind="stable").to_dict("records")
    first, *rest = rows
    span = f"{share(first['low'])} to {share(first['high'])}"
    leads = f"{first['strategy']} leads on {_within(metric.label)} in {share(first['share_of_worlds'])} of them (95 % interval {span})"
    others = ", ".join(f"{row['strategy']} in {share(row['share_of_worlds'])}" for row in rest)
    sure = share(sum(row["share_decided"] for row in rows))
    unit = " yuan" if metric.unit == "yuan" else ""
    regret = "; ".join(f"{show(row['regret_mean'], metric)}{unit} with {row['strategy']}" for row in rows)
    keys = f"{len(found.keys)} uncertain key{'s' * (len(found.keys) > 1)}"
    return (
        f"In {int(first['worlds'])} worlds that differ in {keys}, {leads}, {others}; "
        f"the lead is decided in {sure} of worlds. Mean regret of always choosing the same: {regret}."
    )


def _within(label: str) -> str:
    """Write a label within a sentence: abbreviations stay."""
    return label if label[:2].isupper() else f"{label[0].lower()}{label[1:]}"
