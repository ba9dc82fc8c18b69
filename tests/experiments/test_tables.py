from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.tables import (
    RunKey,
    common_schema,
    join_rows,
    join_tables,
    keys_in,
    row_keys,
    row_table,
    to_arrow,
    write_rows,
    write_table,
)

KEYS = [RunKey(strategy, number) for strategy in ("b", "a") for number in range(4)]


def table(key: RunKey, rows: int = 3) -> pa.Table:
    frame = pd.DataFrame({"x": np.arange(rows) + 10 * key.replication, "name": ["é"] * rows, "empty": [None] * rows})
    frame.insert(0, "strategy", key.strategy)
    frame.insert(1, "replication", key.replication)
    return to_arrow(frame)


@settings(max_examples=25)
@given(order=st.permutations(KEYS), cuts=st.sets(st.integers(1, len(KEYS) - 1)), old=st.booleans())
def test_bytes_depend_on_the_runs_alone(tmp_path_factory: pytest.TempPathFactory, order: list[RunKey], cuts: set[int], old: bool) -> None:
    folder = tmp_path_factory.mktemp("tables")
    write_table(folder / "whole", [table(key) for key in KEYS])
    join_tables(folder / "expected", [folder / "whole"], KEYS)
    sources = []
    for start, end in pairwise([0, *sorted(cuts), len(order)]):
        sources.append(folder / f"part{start}")
        write_table(sources[-1], [table(key) for key in order[start:end]])
    if old:  # what was joined before is joined again with what is new
        join_tables(folder / "old", sources[:1], KEYS)
        sources[0] = folder / "old"
    join_tables(folder / "joined", sources, KEYS)
    assert (folder / "joined").read_bytes() == (folder / "expected").read_bytes()


def test_joined_table_has_one_row_group_a_run_in_order(tmp_path: Path) -> None:
    write_table(tmp_path / "one", [table(KEYS[2]), table(KEYS[0], rows=0)])
    write_table(tmp_path / "two", [table(KEYS[5]), table(KEYS[1])])
    join_tables(tmp_path / "all", [tmp_path / "one", tmp_path / "two"], KEYS)
    assert keys_in(tmp_path / "all") == {KEYS[1]: 0, KEYS[2]: 1, KEYS[5]: 2}  # nothing is kept of a run without rows
    frame = pd.read_parquet(tmp_path / "all")
    assert frame["x"].tolist() == [10, 11, 12, 20, 21, 22, 10, 11, 12]
    assert frame["name"].unique().tolist() == ["é"]


def test_the_last_file_counts(tmp_path: Path) -> None:
    write_table(tmp_path / "one", [table(KEYS[0], rows=2)])
    write_table(tmp_path / "two", [table(KEYS[0], rows=5)])
    join_tables(tmp_path / "all", [tmp_path / "one", tmp_path / "two"], KEYS)
    assert pq.read_metadata(tmp_path / "all").num_rows == 5


def row(key: RunKey) -> pa.Table:
    more = {"only_b": float("nan")} if key.strategy == "b" else {}
    return row_table(key, {"gmv": 10.0 * key.replication, **more})


@settings(max_examples=15)
@given(order=st.permutations(KEYS), cut=st.integers(1, len(KEYS) - 1))
def test_bytes_of_the_table_of_runs_depend_on_the_runs_alone(
    tmp_path_factory: pytest.TempPathFactory, order: list[RunKey], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    write_rows(folder / "whole", [row(key) for key in KEYS])
    join_rows(folder / "expected", [folder / "whole"], KEYS)
    write_rows(folder / "one", [row(key) for key in order[:cut]])
    write_rows(folder / "two", [row(key) for key in [*order[cut:], order[0]]])  # the first run is there twice
    join_rows(folder / "joined", [folder / "one", folder / "two"], KEYS)
    assert row_keys(folder / "joined") == KEYS
    assert (folder / "joined").read_bytes() == (folder / "expected").read_bytes()


def test_the_table_of_runs_is_short(tmp_path: Path) -> None:
    rows = [row_table(RunKey("a", number), {f"metric_{nth}": float(number) for nth in range(100)}) for number in range(1000)]
    write_rows(tmp_path / "rows", rows)
    join_rows(tmp_path / "joined", [tmp_path / "rows"], [RunKey("a", number) for number in range(1000)])
    assert pq.read_metadata(tmp_path / "joined").num_row_groups == 1
    assert (tmp_path / "joined").stat().st_size < 1_000_000


def test_a_table_without_rows_has_no_types() -> None:
    frame = pd.DataFrame({"strategy": ["a"], "replication": [0], "x": [1.5], "name": ["é"]})
    assert [str(kind) for kind in to_arrow(frame).schema.types] == ["string", "int64", "double", "string"]
    assert [str(kind) for kind in to_arrow(frame.iloc[:0]).schema.types] == ["string", "int64", "null", "null"]


def test_no_runs_leave_a_table_with_columns(tmp_path: Path) -> None:
    write_table(tmp_path / "one", [table(KEYS[0], rows=0)])
    join_tables(tmp_path / "all", [tmp_path / "one"], KEYS)
    assert pq.read_table(tmp_path / "all").column_names == ["strategy", "replication", "x", "name", "empty"]


def test_types_and_columns_are_reconciled_whatever_the_order() -> None:
    head = [("strategy", pa.string()), ("replication", pa.int64())]
    one = pa.schema([*head, ("b", pa.null()), ("a", pa.int64())])
    two = pa.schema([*head, ("a", pa.float64()), ("b", pa.string()), ("c", pa.int64())])
    schema = common_schema([one, two])
    assert schema == common_schema([two, one])
    assert schema.names == ["strategy", "replication", "a", "b", "c"]
    assert [schema.field(name).type for name in "abc"] == [pa.float64(), pa.string(), pa.int64()]


def test_row_of_a_run_keeps_missing_values_as_nan() -> None:
    row = row_table(RunKey("a", 3), {"gmv": 2, "payback_days": float("nan")}).to_pandas()
    assert row.loc[0, ["strategy", "replication", "gmv"]].tolist() == ["a", 3, 2.0]
    assert np.isnan(row.loc[0, "payback_days"])
