"""What a search found, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.checks import is_number
from experiments.metrics import Metric
from experiments.numbers import share, show
from experiments.optimise.measures import measure_of
from experiments.optimise.results import OptimiseResults
from experiments.optimise.trials import FAILED, GIVEN_UP, REFUSED, Trial
from experiments.statistics import Interval
from experiments.wording import listed

__all__ = ["answer", "caveat", "difference", "effort", "moved", "reading", "setting", "shown_value", "span"]

_CAVEAT = (
    "Intervals are 95 % intervals over replications. They do not include uncertainty of the model itself: what is best in the simulator "
    "need not be best in the world."
)
_DRAWN = (
    "Intervals are 95 % intervals over replications. Those of the re-test and the confirmation are over worlds that fit the evidence, a "
    "draw of behaviour for each replication, the same for all settings: they hold luck and how uncertain behaviour is within the facts "
    "that were fitted, not that the equations may be wrong. The search itself knew one behaviour."
)


def caveat(found: OptimiseResults) -> str:
    """Say what the intervals hold."""
    return _DRAWN if found.are_draws else _CAVEAT


def answer(found: OptimiseResults) -> str:
    """Say what won, by how much on people by whom nothing was chosen, or that nothing did."""
    ending, first = found.ending, found.search.objectives[0]
    metric = measure_of(first)
    if found.winner is None or ending.confirmed is None:
        return _nothing(found)
    gain = ending.confirmed.differences[first]
    fresh = f"{gain.replications} fresh replications{_of_draws(found, ending.confirmed)}"
    figures = f"{metric.label} {_signed(gain.mean, metric)} ({span(gain, metric)}) on {fresh}"
    if not _ahead(gain, metric):
        if found.baseline.number in [own.number for own in ending.retested if not own.feasible]:
            return (
                f"{found.strategy} as it is breaks a constraint; the best setting that was found to meet them: {moved(found)}. {figures}."
            )
        nothing = f"No setting was shown to be better than {found.strategy} as it is"
        return f"{nothing}. The best of the re-test, {moved(found)}: {figures}."
    better = (
        "Better than"
        if len(found.search.objectives) == 1
        else f"Of the front the best in {metric.label.lower()}, in which it is better than"
    )
    return f"{better} {found.strategy} as it is: {moved(found)}. {figures}."


def reading(found: OptimiseResults) -> list[str]:
    """Say the answer, what the other objectives and constraints are, and how much of what the search promised was luck."""
    return [line for line in (answer(found), _others(found), _luck(found)) if line]


def effort(found: OptimiseResults) -> str:
    """Count what became of the candidates."""
    tried = found.trials[1:]
    counts = {status: sum(own.status == status for own in tried) for status in (GIVEN_UP, REFUSED, FAILED)}
    parts = [f"{number} {name}" for name, number in counts.items() if number]
    broken = sum(own.status not in (REFUSED, FAILED) and not own.feasible for own in tried)
    parts += [f"{broken} beyond a constraint"] * bool(broken)
    runs = sum(own.replications for own in found.trials)
    return f"{len(tried)} settings{f' ({listed(parts)})' if parts else ''}, {runs} runs of the search"


def moved(found: OptimiseResults) -> str:
    """Write what the setting that won changes."""
    assert found.winner is not None
    values = found.winner.candidate.point.levers
    changed = [key for key in found.levers if values[key] != found.now(key)]
    return ", ".join(f"{_short(key)} {shown_value(found.now(key))} → {shown_value(values[key])}" for key in changed)


def setting(found: OptimiseResults, trial: Trial) -> list[str]:
    """Write the value of each lever."""
    return [shown_value(trial.candidate.point.levers[key]) for key in found.levers]


def difference(own: Interval, metric: Metric) -> str:
    """Write a difference with its interval."""
    return f"{_signed(own.mean, metric)} ({span(own, metric)})"


def span(own: Interval, metric: Metric) -> str:
    """Write an interval of differences."""
    return f"{_signed(own.low, metric)} to {_signed(own.high, metric)}"


def shown_value(value: Any) -> str:
    """Write the value of a lever."""
    return f"{value:.4g}" if is_number(value) else str(value)


def _of_draws(found: OptimiseResults, own: Trial) -> str:
    """Say in what share of the worlds that fit the evidence a setting is better, where the replications are such worlds."""
    if not found.are_draws:
        return ""
    return f", better in {share(found.share_better(own))} of the worlds that fit the evidence"


def _ahead(gain: Interval, metric: Metric) -> bool:
    return gain.low > 0 if metric.better > 0 else gain.high < 0


def _nothing(found: OptimiseResults) -> str:
    if not found.finished:
        return f"The search is not finished, and nothing is said before: {effort(found)} so far; the same command continues."
    if found.baseline.status == FAILED:
        return f"{found.strategy} as it is has no values to compare with."
    if not found.ending.retested:
        if any(own.feasible for own in found.trials[1:]):
            return f"No setting was better than {found.strategy} as it is: {effort(found)}."
        return f"None of {effort(found)} met all constraints."
    if not any(own.feasible for own in found.ending.retested):
        return "On fresh people no setting met all constraints."
    return f"No setting was better than {found.strategy} as it is when the best were run again on fresh people."


def _others(found: OptimiseResults) -> str:
    own = found.ending.confirmed
    if own is None:
        return ""
    parts = [f"{measure_of(name).label} {difference(own.differences[name], measure_of(name))}" for name in found.search.objectives[1:]]
    parts += list(_bounds(found, own))
    return f"Besides: {'; '.join(parts)}." if parts else ""


def _bounds(found: OptimiseResults, own: Trial) -> Iterator[str]:
    for name, bound in found.search.constraints.items():
        metric = measure_of(name)
        verdict = "" if not own.excess[name] else ", which breaks its bound"
        yield f"{metric.label} {show(own.values[name].mean, metric)} ({bound.shown()}{verdict})"


def _luck(found: OptimiseResults) -> str:
    if found.ending.confirmed is None or found.winner is None:
        return ""
    first = found.search.objectives[0]
    metric = measure_of(first)
    promised = metric.better * found.winner.differences[first].mean
    kept = metric.better * found.ending.confirmed.differences[first].mean
    lost = promised - kept
    if np.isnan(lost):
        return ""
    was = "less" if lost > 0 else "more"
    return f"The search had promised {_signed(metric.better * promised, metric)}; fresh people say {show(abs(lost), metric)} {was}."


def _signed(value: float, metric: Metric) -> str:
    text = f"{100 * value:.1f} points".replace("-", "−") if metric.unit == "share" else show(value, metric)
    unit = " yuan" if metric.unit == "yuan" else ""
    return f"{'+' if value > 0 else ''}{text}{unit}"


def _short(key: str) -> str:
    return key.removeprefix("strategy.").removeprefix("programme.")
