"""Splits read as A/B tests: differences a person, with Welch's interval in one run and that of paired runs over several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.split_results import split_rows


def table(*runs: dict[str, Any], unit: str = "person") -> pd.DataFrame:
    """Return tables of splits: two arms a run, given by what their people spent."""
    rows = []
    for replication, spent in enumerate(runs):
        for arm in ("treated", "control"):
            yuan = np.array(spent[arm], float)
            sums = {"people": yuan.size, "gmv": yuan.sum(), "contribution": 0.5 * yuan.sum()}
            spread = (
                {"gmv_sd": yuan.std(ddof=1), "contribution_sd": 0.5 * yuan.std(ddof=1)}
                if yuan.size > 1
                else {"gmv_sd": np.nan, "contribution_sd": np.nan}
            )
            rows.append({"strategy": "mine", "replication": replication, "split": "test", "unit": unit, "arm": arm, **sums, **spread})
    return pd.DataFrame(rows)


def test_one_run_has_the_interval_of_welch() -> None:
    treated, control = np.random.default_rng(1).exponential(120.0, 80), np.random.default_rng(2).exponential(60.0, 50)
    row = split_rows(table({"treated": treated, "control": control}))[0]
    found = stats.ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    assert row["split"] == "test (person)"
    assert row["treated"].startswith(f"{treated.mean():.0f}"[:2])
    for end in found:
        assert f"{abs(end):.3g}" in row["difference"]
    assert "people of one run" in row["difference"]


def test_several_runs_have_the_interval_of_their_differences() -> None:
    runs = [{"treated": [10.0, 12.0 + n], "control": [5.0, 7.0]} for n in range(4)]
    row = split_rows(table(*runs))[0]
    assert "over 4 replications" in row["difference"]
    assert "5.75" in row["difference"] or "5.8" in row["difference"]


@pytest.mark.parametrize(
    ("runs", "unit", "says"),
    [
        ([{"treated": [], "control": [1.0, 2.0]}], "person", "an arm is empty"),
        ([{"treated": [1.0, 2.0], "control": [1.0, 2.0]}], "group", "no interval over groups"),
        ([{"treated": [1.0], "control": [1.0, 2.0]}], "person", "no interval"),
    ],
)
def test_what_has_no_interval_says_so(runs: list[dict[str, Any]], unit: str, says: str) -> None:
    assert says in split_rows(table(*runs, unit=unit))[0]["difference"]


def test_without_splits_there_is_nothing_to_read() -> None:
    assert split_rows(pd.DataFrame()) == []
