"""What the runs of a map say: who leads in each cell, by how much, and when the order turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.crossing import crossing_of
from experiments.flip_map.cells import cell_name
from experiments.flip_map.job import FOLDER
from experiments.flip_map.money import TABLE
from experiments.manifest import read_manifest
from experiments.resolved import from_yaml
from experiments.series import daily_totals
from experiments.statistics import Interval, interval_of, probability_better
from experiments.store import CONFIG
from experiments.tables import RUNS

__all__ = ["FLIP_TABLE", "FlipResults", "decided", "flip_results", "flip_table", "read_table"]

FLIP_TABLE = "flip_map.csv"

_COLUMNS = (
    *("first", "second", "horizon_days", "leader", "difference", "low", "high", "probability"),
    *("crossing_day", "crossing_low", "crossing_high", "share_never", "replications"),
)

Floats = NDArray[np.float64]


class FlipResults:
    """A map that was run.

    Parameters
    ----------
    folder
        Folder of its runs.
    config
        Its configuration.

    Attributes
    ----------
    strategies
        The arms, the baseline first.
    keys, units, values
        The two uncertain parameters: names, units, and the values that are shown.
    horizons
        Days at whose end the map is read.
    metric
        ``"contribution"`` or ``"gmv"``.
    failed
        Runs that failed and are not part of the map.
    """

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        self._folder = folder
        shown = config["shown"]
        self.strategies = [str(name) for name in config["strategies"]]
        self.keys = [str(key) for key in config["flip_map"]["keys"]]
        self.units = [str(unit) for unit in shown["units"]]
        self.values: list[list[float]] = [[float(value) for value in own] for own in shown["values"]]
        self.horizons = [int(day) for day in shown["horizons"]]
        self.metric = str(shown["metric"])
        self.failed = sum(run["status"] == "failed" for run in read_manifest(folder).get("runs", []))

    def table(self) -> pd.DataFrame:
        """Compute `flip_map.csv`."""
        daily = pd.read_parquet(self._folder / f"{TABLE}.parquet", columns=["strategy", "replication", "day", self.metric])
        daily = daily[daily["day"] < self.horizons[-1]]
        return flip_table(
            lambda name: daily_totals(daily, self.metric, name, self.horizons[-1]), self.strategies, self.values, self.horizons
        )


def flip_table(
    curve: Callable[[str], pd.DataFrame], strategies: Sequence[str], values: Sequence[Sequence[float]], horizons: Sequence[int]
) -> pd.DataFrame:
    """Compare the strategies in every cell.

    Parameters
    ----------
    curve
        Takes the name of a strategy's runs in a cell; returns what they earned, a row a replication, a column a day.
    strategies
        The arms, the baseline first.
    values
        The values of both parameters.
    horizons
        Days at whose end the map is read, ascending.

    Returns
    -------
    DataFrame
        One row a cell and horizon. `difference` is the best other strategy less the baseline, on the same people, with
        its 95 % t interval over replications; `probability` that of it being above zero, from bootstrap samples.
        The crossing is that of the same two strategies within the horizon. `leader` is empty where nobody leads.
    """
    rows = []
    for first, second in product(*values):
        curves = {name: curve(cell_name(name, first, second)) for name in strategies}
        rows += [(first, second, day, *_read(curves, strategies, day)) for day in horizons]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def flip_results(folder: Path) -> FlipResults | None:
    """Find the map in the folder of a comparison; None where none was run, or not one run of it is joined yet."""
    place = folder / FOLDER
    if not (place / f"{RUNS}.parquet").is_file():
        return None
    return FlipResults(place, from_yaml((place / CONFIG).read_text(encoding="utf-8")))


def read_table(folder: Path) -> pd.DataFrame:
    """Read `flip_map.csv` back."""
    table = pd.read_csv(folder / FLIP_TABLE, dtype={"leader": "object"})
    return table.assign(leader=table["leader"].fillna(""))


def decided(table: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether its interval leaves out zero."""
    return (table["low"] > 0) | (table["high"] < 0)


def _read(curves: Mapping[str, pd.DataFrame], strategies: Sequence[str], day: int) -> tuple[Any, ...]:
    """Compare the baseline with the best of the others at the end of a day."""
    baseline, *others = strategies
    best, differences, gap = baseline, np.empty((0, day)), Interval(np.nan, np.nan, np.nan, 0)
    for name in others:
        own = _differences(curves[name], curves[baseline], day)
        interval = interval_of(own.sum(axis=1))
        if interval.replications and not interval.mean <= gap.mean:
            best, differences, gap = name, own, interval
    leader = "" if not gap.replications or gap.mean == 0 else best if gap.mean > 0 else baseline
    crossing = crossing_of(differences)
    probability = probability_better(differences.sum(axis=1), 1)
    turned = (crossing.day, crossing.low, crossing.high, crossing.never)
    return (leader, gap.mean, gap.low, gap.high, probability, *turned, gap.replications)


def _differences(own: pd.DataFrame, base: pd.DataFrame, day: int) -> Floats:
    """Subtract day by day, in the replications that both have."""
    both = own.index.intersection(base.index)
    return np.asarray((own.loc[both] - base.loc[both]).iloc[:, :day], dtype=np.float64)
