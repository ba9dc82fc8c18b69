"""What came of a row, and the table of all rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.validate.evidence import Planned
from experiments.validate.row import Check, Found, Row, Size

__all__ = ["COLUMNS", "VERDICTS", "Judged", "screen", "summed_up", "table"]

#: Columns of `validation.csv`.
COLUMNS = (
    *("row", "name", "use", "check", "target", "low", "high", "simulated", "interval_low", "interval_high"),
    *("verdict", "runs", "size", "source"),
)
#: A check holds or does not; a row had a run that raised; a row is not built yet.
VERDICTS = ("pass", "fail", "error", "missing")
_NONE = math.nan


@dataclass(frozen=True)
class Judged:
    """A row after its runs.

    Attributes
    ----------
    row
        The row.
    checks
        What was judged; nothing where a run raised or the row is not built.
    found
        What was measured; None where nothing could be judged.
    failures
        Runs that raised, a line each, or what judging them raised.
    """

    row: Row | Planned
    checks: tuple[Check, ...] = ()
    found: Found | None = None
    failures: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The worst of its checks."""
        if isinstance(self.row, Planned):
            return "missing"
        if self.failures:
            return "error"
        return "fail" if any(check.verdict == "fail" for check in self.checks) else "pass"


def table(judged: Sequence[Judged], size: Size) -> pd.DataFrame:
    """Return one row a check; rows without checks have one, too, which says why."""
    return pd.DataFrame([line for one in judged for line in _lines(one, size)], columns=list(COLUMNS))


def _lines(judged: Judged, size: Size) -> list[tuple[Any, ...]]:
    row = judged.row
    head = (row.number, row.name, row.use)
    runs = judged.found.number if judged.found else 0
    tail = (runs, size, row.source)
    if not judged.checks or judged.failures:
        why = judged.failures[0] if judged.failures else f"not built: {row.title}"
        return [(*head, why, *[_NONE] * 6, judged.verdict, *tail)]
    return [(*head, check.name, check.target, check.low, check.high, *check.simulated[:3], check.verdict, *tail) for check in judged.checks]


def screen(lines: pd.DataFrame) -> str:
    """Write the table for the screen, one line a check."""
    rows = [("row", "use", "verdict", "simulated", "95 % interval", "target", "takes", "check")]
    last = ""
    for line in lines.to_dict("records"):
        name = f"{line['row']} {line['name']}"
        rows.append(
            (
                *(("", "") if name == last else (name, line["use"])),
                *(line["verdict"], _number(line["simulated"]), _span(line["interval_low"], line["interval_high"])),
                *(_number(line["target"]), _span(line["low"], line["high"]), line["check"]),
            )
        )
        last = name
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip() for row in rows)


def _number(value: Any) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _span(low: Any, high: Any) -> str:
    return "" if math.isnan(low) or math.isnan(high) else f"{_number(low)} to {_number(high)}"


def summed_up(judged: Sequence[Judged]) -> str:
    """Say in one sentence how many rows hold."""
    counts = Counter(one.verdict for one in judged)
    words = {"pass": "pass", "fail": "fail", "error": "had a run that failed", "missing": "are not built"}
    told = ", ".join(f"{counts[verdict]} {words[verdict]}" for verdict in VERDICTS if counts[verdict])
    return f"{len(judged)} rows: {told}"
