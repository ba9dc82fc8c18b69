"""The command: read a brand's data, fit, simulate, write the brand and the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from experiments.brand_data.reading import BrandData, read_folder
from experiments.calibrate.brand_file import as_text, brand_values, free_path
from experiments.calibrate.request import Request, asked_for
from experiments.composition import ConfigTree
from experiments.console import say, tell
from experiments.errors import UserError
from experiments.files import locked, replaced, told_plainly, write_text
from experiments.job_composition import scenario_values
from experiments.known_keys import KnownKeys, schema_of
from experiments.overrides import Override, quoted
from experiments.progress import announced
from experiments.simulator import Simulator

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibrate.fitting import Fitted
    from experiments.calibrate.outcome import Outcome

__all__ = ["calibrate"]

_MARK = "calibration.json"
_BAD = "bad_rows.csv"


def calibrate(words: Sequence[str], simulator: Simulator, *, show_config: bool = False) -> None:
    """Carry out the command.

    Parameters
    ----------
    words
        Keys of the command.
    simulator
        What to simulate with, and where brands come from.
    show_config
        Print what would be done, and do nothing else.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    if any(word.lstrip("+~").partition("=")[0].strip() == "target" for word in words):
        from experiments.calibrate.published.command import calibrate_published

        calibrate_published(words, simulator, show_config=show_config)
        return
    request = asked_for(words)
    if show_config:
        import yaml

        say(yaml.safe_dump(request.model_dump(mode="json"), sort_keys=False, allow_unicode=True).rstrip())
        return
    target = free_path(request.name, simulator.configs()) if request.name else None
    values = _values(request, simulator, "no_community")
    among = _values(request, simulator, request.strategy)
    folder = Path(request.out or Path("outputs") / f"calibrate-{Path(request.data).resolve().name}")
    data = read_folder(Path(request.data))
    for note in data.notes:
        tell(f"note: {note}")
    with told_plainly("out", folder):
        _claim(folder)
        with locked(folder):
            _report_bad_rows(data, folder, request)
            fit, outcome = _fitted(data, request, values, simulator)
            brand = brand_values(values["brand"], fit.need, fit.spend, request.name or "fitted")
            community = _community(data, request, {**among, "brand": brand}, simulator)
            repeats = int(fit.data.repeats(0, fit.data.fit_weeks).sum())
            facts = {"customers": fit.data.size, "repeats": repeats, "weeks": fit.data.fit_weeks, "start": fit.data.start}
            text = as_text(brand, fit.spend, {**facts, "currency": request.currency, "like": request.like})
            _write(folder, fit, outcome, request, facts)
            (folder / "community.csv").unlink(missing_ok=True)
            if community is not None:
                _csv(folder / "community.csv", community)
            write_text(folder / "brand.yaml", text)
            with announced(request.progress, "drawing figures and page", patience=2.0):
                page = _page(folder, fit, outcome, community, data, request)
    if target is not None:
        with told_plainly("name", target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_text(target, text)
        say(f"{target.as_posix()}: fishpond run brand={request.name}")
    from experiments.calibrate.words import answer

    say(answer(fit, outcome))
    say(str(page))


def _values(request: Request, simulator: Simulator, strategy: str) -> dict[str, Any]:
    """Compose the scenario of a strategy whose brand has what orders do not tell."""
    tree = ConfigTree(simulator.configs(), KnownKeys(schema_of(simulator.scenario_model())))
    choices = [
        Override(f"strategy={quoted(strategy)}", "strategy", "", "strategy", strategy),
        Override(f"brand={quoted(request.like)}", "brand", "", "like", request.like),
    ]
    composition = tree.compose(choices)
    UserError.raise_any([*tree.problems, *composition.problems])
    return scenario_values(composition)


def _claim(folder: Path) -> None:
    """Take a new folder, or one of an earlier fit."""
    if folder.is_dir() and not (folder / _MARK).exists() and any(path.name not in (".lock", _BAD) for path in folder.iterdir()):
        raise UserError(f"out: {folder} holds files that are no fit of fishpond; take a new folder")
    folder.mkdir(parents=True, exist_ok=True)


def _report_bad_rows(data: BrandData, folder: Path, request: Request) -> None:
    (folder / _BAD).unlink(missing_ok=True)
    if data.bad.empty:
        return
    _csv(folder / _BAD, data.bad)
    rows = len(data.bad[["file", "row"]].drop_duplicates())
    if request.bad_rows == "skip":
        tell(f"note: rows left out: {rows}; {folder / _BAD} says why")
        return
    lines = data.lines()
    raise UserError(*lines, f"data: wrong rows: {rows}; {folder / _BAD} has all of them, bad_rows=skip leaves them out")


def _fitted(data: BrandData, request: Request, values: dict[str, Any], simulator: Simulator) -> tuple[Fitted, Outcome]:
    from experiments.calibrate.fitting import fitted_to
    from experiments.calibrate.outcome import outcome_of, seen, watched
    from experiments.calibrate.quiet import TABLE, quiet_world, simulated

    model = simulator.scenario_model()
    with announced(request.progress, "fitting", patience=2.0):
        fit = fitted_to(data, request, model.model_validate(values).behaviour.buying.units_shape)
    brand = brand_values(values["brand"], fit.need, fit.spend, "fitted")
    days = max(1.0, fit.data.weeks * 7.0)
    # The same people twice: as the fit has them, and each time as another draw of the posterior has them.
    many = request.replications
    needs = [*[fit.need] * many, *fit.needs(many)]
    worlds = [quiet_world(values, brand, need, fit.data.size, days) for need in needs]
    with announced(request.progress, f"simulating {len(worlds)} worlds", patience=2.0):
        runs = [seen(watched(tables[TABLE], fit.data)) for tables in simulated(worlds, many, request, simulator)]
    return fit, outcome_of(fit.data, fit.need, runs[:many], runs[many:])


def _community(data: BrandData, request: Request, values: dict[str, Any], simulator: Simulator) -> pd.DataFrame | None:
    """Simulate the fitted brand's community beside the observed one; None where no file tells of it.

    A strategy may name products that the fitted brand has none of: then the observed one is shown alone.
    """
    from experiments.calibrate.community import beside, channels_of, community_world, people_in, take_people
    from experiments.calibrate.people import LEAST_MEMBERS, people_of
    from experiments.calibrate.quiet import simulated

    people = people_of(data)
    if people is None or len(people.joined) < LEAST_MEMBERS:
        return None
    world = community_world(values, values["brand"], people)
    many = request.replications
    channels = channels_of(people, values["brand"])
    try:
        simulator.scenario_model().model_validate(world)
    except ValidationError as error:
        reason = str(error.errors()[0]["msg"]).removeprefix("Value error, ").splitlines()[0]
        tell(f"note: the community is shown alone: strategy {request.strategy} does not go with the fitted brand ({reason})")
        return beside(people, [], channels)
    with announced(request.progress, f"simulating {many} communities", patience=2.0):
        runs = [
            people_in(tables["members"], tables["daily"], world["horizon_days"], people)
            for tables in simulated([world] * many, many, request, simulator, take_people, ("the community",))
        ]
    return beside(people, runs, channels)


def _write(folder: Path, fit: Fitted, outcome: Outcome, request: Request, facts: dict[str, Any]) -> None:
    with replaced(folder / "posterior.parquet") as temporary:
        fit.draws.to_parquet(temporary, index=False)
    _csv(folder / "parameters.csv", fit.table)
    for name, table in vars(outcome).items():
        _csv(folder / f"{name}.csv", table)
    asked = request.model_dump(mode="json", exclude={"workers", "executor", "progress"})
    write_text(folder / _MARK, json.dumps({"asked": asked, **facts}, indent=2, ensure_ascii=False) + "\n")


def _page(folder: Path, fit: Fitted, outcome: Outcome, community: pd.DataFrame | None, data: BrandData, request: Request) -> Path:
    from experiments.calibrate.page import write_fit_page
    from experiments.calibrate.words import other_files

    notes = [note for note in (*fit.doubts(), other_files(data.tables, community is not None)) if note]
    facts = [
        ("data", f"{len(data.tables['orders']):,} orders from {fit.data.start}, {fit.data.weeks} weeks"),
        ("rows left out", str(len(data.bad[["file", "row"]].drop_duplicates()))),
        ("a purchase is", "all orders of a customer on one day" if request.purchase == "day" else "an order"),
        ("seed", str(request.seed)),
        ("runs", f"{request.replications} with the fitted brand, {request.replications} with draws of the posterior"),
    ]
    return write_fit_page(folder, fit, outcome, community, request.strategy, facts, notes)


def _csv(path: Path, table: pd.DataFrame) -> None:
    with replaced(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
