"""The answer to a question in one sentence, from the numbers alone."""

from __future__ import annotations

import math

from experiments.answers.values import Measured
from experiments.metrics import Metric
from experiments.numbers import count, show
from experiments.statistics import Interval

__all__ = ["sentence"]

_NUMBERS = ("", "one arm", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentence(found: list[Measured], baseline: str) -> str:
    """Say which arm leads on the first metric, whether that is decided, and who is first on the others.

    Parameters
    ----------
    found
        What was measured, the first metric decides.
    baseline
        Name of the first arm.
    """
    if not found or not found[0].ranked():
        return "What was asked for was not recorded."
    first, *others = found
    parts = [_leader(first, baseline), *(_also(each, baseline) for each in others if each.ranked())]
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}."


def _leader(found: Measured, baseline: str) -> str:
    ranked = found.ranked()
    best = ranked[0]
    label = _label(found.metric)
    value = _value(found.values[best], found.metric)
    if len(ranked) == 1:
        return f"{label} is {value} in {best}"
    many = _NUMBERS[len(ranked)] if len(ranked) < len(_NUMBERS) else count(len(ranked))
    opening = f"of {many} arms, {best} has the {_most(found.metric)} {label}, {value}"
    against = [] if best == baseline or baseline not in ranked else [_against(found, best, baseline, f"the baseline {baseline}")]
    second = ranked[1]
    if second != baseline or not against:
        against.append(_against(found, best, second, f"the next, {second}"))
    return f"{opening}: {', and '.join(against)}"


def _against(found: Measured, one: str, other: str, called: str) -> str:
    gap = found.gap(one, other)
    if gap.mean == 0:
        return f"the same as {called}"
    how = "more" if gap.mean > 0 else "less"
    size = Interval(*_upright(gap), gap.replications)
    text = f"{_value(size, found.metric, points=True)} {how} than {called}"
    if gap.replications < 2:
        return f"{text}, in a single replication, which decides nothing"
    return text if gap.decided else f"{text}, an interval that includes 0"


def _upright(gap: Interval) -> tuple[float, float, float]:
    """Turn a difference round where it is negative, so that it can be told as so much less."""
    return (gap.mean, gap.low, gap.high) if gap.mean > 0 else (-gap.mean, -gap.high, -gap.low)


def _also(found: Measured, baseline: str) -> str:
    ranked = found.ranked()
    best = ranked[0]
    text = f"{_label(found.metric)}: {_most(found.metric)} in {best}, {show(found.values[best].mean, found.metric)}{_unit(found.metric)}"
    if best == baseline or baseline not in ranked:
        return text
    gap = found.gap(best, baseline)
    note = ", a difference that is undecided" if gap.replications > 1 and not gap.decided and gap.mean else ""
    return f"{text} (baseline {show(found.values[baseline].mean, found.metric)}{_unit(found.metric)}{note})"


def _most(metric: Metric) -> str:
    return "lowest" if metric.better < 0 else "highest"


def _label(metric: Metric) -> str:
    return metric.label if metric.label[:2].isupper() else f"{metric.label[0].lower()}{metric.label[1:]}"


def _unit(metric: Metric) -> str:
    return " yuan" if metric.unit == "yuan" else ""


def _value(interval: Interval, metric: Metric, *, points: bool = False) -> str:
    """Write a value with its interval; a difference of shares is one of percentage points."""

    def shown(value: float) -> str:
        return show(value, metric).removesuffix(" %") if points and metric.unit == "share" else show(value, metric)

    unit = " points" if points and metric.unit == "share" else _unit(metric)
    if interval.replications < 2 or math.isnan(interval.low):
        return f"{shown(interval.mean)}{unit}"
    return f"{shown(interval.mean)}{unit} (95 % interval {shown(interval.low)} to {shown(interval.high)})"
