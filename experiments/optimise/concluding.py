"""From the runs of a search to its tables, the winner's file, figures and page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.figures import draw_search
from experiments.files import replaced, write_text
from experiments.loaded import Loaded
from experiments.numbers import count, show
from experiments.optimise.measures import MEASURES, measure_of
from experiments.optimise.results import OptimiseResults
from experiments.optimise.strategy_file import FILES, strategy_text, winner_name
from experiments.optimise.trials import Trial
from experiments.optimise.words import caveat, difference, effort, moved, reading, setting, shown_value
from experiments.pages import facts, failures, inline, unbroken, write_page

__all__ = ["told", "write_report", "write_statistics"]

(_WINNER,) = FILES


def write_statistics(folder: Path) -> None:
    """Write the tables, and `winner.yaml` where there is a winner."""
    found = OptimiseResults(Loaded(folder))
    tables = {"points": found.point_table(), "trials": found.trial_table(), "front": found.front_table()}
    tables |= {"summary": found.summary(), "paired": found.paired()}
    for name, table in tables.items():
        with replaced(folder / f"{name}.csv") as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    if found.winner is None:
        (folder / _WINNER).unlink(missing_ok=True)
    else:
        write_text(folder / _WINNER, _winner_text(found, found.winner))


def told(folder: Path) -> list[str]:
    """Say what won, and what it is worth on fresh people."""
    found = OptimiseResults(Loaded(folder))
    return [*reading(found), *([] if found.winner is None else [str(folder / _WINNER)])]


def write_report(folder: Path) -> Path:
    """Draw the figures and write the page."""
    loaded = Loaded(folder)
    found = OptimiseResults(loaded)
    drawn = draw_search(found, folder / "figures")
    first, *rest = (unbroken(line) for line in reading(found))
    measures = [measure_of(name) for name in found.search.measures]
    context: dict[str, Any] = {
        "title": f"{found.strategy}: a search for a better setting",
        "question": loaded.question,
        "answer": first,
        "rest": rest,
        "effort": effort(found),
        "caveat": unbroken(caveat(found)),
        "failures": failures(loaded),
        "levers": [_lever(found, key) for key in found.levers],
        "constraints": [f"{measure_of(name).label} {bound.shown()}" for name, bound in found.search.constraints.items()],
        "objectives": [
            f"{measure_of(name).label}, {'more' if measure_of(name).better > 0 else 'less'} is better" for name in found.search.objectives
        ],
        "figures": [{"name": name, "title": title, "reading": caption, "svg": inline(folder, name)} for name, title, caption in drawn],
        "measures": measures,
        "finalists": list(_finalists(found)),
        "several": len(found.search.objectives) > 1,
        "replications": found.search.retest_replications,
        "winner": (folder / _WINNER).read_text(encoding="utf-8") if found.winner is not None else "",
        "winner_name": winner_name(found.strategy),
        "definitions": [MEASURES[metric.name] for metric in measures],
        "facts": facts(loaded, f"up to {found.search.replications} in the search, {found.search.retest_replications} in each re-test"),
    }
    return write_page(folder, "optimise.html.j2", context)


def _lever(found: OptimiseResults, key: str) -> dict[str, str]:
    over = found.over(key)
    between = f"{over['low']:g} to {over['high']:g}" if isinstance(over, dict) else ", ".join(map(shown_value, over))
    won = shown_value(found.winner.candidate.point.levers[key]) if found.winner is not None else ""
    return {"key": found.label(key), "between": between, "now": shown_value(found.now(key)), "won": won}


def _finalists(found: OptimiseResults) -> Iterator[dict[str, Any]]:
    ending = found.ending
    for own, shown in zip(ending.retested, ending.on_front, strict=True):
        won = ending.winner is not None and own.number == ending.winner.number
        name = f"{found.strategy} as it is" if not own.number else f"setting {own.number}{', the winner' if won else ''}"
        yield {"name": name, "setting": setting(found, own), "cells": list(_cells(found, own)), "feasible": own.feasible, "on_front": shown}
    if ending.confirmed is not None:
        own = ending.confirmed
        name = "the winner, confirmed on further people"
        yield {"name": name, "setting": setting(found, own), "cells": list(_cells(found, own)), "feasible": own.feasible, "on_front": True}


def _cells(found: OptimiseResults, own: Trial) -> Iterator[dict[str, Any]]:
    for name in found.search.measures:
        metric = measure_of(name)
        value, gap = own.values[name], own.differences[name]
        lines = [f"{show(value.low, metric)} to {show(value.high, metric)}"]
        if own.number:
            lines.append(f"difference {difference(gap, metric)}")
        if own.number and name in found.search.objectives:
            lines.append(f"flattered by {show(found.shrinkage(own, name), metric)}")
        yield {"mean": show(value.mean, metric), "lines": lines}


def _winner_text(found: OptimiseResults, winner: Trial) -> str:
    config, scenario = found.loaded.config, found.loaded.scenario(found.strategy)
    own = found.ending.confirmed
    name = winner_name(found.strategy)
    met = f"brand {scenario['brand']['name']}, {count(scenario['population']['size'])} people of day 0, {scenario['horizon_days']:g} days"
    head = [
        f"Found by fishpond optimise, from {effort(found)} of {found.strategy}; seed {config['seed']}, {met}.",
        *(_in_words(found, own) if own is not None else []),
        f"To use it: copy this file to conf/strategy/{name}.yaml, then fishpond run strategy={name}. "
        "Under another name of the file, write that name below.",
    ]
    return strategy_text(config, winner.candidate.point.levers, f"{found.strategy} with {moved(found)}", head)


def _in_words(found: OptimiseResults, own: Trial) -> Iterator[str]:
    same = f"less {found.strategy} as it is on the same people (95 % interval)"
    yield f"Measured on {own.replications} replications by which nothing was chosen, {same}:"
    for name in found.search.objectives:
        yield f"  {name} {difference(own.differences[name], measure_of(name))}"
    yield from reading(found)[:1]
