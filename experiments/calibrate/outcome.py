"""Observed beside expected and simulated: counts of repeat purchases, the track by week, the holdout, and classes of customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate.bg_nbd import Need, expected_counts, expected_given, expected_repeats
from experiments.calibrate.histories import Histories

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST", "Outcome", "Seen", "outcome_of", "seen"]

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
        Deciles of what an order costs at list price.
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
        Deciles of the value of an order.
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
    known = data.fen[data.day <= ends[0]] if np.isnan(data.first_fen).all() else np.concatenate([data.first_fen, data.fen])
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
        first_fen=np.full(data.size, np.nan),  # the first purchase came before the run
    )


def outcome_of(data: Histories, need: Need, runs: Sequence[Seen]) -> Outcome:
    """Lay the data beside BG/NBD with fitted parameters and the runs, each of which has a draw of the posterior.

    Intervals are 95 % prediction intervals of a single world: parameters and luck.
    """
    import pandas as pd

    actual = seen(data)
    weeks = range(data.weeks + 1)
    expected = np.array([expected_repeats(need, data.observed_weeks(week)).sum() for week in weeks])
    tracking = pd.DataFrame({"week": list(weeks), "actual": actual.track, "bg_nbd": expected} | _band([run.track for run in runs]))
    observed = data.observed_weeks(data.fit_weeks)
    names = [*map(str, range(MOST)), f"{MOST}+"]
    histogram = pd.DataFrame(
        {"repeats": names, "actual": actual.counts, "bg_nbd": expected_counts(need, observed, MOST)} | _band([run.counts for run in runs])
    )
    left = data.weeks - data.fit_weeks
    fitted = data.repeats(0, data.fit_weeks)
    given = expected_given(need, fitted, data.recency_weeks(), observed, float(left)) if left else np.zeros(data.size)
    with np.errstate(invalid="ignore"):
        expected_later = np.bincount(np.minimum(fitted, MOST), given, minlength=MOST + 1) / actual.counts
    classes = pd.DataFrame(
        {"repeats": names, "customers": actual.counts, "actual": actual.later, "bg_nbd": expected_later}
        | _band([run.later for run in runs])
    )
    first, last = data.fit_weeks, data.weeks
    made, predicted = actual.track[last] - actual.track[first], expected[last] - expected[first]
    rows: list[tuple[str, float, float, list[float] | None]] = [
        (f"repeat purchases, weeks 1-{first}", actual.track[first], expected[first], [run.track[first] for run in runs])
    ]
    if left:
        later = [run.track[last] - run.track[first] for run in runs]
        rows += [
            (f"repeat purchases, weeks {first + 1}-{last}", made, predicted, later),
            ("the same, given each history (BG/NBD alone)", made, float(given.sum()), None),
            (f"repeat purchases, weeks 1-{last}", actual.track[last], expected[last], [run.track[last] for run in runs]),
        ]
    rows.append((f"value of repeat purchases, weeks 1-{first}", actual.value[0], np.nan, [run.value[0] for run in runs]))
    if left:
        rows.append((f"value of repeat purchases, weeks {first + 1}-{last}", actual.value[1], np.nan, [run.value[1] for run in runs]))
    holdout = pd.DataFrame([_row(*row) for row in rows])
    spend = pd.DataFrame({"decile": np.arange(1, 10), "actual": actual.order_values} | _band([run.order_values for run in runs]))
    return Outcome(histogram, tracking, classes, holdout, spend)


def _band(runs: Sequence[Numbers]) -> dict[str, Numbers]:
    """Return the mean over runs, and the 95 % prediction interval of one world more."""
    from scipy import stats

    values = np.array(runs, float)
    many = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    with np.errstate(all="ignore"):
        mean = np.nansum(values, axis=0) / many
        spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (many - 1))
        half = stats.t.ppf(0.975, many - 1) * spread * np.sqrt(1.0 + 1.0 / many)
    return {"simulated": mean, "low": mean - half, "high": mean + half}


def _row(measure: str, actual: float, expected: float, runs: Sequence[float] | None) -> dict[str, float | str]:
    band = {name: float(value[0]) for name, value in _band([np.array([run]) for run in runs]).items()} if runs else {}
    found: dict[str, float | str] = {"measure": measure, "actual": float(actual), "bg_nbd": float(expected)}
    found |= {"simulated": np.nan, "low": np.nan, "high": np.nan} | band
    for name in ("bg_nbd", "simulated"):
        found[f"{name}_error"] = float(found[name]) / float(actual) - 1.0 if actual else np.nan
    return found
