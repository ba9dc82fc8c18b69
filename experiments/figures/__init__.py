"""Figures of an experiment, each as PNG and SVG; the same results give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from experiments.figure_data import FigureData
from experiments.figures import (
    answer,
    best,
    biography,
    calendar,
    calibrate,
    evidence,
    flip_map,
    money,
    people,
    published,
    robustness,
    search,
    sensitivity,
    structure,
    sweep,
)
from experiments.figures.saving import Make, drawn
from experiments.metrics import metric_of

__all__ = [
    "ANSWER",
    "BEST",
    "FIGURES",
    "FLIP_MAP",
    "ROBUSTNESS",
    "FigureData",
    "draw_answer",
    "draw_best",
    "draw_biography",
    "draw_calendar",
    "draw_calibration",
    "draw_evidence",
    "draw_figures",
    "draw_flip_map",
    "draw_own_community",
    "draw_published",
    "draw_robustness",
    "draw_search",
    "draw_sensitivity",
    "draw_sweep",
]

if TYPE_CHECKING:
    import pandas as pd

    from experiments.biographies.life import Life
    from experiments.calibrate.fitting import Fitted
    from experiments.calibrate.outcome import Outcome
    from experiments.calibrate.published.outcome import Calibration
    from experiments.flip_map.results import FlipResults
    from experiments.metrics import Metric
    from experiments.optimise.results import OptimiseResults
    from experiments.robustness.results import Robustness
    from experiments.sensitivity.results import SensitivityResults, Target
    from experiments.strategies.plan import Plan
    from experiments.sweep.results import SweepResults
    from experiments.validate.outcome import Judged

Draw = Callable[[FigureData], Figure | None]

#: By the name of the file, in the order of the report.
FIGURES: dict[str, Draw] = {
    "cumulative_contribution": partial(money.cumulative, column="contribution", label="contribution"),
    "cumulative_gmv": partial(money.cumulative, column="gmv", label="GMV"),
    "difference_contribution": partial(money.difference, column="contribution", label="contribution"),
    "difference_gmv": partial(money.difference, column="gmv", label="GMV"),
    "daily_gmv": money.daily_gmv,
    "retention": people.retention,
    "exits_by_cause": structure.exits_by_cause,
    "active_members": people.active_members,
    "fatigue_and_trust": people.fatigue_and_trust,
    "group_vitality": structure.group_vitality,
}

FLIP_MAP = "flip_map"
ANSWER = "answer"
ROBUSTNESS = "robustness"
BEST = "best"


def draw_figures(data: FigureData, folder: Path) -> list[str]:
    """Draw every figure that the tables have the data for into a folder, which is made; return their names."""
    return [name for name, draw in FIGURES.items() if drawn(folder, name, partial(draw, data))]


def draw_answer(data: FigureData, folder: Path) -> bool:
    """Draw the figure that answers the question of the comparison; return whether there is one."""
    return drawn(folder, ANSWER, partial(answer.answer_figure, data))


def draw_best(table: pd.DataFrame | None, metric: Metric, folder: Path) -> None:
    """Draw which arm is best, of `best.csv` and the metric that arms were compared on; without a table the best was not looked for."""
    drawn(folder, BEST, lambda: None if table is None else best.best(table, metric))


def draw_flip_map(found: FlipResults, table: pd.DataFrame, folder: Path) -> None:
    """Draw the map of who leads where, of the map and its table."""
    drawn(folder, FLIP_MAP, partial(flip_map.flip_map, found, table))


def draw_robustness(found: Robustness, worlds: pd.DataFrame, folder: Path) -> None:
    """Draw what uncertain worlds show, of the worlds and their table."""
    drawn(folder, ROBUSTNESS, partial(robustness.robustness_figure, found, worlds))


def draw_sweep(found: SweepResults, metrics: Sequence[str], folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a sweep, curves of all metrics, maps of the first; return names of files, with a heading each."""
    labels = {name: metric_of(name).label for name in metrics}
    first = metrics[0]
    less = "difference from the baseline" if len(found.strategies) > 1 else "less the mean over all points"
    wanted: list[tuple[str, str, Make]] = [
        *((f"response_{name}", f"{labels[name]} over each key", partial(sweep.responses, found, name)) for name in metrics),
        *(
            (f"difference_{name}", f"{labels[name]}: {less}, on the same people", partial(sweep.differences, found, name))
            for name in metrics
        ),
        ("heat_map", f"{labels[first]} over pairs of keys", partial(sweep.heat_maps, found, first)),
        ("interaction", f"{labels[first]}: how two keys work together", partial(sweep.interactions, found, first)),
    ]
    return _all_drawn(wanted, folder)


def draw_search(found: OptimiseResults, folder: Path) -> list[tuple[str, str, str]]:
    """Draw the figures of a search; return names of files, with a heading and a caption each."""
    pale = "Pale: the search; full: the best of it again on fresh people, with 95 % intervals. Differences are from the strategy as it is."
    wanted: list[tuple[str, str, Make]] = [
        ("front", "What is had for what", partial(search.fronts, found)),
        ("history", "The course of the search", partial(search.history, found)),
        ("levers", "Over each lever", partial(search.levers, found)),
    ]
    return [(name, heading, pale.replace(" %", "\u00a0%")) for name, heading in _all_drawn(wanted, folder)]


def draw_biography(life: Life, folder: Path, name: str) -> None:
    """Draw the timeline of one member into files of a name."""
    drawn(folder, name, partial(biography.timeline, life))


def draw_calendar(plan: Plan, folder: Path, name: str) -> bool:
    """Draw when a plan does what into files of a name; return whether there was an occasion to draw."""
    return drawn(folder, name, partial(calendar.calendar, plan))


def draw_evidence(judged: Judged, folder: Path) -> None:
    """Draw a row of the evidence; one that could not be judged has no figure."""
    drawn(folder, judged.row.name, partial(evidence.evidence, judged))


def draw_sensitivity(found: SensitivityResults, target: Target, folder: Path, suffix: str) -> list[str]:
    """Draw what moves a target: each key alone, and the indices of all together.

    Returns the names of the files without the suffix that they end with: ``tornado``, ``indices``.
    """
    wanted = {"tornado": sensitivity.tornado, "indices": sensitivity.index_figure}
    return [name for name, draw in wanted.items() if drawn(folder, f"{name}{suffix}", partial(draw, found, target))]


def draw_calibration(found: Outcome, fit: Fitted, folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a fit to a brand's orders; return names of files, with a heading each."""
    data = fit.data
    wanted: list[tuple[str, str, Make]] = [
        ("track", "Repeat purchases by week", partial(calibrate.track, found, data.fit_weeks)),
        ("counts", "Customers by repeat purchases in the fitted weeks", partial(calibrate.counts, found)),
        ("classes", "Purchases in the weeks after, by those in the fitted weeks", partial(calibrate.classes, found)),
        ("spend", "What an order costs at list price", partial(calibrate.spend, found, fit.currency)),
        ("posterior", "Posterior of need, with the fit as a dashed line", partial(calibrate.posterior, fit.draws, fit.fitted)),
    ]
    return _all_drawn([own for own in wanted if own[0] != "classes" or data.weeks > data.fit_weeks], folder)


def draw_own_community(table: pd.DataFrame, folder: Path) -> list[tuple[str, str]]:
    """Draw a brand's community beside the simulated one, as `draw_calibration` does; what the data do not tell is not drawn."""
    told = set(table["measure"])
    wanted: list[tuple[str, str, Make]] = [
        ("retention", "Who is still in a group, by weeks after joining", partial(calibrate.retention, table))
    ]
    if told & {"messages", "writers"}:
        wanted.append(("activity", "What members write, by week", partial(calibrate.activity, table)))
    if "invited" in told:
        wanted.append(("invited", "People whom a member has brought, by weeks after joining", partial(calibrate.invited, table)))
    return _all_drawn(wanted, folder)


def draw_published(found: Calibration, folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a calibration on published facts, as `draw_calibration` does."""
    facts = ("facts", "Where draws and centre put the facts", partial(published.facts, found))
    return _all_drawn([facts, ("posterior", "What the facts leave of each prior", partial(published.posterior, found))], folder)


def _all_drawn(wanted: Sequence[tuple[str, str, Make]], folder: Path) -> list[tuple[str, str]]:
    return [(name, heading) for name, heading, make in wanted if drawn(folder, name, make)]
