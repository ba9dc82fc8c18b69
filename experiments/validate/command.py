"""The command `validate`: run the rows that are asked for, judge them, and write table and page."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from experiments.console import say, tell
from experiments.executor import physical_cores, run_all
from experiments.files import locked, replaced, told_plainly, write_text
from experiments.progress import announced, progress_of
from experiments.runs import FailedRun, FinishedRun, described
from experiments.simulator import Simulator
from experiments.store import FAILURES
from experiments.validate.evidence import Planned, chosen
from experiments.validate.outcome import Judged, screen, summed_up, table
from experiments.validate.row import Row
from experiments.validate.settings import ValidateSettings, asked_for
from experiments.validate.working import found_in, tasks_of, work

__all__ = ["TABLE", "judge", "validate"]

TABLE = "validation.csv"
_DONE, _SOME_FAILED, _INTERRUPTED = 0, 1, 130

Outcomes = dict[str, list[FinishedRun | FailedRun]]


def validate(words: Sequence[str], simulator: Simulator, *, show_config: bool) -> int:
    """Carry out the command.

    Parameters
    ----------
    words
        Overrides from the command line.
    simulator
        What is compiled beforehand; rows simulate with `sim`.
    show_config
        Whether only to show what would be tried.

    Returns
    -------
    int
        0 when all runs went through, whatever the verdicts; 1 when some raised; 130 when interrupted.

    Raises
    ------
    UserError
        When the words are wrong or the folder cannot be written.
    """
    settings = asked_for(words)
    rows = chosen(settings.rows)
    folder = Path(settings.out or Path("outputs") / f"validate-{settings.size}")
    if show_config:
        import yaml

        shown = {**settings.model_dump(mode="json"), "rows": [row.name for row in rows], "out": str(folder)}
        say(yaml.safe_dump(shown, sort_keys=False).rstrip())
        return _DONE
    with told_plainly("out", folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        return _carry_out(settings, rows, folder, simulator)


def _carry_out(settings: ValidateSettings, rows: Sequence[Row | Planned], folder: Path, simulator: Simulator) -> int:
    start = time.perf_counter()
    built = [row for row in rows if isinstance(row, Row)]
    outcomes: Outcomes = {row.name: [] for row in built}
    interrupted = False
    if built:
        with announced(settings.progress, "compiling the simulator (once)", patience=2.5):
            simulator.warm_up()
        try:
            _run(settings, built, outcomes)
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        tell("interrupted: nothing is written; the same command begins again, and rows=[...] chooses fewer rows")
        return _INTERRUPTED
    with announced(settings.progress, "judging"):
        judged = [judge(row, outcomes.get(row.name, [])) for row in rows]
    with told_plainly("out", folder):
        lines = table(judged, settings.size)
        with replaced(folder / TABLE) as temporary:
            lines.to_csv(temporary, index=False, float_format="%.6g", lineterminator="\n")
        _log(folder, outcomes)
        with announced(settings.progress, "drawing figures and page", patience=2.0):
            from experiments.validate.page import write

            page = write(folder, judged, settings, time.perf_counter() - start)
    say(screen(lines))
    say(summed_up(judged))
    for one in judged:
        for line in one.failures:
            tell(f"failed: {one.row.name}, {line}")
    say(str(page))
    return _SOME_FAILED if any(one.failures for one in judged) else _DONE


def _run(settings: ValidateSettings, rows: Sequence[Row], outcomes: Outcomes) -> None:
    tasks = [task for row in rows for task in tasks_of(row, row.units(settings.size, settings.behaviour), settings.seed)]
    workers = physical_cores() if settings.workers == "auto" else settings.workers
    with progress_of(settings.progress, len(tasks), 0) as progress, warnings.catch_warnings():
        # Following everybody takes memory, and a worker that has had much is replaced by a fresh one: no affair of the user's.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs were given to the executor")
        for outcome in run_all(tasks, work, executor=settings.executor, workers=workers):  # type: ignore[arg-type]
            outcomes[outcome.key.strategy.partition("/")[0]].append(outcome)
            progress.advance(failed=isinstance(outcome, FailedRun))


def judge(row: Row | Planned, outcomes: Sequence[FinishedRun | FailedRun]) -> Judged:
    """Judge a row by its runs; where one raised, or judging itself does, it is not judged and says so."""
    if isinstance(row, Planned):
        return Judged(row)
    failures = tuple(_told(outcome) for outcome in outcomes if isinstance(outcome, FailedRun))
    found = found_in(row, outcomes)
    if failures:
        return Judged(row, failures=failures)
    try:
        return Judged(row, tuple(row.judge(found)), found)
    except Exception as fault:  # noqa: BLE001 -- the fault is shown in its row, and the other rows are judged
        return Judged(row, failures=(f"judging: {described(fault)}",))


def _told(failed: FailedRun) -> str:
    unit = failed.key.strategy.partition("/")[2]
    return f"{unit}, replication {failed.key.replication}: {failed.error}"


def _log(folder: Path, outcomes: Outcomes) -> None:
    """Write the tracebacks of runs that raised, or remove those of an earlier session."""
    failed = [outcome for own in outcomes.values() for outcome in own if isinstance(outcome, FailedRun)]
    if failed:
        parts = [f"{one.key.strategy}, replication {one.key.replication}\n{one.trace}\n" for one in failed]
        write_text(folder / FAILURES, "".join(parts))
    else:
        (folder / FAILURES).unlink(missing_ok=True)
