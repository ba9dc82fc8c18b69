"""The committed table of the evidence, and what moved since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

TABLE = Path(__file__).with_name("validation.csv")
#: A value has moved when it differs by more than one part in 10,000: the same seed gives the same runs, and this leaves room for the
#: mathematical library of another machine in a fit, and for nothing else.
TOLERANCE = 1e-4
VALUES = ("simulated", "target", "low", "high")
REFRESH = "if on purpose: make evidence-refresh, or python -m tests.evidence refresh 'rows=[NAME]', and say in the commit why it moved"


def read(path: Path) -> pd.DataFrame:
    """Return a table of the evidence; the use `null` is a word in it."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def tracked() -> pd.DataFrame:
    """Return the committed table."""
    return read(TABLE)


def moved(now: pd.DataFrame, then: pd.DataFrame) -> list[str]:
    """Say what moved in the rows of the evidence that are tried now, a line each.

    Parameters
    ----------
    now, then
        Tables as `validation.csv` has them; `then` may have more rows.
    """
    lines = []
    for name in now["name"].unique():
        own, old = (table[table["name"] == name].set_index("check") for table in (now, then))
        lines += [f"{name}: new: {check}" for check in own.index.difference(old.index, sort=False)]
        lines += [f"{name}: gone: {check}" for check in old.index.difference(own.index, sort=False)]
        for check in own.index.intersection(old.index, sort=False):
            lines += [f"{name}: {check}: {change}" for change in _changes(own.loc[check], old.loc[check])]
    return lines


def _changes(own: Any, old: Any) -> Iterator[str]:
    if own["verdict"] != old["verdict"]:
        yield f"was {old['verdict']}, is {own['verdict']}"
    for value in VALUES:
        if own[value] != pytest.approx(old[value], rel=TOLERANCE, abs=1e-9, nan_ok=True):
            yield f"{value} was {old[value]:.6g}, is {own[value]:.6g}"


def refreshed(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the committed table with the rows that were tried in the place of the old ones."""
    kept = then[~then["name"].isin(now["name"])]
    return pd.concat([part for part in (kept, now) if len(part)]).sort_values(["row", "name"], kind="stable", ignore_index=True)
