"""A search that was run, read back from its folder: trials, finalists, winner, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from experiments.loaded import Loaded
from experiments.optimise.journal import Journal
from experiments.optimise.ledger import Ledger
from experiments.optimise.measures import MEASURES, SPENT, measure_of
from experiments.optimise.outcome import Ending, ending_of
from experiments.optimise.search import Search
from experiments.optimise.stages import CONFIRMATION, STAGES, in_stage, stage_of
from experiments.optimise.trials import FAILED, REFUSED, Candidate, Course, Trial
from experiments.statistics import half_width
from experiments.tables import RUNS, RunKey
from experiments.varying.points import Point, run_name

__all__ = ["OptimiseResults"]


class OptimiseResults:
    """What came out of a search.

    Parameters
    ----------
    loaded
        Its folder.

    Attributes
    ----------
    search
        What was looked for.
    strategy
        Name of the strategy that was changed.
    levers
        Keys that moved.
    trials
        The strategy as it is, then the candidates in the order of asking, as far as they are through.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.search = Search.of(loaded.config)
        self.strategy = str(loaded.config["strategies"][0])
        self._levers = loaded.config["search"]["levers"]
        #: Whether finalists were judged in draws of behaviour, one a replication.
        self.are_draws = "draws" in loaded.config["search"]
        self.levers = [str(key) for key in self._levers]
        failed = [RunKey(run["strategy"], run["replication"]) for run in loaded.manifest.get("runs", []) if run["status"] == "failed"]
        self._ledger = Ledger(self.search.measures, [loaded.folder / f"{RUNS}.parquet"], failed)
        self._start = Point({key: own["now"] for key, own in self._levers.items()}, {})
        self.trials = list(self._judged(Journal(loaded.folder, self.strategy)))

    @cached_property
    def ending(self) -> Ending:
        """The finalists on fresh people, and the winner."""
        return ending_of(self.search, self._ledger, self.trials)

    @property
    def finished(self) -> bool:
        """Whether all that was asked for is through; a time limit may end a search before."""
        accepted = sum(own.status != REFUSED for own in self.trials[1:])
        failed = bool(self.trials) and self.trials[0].status == FAILED
        return failed or (accepted >= min(self._asked, self._wanted) and self._ledger.through(self.ending.wanted))

    @property
    def baseline(self) -> Trial:
        """The strategy as it is, in the search."""
        return self.trials[0]

    @property
    def winner(self) -> Trial | None:
        """The winner as it was in the search; None where no candidate won."""
        return self.trials[self.ending.winner.number] if self.ending.winner else None

    @property
    def best(self) -> Sequence[Trial]:
        """The finalists, as they were in the search."""
        return [self.trials[own.number] for own in self.ending.retested if own.number]

    def label(self, key: str) -> str:
        """Return a key with its unit."""
        unit = self._levers[key]["unit"]
        return f"{key} ({unit})" if unit else key

    def over(self, key: str) -> Any:
        """Return what a lever moved between: a list, or a mapping with `low`, `high` and `scale`."""
        return self._levers[key]["over"]

    def now(self, key: str) -> Any:
        """Return what a lever is in the strategy as it is."""
        return self._levers[key]["now"]

    def shrinkage(self, own: Trial, objective: str) -> float:
        """Return by how much the search flattered a finalist: its gain there less that on fresh people, in the unit of the objective."""
        sign = measure_of(objective).better
        return sign * (self.trials[own.number].differences[objective].mean - own.differences[objective].mean)

    def share_better(self, own: Trial) -> float:
        """Return in what share of the confirming replications a setting beats the strategy as it is in the first objective."""
        first = self.search.objectives[0]
        runs = (own.candidate.run, in_stage(self.baseline.candidate.run, CONFIRMATION))
        one, base = (self._ledger.values(run, first, own.replications) for run in runs)
        return float(np.mean(measure_of(first).better * (one - base) > 0))

    def trial_table(self) -> pd.DataFrame:
        """Return what is known of every trial, one row each."""
        rows = []
        for trial in self.trials:
            row = {"trial": trial.number, "point": trial.candidate.point.name, **trial.candidate.point.levers, "status": trial.status}
            row |= {"feasible": trial.feasible, "replications": trial.replications}
            rows.append({**row, **self._measured(trial), "refused": trial.candidate.refused})
        return pd.DataFrame(rows, columns=[*rows[0]]) if rows else pd.DataFrame()

    def front_table(self) -> pd.DataFrame:
        """Return what fresh people say of the strategy as it is and of the finalists, then of the winner once more, one row each."""
        rows = []
        ending = self.ending
        entries = [("retest", own, shown) for own, shown in zip(ending.retested, ending.on_front, strict=True)]
        if ending.confirmed is not None:
            entries.append(("confirmation", ending.confirmed, False))
        for stage, own, shown in entries:
            row = {"stage": stage, "trial": own.number, "point": own.candidate.point.name, **own.candidate.point.levers}
            row |= {"feasible": own.feasible, "on_front": shown if stage == "retest" else np.nan, "replications": own.replications}
            row |= {"winner": ending.winner is not None and own.number == ending.winner.number, **self._measured(own)}
            for name in self.search.objectives:
                row[f"{name}_search_difference"] = self.trials[own.number].differences[name].mean
                row[f"{name}_shrinkage"] = self.shrinkage(own, name)
            rows.append(row)
        return pd.DataFrame(rows)

    def point_table(self) -> pd.DataFrame:
        """Return the settings, one row a point."""
        rows = [{"point": trial.candidate.point.name, **trial.candidate.point.levers} for trial in self.trials]
        return pd.DataFrame(rows, columns=["point", *self.levers])

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run that this search takes: stage, point, replication, metrics, spending; earlier ones may have taken others."""
        runs = pd.read_parquet(self.loaded.folder / f"{RUNS}.parquet")
        taken = {own.candidate.run: own.replications for own in self.trials} | dict(self.ending.wanted)
        runs = runs[runs["replication"] < runs["strategy"].map(taken).fillna(0)]
        names = runs["strategy"].map(stage_of)
        runs = runs.assign(stage=names.str[1], point=names.str[0].str.rpartition("@")[2], spending=0.0)
        return runs.assign(spending=runs[[name for name in SPENT if name in runs]].sum(axis=1))

    def summary(self) -> pd.DataFrame:
        """Return the mean of every metric of every setting with its interval, by stage: all trials, finalists, winner."""
        return self._long(self.runs, ("mean", "low", "high"))

    def paired(self) -> pd.DataFrame:
        """Return differences from the strategy as it is, on the same people, one row a stage, setting and metric."""
        index = ["stage", "point", "replication"]
        table = self.runs.set_index(index)[self._measured_metrics]
        others = table.index.get_level_values("point") != self._start.name
        base = table[~others].droplevel("point")
        whose = pd.MultiIndex.from_arrays([table.index.get_level_values(name) for name in ("stage", "replication")])
        differences = table - base.reindex(whose).to_numpy()
        return self._long(differences[others].reset_index(), ("difference", "low", "high"))

    @cached_property
    def _measured_metrics(self) -> list[str]:
        return [name for name in MEASURES if name in self.runs]

    def _long(self, runs: pd.DataFrame, names: tuple[str, str, str]) -> pd.DataFrame:
        """Summarise metrics of each setting in each stage, in the order of stages and trials."""
        grouped = runs.groupby(["stage", "point"], sort=False)[self._measured_metrics]
        parts = {"mean": grouped.mean(), "deviation": grouped.std(ddof=1), "replications": grouped.count()}
        table = pd.concat({name: part.stack(future_stack=True) for name, part in parts.items()}, axis=1).rename_axis(
            ["stage", "point", "metric"]
        )
        count = table["replications"].to_numpy(dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            half = half_width(table["deviation"].to_numpy(dtype=np.float64), count)
        mean = table["mean"].to_numpy(dtype=np.float64)
        table = table.assign(**dict(zip(names, (mean, mean - half, mean + half), strict=True))).reset_index()
        number = {trial.candidate.point.name: trial.number for trial in self.trials}
        table = table[table["point"].isin(list(number))].merge(self.point_table(), on="point", how="left")
        table = table.assign(_stage=table["stage"].map(STAGES.index), trial=table["point"].map(number), strategy=self.strategy)
        table = table.sort_values(["_stage", "trial"], kind="stable", ignore_index=True)
        return table[["strategy", "stage", "trial", "point", *self.levers, "metric", *names, "replications"]]

    def _judged(self, journal: Journal) -> Iterator[Trial]:
        course = Course(self.search, self._ledger, Candidate(self._start, run_name(self.strategy, self._start)))
        self._wanted = int(self.loaded.config["asked"]["trials"])
        self._asked = sum(not own.refused for batch in journal.batches for own in batch)
        for batch in journal.up_to(self._wanted):
            if not self._ledger.through(course.wants(batch)):
                break
            course.close(batch)
        return iter(course.trials)

    def _measured(self, trial: Trial) -> dict[str, float]:
        row: dict[str, float] = {}
        for name in self.search.measures:
            for suffix, intervals in (("", trial.values), ("_difference", trial.differences)):
                own = intervals.get(name)
                mean, low, high = own[:3] if own else (np.nan,) * 3
                row |= {f"{name}{suffix}": mean, f"{name}{suffix}_low": low, f"{name}{suffix}_high": high}
        return row
