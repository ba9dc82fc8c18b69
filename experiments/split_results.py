"""The splits inside strategies, read as what they are: an A/B test for each, with an interval."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from experiments.numbers import yuan
from experiments.statistics import half_width, interval_of

__all__ = ["COLUMNS", "split_rows"]

COLUMNS = ("split", "unit", "arm", "people", "buyers", "exits", "orders", "gmv", "gmv_sd", "contribution", "contribution_sd")
#: What is compared: name in the table, in words, and the column that has its standard deviation over people.
MEASURES = (("gmv", "GMV a person", "gmv_sd"), ("contribution", "contribution a person", "contribution_sd"))


def split_rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """Return a row for every strategy, split and measure: means of both arms a person, and the difference with a 95 % interval.

    Over replications the interval is of the mean of their differences. In a single run of a split of people it is Welch's, over people;
    a single run of a split of groups has none, since the people of a group are not independent.

    Parameters
    ----------
    table
        Tables of splits of all runs, one below the other.
    """
    return list(_rows(table)) if "split" in table and len(table) else []


def _rows(table: pd.DataFrame) -> Iterator[dict[str, str]]:
    for (strategy, split, unit), runs in table.groupby(["strategy", "split", "unit"], sort=False):
        arms = {str(arm): own.set_index("replication") for arm, own in runs.groupby("arm")}
        people = {arm: int(own["people"].sum()) for arm, own in arms.items()}
        for name, words, spread in MEASURES:
            means = {arm: own[name] / own["people"] for arm, own in arms.items()}
            differences = (means["treated"] - means["control"]).dropna()
            yield {
                "strategy": str(strategy),
                "split": f"{split} ({unit})",
                "measure": words,
                "treated": _mean(means["treated"], people["treated"]),
                "control": _mean(means["control"], people["control"]),
                "difference": _difference(differences.to_numpy(float), arms, spread, unit=str(unit)),
            }


def _mean(values: pd.Series[Any], people: int) -> str:
    found = values.dropna()
    return f"{yuan(float(found.mean()))} ({people:,} people)" if len(found) else "nobody"


def _difference(differences: Any, arms: dict[str, pd.DataFrame], spread: str, *, unit: str) -> str:
    if not len(differences):
        return "none: an arm is empty"
    mean = float(np.mean(differences))
    if len(differences) > 1:
        found = interval_of(differences)
        return f"{yuan(mean)} (95 % interval {yuan(found.low)} to {yuan(found.high)}, over {len(differences)} replications)"
    if unit == "group":
        return f"{yuan(mean)} (one run: no interval over groups)"
    half = _welch(arms, spread)
    if not math.isfinite(half):
        return f"{yuan(mean)} (no interval)"
    return f"{yuan(mean)} (95 % interval {yuan(mean - half)} to {yuan(mean + half)}, over the people of one run)"


def _welch(arms: dict[str, pd.DataFrame], spread: str) -> float:
    """Return half the width of Welch's interval of the difference of two means."""
    parts = [(float(own[spread].iloc[0]) ** 2 / int(own["people"].iloc[0]), int(own["people"].iloc[0])) for own in arms.values()]
    if any(many < 2 for _, many in parts):
        return math.nan
    variance = sum(part for part, _ in parts)
    freedom = variance**2 / max(1e-300, sum(part**2 / (many - 1) for part, many in parts))
    return float(half_width(math.sqrt(variance * (freedom + 1)), freedom + 1))
