"""The numbers of an answer: every metric by arm, and its paired differences from the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.answers.settings import SERIES, AnswerSettings
from experiments.metrics import Metric, metric_of
from experiments.series import member_means, rolling_mean
from experiments.statistics import Interval, comparable_means, interval_of, paired_differences

if TYPE_CHECKING:
    from experiments.figure_data import FigureData

__all__ = ["Measured", "curves", "measured", "series_label"]

_SMOOTHED_DAYS = 7
#: Units of what grows with the number of people.
_EXTENSIVE = ("yuan", "count")


class Measured(NamedTuple):
    """One metric of an answer.

    Attributes
    ----------
    metric
        Which, with a label that says what it is divided by.
    values
        By arm, in the order of arms.
    differences
        From the baseline, on the same people; by arm, without the baseline.
    runs
        One row a run: strategy, replication, value.
    """

    metric: Metric
    values: dict[str, Interval]
    differences: dict[str, Interval]
    runs: pd.DataFrame

    def gap(self, first: str, second: str) -> Interval:
        """How far an arm is above another, on the same people."""
        return interval_of(paired_differences(self.runs, first, second, "value"))

    def ranked(self) -> list[str]:
        """Arms that have a value, the best first; of a metric without a direction, the highest."""
        sign = -1 if self.metric.better < 0 else 1
        known = [name for name, value in self.values.items() if not np.isnan(value.mean)]
        means = comparable_means(self.runs, known, "value")
        return sorted(known, key=lambda name: -sign * means[name])


def measured(data: FigureData, answer: AnswerSettings) -> list[Measured]:
    """Work out every metric of an answer; those that were not recorded are left out.

    Parameters
    ----------
    data
        The experiment.
    answer
        What is asked for. Over days, a metric of the runs stands for the sum of its days; what is no such metric is
        taken at the last day.
    """
    found = []
    for name in answer.metrics:
        runs, metric = _runs(data, name, answer)
        if runs is None:
            continue
        if answer.per == "person" and metric.unit in _EXTENSIVE:
            people = runs["strategy"].map({arm: data.people(arm) for arm in data.strategies})
            runs = runs.assign(value=runs["value"] / people)
            # Parts of a thing are no count any more: they are told with three digits.
            metric = metric._replace(label=f"{metric.label} a person", unit="" if metric.unit == "count" else metric.unit)
        values = {arm: interval_of(_of(runs, arm)) for arm in data.strategies}
        differences = {arm: interval_of(paired_differences(runs, arm, data.baseline, "value")) for arm in data.strategies[1:]}
        found.append(Measured(metric, values, differences, runs))
    return found


def curves(data: FigureData, name: str, arm: str, answer: AnswerSettings) -> NDArray[np.float64]:
    """Return a column by day, one row a replication: flows as the mean of seven days."""
    series = SERIES[name]
    if series.kind == "mean":
        return np.asarray(member_means(data.daily_with(name), name, arm, data.days), dtype=np.float64)
    totals = data.totals(name, arm)
    if series.kind == "flow":
        totals = rolling_mean(totals, _SMOOTHED_DAYS)
    return np.asarray(totals, dtype=np.float64) / (data.people(arm) if answer.per == "person" else 1.0)


def series_label(name: str, answer: AnswerSettings) -> str:
    """Say what a curve shows, over what it is divided by, in which unit."""
    series = SERIES[name]
    per = " and person" if answer.per == "person" and series.kind == "flow" else ""
    per = " a person" if answer.per == "person" and series.kind == "stock" else per
    label = f"{series.label} a day{per}" if series.kind == "flow" else f"{series.label}{per}"
    notes = [note for note in ("yuan" if series.unit == "yuan" else "", "mean of 7 days" if series.kind == "flow" else "") if note]
    return f"{label}\n({', '.join(notes)})" if notes else label


def _runs(data: FigureData, name: str, answer: AnswerSettings) -> tuple[pd.DataFrame | None, Metric]:
    """Return the value of every run, and the metric that it is one of."""
    metric = metric_of(name)
    if name in data.runs and (answer.over == "arms" or SERIES[name].kind == "flow"):
        return data.runs[["strategy", "replication"]].assign(value=data.runs[name].astype(float)), metric
    if answer.over == "arms" or not data.has(name):
        return None, metric
    series = SERIES[name]
    # A flow that is no metric of the runs is summed up, a stock is what there is at the end.
    ends = []
    for arm in data.strategies:
        days = member_means(data.daily_with(name), name, arm, data.days) if series.kind == "mean" else data.totals(name, arm)
        last = days.sum(axis=1) if series.kind == "flow" else days.iloc[:, -1]
        ends.append(pd.DataFrame({"strategy": arm, "replication": last.index, "value": np.asarray(last, dtype=np.float64)}))
    label = series.label if series.kind == "flow" else f"{series.label} at the end"
    return pd.concat(ends, ignore_index=True), metric._replace(label=label, unit=series.unit)


def _of(runs: pd.DataFrame, arm: str) -> NDArray[np.float64]:
    return runs.loc[runs["strategy"] == arm, "value"].to_numpy(dtype=np.float64)
