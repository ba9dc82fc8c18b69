"""What the tables say, as numbers and in one sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.files import replaced
from experiments.loaded import Loaded
from experiments.statistics import paired_table, summary_table

__all__ = ["answer_of", "write_statistics"]


def write_statistics(folder: Path) -> None:
    """Write `summary.csv` and `paired.csv` from the runs of an experiment."""
    loaded = Loaded(folder)
    _write(summary_table(loaded.runs, loaded.strategies), folder / "summary.csv")
    _write(paired_table(loaded.runs, loaded.strategies), folder / "paired.csv")


def answer_of(folder: Path) -> str:
    """Say in one sentence what came out."""
    from experiments.figures.data import FigureData
    from experiments.reading import answer

    return answer(FigureData(Loaded(folder)))


def _write(table: pd.DataFrame, path: Path) -> None:
    with replaced(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
