"""What is wanted next: the same number of every arm, or as many as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from experiments.job import Job
from experiments.runs import Outcome
from experiments.store import Store

__all__ = ["FixedPlan", "Plan", "plan_of"]


class Plan(Protocol):
    """Says which runs are wanted, and sees those that are finished."""

    def wanted(self) -> Mapping[str, int]:
        """Return how many replications of each arm are wanted by now; the same again when there is nothing more to do."""

    def take(self, outcome: Outcome) -> None:
        """See a run that is finished."""


class FixedPlan:
    """As many replications of every arm as were asked for.

    Parameters
    ----------
    job
        The job.
    """

    def __init__(self, job: Job) -> None:
        self._wanted = dict.fromkeys(job.names, job.replications)

    def wanted(self) -> Mapping[str, int]:
        """Return the number that was asked for."""
        return self._wanted

    def take(self, outcome: Outcome) -> None:
        """See a run, which changes nothing."""


def plan_of(store: Store, workers: int) -> Plan:
    """Choose the plan of a job.

    Parameters
    ----------
    store
        Where its runs are.
    workers
        Processes that are to be kept busy.
    """
    settings = store.job.settings
    if store.job.command == "optimise":
        from experiments.optimise.plan import SearchPlan

        return SearchPlan(store)
    if settings.precision.wanted:
        from experiments.sequential.driver import PrecisionPlan

        return PrecisionPlan(store, workers)
    if settings.best.wanted:
        from experiments.sequential.driver import BestPlan

        return BestPlan(store, workers)
    return FixedPlan(store.job)
