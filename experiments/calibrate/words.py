"""A fit in words."""

from __future__ import annotations

import math

import pandas as pd

from experiments.calibrate.fitting import Fitted
from experiments.calibrate.outcome import Outcome
from experiments.calibrate.people import LEAST_MEMBERS
from experiments.numbers import count

__all__ = ["CAVEAT", "answer", "community_caveat", "other_files", "per_cent"]

CAVEAT = (
    "Simulated numbers are means of runs of the simulator in a world without marketing, watched as the customers of the data were. "
    "Intervals are those of one world with a draw of the posterior: they hold luck and the uncertainty of the four parameters. They leave "
    "out that the equations may be wrong: need that goes with the season, or that marketing moved, is not in them. A need that was fitted "
    "while marketing went on holds its effect."
)


def per_cent(share: float) -> str:
    """Write an error with its sign: +1.2 %."""
    return "–" if math.isnan(share) else f"{100 * share:+.1f} %".replace("-", "−")


def answer(fit: Fitted, found: Outcome) -> str:
    """Say how well the fit predicts."""
    data = fit.data
    if data.weeks == data.fit_weeks:
        row = found.holdout.iloc[0]
        return (
            f"Fitted to all {data.fit_weeks} weeks of {count(data.size)} customers; the simulator gives {count(row['simulated'])} repeat "
            f"purchases, {count(row['actual'])} were made ({per_cent(row['simulated_error'])}). "
            "Nothing is left to predict: fit_weeks keeps some back."
        )
    row = found.holdout.iloc[1]
    weeks = f"weeks {data.fit_weeks + 1}-{data.weeks}"
    return (
        f"Fitted to weeks 1-{data.fit_weeks} of {count(data.size)} customers, the simulator predicts {count(row['simulated'])} repeat "
        f"purchases in {weeks}; {count(row['actual'])} were made "
        f"({per_cent(row['simulated_error'])} with a standard error of {100 * row['standard_error'] / max(row['actual'], 1):.1f} points; "
        f"BG/NBD's formula: {per_cent(row['bg_nbd_error'])})."
    )


def other_files(tables: dict[str, pd.DataFrame], shown: bool) -> str:
    """Say what is there besides orders, and whether a community is shown; empty where nothing is there."""
    others = [f"{name}.csv ({count(len(table))} rows)" for name, table in tables.items() if name != "orders"]
    if not others:
        return ""
    if shown:
        return f"Shown, but not fitted to: {', '.join(others)}."
    return (
        f"Read and checked, but not shown: {', '.join(others)}. A community is shown where members.csv tells when {LEAST_MEMBERS} joined."
    )


def community_caveat(strategy: str) -> str:
    """Say what the community beside the observed one is."""
    return (
        f"Simulated: the fitted brand with the strategy {strategy}, founded and joined as the observed community was. Nothing here is "
        "fitted. How long people stay, write and bring others depends on what a brand does, which its files do not tell, and on behaviour "
        "that is the model's; a gap says that one of them is another. Intervals are 95 % of single worlds."
    )
