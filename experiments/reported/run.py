"""One finished run as the measures see it: its tables, read when a measure asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.loaded import Loaded

if TYPE_CHECKING:
    from sim import Result, Scenario

__all__ = ["COLUMNS", "Run", "run_of", "runs_of"]

#: Columns of each table that measures read.
COLUMNS = {
    "members": ("person", "channel", "inviter", "admitted_h", "joined_h", "left_h", "pruned_h", "muted_h", "blocked_h"),
    "orders": ("time_h", "person", "product", "paid_yuan", "message", "channel", "kind", "place"),
    "daily": ("day", "group", "members", "joins", "leaves", "moves_in", "moves_out", "pruned", "gmv", "interactions"),
    "messages": ("message", "time_h", "channel", "delivered", "seen"),
    "groups": ("group", "opened_h", "last_member_message_h"),
}
#: Orders of no product: fees and forfeited deposits.
_NO_PURCHASE = ("membership", "deposit")
_FOUNDING = "founding"

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Run:
    """A run.

    Attributes
    ----------
    days
        Length of the comparison.
    metrics
        Its row in the table of runs.
    tables
        Its tables by name; what was not recorded is missing or empty.
    strategy
        The strategy as plain values.
    plain
        The run of the arm without community on the same people; None if there is none.
    """

    days: float
    metrics: Mapping[str, float]
    tables: Tables
    strategy: Mapping[str, Any] = field(default_factory=dict)
    plain: Run | None = None

    @property
    def hours(self) -> float:
        """Length of the comparison in hours."""
        return 24.0 * self.days

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, with all columns that measures read even where it is empty."""
        frame = self.tables.get(name)
        return pd.DataFrame(columns=list(COLUMNS[name])) if frame is None or frame.empty else frame

    @cached_property
    def orders(self) -> pd.DataFrame:
        """All orders, fees among them, in the order of their times."""
        return self.table("orders").sort_values("time_h", kind="stable")

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """Orders of products, in the order of their times."""
        return self.orders[~self.orders["kind"].isin(_NO_PURCHASE)]

    @cached_property
    def first_purchases(self) -> pd.DataFrame:
        """The first purchase of each buyer within the run."""
        return self.purchases.drop_duplicates("person")

    @cached_property
    def ever_members(self) -> pd.DataFrame:
        """People who were ever a member."""
        members = self.table("members")
        return members[members["joined_h"].notna()]

    @cached_property
    def newcomers(self) -> pd.DataFrame:
        """Members who joined within the run, without those of day 0."""
        members = self.ever_members
        return members[(members["channel"] != _FOUNDING) & (members["joined_h"] >= 0.0)]

    @cached_property
    def joiners(self) -> pd.DataFrame:
        """Newcomers; those of day 0 where nobody else came."""
        return self.newcomers if len(self.newcomers) else self.ever_members

    @cached_property
    def in_groups(self) -> pd.DataFrame:
        """The days of groups, with the age of the group in days."""
        daily = self.table("daily")
        opened = self.table("groups").set_index("group")["opened_h"]
        own = daily[daily["group"] >= 0].copy()
        # A group that opened before the comparison has been there for longer than it; its first day here is not its first.
        own["age"] = own["day"] - own["group"].map(opened).astype(float) // 24.0
        return own


class _OneOf(Mapping[str, pd.DataFrame]):
    """The tables of one run out of those of all, each read once for all runs, when it is first asked for."""

    def __init__(self, tables: dict[str, dict[Any, pd.DataFrame]], loaded: Loaded, key: tuple[str, int]) -> None:
        self._tables, self._loaded, self._key = tables, loaded, key

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            whole = self._loaded.table(name, COLUMNS[name])
            parts = whole.groupby(["strategy", "replication"], sort=False)
            self._tables[name] = {tuple(key): part for key, part in parts} if len(whole) else {}
        return self._tables[name].get(self._key, pd.DataFrame())

    def __iter__(self) -> Any:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)


def run_of(result: Result, scenario: Scenario) -> Run:
    """Return a run that was just simulated, before anything of it is stored; without an arm beside it."""
    return Run(scenario.horizon_days, result.summary, {name: getattr(result, name) for name in COLUMNS}, scenario.strategy.model_dump())


def runs_of(loaded: Loaded) -> dict[tuple[str, int], Run]:
    """Return every run of an experiment, by strategy and replication."""
    tables: dict[str, dict[Any, pd.DataFrame]] = {}
    plain_arm = next((name for name in loaded.strategies if not loaded.scenario(name)["strategy"].get("community", True)), None)
    rows = {(str(row["strategy"]), int(row["replication"])): row for row in loaded.runs.to_dict("records")}
    made: dict[tuple[str, int], Run] = {}

    def make(key: tuple[str, int]) -> Run:
        if key not in made:
            beside = (str(plain_arm), key[1])
            plain = make(beside) if plain_arm is not None and beside in rows and beside != key else None
            metrics = {str(name): value for name, value in rows[key].items() if name not in ("strategy", "replication")}
            strategy = loaded.scenario(key[0])["strategy"]
            made[key] = Run(loaded.horizon_days, metrics, _OneOf(tables, loaded, key), strategy, plain)
        return made[key]

    return {key: make(key) for key in rows}
