"""Plans that go on until a precision is reached, or the best arm is found."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from experiments.metrics import metric_of
from experiments.runs import Outcome
from experiments.sequential.best import best_of
from experiments.sequential.ledger import Ledger
from experiments.sequential.precision import EVERY, next_look, replications_needed, stopping_look, widths_of
from experiments.store import Store

__all__ = ["BestPlan", "PrecisionPlan"]

#: Runs that each worker gets at once, and replications that are simulated at once at least.
_RUNS_A_WORKER, _AT_ONCE = 2, 4


class PrecisionPlan:
    """Replications of every arm until every interval is narrow enough.

    Parameters
    ----------
    store
        Where the runs are.
    workers
        Processes that are to be kept busy.
    """

    def __init__(self, store: Store, workers: int) -> None:
        self._job = store.job
        self._ledger = Ledger(store)
        self._at_once = max(EVERY, math.ceil(_RUNS_A_WORKER * workers / len(self._job.arms)))

    def take(self, outcome: Outcome) -> None:
        """See a run that is finished."""
        self._ledger.take(outcome)

    def wanted(self) -> Mapping[str, int]:
        """Return the replications up to the next look, or up to the one at which the rule stopped.

        The looks that are chosen depend on the runs up to the look before alone, so that a continued command chooses the same.
        """
        asked = self._job.settings.precision
        least, most = self._job.replications, max(asked.most, self._job.replications)
        widths = [widths_of(self._ledger.sample(metric), share, least, most) for metric, share in asked.shares.items()]
        looks = widths[0].looks
        stop = stopping_look(widths) if looks.size else None
        now = least
        while now < most and now in looks and (stop is None or now < looks[stop]):
            place = int(np.flatnonzero(looks == now)[0])
            open_ = [replications_needed(own, place)[~(own.narrow[place] | own.undefined)] for own in widths]
            needed = max((float(number) for own in open_ for number in own if number == number), default=math.inf)
            now = next_look(least, most, now, needed, self._at_once)
        return dict.fromkeys(self._job.names, now)


class BestPlan:
    """Replications of the arms that may still be the best one.

    Parameters
    ----------
    store
        Where the runs are.
    workers
        Processes that are to be kept busy.
    """

    def __init__(self, store: Store, workers: int) -> None:
        self._job = store.job
        self._ledger = Ledger(store)
        self._workers = workers

    def take(self, outcome: Outcome) -> None:
        """See a run that is finished."""
        self._ledger.take(outcome)

    def wanted(self) -> Mapping[str, int]:
        """Return the replications of the arms that are in, up to the next stage.

        The stages depend on when arms were left out alone, so that a continued command has the same.
        """
        settings = self._job.settings.best
        assert settings.metric is not None
        sample = self._ledger.sample(settings.metric)
        columns, zone, selection = best_of(sample, metric_of(settings.metric).better, settings)
        tried = {sample.arms[column]: int(sample.tried[column]) for column in columns}
        out = {arm: selection.seen(place) for place, arm in enumerate(tried) if not selection.alive[place]}
        # There is nothing to find without a second arm that has values, nor without a zone.
        hopeless = len(columns) < 2 or zone == 0
        end = 0 if hopeless else max(out.values()) if selection.best is not None else settings.most
        now = settings.first_stage
        wanted = dict.fromkeys(self._job.names, now)
        while now < end:
            still = [arm for arm in tried if arm not in out or out[arm] > now]
            if any(tried[arm] < now for arm in still):
                break
            now = min(settings.most, now + max(_AT_ONCE, math.ceil(_RUNS_A_WORKER * self._workers / len(still)), now // 10))
            wanted.update(dict.fromkeys(still, now))
        return wanted
