"""What uncertain worlds show, in words that take no side."""

from __future__ import annotations

import pandas as pd

from experiments.metrics import metric_of
from experiments.numbers import share, show
from experiments.robustness.results import Robustness

__all__ = ["caveat", "reading"]

_SPREAD = (
    "Worlds are spread evenly over what was asked for, which is not how likely they are: a share of worlds is no probability. Intervals "
    "of shares are those of so many worlds; everything that does not vary is as the comparison has it."
)
_DRAWN = (
    "Worlds are draws of a posterior: a share of them is a probability, given the equations, the priors and the facts that were fitted. "
    "Parameters of which those facts tell nothing vary as widely as they were allowed to; those that were not free are as the comparison "
    "has them. Beside the interval over replications above, which is of luck alone, the one over these worlds holds luck and how "
    "uncertain behaviour is within the facts."
)


def caveat(found: Robustness) -> str:
    """Say what kind of worlds they are."""
    return _DRAWN if found.are_draws else _SPREAD


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
    fits = "fit the evidence (draws of " if found.are_draws else "differ in "
    return (
        f"In {int(first['worlds'])} worlds that {fits}{keys}{')' * found.are_draws}, {leads}, {others}; "
        f"the lead is decided in {sure} of worlds. Mean regret of always choosing the same: {regret}.{_spread(found)}"
    )


def _spread(found: Robustness) -> str:
    """Say how the difference lies over draws, which has a meaning where worlds are as likely as each other."""
    if not found.are_draws:
        return ""
    metric = metric_of(found.metric)
    unit = " yuan" if metric.unit == "yuan" else ""
    baseline, *others = found.strategies
    parts = []
    for name in others:
        mean, low, high = (show(value, metric) for value in found.spread(name))
        parts.append(f"{name} less {baseline} is {mean}{unit} on average, {low} to {high} in 95 % of these worlds")
    return f" {metric.label}: {'; '.join(parts)}."


def _within(label: str) -> str:
    """Write a label within a sentence: abbreviations stay."""
    return label if label[:2].isupper() else f"{label[0].lower()}{label[1:]}"
