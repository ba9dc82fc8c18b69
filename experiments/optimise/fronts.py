"""Which trials are best: those that no other beats in every objective, and a few that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from experiments.optimise.search import Search
    from experiments.optimise.trials import Trial

__all__ = ["finalists", "front", "on_front"]


def on_front(gains: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which rows no other row is at least as good as in all columns and better in one.

    Parameters
    ----------
    gains
        Trials x objectives, more is better.
    """
    at_least = (gains[:, None, :] >= gains[None, :, :]).all(axis=2)
    better = (gains[:, None, :] > gains[None, :, :]).any(axis=2)
    return np.asarray(~(at_least & better).any(axis=0), dtype=np.bool_)


def front(trials: Sequence[Trial], search: Search) -> list[Trial]:
    """Return the trials that no other beats."""
    if not trials:
        return []
    best = on_front(np.array([trial.gains(search) for trial in trials]))
    return [trial for trial, is_best in zip(trials, best, strict=True) if is_best]


def finalists(trials: Sequence[Trial], search: Search) -> list[Trial]:
    """Choose what is measured again, besides the strategy as it is.

    With one objective the best few: luck decides among them, and the best on average may be one of the next. With several the front, or
    so many of it that lie far apart, beginning with the best in the first objective.

    Parameters
    ----------
    trials
        All of the search, the strategy as it is first.
    search
        What is looked for.
    """
    kept = [trial for trial in trials[1:] if trial.is_kept]
    if len(search.objectives) == 1:
        return sorted(kept, key=lambda trial: (-trial.gains(search)[0], trial.number))[: search.retest_most]
    best = front(kept, search)
    if len(best) <= search.retest_most:
        return best
    gains = np.array([trial.gains(search) for trial in best])
    scaled = (gains - gains.min(axis=0)) / np.maximum(np.ptp(gains, axis=0), np.finfo(float).tiny)
    chosen = [int(gains[:, 0].argmax())]
    while len(chosen) < search.retest_most:
        nearest = np.linalg.norm(scaled[:, None, :] - scaled[chosen][None, :, :], axis=2).min(axis=1)
        nearest[chosen] = -1.0
        chosen.append(int(nearest.argmax()))
    return [best[place] for place in sorted(chosen)]
