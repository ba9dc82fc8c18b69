"""What an analysis shows, in a few sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.metrics import Metric
from experiments.numbers import share, show
from experiments.sensitivity.assumptions import Dependence, dependences_of, leader_of
from experiments.sensitivity.effects import Effect, effects_of
from experiments.sensitivity.indices import Indices, indices_of
from experiments.sensitivity.results import SensitivityResults, Target
from experiments.statistics import Interval
from experiments.wording import listed

__all__ = ["CAVEAT", "amount", "dependence_words", "readings", "title"]

CAVEAT = (
    "Every point meets the same people with the same luck. Intervals of what comes out are 95 % t intervals over replications; each "
    "value tried is judged alone, and of many without a difference one in twenty would look decided. Nothing is said of values outside "
    "the ranges, nor of keys that were not varied."
)
_MOST = 3
_MOST_ASSUMPTIONS = 5
#: What an index is called, and which one ranks the keys.
RANKING = {"morris": "mu_star", "sobol": "ST"}


def title(found: SensitivityResults) -> str:
    """Name what was analysed."""
    arms = " against ".join(found.strategies) if len(found.strategies) == 2 else listed(found.strategies)
    return f"What {_label(found.metric)} of {arms} hangs on"


def readings(found: SensitivityResults) -> list[str]:
    """Say what comes out now, what moves it, and on what the order depends.

    Parameters
    ----------
    found
        The analysis.
    """
    lines = []
    for target in found.main:
        effects = effects_of(found, target)
        if not effects:
            lines.append(f"There is no {_label(found.metric)} of {target.label} as configured, so nothing can be said.")
            continue
        lines.append(f"{_now(found, target, effects[0].now.outcome)} {_movers(found, target, effects)}")
        indices = indices_of(found, target)
        if indices is not None:
            lines.append(_indexed(found, target, indices))
    return [*lines, *_order(found)]


def amount(value: float, metric: Metric, *, difference: bool) -> str:
    """Write a value with its unit; differences of shares are points."""
    if metric.unit == "share" and difference:
        return f"{100 * value:.1f} points".replace("-", "−")
    return f"{show(value, metric)}{' yuan' if metric.unit == 'yuan' else ' days' if metric.unit == 'days' else ''}"


def dependence_words(found: SensitivityResults, own: Dependence) -> str:
    """Say how the order depends on an assumption, at which value of it."""
    there = leader_of(found, own.target, own.there.outcome)
    at = found.with_unit(own.key, own.there.value)
    if own.what == "turns":
        about = "" if math.isnan(own.turns_at) else f"turns at about {found.with_unit(own.key, own.turns_at)}, and "
        return f"{about}at {at} {there} leads"
    between = " and ".join(found.with_unit(own.key, value) for value in own.between)
    return f"undecided at {at}" if own.what == "becomes undecided" else f"decided between {between}: at {at} {there} leads"


def _label(metric: Metric) -> str:
    return metric.label if metric.label[:2].isupper() else f"{metric.label[0].lower()}{metric.label[1:]}"


def _now(found: SensitivityResults, target: Target, outcome: Interval) -> str:
    label = _label(found.metric)
    span = _span(outcome, found.metric, difference=bool(target.baseline))
    if not target.baseline:
        return f"{found.metric.label} of {target.strategy} is {amount(outcome.mean, found.metric, difference=False)}{span} as configured."
    if outcome.mean == 0:
        return f"{target.strategy} and {target.baseline} are equal on {label} as configured."
    ahead, behind = (
        (target.strategy, target.baseline) if outcome.mean * (found.metric.better or 1) > 0 else (target.baseline, target.strategy)
    )
    gap = f"{amount(abs(outcome.mean), found.metric, difference=True)}{span}"
    verb = "leads" if outcome.decided else "is ahead of"
    doubt = "" if outcome.decided else ", which decides nothing" if outcome.replications < 2 else ", undecided"
    return f"As configured, {ahead} {verb} {behind} on {label} by {gap}{doubt}."


def _span(outcome: Interval, metric: Metric, *, difference: bool) -> str:
    if outcome.replications < 2:
        return " (one replication)"
    ends = sorted(map(abs, (outcome.low, outcome.high))) if difference and outcome.decided else (outcome.low, outcome.high)
    if difference and not outcome.decided and outcome.mean < 0:
        ends = (-outcome.high, -outcome.low)  # as seen by the one who is ahead
    return f" (95 % interval {amount(ends[0], metric, difference=difference)} to {amount(ends[1], metric, difference=difference)})"


def _movers(found: SensitivityResults, target: Target, effects: Sequence[Effect]) -> str:
    difference = bool(target.baseline)
    shown = [
        f"{effect.key} ({_end(found, effect, 0, difference=difference)}, {_end(found, effect, 1, difference=difference)})"
        for effect in effects[:_MOST]
        if effect.swing
    ]
    what = f"the difference {target.label}" if difference else "it"
    number = f"Of {len(effects)} keys" if len(effects) > 1 else "One key"
    if not shown:
        return f"{number}, varied alone, none changes {what}."
    idle = sum(effect.nothing for effect in effects)
    rest = f" {idle} of the keys changed nothing at all in these runs." if idle else ""
    return f"{number}, each varied alone, {what} moves most with {', '.join(shown)}.{rest}"


def _end(found: SensitivityResults, effect: Effect, end: int, *, difference: bool) -> str:
    place = effect.ends[end]
    return f"{amount(place.outcome.mean, found.metric, difference=difference)} at {found.with_unit(effect.key, place.value)}"


def _indexed(found: SensitivityResults, target: Target, indices: Indices) -> str:
    ranked = list(indices.of(RANKING[found.method]).values())[:_MOST]
    what = f"{_label(found.metric)}, {target.label}"
    if found.method == "sobol":
        shown = [f"{row.key} {row.value:.2f} ({row.low:.2f} to {row.high:.2f})".replace("-", "−") for row in ranked]
        luck = "" if math.isnan(indices.noise) else f" Luck makes {share(indices.noise_share)} of the variance, by which ST is too large."
        return f"Sobol, all keys together: total effects (ST) on {what} are greatest of {', '.join(shown)}.{luck}"
    shown = [f"{row.key} {amount(row.value, found.metric, difference=True)}" for row in ranked]
    luck = "" if math.isnan(indices.noise) else f" Luck alone would make about {amount(indices.noise, found.metric, difference=True)}."
    return f"Morris, all keys together: mean sizes of effects over a whole range (mu*) on {what} are greatest of {', '.join(shown)}.{luck}"


def _order(found: SensitivityResults) -> list[str]:
    """Say on which assumptions the order of the arms depends."""
    if len(found.strategies) < 2:
        return []
    replications = max((effect.now.outcome.replications for pair in found.pairs for effect in effects_of(found, pair)[:1]), default=0)
    if replications < 2:
        return ["A single replication decides nothing: on what the order depends takes replications=2 or more."] if replications else []
    depends = dependences_of(found)
    keys = list(dict.fromkeys(own.key for own in depends))
    if not keys:
        decided = [effects_of(found, pair)[0].now.outcome.decided for pair in found.pairs if effects_of(found, pair)]
        stays = "stays as it is" if all(decided) else "is nowhere more decided than it is now"
        return [f"The order depends on none of the keys, each varied alone within its range: it {stays} at every value tried."]
    several = len(found.pairs) > 1
    shown = []
    for own in depends[:_MOST_ASSUMPTIONS]:
        pair = f"{own.target.label}: " if several else ""
        shown.append(f"{own.key} ({pair}now {found.with_unit(own.key, own.now.value)}; {dependence_words(found, own)})")
    more = f", and {len(depends) - len(shown)} more" if len(depends) > len(shown) else ""
    head = "The order depends on 1 key" if len(keys) == 1 else f"The order depends on {len(keys)} of the keys"
    return [f"{head}: {'; '.join(shown)}{more}."]
