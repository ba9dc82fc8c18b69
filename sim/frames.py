"""All tables of a replication together, as a result has them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sim import tables
from sim.cohorts import cohorts
from sim.split_table import split_table


def frames(book: tables.Book, record: str) -> dict[str, pd.DataFrame]:
    """Return all tables; at ``summary`` they have their columns but no rows, except that of splits, which is a summary itself."""
    kept = replace(book, people=book.people[:0], everyone=book.everyone[:0], orders=book.orders[:0]) if record == "summary" else book
    found = {
        "members": tables.members(kept),
        "orders": tables.orders(kept),
        "daily": tables.daily(kept),
        "messages": tables.messages(kept),
        "groups": tables.groups(book),
        "actions": tables.actions(book),
        "cohorts": cohorts(kept),
        "splits": split_table(book),
    }
    if record == "summary":
        found = {name: frame if name == "splits" else frame.iloc[:0] for name, frame in found.items()}
    for frame in found.values():
        frame.insert(0, "strategy", book.scenario.strategy.name)
        frame.insert(1, "replication", book.replication)
    return found
