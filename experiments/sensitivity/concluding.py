"""From the runs of an analysis to its tables, figures and page."""

from __future__ import annotations

from pathlib import Path

from experiments.files import replaced
from experiments.loaded import Loaded
from experiments.sensitivity.assumptions import assumptions_table
from experiments.sensitivity.results import SensitivityResults
from experiments.sensitivity.tables import sensitivity_table
from experiments.sensitivity.words import readings

__all__ = ["told", "write_report", "write_statistics"]


def write_statistics(folder: Path) -> None:
    """Write `points.csv`, `summary.csv`, `paired.csv`, `sensitivity.csv` and `assumptions.csv`."""
    found = SensitivityResults(Loaded(folder))
    tables = {
        "points": found.points,
        "summary": found.summary(),
        "paired": found.paired(),
        "sensitivity": sensitivity_table(found),
        "assumptions": assumptions_table(found),
    }
    for name, table in tables.items():
        with replaced(folder / f"{name}.csv") as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")


def told(folder: Path) -> list[str]:
    """Say what came out."""
    return readings(SensitivityResults(Loaded(folder)))


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page."""
    from experiments.sensitivity.page import write

    return write(folder)
