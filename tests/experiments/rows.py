"""Rows of the evidence, run and judged as `fishpond validate` does."""

from __future__ import annotations

from experiments.runs import FailedRun, FinishedRun, attempt
from experiments.validate.command import judge
from experiments.validate.evidence import built_rows
from experiments.validate.outcome import Judged
from experiments.validate.working import tasks_of, work


def judged(name: str, seed: int = 1) -> Judged:
    """Carry out a row in the quick size, in this process."""
    row = built_rows()[name]
    outcomes: list[FinishedRun | FailedRun] = [attempt(work, task) for task in tasks_of(row, row.units("quick", ()), seed)]
    return judge(row, outcomes)
