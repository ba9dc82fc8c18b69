"""An experiment read back from its folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from experiments.answers.settings import AnswerSettings
from experiments.errors import UserError
from experiments.manifest import read_manifest
from experiments.resolved import from_yaml
from experiments.statistics import with_incremental_gmv
from experiments.store import CONFIG
from experiments.tables import RUNS, RunKey

__all__ = ["Loaded"]


class Loaded:
    """What a folder holds; tables are read when they are asked for, and only the columns that are needed.

    Parameters
    ----------
    folder
        Folder of an experiment whose tables are joined.

    Raises
    ------
    UserError
        When there is no such experiment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = folder / CONFIG
        self.config = from_yaml(config.read_text(encoding="utf-8")) if config.is_file() else {}
        if not self.config:
            raise UserError(f"dir: got '{folder}'; it takes the folder of an experiment, and there is no {CONFIG} of one in it")
        if not (folder / f"{RUNS}.parquet").is_file():
            raise UserError(f"dir: the experiment in {folder} is not finished; the command that began it continues it")
        self.manifest = read_manifest(folder)

    @property
    def strategies(self) -> list[str]:
        """Arms that have runs, the baseline first."""
        there = set(self.runs["strategy"])
        return [str(name) for name in self.config["strategies"] if name in there]

    @property
    def failed(self) -> set[RunKey]:
        """Runs that failed in the last session."""
        runs = self.manifest.get("runs", [])
        return {RunKey(run["strategy"], run["replication"]) for run in runs if run["status"] == "failed"}

    @property
    def baseline(self) -> str:
        """The first arm."""
        return self.strategies[0]

    @property
    def horizon_days(self) -> float:
        """Length of the comparison."""
        return float(self.scenario(str(self.config["strategies"][0]))["horizon_days"])

    @property
    def question(self) -> str:
        """What the comparison is to find out; empty where nothing was asked."""
        return str(self.config.get("question") or "")

    @property
    def answer(self) -> AnswerSettings | None:
        """What the figure shows that answers it."""
        answer = self.config.get("answer")
        return AnswerSettings.model_validate(answer) if answer else None

    def changes(self, strategy: str) -> list[str]:
        """Return the overrides of an arm, where arms differ in anything."""
        return [str(line) for line in (self.config.get("changes") or {}).get(strategy, [])]

    def scenario(self, strategy: str) -> dict[str, Any]:
        """Return the resolved scenario of an arm, as plain values."""
        scenario = self.config["arms"][strategy]
        assert isinstance(scenario, dict)
        return scenario

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: strategy, replication, metrics."""
        community = {str(name): bool(self.scenario(name)["strategy"].get("community", True)) for name in self.config["strategies"]}
        return with_incremental_gmv(pd.read_parquet(self.folder / f"{RUNS}.parquet"), community)

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Read some columns of a table, besides strategy and replication; columns that are not there are left out."""
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            return pd.DataFrame(columns=["strategy", "replication", *columns])
        there = set(pq.read_schema(path).names)
        wanted = ["strategy", "replication", *(column for column in columns if column in there)]
        return pd.read_parquet(path, columns=wanted)
