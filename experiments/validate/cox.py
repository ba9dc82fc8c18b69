"""Cox regression with covariates that change over time, by partial likelihood."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.validate.row import Numbers

__all__ = ["Cox", "cox"]

Places = NDArray[np.intp]

_STEPS, _SMALL = 50, 1e-9


class Cox(NamedTuple):
    """What a regression gives, by covariate."""

    #: Logarithms of hazard ratios.
    effects: Numbers
    #: Their standard errors.
    errors: Numbers


class _Risk(NamedTuple):
    """One stratum: spells, and at which of them somebody is at risk when an event happens."""

    covariates: Numbers
    events: Numbers
    by_start: Places
    by_stop: Places
    begun: Places
    ended: Places


def cox(start: Numbers, stop: Numbers, event: Numbers, covariates: Numbers, strata: Numbers | None = None) -> Cox:
    """Estimate hazard ratios of covariates that are constant within a spell and may differ between spells of one person.

    Parameters
    ----------
    start, stop
        From when to when each spell lasts; at risk of an event at `t` are spells with start < t <= stop.
    event
        1 where the spell ends with the event.
    covariates
        A row a spell, a column a covariate.
    strata
        Spells are compared within a stratum alone; None for one of all.

    Raises
    ------
    ValueError
        Where the estimate does not converge: a covariate that nobody has, or that all events have.

    Source: Cox 1972; ties by Breslow's approximation; Newton's method.
    """
    strata = np.zeros(len(start)) if strata is None else strata
    middle = covariates.mean(axis=0)
    parts = [_risk(start[own], stop[own], event[own], covariates[own] - middle) for own in (strata == one for one in np.unique(strata))]
    effects = np.zeros(covariates.shape[1])
    for _ in range(_STEPS):
        slopes, curvatures = zip(*(_slope(part, effects) for part in parts), strict=True)
        information = np.sum(curvatures, axis=0)
        if not np.linalg.cond(information) < 1.0 / _SMALL:
            break
        step = np.linalg.solve(information, np.sum(slopes, axis=0))
        effects = effects + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < _SMALL:
            return Cox(effects, np.sqrt(np.diag(np.linalg.inv(information))))
    raise ValueError("the regression does not converge: too few events among those with the covariate, or without it")


def _risk(start: Numbers, stop: Numbers, event: Numbers, covariates: Numbers) -> _Risk:
    times = stop[event > 0]
    by_start, by_stop = np.argsort(start), np.argsort(stop)
    return _Risk(
        covariates,
        covariates[event > 0],
        by_start,
        by_stop,
        np.searchsorted(start[by_start], times, side="left"),
        np.searchsorted(stop[by_stop], times, side="left"),
    )


def _slope(part: _Risk, effects: Numbers) -> tuple[Numbers, Numbers]:
    """Return the derivative of the logarithm of the partial likelihood, and the second one with its sign turned."""
    x = part.covariates
    weights = np.exp(x @ effects)
    terms = np.concatenate([np.ones((len(x), 1)), x, (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)], axis=1) * weights[:, None]
    # Of those who began before an event, those are not at risk any more who stopped before it.
    begun, ended = (np.concatenate([np.zeros((1, terms.shape[1])), terms[order].cumsum(axis=0)]) for order in (part.by_start, part.by_stop))
    sums = begun[part.begun] - ended[part.ended]
    number = x.shape[1]
    means = sums[:, 1 : 1 + number] / sums[:, :1]
    squares = (sums[:, 1 + number :] / sums[:, :1]).reshape(-1, number, number)
    return (part.events - means).sum(axis=0), (squares - means[:, :, None] * means[:, None, :]).sum(axis=0)
