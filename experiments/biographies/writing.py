"""Simulate a run once more to follow some members, and write what they did; the results of the run stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.biographies.life import lives_of
from experiments.executor import physical_cores
from experiments.files import replaced
from experiments.job import Job
from experiments.simulator import Simulator
from experiments.tables import to_arrow, write_table
from experiments.wording import listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REPLICATION", "TABLE", "Followed", "follow"]

#: Name of the table's files; its replication is that of the run which every job has.
TABLE = "biographies"
REPLICATION = 0


@dataclass(frozen=True)
class Followed:
    """Who was followed.

    Attributes
    ----------
    folder
        Folder of the results.
    keys
        Members who were found, and have a biography.
    missing
        Keys that were asked for and that nobody has.
    drawn
        Whether there are figures.
    """

    folder: Path
    keys: list[str]
    missing: list[str]
    drawn: bool

    def told(self) -> str:
        """Name the files, in one line."""
        tables = f"{self.folder / f'{TABLE}.csv'} and {TABLE}.parquet"
        if not self.keys:
            return f"biographies of nobody: {tables} are empty"
        figures = f", figures/{figure_name('KEY')}.png with KEY {listed(self.keys)}" if self.drawn else ""
        return f"{len(self.keys)} {'biography' if len(self.keys) == 1 else 'biographies'}: {tables}{figures}"

    def complaints(self) -> list[str]:
        """Word what was asked for and is not there."""
        if not self.missing:
            return []
        keys = f"key {self.missing[0]}" if len(self.missing) == 1 else f"keys {listed(self.missing)}"
        return [f"trace: nobody with {keys} came in replication {REPLICATION}; it takes keys of members.parquet of that replication"]


def figure_name(key: str) -> str:
    """Name the figure of a member, without its ending."""
    return f"biography_{key}"


def follow(job: Job, simulator: Simulator, folder: Path) -> Followed:
    """Simulate replication 0 of a run once more, in this process, and write the biographies asked for.

    Parameters
    ----------
    job
        A run whose settings say whom to follow.
    simulator
        What to simulate with.
    folder
        Folder of its results. Biographies of an earlier command are replaced.

    Returns
    -------
    Followed
        Whom it found.
    """
    (arm,) = job.arms
    settings, trace = job.settings, job.settings.trace
    cores = physical_cores() if settings.workers == "auto" else settings.workers
    result = simulator.simulate()(
        arm.scenario,
        seed=settings.seed,
        replication=REPLICATION,
        record="daily",  # the table of members says who they are; what is recorded changes no result
        threads=cores if settings.executor == "local" else 1,
        trace=() if trace is None else trace,
    )
    found = result.biographies.copy()
    found.insert(0, "strategy", arm.name)
    found.insert(1, "replication", REPLICATION)
    _write(found, folder)
    _draw(found, result.members, job, folder)
    keys = [str(key) for key in dict.fromkeys(found["key"])]
    asked = trace if isinstance(trace, tuple) else ()
    return Followed(folder, keys, [key for key in asked if key not in keys], drawn=settings.page)


def _write(found: pd.DataFrame, folder: Path) -> None:
    with replaced(folder / f"{TABLE}.parquet") as temporary:
        write_table(temporary, [to_arrow(found)])
    with replaced(folder / f"{TABLE}.csv") as temporary:
        found.to_csv(temporary, index=False, lineterminator="\n", float_format="%.9g")


def _draw(found: pd.DataFrame, members: pd.DataFrame, job: Job, folder: Path) -> None:
    """Draw the figures, in place of those of an earlier command: they must not stand beside another table."""
    for path in (folder / "figures").glob(f"{figure_name('*')}.*"):
        path.unlink()
    if not job.settings.page:
        return
    from experiments.figures import draw_biography

    (arm,) = job.arms
    for life in lives_of(found, members, arm.scenario.model_dump(mode="json")):
        draw_biography(life, folder / "figures", figure_name(life.key))
