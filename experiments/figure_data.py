"""What the figures draw: the tables of an experiment, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.biographies.life import CAUSES
from experiments.crossing import Crossing, crossing_of
from experiments.loaded import Loaded
from experiments.looks import Look, looks
from experiments.series import daily_totals

__all__ = ["CAUSES", "FigureData"]

#: What the ten figures of every report need of the daily table.
_DAILY = ("day", "group", "members", "active", "gmv", "contribution", "mean_fatigue", "mean_trust")


class FigureData:
    """Tables of one experiment, with what several figures need of them.

    Parameters
    ----------
    loaded
        The experiment.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self.strategies = loaded.strategies
        self.baseline = loaded.baseline
        self.horizon_days = loaded.horizon_days
        self.days = int(np.ceil(loaded.horizon_days))
        self.runs = loaded.runs
        self.question = loaded.question
        self.answer = loaded.answer

    @cached_property
    def looks(self) -> Mapping[str, Look]:
        """Colour and line style of every strategy."""
        return looks(self.strategies)

    @cached_property
    def daily(self) -> pd.DataFrame:
        """One row a day and group."""
        return self._loaded.table("daily", _DAILY)

    def daily_with(self, column: str) -> pd.DataFrame:
        """Return the daily table, with a column that few figures need."""
        return self.daily if column in _DAILY else self._more_daily(column)

    @cache  # noqa: B019 -- an experiment and its data live as long as the report
    def _more_daily(self, column: str) -> pd.DataFrame:
        return self._loaded.table("daily", ["day", "group", "members", column])

    @cached_property
    def members(self) -> pd.DataFrame:
        """One row a person: when they joined and left, and why."""
        return self._loaded.table("members", ["joined_h", "left_h", *(f"share_{cause}" for cause in CAUSES)])

    def has(self, column: str) -> bool:
        """Whether the daily table was recorded and has a column."""
        daily = self.daily_with(column)
        return column in daily and not daily.empty

    def totals(self, column: str, strategy: str) -> pd.DataFrame:
        """Sum a daily column over groups: one row a replication, one column a day."""
        return daily_totals(self.daily_with(column), column, strategy, self.days)

    def people(self, strategy: str) -> int:
        """People of day 0 of an arm."""
        return int(self._loaded.scenario(strategy)["population"]["size"])

    def differences(self, column: str, strategy: str) -> NDArray[np.float64]:
        """Daily differences from the baseline, one row for each replication that both have."""
        own, base = self.totals(column, strategy), self.totals(column, self.baseline)
        both = own.index.intersection(base.index)
        return np.asarray(own.loc[both] - base.loc[both], dtype=np.float64)

    @cache  # noqa: B019 -- an experiment and its data live as long as the report
    def crossing(self, column: str, strategy: str) -> Crossing | None:
        """When the order against the baseline turns; None without a daily table."""
        return crossing_of(self.differences(column, strategy)) if self.has(column) else None
