"""What is kept of a run for a map: money by day. Worker processes import this module, so it imports little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from experiments.tables import RunKey, to_arrow

if TYPE_CHECKING:
    from sim import Result

__all__ = ["MONEY", "TABLE", "money_by_day"]

MONEY = ("gmv", "contribution")
TABLE = "daily"


def money_by_day(key: RunKey, result: Result) -> dict[str, pa.Table]:
    """Keep what a run earned on each day, in all groups together."""
    days = result.daily.groupby("day", as_index=False)[list(MONEY)].sum()
    days.insert(0, "strategy", key.strategy)
    days.insert(1, "replication", key.replication)
    return {TABLE: to_arrow(days)}
