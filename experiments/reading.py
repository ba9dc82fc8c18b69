"""Results in sentences: the answer in one, and one line for each figure."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from experiments.figure_data import FigureData
from experiments.metrics import Metric, metric_of
from experiments.numbers import count, share, show, yuan
from experiments.statistics import Interval, comparable_means, interval_of, paired_differences

__all__ = ["CAVEAT", "SINGLE", "answer", "figure_readings"]

_MONEY = ("contribution", "gmv")
_LABELS = {"contribution": "contribution", "gmv": "GMV"}

CAVEAT = (
    "Intervals are 95 % intervals over replications. They do not include uncertainty of the model itself: "
    "of its mechanisms and parameter values."
)

SINGLE = (
    "There is one replication only: no interval, and no telling luck from effect. "
    "Uncertainty of the model itself, of its mechanisms and parameter values, comes on top."
)


def answer(data: FigureData) -> str:
    """Say in one sentence which strategy leads on what, whether and when the order turns, and what it costs in churn.

    Parameters
    ----------
    data
        The experiment.
    """
    opening = f"After {_days(data.horizon_days)}"
    if len(data.strategies) == 1:
        return f"{opening}, {_single(data)}."
    leads = [lead for lead in (_lead(data, key) for key in _MONEY) if lead is not None]
    if leads and not any(lead.gap.decided for lead in leads):
        opening += ", the comparison is undecided"
        joint = ": "
    else:
        joint = ", "
    parts = [part for part in (_leads(leads), _turns(data), _churn(data)) if part]
    return f"{opening}{joint}{'; '.join(parts)}."


def figure_readings(data: FigureData) -> dict[str, str]:
    """Say what each figure shows, by the name of the figure."""
    end = f"By day {count(data.horizon_days)}"
    readings = {
        "cumulative_contribution": f"{end}: {_values(data, 'contribution')}.",
        "cumulative_gmv": f"{end}: {_values(data, 'gmv')}.",
        "retention": f"Share still member 30 days after joining: {_values(data, 'retention_d30')}.",
        "exits_by_cause": f"Exits per person who was ever a member: {_values(data, 'churn_rate')}.",
        "active_members": f"Members with a session in the last 7 days: {_values(data, 'active_members')}.",
        "fatigue_and_trust": f"At the end, fatigue: {_values(data, 'mean_fatigue')}; trust: {_values(data, 'mean_trust')}.",
        "group_vitality": f"Value groups at the end: {_values(data, 'groups_value')}.",
        "daily_gmv": "GMV a day; every point is the mean of that day and the six before it.",
    }
    for column in ("contribution", "gmv"):
        lines = [_turn(data, column, name) for name in data.strategies[1:]]
        readings[f"difference_{column}"] = f"Above zero the strategy is ahead of {data.baseline}. {' '.join(lines)}"
    return readings


def _single(data: FigureData) -> str:
    (name,) = data.strategies
    values = [
        f"{metric.label if metric.label.isupper() else metric.label.lower()} {_with_interval(interval, metric)}"
        for metric, interval in ((metric_of(key), _interval(data, name, key)) for key in ("contribution", "gmv", "churn_rate"))
        if interval.replications
    ]
    return f"{name} has {', '.join(values[:-1])} and {values[-1]}" if len(values) > 1 else f"{name} has {''.join(values)}"


class _Lead(NamedTuple):
    """The first two on a metric, and how far the first is ahead on the same people."""

    key: str
    first: str
    second: str
    gap: Interval


def _lead(data: FigureData, key: str) -> _Lead | None:
    ranked = _ranked(data, key)
    if len(ranked) < 2:
        return None
    first, second = ranked[:2]
    return _Lead(key, first, second, interval_of(paired_differences(data.runs, first, second, key)))


def _leads(leads: list[_Lead]) -> str:
    """Say who leads on what; in one breath where the same two are first on both."""
    if len(leads) == 2 and leads[0][1:3] == leads[1][1:3] and all(lead.gap.decided for lead in leads):
        _, first, second, _ = leads[0]
        amounts = " and ".join(f"on {_LABELS[lead.key]} by {_amount(lead)}" for lead in leads)
        return f"{first} leads {second} {amounts}"
    return ", and ".join(_lead_text(lead) for lead in leads)


def _lead_text(lead: _Lead) -> str:
    label = _LABELS[lead.key]
    if lead.gap.mean == 0:
        return f"{lead.first} and {lead.second} are equal on {label}"
    if lead.gap.replications < 2:
        return f"on {label} {lead.first} is {_amount(lead)} ahead of {lead.second} in a single replication, which decides nothing"
    if lead.gap.decided:
        return f"{lead.first} leads {lead.second} on {label} by {_amount(lead)}"
    return f"on {label} {lead.first} is ahead of {lead.second} by {_amount(lead)}, an interval that includes 0"


def _amount(lead: _Lead) -> str:
    low, mean, high = (yuan(value) for value in (lead.gap.low, lead.gap.mean, lead.gap.high))
    return f"{mean} yuan" if lead.gap.replications < 2 else f"{mean} yuan (95 % interval {low} to {high})"


def _turns(data: FigureData) -> str:
    """Say whether and when the order turns: of the baseline and the one other arm, or the best of the others."""
    others = data.strategies[1:]
    flips: dict[str, tuple[str, str]] = {}
    for key in _MONEY:
        if not data.has(key) or key not in data.runs:
            continue
        name = max(others, key=lambda other: _interval(data, other, key).mean)
        crossing = data.crossing(key, name)
        if crossing is not None and crossing.replications:
            day = "" if math.isnan(crossing.day) else f"on day {count(round(crossing.day))}{_span(crossing.low, crossing.high)}"
            flips[_LABELS[key]] = (day, f" between {name} and {data.baseline}" if len(others) > 1 else "")
    if not flips:
        return ""
    # Whose order it is, is said once where it is the same for both.
    whose = {pair for _, pair in flips.values()}
    common = whose.pop() if len(whose) == 1 else ""
    own = {label: "" if common else pair for label, (_, pair) in flips.items()}
    if not any(day for day, _ in flips.values()):
        return f"the order on {' and '.join(f'{label}{own[label]}' for label in flips)}{common} does not flip within the horizon"
    texts = [f"{day or 'not at all'} for {label}{own[label]}" for label, (day, _) in flips.items()]
    return f"the order{common} flips {' and '.join(texts)}"


def _turn(data: FigureData, column: str, name: str) -> str:
    crossing = data.crossing(column, name)
    if crossing is None or not crossing.replications:
        return f"{name}: not recorded."
    never = "" if math.isnan(crossing.never) else f"; {share(crossing.never)} of bootstrap samples never change sign"
    if math.isnan(crossing.day):
        return f"{name}: the order does not flip within the horizon{never}."
    return f"{name}: the order flips for the last time on day {count(round(crossing.day))}{_span(crossing.low, crossing.high)}{never}."


def _churn(data: FigureData) -> str:
    """Say what the leader on contribution loses in members."""
    ranked = _ranked(data, "contribution") or _ranked(data, "gmv")
    if "churn_rate" not in data.runs:
        return ""
    rates = {name: _interval(data, name, "churn_rate") for name in ranked}
    rates = {name: rate for name, rate in rates.items() if rate.replications}
    if len(rates) < 2:
        return ""
    first, second = list(rates)[:2]
    gap = interval_of(paired_differences(data.runs, first, second, "churn_rate"))
    text = f"{first} loses {share(rates[first].mean)} of its members, {second} {share(rates[second].mean)}"
    return text if gap.replications < 2 or gap.decided or gap.mean == 0 else f"{text} (a difference whose interval includes 0)"


def _ranked(data: FigureData, key: str) -> list[str]:
    """Order the strategies that have a metric, the best first."""
    if key not in data.runs:
        return []
    means = comparable_means(data.runs, data.strategies, key)
    known = [name for name in data.strategies if not math.isnan(means[name])]
    return sorted(known, key=lambda name: -means[name])


def _values(data: FigureData, key: str) -> str:
    if key not in data.runs:
        return "not recorded"
    metric = metric_of(key)
    return ", ".join(f"{name} {_with_interval(_interval(data, name, key), metric)}" for name in data.strategies)


def _interval(data: FigureData, name: str, key: str) -> Interval:
    if key not in data.runs:
        return Interval(np.nan, np.nan, np.nan, 0)
    return interval_of(data.runs.loc[data.runs["strategy"] == name, key].to_numpy(dtype=np.float64))


def _with_interval(interval: Interval, metric: Metric) -> str:
    unit = " yuan" if metric.unit == "yuan" else ""
    if not interval.replications:
        return "not defined"
    if interval.replications < 2:
        return f"{show(interval.mean, metric)}{unit}"
    return f"{show(interval.mean, metric)}{unit} ({show(interval.low, metric)} to {show(interval.high, metric)})"


def _span(low: float, high: float) -> str:
    return "" if math.isnan(low) else f" (95 % interval {count(round(low))} to {count(round(high))})"


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{count(days)} days"
