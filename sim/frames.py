"""All tables of a replication together, as a result has them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sim import tables
from sim.cohorts import cohorts
from sim.split_table import split_table
from sim.transcripts import transcripts

#: Tables without rows, once they were made: what columns they have hangs on no scenario.
_WITHOUT_ROWS: dict[str, pd.DataFrame] = {}


def frames(book: tables.Book, record: str) -> dict[str, pd.DataFrame]:
    """Return all tables; at ``summary`` they have their columns but no rows, except that of splits, which is a summary itself.

    Those of what members said and claimed have rows at ``full`` alone.
    """
    if not _WITHOUT_ROWS:
        few = replace(book, people=book.people[:0], everyone=book.everyone[:0], orders=book.orders[:0], days=book.days[:1])
        every = {**_usual(few), **transcripts(few), "splits": split_table(few)}
        _WITHOUT_ROWS.update({name: frame.iloc[:0] for name, frame in _named(every, book).items()})
    found = {"splits": split_table(book)} if book.scenario.strategy.splits else {}
    if record != "summary":
        found |= _usual(book)
    if record == "full":
        found |= transcripts(book)
    # What is written to such a copy stays there: pandas copies then.
    return {**{name: frame.copy(deep=False) for name, frame in _WITHOUT_ROWS.items() if name not in found}, **_named(found, book)}


def _usual(book: tables.Book) -> dict[str, pd.DataFrame]:
    return {
        "members": tables.members(book),
        "orders": tables.orders(book),
        "daily": tables.daily(book),
        "messages": tables.messages(book),
        "groups": tables.groups(book),
        "actions": tables.actions(book),
        "cohorts": cohorts(book),
    }


def _named(found: dict[str, pd.DataFrame], book: tables.Book) -> dict[str, pd.DataFrame]:
    for frame in found.values():
        frame.insert(0, "strategy", book.scenario.strategy.name)
        frame.insert(1, "replication", book.replication)
    return found
