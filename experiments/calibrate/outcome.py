"""Observed beside expected and simulated: counts of repeat purchases, the track by week, the holdout, and classes of customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.bg_nbd import Need, expected_counts, expected_given, expected_repeats
from experiments.calibrate.histories import Histories

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST", "Outcome", "Seen", "band", "outcome_of", "seen", "watched"]

Numbers = NDArray[np.float64]

#: The last bin of repeat purchases holds this many and more.
MOST = 7


@dataclass(frozen=True)
class Seen:
    """What a run shows, watched as the data were.

    Attributes
    ----------
    track
        Cumulative repeat purchases at the end of every week.
    counts
        Customers by repeat purchases in the fitted weeks.
    later
        Mean purchases in the weeks after, by the same classes; NaN where nobody is.
    value
        At list price, of repeat purchases in the fitted weeks and in those after.
    order_values
        Deciles of what a repeat purchase of the fitted weeks costs at list price.
    """

    track: Numbers
    counts: Numbers
    later: Numbers
    value: Numbers
    order_values: Numbers


@dataclass(frozen=True)
class Outcome:
    """Tables for readers; columns actual, bg_nbd (where it says something), simulated, low, high.

    Attributes
    ----------
    histogram, tracking, classes, holdout
        Customers by repeat purchases; cumulative repeat purchases by week; purchases after the fitted weeks by those in them; totals.
    spend
        Deciles of the value of a repeat purchase in the fitted weeks.
    """

    histogram: pd.DataFrame
    tracking: pd.DataFrame
    classes: pd.DataFrame
    holdout: pd.DataFrame
    spend: pd.DataFrame


def seen(data: Histories) -> Seen:
    """Look at histories."""
    weeks = np.arange(data.weeks + 1)
    days = np.sort(data.day)
    track = np.searchsorted(days, [data.closing_day(int(week)) for week in weeks], side="right").astype(float)
    fitted, later = data.repeats(0, data.fit_weeks), data.repeats(data.fit_weeks, data.weeks)
    classes = np.minimum(fitted, MOST)
    counts = np.bincount(classes, minlength=MOST + 1).astype(float)
    with np.errstate(invalid="ignore"):
        means = np.bincount(classes, later, minlength=MOST + 1) / counts
    ends = [data.closing_day(data.fit_weeks), data.closing_day(data.weeks)]
    value = [float(data.fen[data.day <= end].sum()) / 100.0 for end in ends]
    known = data.fen[data.day <= ends[0]]
    deciles = np.quantile(known, np.arange(1, 10) / 10) / 100.0 if len(known) else np.full(9, np.nan)
    return Seen(track, counts, means, np.array([value[0], value[1] - value[0]]), deciles)


def watched(purchases: pd.DataFrame, data: Histories) -> Histories:
    """Put the purchases of a run, in which all came at time 0, to the days on which the customers of the data came.

    A world in which nobody is reached knows no dates, so every customer may have a clock of their own.
    """
    person = purchases["person"].to_numpy(np.int64)
    return Histories(
        start=data.start,
        fit_weeks=data.fit_weeks,
        weeks=data.weeks,
        lag_days=data.lag_days,
        first_days=data.first_days,
        customer=person,
        day=data.first_days[person] + purchases["day"].to_numpy(),
        fen=purchases["fen"].to_numpy(),
    )


def outcome_of(data: Histories, need: Need, runs: Sequence[Seen], drawn: Sequence[Seen]) -> Outcome:
    """Lay the data beside BG/NBD with fitted parameters and the simulator.

    Parameters
    ----------
    data
        What was observed.
    need
        Of maximum likelihood.
    runs
        Runs with the fitted brand: their mean is what the simulator says.
    drawn
        As many, each with a draw of the posterior: intervals are 95 % prediction intervals of one world, parameters and luck.
    """
    import pandas as pd

    actual = seen(data)

    def of(name: str) -> dict[str, Numbers]:
        return band([getattr(run, name) for run in runs], [getattr(run, name) for run in drawn])

    weeks = range(data.weeks + 1)
    expected = np.array([expected_repeats(need, data.observed_weeks(week)).sum() for week in weeks])
    tracking = pd.DataFrame({"week": list(weeks), "actual": actual.track, "bg_nbd": expected} | of("track"))
    observed = data.observed_weeks(data.fit_weeks)
    names = [*map(str, range(MOST)), f"{MOST}+"]
    histogram = pd.DataFrame({"repeats": names, "actual": actual.counts, "bg_nbd": expected_counts(need, observed, MOST)} | of("counts"))
    left = data.weeks - data.fit_weeks
    fitted = data.repeats(0, data.fit_weeks)
    given = expected_given(need, fitted, data.recency_weeks(), observed, float(left)) if left else np.zeros(data.size)
    with np.errstate(invalid="ignore"):
        expected_later = np.bincount(np.minimum(fitted, MOST), given, minlength=MOST + 1) / actual.counts
    classes = pd.DataFrame({"repeats": names, "customers": actual.counts, "actual": actual.later, "bg_nbd": expected_later} | of("later"))
    spend = pd.DataFrame({"decile": np.arange(1, 10), "actual": actual.order_values} | of("order_values"))
    holdout = _holdout(data, actual, expected, float(given.sum()), runs, drawn)
    return Outcome(histogram, tracking, classes, holdout, spend)


def _holdout(data: Histories, actual: Seen, expected: Numbers, given: float, runs: Sequence[Seen], drawn: Sequence[Seen]) -> pd.DataFrame:
    """Return a row for the fitted weeks, those after, and both; for those after also what BG/NBD expects of each customer's history."""
    import pandas as pd

    first, last = data.fit_weeks, data.weeks

    def row(measure: str, formula: float, value: Callable[[Seen], float]) -> dict[str, Any]:
        return _row(measure, value(actual), formula, *([value(run) for run in some] for some in (runs, drawn)))

    rows = [row(f"repeat purchases, weeks 1-{first}", expected[first], lambda run: float(run.track[first]))]
    if last > first:
        weeks = f"weeks {first + 1}-{last}"
        made = float(actual.track[last] - actual.track[first])
        rows += [
            row(f"repeat purchases, {weeks}", expected[last] - expected[first], lambda run: float(run.track[last] - run.track[first])),
            _row("the same, given each history (BG/NBD alone)", made, given, [], []),
            row(f"repeat purchases, weeks 1-{last}", expected[last], lambda run: float(run.track[last])),
        ]
    rows.append(row(f"value of repeat purchases, weeks 1-{first}", np.nan, lambda run: float(run.value[0])))
    if last > first:
        rows.append(row(f"value of repeat purchases, weeks {first + 1}-{last}", np.nan, lambda run: float(run.value[1])))
    return pd.DataFrame(rows)


def band(runs: Sequence[Numbers], drawn: Sequence[Numbers]) -> dict[str, Numbers]:
    """Return the mean over runs, its standard error, and the 95 % prediction interval of one world."""
    from scipy import stats

    with np.errstate(all="ignore"):
        mean, error, _ = _moments(np.array(runs, float))
        _, _, spread = _moments(np.array(drawn, float))
    many = len(drawn)
    half = stats.t.ppf(0.975, many - 1) * np.sqrt(spread**2 + error**2)
    return {"simulated": mean, "standard_error": error, "low": np.maximum(mean - half, 0.0), "high": mean + half}


def _moments(values: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return mean, its standard error and standard deviation over the first axis; a class that a run has nobody in is left out."""
    many = (~np.isnan(values)).sum(axis=0)
    mean = np.nansum(values, axis=0) / many
    spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (many - 1))
    return mean, spread / np.sqrt(many), spread


def _row(measure: str, actual: float, expected: float, runs: Sequence[float], drawn: Sequence[float]) -> dict[str, Any]:
    empty = dict.fromkeys(("simulated", "standard_error", "low", "high"), np.nan)
    spread = band([np.array([run]) for run in runs], [np.array([run]) for run in drawn]) if runs else {}
    found: dict[str, Any] = {"measure": measure, "actual": actual, "bg_nbd": float(expected), **empty}
    found |= {name: float(value[0]) for name, value in spread.items()}
    for name in ("bg_nbd", "simulated"):
        found[f"{name}_error"] = found[name] / actual - 1.0 if actual else np.nan
    return found
