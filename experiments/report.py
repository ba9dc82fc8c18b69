"""`report.html`: one page that stands alone, opening with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from experiments.answers.values import measured
from experiments.answers.words import sentence
from experiments.checksums import faults_in
from experiments.concluding import conclusion_of
from experiments.errors import UserError
from experiments.figures import (
    ANSWER,
    BEST,
    FLIP_MAP,
    ROBUSTNESS,
    FigureData,
    draw_answer,
    draw_best,
    draw_calendar,
    draw_figures,
    draw_flip_map,
    draw_robustness,
)
from experiments.files import locked, told_plainly
from experiments.flip_map.job import FOLDER
from experiments.flip_map.reading import FLIP_CAVEAT, reading
from experiments.flip_map.results import flip_results, read_table
from experiments.item_results import item_rows
from experiments.loaded import Loaded
from experiments.metrics import COST_LINES, KEY_METRICS, METRICS, metric_of
from experiments.numbers import count, show
from experiments.pages import facts, failures, inline, records, unbroken, write_page
from experiments.reading import CAVEAT, SINGLE, answer, figure_readings
from experiments.reported.section import reported_blocks
from experiments.robustness.job import FOLDER as WORLDS
from experiments.robustness.results import robustness_of
from experiments.robustness.words import caveat as robustness_caveat
from experiments.robustness.words import reading as robustness_reading
from experiments.sequential.results import asked_best, read_best
from experiments.sequential.section import best_section, precision_section
from experiments.simulator import Simulator
from experiments.split_results import COLUMNS, split_rows
from experiments.strategies.plan import plan_of_values
from experiments.strategies.showing import DEFAULTS, head, sections
from experiments.strategies.words import file_name

__all__ = ["rebuild", "write_report"]

_TITLES = {
    "cumulative_contribution": "Contribution, cumulative",
    "cumulative_gmv": "GMV, cumulative",
    "difference_contribution": "Contribution: difference from the baseline",
    "difference_gmv": "GMV: difference from the baseline",
    "daily_gmv": "GMV a day",
    "retention": "Who stays",
    "exits_by_cause": "Why members leave",
    "active_members": "Active members",
    "fatigue_and_trust": "Fatigue and trust",
    "group_vitality": "Life of groups",
}
_UNITS = {"yuan": "yuan", "share": "%", "days": "days", "count": "", "": ""}


def rebuild(folder: str) -> Path:
    """Make statistics, figures and report of a finished experiment again.

    Parameters
    ----------
    folder
        Folder of the experiment.

    Returns
    -------
    Path
        The report.
    """
    path = Path(folder)
    # What is wrong with the folder is said before anything is written.
    UserError.raise_any(
        f"dir: {place / name} {fault}; the command that began the experiment computes its runs again"
        for place in (path, path / FOLDER, path / WORLDS)
        for name, fault in faults_in(place).items()
    )
    loaded = Loaded(path)
    conclusion = conclusion_of(str(loaded.config["command"]))
    with told_plainly("dir", path, UserError), locked(path):
        conclusion.write_statistics(path)
        return conclusion.write_report(path)


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page, from the tables and statistics in a folder."""
    loaded = Loaded(folder)
    data = FigureData(loaded)
    drawn = draw_figures(data, folder / "figures")
    return write_page(folder, "report.html.j2", _context(loaded, data, drawn))


def _context(loaded: Loaded, data: FigureData, drawn: list[str]) -> dict[str, Any]:
    readings = figure_readings(data)
    replicated = bool((loaded.runs["replication"] > loaded.runs["replication"].min()).any())
    paired, summary = (pd.read_csv(loaded.folder / f"{name}.csv") for name in ("paired", "summary"))
    return {
        "title": _title(loaded.strategies),
        "question": loaded.question,
        "result": _result(loaded, data),
        "answer": unbroken(answer(data)),
        "caveat": unbroken(CAVEAT if replicated else SINGLE),
        "replicated": replicated,
        "strategies": loaded.strategies,
        "baseline": loaded.baseline,
        "metrics": _metric_rows(summary, loaded.strategies, KEY_METRICS),
        "costs": _metric_rows(summary, loaded.strategies, _costs_in(summary)),
        "differences": _difference_blocks(paired),
        "figures": [
            {"name": name, "title": _TITLES[name], "reading": unbroken(readings[name]), "svg": inline(loaded.folder, name)}
            for name in drawn
        ],
        "reported": reported_blocks(loaded),
        "best": _best(loaded),
        "precision": precision_section(loaded),
        "splits": split_rows(loaded.table("splits", COLUMNS)),
        "flip_map": _flip_map(loaded.folder),
        "robustness": _robustness(loaded.folder),
        "arms": _arms(loaded),
        "items": item_rows(loaded),
        "defaults": DEFAULTS,
        "refusals": _refusals(loaded),
        "definitions": [metric for metric in METRICS if metric.name in loaded.runs],
        "facts": facts(loaded),
        "failures": failures(loaded),
    }


def _result(loaded: Loaded, data: FigureData) -> dict[str, Any] | None:
    """Draw the figure that answers the question, and say what it shows; None where no answer was asked for."""
    drawn = draw_answer(data, loaded.folder / "figures")
    if data.answer is None:
        return None
    over = "Mean of each arm, and beside it the paired difference from the baseline" if data.answer.over == "arms" else "By day"
    return {
        "sentence": unbroken(sentence(measured(data, data.answer), data.baseline)),
        "caption": f"{over}; with 95 % intervals over replications.".replace(" %", "\u00a0%"),
        "svg": inline(loaded.folder, ANSWER) if drawn else None,
    }


def _title(strategies: list[str]) -> str:
    if len(strategies) <= 2:
        return " against ".join(strategies)
    return f"{', '.join(strategies[:-1])} and {strategies[-1]}"


def _costs_in(summary: pd.DataFrame) -> list[str]:
    """List the cost lines that any arm has, greatest first."""
    means = summary[summary["metric"].isin(COST_LINES)].groupby("metric")["mean"].max()
    return [str(name) for name in means[means > 0].sort_values(ascending=False, kind="stable").index]


def _metric_rows(summary: pd.DataFrame, strategies: list[str], names: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    table = {(row["metric"], row["strategy"]): row for row in records(summary)}
    for name in names:
        if not any((name, strategy) in table for strategy in strategies):
            continue
        metric = metric_of(name)
        cells = []
        for strategy in strategies:
            row = table[name, strategy]
            span = f"{show(row['low'], metric)} to {show(row['high'], metric)}" if row["replications"] > 1 else ""
            cells.append({"mean": show(row["mean"], metric), "span": span})
        rows.append({"label": metric.label, "unit": _UNITS[metric.unit], "cells": cells})
    return rows


def _difference_blocks(paired: pd.DataFrame) -> list[dict[str, Any]]:
    """List the paired differences of the key metrics, a block for each strategy."""
    blocks = []
    for strategy, own in paired.groupby("strategy", sort=False):
        rows = []
        table = {row["metric"]: row for row in records(own)}
        for name in KEY_METRICS:
            if name not in table or not table[name]["replications"]:
                continue
            metric, row = metric_of(name), table[name]
            known = row["replications"] > 1
            rows.append(
                {
                    "label": metric.label,
                    "unit": "points" if metric.unit == "share" else _UNITS[metric.unit],
                    "difference": _signed(row["difference"], metric.unit, name),
                    "span": f"{_signed(row['low'], metric.unit, name)} to {_signed(row['high'], metric.unit, name)}" if known else "",
                    "probability": "" if np.isnan(row["probability_better"]) else f"{row['probability_better']:.2f}",
                    "decided": bool(known and (row["low"] > 0 or row["high"] < 0)),
                }
            )
        blocks.append({"strategy": strategy, "rows": rows})
    return blocks


def _signed(value: float, unit: str, name: str) -> str:
    text = f"{100 * value:.1f}".replace("-", "−") if unit == "share" else show(value, metric_of(name))
    return f"+{text}" if value > 0 else text


def _flip_map(folder: Path) -> dict[str, Any] | None:
    """Draw the map and say what it shows; None where none was run."""
    found = flip_results(folder)
    if found is None:
        return None
    table = read_table(folder)
    draw_flip_map(found, table, folder / "figures")
    least, most = int(table["replications"].min()), int(table["replications"].max())
    return {
        "reading": unbroken(reading(found, table)),
        "caveat": unbroken(FLIP_CAVEAT),
        "replications": str(most) if least == most else f"{least} to {most}",
        "failed": found.failed,
        "svg": inline(folder, FLIP_MAP),
    }


def _robustness(folder: Path) -> dict[str, Any] | None:
    """Draw what the uncertain worlds show, and say it; None where there are none."""
    found = robustness_of(folder)
    if found is None:
        return None
    table, worlds = found.table(), found.worlds()
    draw_robustness(found, worlds, folder / "figures")
    metric = metric_of(found.metric)
    rows = [
        {
            "strategy": row["strategy"],
            "share": f"{100 * row['share_of_worlds']:.0f} %",
            "span": f"{100 * row['low']:.0f} % to {100 * row['high']:.0f} %",
            "mean": show(row["mean"], metric),
            "regret": show(row["regret_mean"], metric),
            "most": show(row["regret_most"], metric),
        }
        for row in records(table)
    ]
    return {
        "reading": unbroken(robustness_reading(found, table)),
        "caveat": unbroken(robustness_caveat(found)),
        "label": metric.label,
        "rows": rows,
        "keys": [f"{key}, {worlds[key].min():.3g} to {worlds[key].max():.3g}" for key in found.keys if is_numeric_dtype(worlds[key])],
        "svg": inline(folder, ROBUSTNESS),
    }


def _best(loaded: Loaded) -> dict[str, Any] | None:
    """Draw which arm is best and say so; None where it was not looked for."""
    section = best_section(loaded)
    draw_best(read_best(loaded.folder) if section else None, metric_of(asked_best(loaded).metric or ""), loaded.folder / "figures")
    return section and {**section, "sentence": unbroken(section["sentence"]), "svg": inline(loaded.folder, BEST)}


def _arms(loaded: Loaded) -> list[dict[str, Any]]:
    """Describe what was compared: of each strategy its plan, part by part, and a calendar of it."""
    model, taken, arms = Simulator().scenario_model(), set[str](), []
    for number, name in enumerate(loaded.config["strategies"], start=1):
        plan = plan_of_values(loaded.scenario(name), model)
        file = f"calendar_{file_name(name)}"
        if file in taken:  # two names that differ in signs which files do not take
            file = f"{file}_{number}"
        taken.add(file)
        drawn = draw_calendar(plan, loaded.folder / "figures", file)
        arms.append(
            {
                "name": name,
                # Where arms differ in anything, their names are not those of their strategies.
                "strategy": strategy if (strategy := str(loaded.scenario(name)["strategy"]["name"])) != name else "",
                "changes": loaded.changes(name),
                "head": head(plan),
                "sections": sections(plan),
                "calendar": inline(loaded.folder, file, f"calendar-{number}") if drawn else None,
            }
        )
    return arms


def _refusals(loaded: Loaded) -> list[dict[str, Any]]:
    """Count refused actions by strategy and reason, as means over replications."""
    actions = loaded.table("actions", ["status", "reason"])
    if "status" not in actions:
        return []
    refused = actions[actions["status"] == "refused"]
    runs = loaded.runs.groupby("strategy").size()
    counts = refused.groupby(["strategy", "reason"]).size().reset_index(name="number")
    return [
        {
            "strategy": row["strategy"],
            "reason": row["reason"] or "no reason given",
            "count": count(row["number"] / runs[row["strategy"]]),
        }
        for row in records(counts)
    ]
