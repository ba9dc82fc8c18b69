"""The committed table of the evidence: it has every row, and the rows, run anew in the quick size, still give what it says.

The exact rows and the null one are compared where they are asserted (tests/experiments/test_validate_rows.py): on the same runs.
"""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.validate.evidence import Planned, chosen
from experiments.validate.outcome import COLUMNS, table
from tests.evidence.tracked import REFRESH, moved, refreshed, tracked
from tests.experiments.rows import judged

COMPARED = [row.name for row in chosen(()) if row.use not in ("exact", "null")]


def test_the_table_has_every_row_and_no_other() -> None:
    then = tracked()
    assert tuple(then.columns) == COLUMNS
    expected = [(row.number, row.name, row.use, isinstance(row, Planned)) for row in chosen(())]
    lines = then.assign(missing=then["verdict"] == "missing").drop_duplicates("name")
    assert list(lines[["row", "name", "use", "missing"]].itertuples(index=False, name=None)) == expected, REFRESH
    assert set(then["size"]) == {"quick"}
    assert not (then["verdict"] == "error").any()


@pytest.mark.parametrize("name", COMPARED)
def test_a_row_gives_what_the_table_says(name: str) -> None:
    assert moved(table([judged(name)], "quick"), tracked()) == [], REFRESH


LINE = {"row": 1, "name": "dice", "check": "eyes", "target": 3.5, "low": 3.0, "high": 4.0, "simulated": 3.6, "verdict": "pass"}
OTHER = {**LINE, "row": 2, "name": "cards", "check": "aces"}


def lines(*every: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(every)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({}, []),
        ({"simulated": 3.6001}, []),
        ({"simulated": 3.601}, ["dice: eyes: simulated was 3.6, is 3.601"]),
        ({"verdict": "fail"}, ["dice: eyes: was pass, is fail"]),
        ({"low": 3.2}, ["dice: eyes: low was 3, is 3.2"]),
        ({"simulated": float("nan")}, ["dice: eyes: simulated was 3.6, is nan"]),
        ({"check": "sides"}, ["dice: new: sides", "dice: gone: eyes"]),
    ],
)
def test_what_moved_is_told(now: dict[str, object], told: list[str]) -> None:
    assert moved(lines({**LINE, **now}), lines(LINE, OTHER)) == told


def test_some_rows_are_refreshed_and_the_others_kept() -> None:
    new = {**LINE, "check": "sides"}
    table = refreshed(lines(new, {**new, "check": "edges"}), lines({**LINE, "name": "urn"}, LINE, OTHER))
    assert table[["name", "check"]].to_numpy().tolist() == [["dice", "sides"], ["dice", "edges"], ["urn", "eyes"], ["cards", "aces"]]
