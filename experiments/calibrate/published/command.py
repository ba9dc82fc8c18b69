"""The command: fit block after block, put the draws together, judge the centre, write files and page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.calibrate.published.files import answer, as_text
from experiments.calibrate.published.free import FREE, blocks_of
from experiments.calibrate.published.request import Request, asked_for
from experiments.console import say, tell
from experiments.errors import UserError
from experiments.executor import physical_cores
from experiments.files import locked, replaced, told_plainly, write_text
from experiments.progress import announced, progress_of
from experiments.simulator import Simulator

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibrate.published.outcome import Calibration

__all__ = ["CENTRE", "POSTERIOR", "calibrate_published", "model_defaults"]

CENTRE, POSTERIOR = "default.yaml", "posterior.parquet"
_MARK = "published.json"


def calibrate_published(words: Sequence[str], simulator: Simulator, *, show_config: bool = False) -> None:
    """Carry out the command.

    Parameters
    ----------
    words
        Keys of the command.
    simulator
        What is compiled beforehand, and whose configuration is written; rows simulate with `sim`.
    show_config
        Print what would be done, and do nothing else.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    request = asked_for(words)
    names = request.row_names
    folder = Path(request.out or Path("outputs") / "calibrate-published")
    if show_config:
        import yaml

        blocks = {block.name: block.keys for block in blocks_of(FREE, names)}
        shown = {**request.model_dump(mode="json"), "rows": names, "out": str(folder), "blocks": blocks}
        say(yaml.safe_dump(shown, sort_keys=False).rstrip())
        return
    with told_plainly("out", folder):
        if folder.is_dir() and not (folder / _MARK).exists() and any(path.name != ".lock" for path in folder.iterdir()):
            raise UserError(f"out: {folder} holds files that are no calibration of fishpond; take a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            found = _calibrated(request, names, simulator)
            page = _write(folder, found, request)
    if request.write:
        own = simulator.configs() / "behaviour"
        with told_plainly("write", own):
            _write_own(own, found, request)
        say(f"{own / CENTRE} and {own / POSTERIOR} are written")
    say(answer(found))
    say(str(page))


def _calibrated(request: Request, names: Sequence[str], simulator: Simulator) -> Calibration:
    from experiments.calibrate.published.block import fit_block
    from experiments.calibrate.published.centre import centre_of
    from experiments.calibrate.published.facts import Laboratory
    from experiments.calibrate.published.outcome import Calibration

    with announced(request.progress, "compiling the simulator (once)", patience=2.5):
        simulator.warm_up()
    workers = physical_cores() if request.workers == "auto" else request.workers
    laboratory = Laboratory(request.seed, request.executor, workers, request.replications)
    blocks = blocks_of(FREE, names)
    # Until a block is fitted, its parameters are the model's own, whatever the file of defaults says by now: the same command always
    # makes the same.
    values = model_defaults(simulator)
    fits, centres = [], []
    for block in blocks:
        points = request.points * len(block.free)
        with progress_of(request.progress, points, 0, f"points of {block.name}") as progress:
            laboratory.told = progress.advance
            fits.append(fit_block(block, laboratory, values, points, request.seed))
        laboratory.told = lambda: None
        with announced(request.progress, f"looking for the centre of {block.name}", patience=2.0):
            centres.append(centre_of(fits[-1], laboratory, values))
        values = {**values, **centres[-1].values}
        if laboratory.without_value:
            tell(f"note: {laboratory.without_value} runs of {block.name} had no value for some fact; they were left out for it")
            laboratory.without_value = 0
    with announced(request.progress, "judging all rows together", patience=2.0):
        joint = laboratory.judged([name for block in blocks for name in block.rows], values)
    return Calibration.of(fits, centres, joint, request.draws, request.seed)


def model_defaults(simulator: Simulator) -> dict[str, float]:
    """Return the model's own defaults of the free parameters, by key."""
    from experiments.known_keys import KnownKeys, schema_of

    known = KnownKeys(schema_of(simulator.scenario_model()))
    return {own.key: float(known.field(tuple(own.key.split(".")), {})["default"]) for own in FREE}


def _command(request: Request) -> str:
    """Write the command that makes the same again."""
    asked = request.model_dump(exclude_defaults=True, exclude={"out", "workers", "executor", "progress"}, mode="json")
    words = [f"{key}=[{','.join(map(str, value))}]" if key == "rows" else f"{key}={str(value).lower()}" for key, value in asked.items()]
    return " ".join(["fishpond calibrate", *words])


def _write(folder: Path, found: Calibration, request: Request) -> Path:
    from experiments.calibrate.published.page import write_published_page

    _draws(folder / POSTERIOR, found)
    write_text(folder / CENTRE, as_text(found, _command(request)))
    for name in ("parameters", "facts", "correlations", "runs"):
        _csv(folder / f"{name}.csv", getattr(found, name)())
    asked = request.model_dump(mode="json", exclude={"workers", "executor", "progress", "out"})
    write_text(folder / _MARK, json.dumps({"asked": asked, "passes": found.passes}, indent=2) + "\n")
    with announced(request.progress, "drawing figures and page", patience=2.0):
        return write_published_page(folder, found, _command(request))


def _write_own(folder: Path, found: Calibration, request: Request) -> None:
    folder.mkdir(exist_ok=True)
    _draws(folder / POSTERIOR, found)
    write_text(folder / CENTRE, as_text(found, _command(request)))


def _draws(path: Path, found: Calibration) -> None:
    with replaced(path) as temporary:
        found.draws.to_parquet(temporary, index=False)


def _csv(path: Path, table: pd.DataFrame) -> None:
    with replaced(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
