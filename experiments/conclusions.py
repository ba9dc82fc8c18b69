"""What the tables say, as numbers and in one sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.files import replaced
from experiments.flip_map.results import FLIP_TABLE, flip_results, read_table
from experiments.loaded import Loaded
from experiments.statistics import paired_table, summary_table

__all__ = ["told", "write_report", "write_statistics"]


def write_statistics(folder: Path) -> None:
    """Write `summary.csv` and `paired.csv` from the runs of an experiment, and `flip_map.csv` where a map was run."""
    loaded = Loaded(folder)
    _write(summary_table(loaded.runs, loaded.strategies), folder / "summary.csv")
    _write(paired_table(loaded.runs, loaded.strategies), folder / "paired.csv")
    found = flip_results(folder)
    if found is not None:
        _write(found.table(), folder / FLIP_TABLE)


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page."""
    from experiments.report import write_report as written

    return written(folder)


def told(folder: Path) -> list[str]:
    """Say what came out, and what the map shows where there is one."""
    shown = _map_answer_of(folder)
    return [_answer_of(folder), *([] if shown is None else [shown])]


def _answer_of(folder: Path) -> str:
    """Say in one sentence what came out: of the question, where one was asked."""
    from experiments.answers.values import measured
    from experiments.answers.words import sentence
    from experiments.figures.data import FigureData
    from experiments.reading import answer

    data = FigureData(Loaded(folder))
    return answer(data) if data.answer is None else sentence(measured(data, data.answer), data.baseline)


def _map_answer_of(folder: Path) -> str | None:
    """Say what the map shows; None where there is none."""
    from experiments.flip_map.reading import reading

    found = flip_results(folder)
    return None if found is None else reading(found, read_table(folder))


def _write(table: pd.DataFrame, path: Path) -> None:
    with replaced(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
