"""What a search wants next: the next look at the candidates of a batch, the next batch, then the finalists on fresh people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from experiments.errors import UserError
from experiments.files import told_plainly
from experiments.job import Arm
from experiments.optimise.job import AT, OptimiseJob
from experiments.optimise.journal import Journal
from experiments.optimise.ledger import Ledger
from experiments.optimise.outcome import ending_of
from experiments.optimise.sampler import next_points
from experiments.optimise.search import Search
from experiments.optimise.stages import stage_of
from experiments.optimise.trials import FAILED, Candidate, Course
from experiments.runs import Outcome
from experiments.store import Store
from experiments.tables import RUNS
from experiments.varying.points import Point

__all__ = ["SearchPlan"]


class SearchPlan:
    """The plan of a search, see :class:`experiments.sequential.plan.Plan`.

    Parameters
    ----------
    store
        The folder; arms are added to its job as they come up.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._job = cast("OptimiseJob", store.job)
        self._levers = self._job.levers
        self._search = Search.of({**self._job.content(), **self._job.shown()})
        self._ledger = Ledger(self._search.measures, store.files(RUNS))
        self._journal = Journal(store.folder, self._job.strategy)
        self._baseline = Candidate(self._job.start, self._job.run(self._job.start))
        self._course = Course(self._search, self._ledger, self._baseline)
        self._next = 0
        assert self._job.base is not None
        self._arms = {self._baseline.run: Arm(self._baseline.run, self._job.base.arms[0].scenario)}
        store.extend(list(self._arms.values()))

    def take(self, outcome: Outcome) -> None:
        """See a run that is finished."""
        self._ledger.take(outcome)

    def wanted(self) -> Mapping[str, int]:
        """Return what is wanted by now.

        Everything that is known leads to the same next want, whether it was simulated now or in an earlier session.
        """
        while batch := self._batch():
            wanted = self._course.wants(batch)
            if not self._ledger.through(wanted):
                return wanted
            if self._course.trials[0].status == FAILED:
                return {}  # there is nothing to compare with
            self._course.close(batch)
            self._next += 1
        again = ending_of(self._search, self._ledger, self._course.trials).wanted
        self._store.extend([replace(self._arms[stage_of(name)[0]], name=name) for name in again])
        return again

    def _batch(self) -> list[Candidate]:
        """Return the next batch, with its arms; none when there were enough, or when everything was tried."""
        asked = self._job.settings.optimise
        if self._next == len(self._journal.batches) and (left := self._journal.left(asked.trials)):
            points = self._ask(min(asked.batch, left))
            if points:
                with told_plainly("out", self._store.folder):
                    self._journal.append([self._checked(point) for point in points])
        batches = self._journal.up_to(asked.trials)
        if self._next == len(batches):
            return []
        batch = batches[self._next]
        for own in batch:
            if not own.refused and own.run not in self._arms:
                self._arms[own.run] = self._arm(own.point)
        self._store.extend([self._arms[own.run] for own in batch if not own.refused])
        return batch

    def _ask(self, count: int) -> list[Point]:
        course = self._course
        there = {self._baseline.point.name, *(own.point.name for batch in self._journal.batches for own in batch)}
        told = [trial.told(self._search) for trial in course.trials]
        return next_points(self._levers, told, self._search.better, there, count, self._job.settings.seed)

    def _checked(self, point: Point) -> Candidate:
        """Let the model judge a setting."""
        try:
            self._arms[self._job.run(point)] = self._arm(point)
        except UserError as error:
            return Candidate(point, self._job.run(point), error.lines[0].removeprefix(f"{AT}: "))
        return Candidate(point, self._job.run(point))

    def _arm(self, point: Point) -> Arm:
        assert self._job.space is not None
        return self._job.space.arms([point])[0]
