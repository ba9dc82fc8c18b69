"""What the tables say, as numbers and in one sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.files import replaced
from experiments.flip_map.results import FLIP_TABLE, flip_results, read_table
from experiments.loaded import Loaded
from experiments.robustness.results import ROBUSTNESS_TABLE, WORLDS_TABLE, robustness_of
from experiments.sequential.results import (
    BEST_TABLE,
    PRECISION_TABLE,
    asked_best,
    asked_precision,
    read_best,
    read_precision,
    sequential_tables,
)
from experiments.statistics import paired_table, summary_table

__all__ = ["told", "write_report", "write_statistics"]


def write_statistics(folder: Path) -> None:
    """Write the tables of an experiment's runs, and those of what else was asked for."""
    loaded = Loaded(folder)
    _write(summary_table(loaded.runs, loaded.strategies), folder / "summary.csv")
    _write(paired_table(loaded.runs, loaded.strategies), folder / "paired.csv")
    tables = sequential_tables(loaded)
    for name in (PRECISION_TABLE, BEST_TABLE):
        if name in tables:
            _write(tables[name], folder / name)
        else:  # that of an earlier request would not match the runs
            (folder / name).unlink(missing_ok=True)
    found = flip_results(folder)
    if found is not None:
        _write(found.table(), folder / FLIP_TABLE)
    worlds = robustness_of(folder)
    if worlds is not None:
        _write(worlds.table(), folder / ROBUSTNESS_TABLE)
        _write(worlds.worlds(), folder / WORLDS_TABLE)


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page."""
    from experiments.report import write_report as written

    return written(folder)


def told(folder: Path) -> list[str]:
    """Say what came out, whether it is precise, which arm is best, and what the map and the uncertain worlds show where there are any."""
    lines = (_answer_of(folder), *_sequential_answers_of(folder), _map_answer_of(folder), _worlds_answer_of(folder))
    return [line for line in lines if line is not None]


def _answer_of(folder: Path) -> str:
    """Say in one sentence what came out: of the question, where one was asked."""
    from experiments.answers.values import measured
    from experiments.answers.words import sentence
    from experiments.figure_data import FigureData
    from experiments.reading import answer

    data = FigureData(Loaded(folder))
    return answer(data) if data.answer is None else sentence(measured(data, data.answer), data.baseline)


def _map_answer_of(folder: Path) -> str | None:
    """Say what the map shows; None where there is none."""
    from experiments.flip_map.reading import reading

    found = flip_results(folder)
    return None if found is None else reading(found, read_table(folder))


def _worlds_answer_of(folder: Path) -> str | None:
    """Say what the uncertain worlds show; None where there are none."""
    from experiments.robustness.words import reading

    found = robustness_of(folder)
    return None if found is None else reading(found, found.table())


def _sequential_answers_of(folder: Path) -> list[str]:
    """Say whether the precision was reached, and which arm is best; nothing where neither was asked for."""
    from experiments.sequential.words import best_sentence, precision_sentences

    loaded = Loaded(folder)
    precision, best = asked_precision(loaded), asked_best(loaded)
    sentences = precision_sentences(read_precision(folder), precision) if precision.wanted else []
    return [*sentences, *([best_sentence(read_best(folder), best)] if best.wanted else [])]


def _write(table: pd.DataFrame, path: Path) -> None:
    with replaced(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
