"""The assumptions on which the order of arms depends: keys within whose range it turns, or is no longer decided."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal, NamedTuple

import pandas as pd

from experiments.sensitivity.effects import Effect, Place, effects_of
from experiments.sensitivity.results import SensitivityResults, Target
from experiments.statistics import Interval

__all__ = ["Dependence", "assumptions_table", "dependences_of", "leader_of"]

What = Literal["turns", "becomes undecided", "becomes decided"]


class Dependence(NamedTuple):
    """An assumption on which the order of two arms depends.

    Attributes
    ----------
    target
        The two arms.
    key
        The parameter.
    what
        ``"turns"``: each of them leads somewhere, decided at both places. ``"becomes undecided"``: decided now, and
        somewhere not. ``"becomes decided"``: undecided now, and somewhere decided.
    now, there
        What comes out at the configured value, and at the tried value at which it is otherwise: of several the nearest.
    turns_at
        The value at which the mean difference is 0, on a straight line between two tried values; NaN where it has the
        same sign at all.
    between
        Those two; where there is no such value, the two between which it becomes decided or undecided.
    """

    target: Target
    key: str
    what: What
    now: Place
    there: Place
    turns_at: float
    between: tuple[float, float]


def dependences_of(found: SensitivityResults) -> list[Dependence]:
    """List the assumptions on which the order depends, pair by pair, those that turn it first."""
    order: list[What] = ["turns", "becomes undecided", "becomes decided"]
    listed = [own for pair in found.pairs for effect in effects_of(found, pair) if (own := _dependence(pair, effect)) is not None]
    return sorted(listed, key=lambda own: (found.pairs.index(own.target), order.index(own.what)))


def leader_of(found: SensitivityResults, target: Target, outcome: Interval) -> str:
    """Name the arm that is ahead; nobody where that is not decided, the one with more where neither direction is better."""
    if not outcome.decided:
        return ""
    return target.strategy if outcome.mean * (found.metric.better or 1) > 0 else target.baseline


def assumptions_table(found: SensitivityResults) -> pd.DataFrame:
    """Return the assumptions as a table, one row each."""
    rows = []
    for own in dependences_of(found):
        note = found.note(own.key)
        rows.append(
            {
                "strategy": own.target.strategy,
                "baseline": own.target.baseline,
                "metric": found.metric.name,
                "key": own.key,
                **{name: note[name] for name in ("unit", "status", "source", "meaning")},
                "what": own.what,
                "now": own.now.value,
                "leader_now": leader_of(found, own.target, own.now.outcome),
                **_columns("now", own.now.outcome),
                "turns_at": own.turns_at,
                "between_low": own.between[0],
                "between_high": own.between[1],
                "there": own.there.value,
                "leader_there": leader_of(found, own.target, own.there.outcome),
                **_columns("there", own.there.outcome),
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _columns(name: str, outcome: Interval) -> dict[str, float]:
    return {f"difference_{name}": outcome.mean, f"low_{name}": outcome.low, f"high_{name}": outcome.high}


_COLUMNS = [
    *("strategy", "baseline", "metric", "key", "unit", "status", "source", "meaning", "what"),
    *("now", "leader_now", "difference_now", "low_now", "high_now", "turns_at", "between_low", "between_high"),
    *("there", "leader_there", "difference_there", "low_there", "high_there"),
]


def _dependence(target: Target, effect: Effect) -> Dependence | None:
    now, places = effect.now, effect.places
    signs = {_sign(place) for place in places}
    if {1, -1} <= signs:
        what: What = "turns"
        there = _nearest(effect, {-_sign(now)} if _sign(now) else {1, -1})
    elif _sign(now) and 0 in signs:
        what, there = "becomes undecided", _nearest(effect, {0})
    elif not _sign(now) and signs - {0}:
        what, there = "becomes decided", _nearest(effect, {1, -1})
    else:
        return None
    turns_at, between = _turn(effect)
    if math.isnan(turns_at):
        between = _change(effect, there)
    return Dependence(target, effect.key, what, now, there, turns_at, between)


def _sign(place: Place) -> int:
    """Return the sign of an outcome, 0 where its interval includes 0 or there is none."""
    return (1 if place.outcome.mean > 0 else -1) if place.outcome.decided else 0


def _nearest(effect: Effect, signs: set[int]) -> Place:
    """Return the tried value with one of these signs that is nearest to the configured one, counted in tried values."""
    here = effect.places.index(effect.now)
    wanted = [(abs(position - here), place) for position, place in enumerate(effect.places) if _sign(place) in signs]
    return min(wanted)[1]


def _turn(effect: Effect) -> tuple[float, tuple[float, float]]:
    """Find where the mean is 0, on straight lines between tried values; of several places the nearest to the configured value."""
    found = []
    for left, right in pairwise(effect.places):
        before, after = left.outcome.mean, right.outcome.mean
        if before * after < 0 or (after == 0 and before != 0):
            value = left.value + (right.value - left.value) * before / (before - after)
            found.append((abs(value - effect.now.value), value, (left.value, right.value)))
    if not found:
        return math.nan, (math.nan, math.nan)
    _, value, between = min(found)
    return value, between


def _change(effect: Effect, there: Place) -> tuple[float, float]:
    """Return the two tried values between which it comes to be as it is there, seen from the configured one."""
    here, position = effect.places.index(effect.now), effect.places.index(there)
    before = effect.places[position - (1 if position > here else -1)]
    low, high = sorted((before.value, there.value))
    return low, high
