"""Figures of an experiment, each as PNG and SVG; the same results give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
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
from experiments.figures.style import house_style
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
    """Draw every figure that the tables have the data for.

    Parameters
    ----------
    data
        The experiment.
    folder
        Where the files go; it is made.

    Returns
    -------
    list of str
        Names of the figures that were drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with house_style():
        for name, draw in FIGURES.items():
            figure = draw(data)
            if figure is not None:
                _save(figure, folder, name)
                drawn.append(name)
            else:
                _remove(folder, name)
    return drawn


def draw_answer(data: FigureData, folder: Path) -> bool:
    """Draw the figure that answers the question of the comparison.

    Parameters
    ----------
    data
        The experiment.
    folder
        Where the files go; it is made.

    Returns
    -------
    bool
        Whether there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        figure = answer.answer_figure(data)
        if figure is None:
            _remove(folder, ANSWER)
        else:
            _save(figure, folder, ANSWER)
    return figure is not None


def draw_best(table: pd.DataFrame | None, metric: Metric, folder: Path) -> None:
    """Draw which arm is best, which is no figure of the comparison's own tables.

    Parameters
    ----------
    table
        `best.csv`; None where the best was not looked for, then files of an earlier search are removed.
    metric
        What the arms were compared on.
    folder
        Where the files go; it is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        if table is None:
            _remove(folder, BEST)
        else:
            _save(best.best(table, metric), folder, BEST)


def draw_flip_map(found: FlipResults, table: pd.DataFrame, folder: Path) -> None:
    """Draw the map of who leads where, which is no figure of the comparison's own tables.

    Parameters
    ----------
    found, table
        The map and its table.
    folder
        Where the files go; it is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        _save(flip_map.flip_map(found, table), folder, FLIP_MAP)


def draw_robustness(found: Robustness, worlds: pd.DataFrame, folder: Path) -> None:
    """Draw what uncertain worlds show, which is no figure of the comparison's own tables.

    Parameters
    ----------
    found, worlds
        The worlds and their table.
    folder
        Where the files go; it is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        _save(robustness.robustness_figure(found, worlds), folder, ROBUSTNESS)


def draw_sweep(found: SweepResults, metrics: Sequence[str], folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a sweep.

    Parameters
    ----------
    found
        The sweep.
    metrics
        What is drawn: curves of all, maps and interactions of the first.
    folder
        Where the files go; it is made.

    Returns
    -------
    list of (str, str)
        Names of the files, with a heading each.
    """
    drawn = []
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        labels = {name: metric_of(name).label for name in metrics}
        first = metrics[0]
        less = "difference from the baseline" if len(found.strategies) > 1 else "less the mean over all points"
        wanted: list[tuple[str, Callable[[], Figure | None], str]] = [
            *((f"response_{name}", partial(sweep.responses, found, name), f"{labels[name]} over each key") for name in metrics),
            *(
                (f"difference_{name}", partial(sweep.differences, found, name), f"{labels[name]}: {less}, on the same people")
                for name in metrics
            ),
            ("heat_map", partial(sweep.heat_maps, found, first), f"{labels[first]} over pairs of keys"),
            ("interaction", partial(sweep.interactions, found, first), f"{labels[first]}: how two keys work together"),
        ]
        for name, draw, heading in wanted:
            figure = draw()
            if figure is None:
                _remove(folder, name)
            else:
                _save(figure, folder, name)
                drawn.append((name, heading))
    return drawn


def draw_search(found: OptimiseResults, folder: Path) -> list[tuple[str, str, str]]:
    """Draw the figures of a search.

    Parameters
    ----------
    found
        The search.
    folder
        Where the files go; it is made.

    Returns
    -------
    list of (str, str, str)
        Names of the files, with a heading and a caption each.
    """
    pale = "Pale: the search; full: the best of it again on fresh people, with 95 % intervals. Differences are from the strategy as it is."
    wanted: list[tuple[str, Callable[[OptimiseResults], Figure | None], str]] = [
        ("front", search.fronts, "What is had for what"),
        ("history", search.history, "The course of the search"),
        ("levers", search.levers, "Over each lever"),
    ]
    drawn = []
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        for name, draw, heading in wanted:
            figure = draw(found)
            if figure is None:
                _remove(folder, name)
            else:
                _save(figure, folder, name)
                drawn.append((name, heading, pale.replace(" %", "\u00a0%")))
    return drawn


def draw_biography(life: Life, folder: Path, name: str) -> None:
    """Draw the timeline of one member, which is no figure of the report.

    Parameters
    ----------
    life
        The member's biography.
    folder
        Where the files go; it is made.
    name
        Name of the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        _save(biography.timeline(life), folder, name)


def draw_calendar(plan: Plan, folder: Path, name: str) -> bool:
    """Draw when a plan does what, which is no figure of results.

    Parameters
    ----------
    plan
        What is planned.
    folder
        Where the files go; it is made.
    name
        Name of the files.

    Returns
    -------
    bool
        Whether there was anything to draw: without an occasion there is not, and files of that name are removed.
    """
    with house_style():
        figure = calendar.calendar(plan)
        if figure is None:
            _remove(folder, name)
            return False
        folder.mkdir(parents=True, exist_ok=True)
        _save(figure, folder, name)
    return True


def draw_evidence(judged: Judged, folder: Path) -> None:
    """Draw a row of the evidence, which is no figure of results; of a row that could not be judged, earlier files are removed.

    Parameters
    ----------
    judged
        The row and what was found.
    folder
        Where the files go; it is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with house_style():
        figure = evidence.evidence(judged)
        if figure is None:
            _remove(folder, judged.row.name)
        else:
            _save(figure, folder, judged.row.name)


def draw_sensitivity(found: SensitivityResults, target: Target, folder: Path, suffix: str) -> list[str]:
    """Draw what moves a target: each key alone, and the indices of all together.

    Parameters
    ----------
    found, target
        The analysis, and what is looked at.
    folder
        Where the files go; it is made.
    suffix
        What their names end with.

    Returns
    -------
    list of str
        Names of the files, without what they end with: ``tornado``, ``indices``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with house_style():
        for name, draw in (("tornado", sensitivity.tornado), ("indices", sensitivity.index_figure)):
            figure = draw(found, target)
            if figure is None:
                _remove(folder, f"{name}{suffix}")
            else:
                _save(figure, folder, f"{name}{suffix}")
                drawn.append(name)
    return drawn


def _remove(folder: Path, name: str) -> None:
    """Remove a figure: that of an earlier state must not stand beside the present ones."""
    for suffix in ("svg", "png"):
        (folder / f"{name}.{suffix}").unlink(missing_ok=True)


def draw_calibration(found: Outcome, fit: Fitted, folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a fit into `folder`, which is made; return names of files, with a heading each."""
    with house_style():
        drawn = {
            "track": ("Repeat purchases by week", calibrate.track(found, fit.data.fit_weeks)),
            "counts": ("Customers by repeat purchases in the fitted weeks", calibrate.counts(found)),
            "classes": ("Purchases in the weeks after, by those in the fitted weeks", calibrate.classes(found)),
            "spend": ("What an order costs at list price", calibrate.spend(found, fit.currency)),
            "posterior": ("Posterior of need, with the fit as a dashed line", calibrate.posterior(fit.draws, fit.fitted)),
        }
        if fit.data.weeks == fit.data.fit_weeks:
            del drawn["classes"]
        return _save_all(drawn, folder)


def draw_own_community(table: pd.DataFrame, folder: Path) -> list[tuple[str, str]]:
    """Draw a brand's community beside the simulated one, as `draw_calibration` does; what the data do not tell is not drawn."""
    told = set(table["measure"])
    with house_style():
        drawn = {"retention": ("Who is still in a group, by weeks after joining", calibrate.retention(table))}
        if told & {"messages", "writers"}:
            drawn["activity"] = ("What members write, by week", calibrate.activity(table))
        if "invited" in told:
            drawn["invited"] = ("People whom a member has brought, by weeks after joining", calibrate.invited(table))
        return _save_all(drawn, folder)


def draw_published(found: Calibration, folder: Path) -> list[tuple[str, str]]:
    """Draw the figures of a calibration on published facts, as `draw_calibration` does."""
    with house_style():
        drawn = {"facts": ("Where draws and centre put the facts", published.facts(found))}
        return _save_all({**drawn, "posterior": ("What the facts leave of each prior", published.posterior(found))}, folder)


def _save_all(drawn: Mapping[str, tuple[str, Figure]], folder: Path) -> list[tuple[str, str]]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_, figure) in drawn.items():
        _save(figure, folder, name)
    return [(name, heading) for name, (heading, _) in drawn.items()]


def _save(figure: Figure, folder: Path, name: str) -> None:
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # the layout is found once, not again for each file
    # Printed by the canvases themselves: savefig draws each file twice, to look for a layout that is found.
    FigureCanvasSVG(figure).print_svg(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    figure.set_dpi(rcParams["savefig.dpi"])
    FigureCanvasAgg(figure).print_png(folder / f"{name}.png", metadata={"Software": None})  # type: ignore[no-untyped-call]
