"""From the runs of a sweep to its tables, figures and page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from experiments.figures import draw_sweep
from experiments.files import replaced
from experiments.loaded import Loaded
from experiments.metrics import METRICS, metric_of
from experiments.pages import facts, failures, inline, unbroken, write_page
from experiments.sweep.results import SweepResults
from experiments.sweep.words import SWEEP_CAVEAT, reading, title

__all__ = ["told", "write_report", "write_statistics"]

_MOST_ROWS = 40


def write_statistics(folder: Path) -> None:
    """Write `points.csv`, `summary.csv` and `paired.csv`."""
    found = SweepResults(Loaded(folder))
    for name, table in (("points", found.points), ("summary", found.summary()), ("paired", found.paired())):
        with replaced(folder / f"{name}.csv") as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")


def told(folder: Path) -> list[str]:
    """Say what came out of the first metric."""
    found = SweepResults(Loaded(folder))
    return [reading(found, _drawn(found)[0])]


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page."""
    loaded = Loaded(folder)
    found = SweepResults(loaded)
    metrics = _drawn(found)
    drawn = draw_sweep(found, metrics, folder / "figures")
    runs = found.runs.groupby("strategy").size()
    context: dict[str, Any] = {
        "title": title(found),
        "question": loaded.question,
        "readings": [unbroken(reading(found, metric)) for metric in metrics],
        "caveat": unbroken(SWEEP_CAVEAT),
        "failures": failures(loaded),
        "figures": [{"name": name, "title": heading, "svg": inline(folder, name)} for name, heading in drawn],
        "keys": [_varied(found, key) for key in found.keys],
        "points": _table(found, metrics),
        "shown": min(_MOST_ROWS, len(found.points)),
        "number": len(found.points),
        "metrics": [metric_of(name) for name in metrics],
        "strategies": found.strategies,
        "definitions": [metric for metric in METRICS if metric.name in metrics],
        "facts": facts(loaded, ", ".join(f"{name} {runs.get(name, 0)} runs" for name in found.strategies)),
    }
    return write_page(folder, "sweep.html.j2", context)


def _drawn(found: SweepResults) -> list[str]:
    """Choose the metrics that were asked for and are there."""
    return [name for name in found.metrics if name in found.runs] or found.measured[:1]


def _varied(found: SweepResults, key: str) -> dict[str, str]:
    values = found.points[key]
    distinct = list(dict.fromkeys(values.map(str)))
    shown = ", ".join(distinct) if len(distinct) <= 12 else f"{len(distinct)} values between {values.min():.4g} and {values.max():.4g}"
    return {"key": key, "side": "lever" if key in found.levers else "world", "unit": found.unit(key), "between": shown}


def _table(found: SweepResults, metrics: list[str]) -> list[dict[str, Any]]:
    """Write the means of some points in words, the best of the first metric first."""
    from experiments.numbers import show

    means = found.runs.groupby(["strategy", "point"], sort=False)[metrics].mean().reset_index().merge(found.points, on="point")
    better = metric_of(metrics[0]).better or 1
    means = means.sort_values(metrics[0], ascending=better < 0, kind="stable").head(_MOST_ROWS)
    return [
        {
            "strategy": row["strategy"],
            "values": [_shown(row[key]) for key in found.keys],
            "means": [show(row[name], metric_of(name)) for name in metrics],
        }
        for _, row in pd.DataFrame(means).iterrows()
    ]


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
