"""The listing itself: compose, choose, show."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from experiments.console import say, tell
from experiments.errors import UserError
from experiments.job import Job
from experiments.job_composition import compose_job
from experiments.known_keys import schema_of
from experiments.parameters.calibrated import with_calibrated
from experiments.parameters.request import Request, parted
from experiments.parameters.rows import rows_of
from experiments.parameters.shown import as_csv, as_table, as_text, summed_up
from experiments.simulator import Simulator

__all__ = ["asked_for", "show"]


def asked_for(lines: Sequence[str], simulator: Simulator) -> tuple[Request, Job]:
    """Read the command line: what to show, and the job whose parameters they are.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    request, overrides, problems = parted(lines)
    try:
        job = compose_job("parameters", overrides, simulator)
    except UserError as error:
        raise UserError(*problems, *error.lines) from None
    UserError.raise_any(problems)
    return request, job


def show(request: Request, job: Job, simulator: Simulator) -> None:
    """Print the parameters and, last, how many there are of each status (beside a spreadsheet: to standard error)."""
    (arm,) = job.arms
    values = arm.scenario.model_dump(mode="json")
    rows = request.chosen(with_calibrated(rows_of(values, schema_of(simulator.scenario_model())), simulator.configs()))
    if request.format == "csv":
        say(as_csv(rows))
        tell(summed_up(rows))
        return
    on_terminal = sys.stdout.isatty()
    say(as_table(rows, shutil.get_terminal_size().columns) if on_terminal else as_text(rows))
    say(summed_up(rows))
