"""Tables of many runs in one parquet file: one row group a run, so that files can be joined without reading them whole.

The table of the runs themselves, of a row each, is one row group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

    from sim import Result

__all__ = [
    "RUNS",
    "TABLES",
    "TRANSCRIPTS",
    "RunKey",
    "Take",
    "every_table",
    "every_table_and_transcripts",
    "join_rows",
    "join_tables",
    "keys_in",
    "no_table",
    "row_keys",
    "row_table",
    "to_arrow",
    "without_rows",
    "write_rows",
    "write_table",
]

#: Tables that every run brings, by the names of their files.
TABLES = ("members", "orders", "daily", "messages", "groups", "actions", "cohorts", "splits")
#: Tables of what members said and claimed, which a run brings besides with ``record=full``.
TRANSCRIPTS = ("chat", "claims", "packets")
#: The table of the runs themselves: one row a run, one column a metric.
RUNS = "runs"

_LEADING = ("strategy", "replication")


class RunKey(NamedTuple):
    """Which run: a strategy met by one draw of the world."""

    strategy: str
    replication: int


#: Takes from a result what is kept of a run, as tables by name; worker processes import it.
Take = Callable[[RunKey, "Result"], dict[str, pa.Table]]


def every_table(key: RunKey, result: Result) -> dict[str, pa.Table]:
    """Keep the tables of a result, under the name of the arm."""
    return _tables_of(key, result, TABLES)


def every_table_and_transcripts(key: RunKey, result: Result) -> dict[str, pa.Table]:
    """Keep the tables of a result and what members said and claimed, under the name of the arm."""
    return _tables_of(key, result, (*TABLES, *TRANSCRIPTS))


def no_table(key: RunKey, result: Result) -> dict[str, pa.Table]:  # noqa: ARG001 -- every Take is given both
    """Keep the metrics of a run alone."""
    return {}


def _tables_of(key: RunKey, result: Result, names: Iterable[str]) -> dict[str, pa.Table]:
    return {name: to_arrow(_named(getattr(result, name), key)) for name in names}


def _named(frame: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    """Put the arm's name where the simulator writes the strategy's: several arms may run one strategy, changed."""
    if frame.empty or frame["strategy"].iat[0] == key.strategy:
        return frame
    return frame.assign(strategy=key.strategy)


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Convert a table, without what pandas would note about itself, and with one type of text.

    Of a table without rows only the names are kept: the types that pandas guesses there differ from run to run.
    """
    if frame.empty:
        return without_rows(tuple(frame.columns))
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


@cache
def without_rows(columns: tuple[str, ...]) -> pa.Table:
    """Make a table of these columns without rows, and without types but those of the leading columns."""
    leading = {"strategy": pa.string(), "replication": pa.int64()}
    return pa.schema([(name, leading.get(name, pa.null())) for name in columns]).empty_table()


def row_table(key: RunKey, metrics: Mapping[str, float]) -> pa.Table:
    """Make the one row of a run in the table of runs."""
    row: dict[str, Any] = {"strategy": [key.strategy], "replication": [key.replication]}
    return pa.table({**row, **{name: pa.array([value], pa.float64()) for name, value in metrics.items()}})


def write_table(path: Path, tables: Sequence[pa.Table]) -> None:
    """Write the tables of several runs into one file, a row group each."""
    telling = [table for table in tables if table.num_rows] or tables
    _write(path, common_schema(table.schema for table in telling), tables)


def keys_in(path: Path | IO[bytes]) -> dict[RunKey, int]:
    """Read which runs a file holds, and in which row group each is."""
    metadata = pq.read_metadata(path)
    names = metadata.schema.names
    places = [names.index(name) for name in _LEADING]
    keys: dict[RunKey, int] = {}
    for group in range(metadata.num_row_groups):
        # All rows of a group are of one run, so the least value of a leading column is its only one.
        row_group = metadata.row_group(group)
        strategy, replication = (row_group.column(place).statistics.min for place in places)
        keys[RunKey(strategy, replication)] = group
    return keys


def join_tables(target: Path, sources: Iterable[Path], order: Sequence[RunKey]) -> None:
    """Join files into one, run by run in the given order.

    Where several files hold a run, the last counts. The bytes depend on the runs alone, never on how they were spread
    over the files.
    """
    places: dict[RunKey, tuple[Path, int]] = {}
    files = list(sources)
    for source in files:
        places.update({key: (source, group) for key, group in keys_in(source).items()})
    # A table without rows knows no types: it counts only where there is nothing else.
    telling = [source for source in files if pq.read_metadata(source).num_rows] or files
    schema = common_schema(pq.read_schema(source) for source in telling)
    _write(target, schema, _tables([places[key] for key in order if key in places]))


def write_rows(path: Path, tables: Sequence[pa.Table]) -> None:
    """Write the table of runs. Its rows are one row group: what describes a group is longer than a row."""
    rows = _stacked(tables)
    pq.write_table(rows, path, compression="zstd", row_group_size=max(1, rows.num_rows))


def row_keys(path: Path | IO[bytes]) -> list[RunKey]:
    """Read which runs a table of runs holds, in its order."""
    rows = pq.read_table(path, columns=list(_LEADING))
    return [RunKey(*key) for key in zip(*(rows[name].to_pylist() for name in _LEADING), strict=True)]


def join_rows(target: Path, sources: Iterable[Path], order: Sequence[RunKey]) -> None:
    """Join tables of runs as :func:`join_tables` joins others; a row is short, so they are read whole."""
    files = list(sources)
    places = {key: place for place, key in enumerate(key for file in files for key in row_keys(file))}
    rows = _stacked([pq.read_table(file) for file in files])
    write_rows(target, [rows.take(pa.array([places[key] for key in order if key in places], pa.int64()))])


def _stacked(tables: Sequence[pa.Table]) -> pa.Table:
    schema = common_schema(table.schema for table in tables)
    return pa.concat_tables([_with_schema(table, schema) for table in tables]).combine_chunks()


def _with_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    there = set(table.column_names)
    columns = [table[field.name].cast(field.type) if field.name in there else pa.nulls(table.num_rows, field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _tables(places: Sequence[tuple[Path, int]]) -> Iterator[pa.Table]:
    """Read row groups one by one; a file stays open while the next row group is from it, too."""
    opened: tuple[Path, Any] | None = None
    for path, group in places:
        if opened is None or opened[0] != path:
            if opened is not None:
                opened[1].close()
            opened = (path, pq.ParquetFile(path))
        yield opened[1].read_row_group(group)
    if opened is not None:
        opened[1].close()


def common_schema(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Find the schema that holds all others; the order of columns does not depend on the order of schemas."""
    schemas = list(schemas)
    schema = pa.unify_schemas(schemas, promote_options="permissive")
    if any(other.names != schema.names for other in schemas):
        rest = sorted(name for name in schema.names if name not in _LEADING)
        schema = pa.schema([schema.field(name) for name in [*_LEADING, *rest]])
    return schema


def _write(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in tables:
            if table.num_rows:
                writer.write_table(_with_schema(table, schema), row_group_size=table.num_rows)
