"""The end of a search: the finalists on fresh people, the winner among them, and the winner once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.optimise.fronts import finalists, on_front
from experiments.optimise.ledger import Ledger
from experiments.optimise.search import Search
from experiments.optimise.stages import CONFIRMATION, RETEST, in_stage
from experiments.optimise.trials import COMPLETE, Candidate, Trial, measured

__all__ = ["Ending", "ending_of"]


@dataclass(frozen=True)
class Ending:
    """What came out.

    Attributes
    ----------
    wanted
        Replications that this takes, by arm.
    retested
        The strategy as it is and the finalists, as the re-test shows them; empty before.
    on_front
        Whether no other of these that meets the constraints is better in every objective.
    winner
        The best in the first objective of those that meet the constraints, as the re-test shows it; None where that is the strategy as
        it is, or none meets them.
    confirmed
        The winner on people by whom nothing was chosen; None before, or without one.
    """

    wanted: Mapping[str, int]
    retested: Sequence[Trial] = ()
    on_front: Sequence[bool] = ()
    winner: Trial | None = None
    confirmed: Trial | None = None


def ending_of(search: Search, ledger: Ledger, trials: Sequence[Trial]) -> Ending:
    """Say what came out of a search, as far as it is there.

    Parameters
    ----------
    search
        What was looked for.
    ledger
        The runs.
    trials
        All trials, the strategy as it is first.
    """
    count = search.retest_replications
    best = finalists(trials, search)
    if not best:
        return Ending({})
    again = [trials[0], *best]
    wanted = {in_stage(trial.candidate.run, RETEST): count for trial in again}
    if not ledger.through(wanted):
        return Ending(wanted)
    retested = [_measured(search, ledger, trial, trials[0], RETEST) for trial in again]
    able = [trial for trial in retested if trial.feasible]
    where = set()
    if able:
        shown = on_front(np.array([trial.gains(search) for trial in able]))
        where = {trial.number for trial, is_best in zip(able, shown, strict=True) if is_best}
    winner = max(able, key=lambda trial: (trial.gains(search)[0], -trial.number), default=None)
    ending = Ending(wanted, retested, [trial.number in where for trial in retested], winner if winner and winner.number else None)
    if ending.winner is None:
        return ending
    won = trials[ending.winner.number]
    more = {in_stage(trial.candidate.run, CONFIRMATION): count for trial in (trials[0], won)}
    confirmed = _measured(search, ledger, won, trials[0], CONFIRMATION) if ledger.through(more) else None
    return Ending({**wanted, **more}, retested, ending.on_front, ending.winner, confirmed)


def _measured(search: Search, ledger: Ledger, trial: Trial, baseline: Trial, stage: str) -> Trial:
    own = Candidate(trial.candidate.point, in_stage(trial.candidate.run, stage))
    return measured(search, ledger, own, in_stage(baseline.candidate.run, stage), search.retest_replications, trial.number, COMPLETE)
