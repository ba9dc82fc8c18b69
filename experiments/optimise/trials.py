"""Candidates judged: how far each is simulated, when it is given up, and what is known of it then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.optimise.fronts import front
from experiments.optimise.ledger import Ledger
from experiments.optimise.sampler import Told
from experiments.optimise.search import Search
from experiments.statistics import Interval, interval_of
from experiments.varying.points import Point

__all__ = ["COMPLETE", "FAILED", "GIVEN_UP", "REFUSED", "Candidate", "Course", "Trial", "measured"]

#: What became of a trial: all its replications were run; it was seen to be worse, or to break a constraint, before; the model refuses it;
#: it has no values, since its runs failed or a metric is not defined.
COMPLETE, GIVEN_UP, REFUSED, FAILED = "complete", "given up", "refused", "failed"
#: What the sampler is told of a trial without values, as an excess: that it is far beyond a bound.
_FAR = 10.0


@dataclass(frozen=True)
class Candidate:
    """A setting that was asked for.

    Attributes
    ----------
    point
        What is set.
    run
        Name of its runs.
    refused
        What the model says against it; empty if nothing.
    """

    point: Point
    run: str
    refused: str = ""


@dataclass(frozen=True)
class Trial:
    """What is known of a candidate.

    Attributes
    ----------
    number
        Its place in the search; 0 is the strategy as it is.
    candidate
        What was tried.
    status
        What became of it.
    replications
        How often it was run.
    values, differences
        Of each measure, the mean with its interval; the same of the difference from the strategy as it is on the same people.
    excess
        How far each constraint is exceeded, as a share of its bound.
    behind
        What the sampler is told of the objectives in place of the mean differences, where the trial was given up for another one: that
        one's difference, and how far the trial was behind it on the same people. A few replications alone might say that it was ahead.
    """

    number: int
    candidate: Candidate
    status: str
    replications: int
    values: Mapping[str, Interval]
    differences: Mapping[str, Interval]
    excess: Mapping[str, float]
    behind: tuple[float, ...] = ()

    @property
    def feasible(self) -> bool:
        """Whether it has values and all constraints are met."""
        return self.status in (COMPLETE, GIVEN_UP) and not any(self.excess.values())

    @property
    def is_kept(self) -> bool:
        """Whether it can be one of the best: feasible, and never given up."""
        return self.status == COMPLETE and self.feasible

    def gains(self, search: Search) -> tuple[float, ...]:
        """Return the mean differences of the objectives from the strategy as it is, more always better."""
        return tuple(sign * self.differences[name].mean for sign, name in zip(search.better, search.objectives, strict=True))

    def told(self, search: Search) -> Told:
        """Say it to the sampler."""
        if self.status in (REFUSED, FAILED):
            return Told(self.candidate.point.values, (), {self.status: _FAR})
        objectives = self.behind or tuple(self.differences[name].mean for name in search.objectives)
        return Told(self.candidate.point.values, objectives, self.excess)


def measured(search: Search, ledger: Ledger, candidate: Candidate, baseline: str, count: int, number: int, status: str) -> Trial:
    """Make a trial of what is known after so many replications."""
    values = {name: interval_of(ledger.values(candidate.run, name, count)) for name in search.measures}
    differences = {
        name: interval_of(ledger.values(candidate.run, name, count) - ledger.values(baseline, name, count)) for name in search.measures
    }
    if any(np.isnan(differences[name].mean) for name in search.objectives):
        status = FAILED
    return Trial(number, candidate, status, count, values, differences, search.excess({name: own.mean for name, own in values.items()}))


class Course:
    """The trials of a search, batch by batch.

    Each candidate is judged against those that were best before its batch, so that nothing depends on the order within.

    Parameters
    ----------
    search
        What is looked for.
    ledger
        The runs.
    baseline
        The strategy as it is, the first of the first batch.
    """

    def __init__(self, search: Search, ledger: Ledger, baseline: Candidate) -> None:
        self._search, self._ledger, self._baseline = search, ledger, baseline
        self.trials: list[Trial] = []
        self._rivals: list[Trial] = []

    def wants(self, batch: Sequence[Candidate]) -> dict[str, int]:
        """Return the replications that the next look at a batch takes; those that are there when there is nothing more to see."""
        wanted = {self._baseline.run: self._search.replications}
        if not self.trials:
            if not self._ledger.through(wanted):
                # Nothing can be given up before there is something to compare with.
                return {**wanted, **{own.run: self._search.looks[0] for own in batch if not own.refused}}
            self._begin()
        return {**wanted, **{own.run: self._look(own)[0] for own in batch if not own.refused}}

    def close(self, batch: Sequence[Candidate]) -> None:
        """Judge a batch that is through."""
        for own in batch:
            number = len(self.trials)
            if own.refused:
                self.trials.append(Trial(number, own, REFUSED, 0, {}, {}, {}))
            else:
                count, status = self._look(own)
                trial = measured(self._search, self._ledger, own, self._baseline.run, count, number, status)
                rival = self._ahead(own.run, count) if status == GIVEN_UP else None
                self.trials.append(trial if rival is None else replace(trial, behind=self._behind(own.run, rival, count)))
        self._choose_rivals()

    def _begin(self) -> None:
        count = self._search.replications
        self.trials.append(measured(self._search, self._ledger, self._baseline, self._baseline.run, count, 0, COMPLETE))
        self._choose_rivals()

    def _choose_rivals(self) -> None:
        self._rivals = front([own for own in self.trials if own.is_kept], self._search)

    def _look(self, own: Candidate) -> tuple[int, str]:
        """Return how many replications of a candidate are wanted, and what becomes of it there; nothing while they are not through."""
        for count in self._search.looks:
            if not self._ledger.through({own.run: count}):
                return count, ""
            if count < self._search.replications and (self._breaks(own.run, count) or self._ahead(own.run, count)):
                return count, GIVEN_UP
        return self._search.replications, COMPLETE

    def _breaks(self, run: str, count: int) -> bool:
        """Say whether the interval of a constraint lies beyond its bound."""
        means = {name: interval_of(self._ledger.values(run, name, count)) for name in self._search.constraints}
        return any(
            (bound.most is not None and means[name].low > bound.most) or (bound.least is not None and means[name].high < bound.least)
            for name, bound in self._search.constraints.items()
        )

    def _ahead(self, run: str, count: int) -> Trial | None:
        """Find a rival that is ahead in every objective, by intervals of the differences on the same people."""
        signs = list(zip(self._search.better, self._search.objectives, strict=True))
        for rival in self._rivals:
            if all(interval_of(sign * self._gap(run, rival, name, count)).high < 0 for sign, name in signs):
                return rival
        return None

    def _behind(self, run: str, rival: Trial, count: int) -> tuple[float, ...]:
        return tuple(
            rival.differences[name].mean + interval_of(self._gap(run, rival, name, count)).mean for name in self._search.objectives
        )

    def _gap(self, run: str, rival: Trial, name: str, count: int) -> NDArray[np.float64]:
        return self._ledger.values(run, name, count) - self._ledger.values(rival.candidate.run, name, count)
