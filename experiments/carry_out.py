"""Carry out a job: simulate what is missing, keep every run, then make the statistics and the report."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cluster import check_address
from experiments.concluding import conclusion_of
from experiments.console import say, tell
from experiments.errors import UserError
from experiments.executor import FailedRun, Outcome, physical_cores, run_all
from experiments.files import told_plainly
from experiments.flip_map.job import FOLDER, FlipMapJob
from experiments.job import Job
from experiments.progress import Best, announced, progress_of
from experiments.resolved import fingerprint
from experiments.reuse import prepared, sources_hash
from experiments.robustness import job as robustness
from experiments.robustness.job import robustness_job
from experiments.runs import Task
from experiments.sequential.plan import Plan, plan_of
from experiments.sequential.time_limit import TimeLimit
from experiments.simulator import Simulator
from experiments.store import FAILURES, Store, open_store
from experiments.tables import RUNS, RunKey

if TYPE_CHECKING:
    from experiments.biographies.writing import Followed

__all__ = ["carry_out", "output_folder"]

_DONE, _SOME_FAILED, _INTERRUPTED = 0, 1, 130
_MOST_FAILURES_TOLD = 3
_LONGEST_NAME = 60


def output_folder(job: Job) -> Path:
    """Folder of the results: the one asked for, or one named after what is tried.

    The hash in the name makes another experiment go into another folder, and the same command continue in the same.
    """
    if job.settings.out is not None:
        return Path(job.settings.out)
    names = "-".join(name.replace("/", "_") for name in job.bases)[:_LONGEST_NAME]
    return Path("outputs") / f"{job.command}-{names}-{fingerprint(job.content())[:8]}"


def carry_out(job: Job, simulator: Simulator) -> int:
    """Do a job.

    Parameters
    ----------
    job
        What to simulate and how.
    simulator
        What to simulate with.

    Returns
    -------
    int
        0 when all runs are done, 1 when some failed, 130 when interrupted.

    Raises
    ------
    UserError
        When the folder is refused before anything was done; or, after all was done, when a key of `trace` is nobody's.
    """
    if job.settings.executor == "dask":
        check_address(job.settings.address)
    folder = output_folder(job)
    limit = TimeLimit(job.settings.time_limit_minutes)
    followed = None
    with ExitStack() as stack:
        # All folders are opened, and refused where need be, before anything is simulated.
        sources = sources_hash(simulator.sources())
        stores = [stack.enter_context(open_store(place, part, sources)) for place, part in list(_parts(job, folder, simulator))]
        for store in stores:
            if not stores[0].done and store is not stores[0]:
                break  # where the comparison itself fails, its map and worlds would
            try:
                _simulate(store, simulator, limit)
            except KeyboardInterrupt:
                store.flush()
                total = len(store.manifest.runs)
                tell(f"interrupted: {len(store.done)} of {total} runs are kept in {store.folder}; the same command continues")
                return _INTERRUPTED
            store.finish()
            _tell_failures(store)
        if stores[0].done:
            wanted = {store.folder / name for store in stores for name in store.job.derived}
            if not all(path.exists() for path in wanted if job.settings.page or path.name != "report.html"):
                with told_plainly("out", folder):
                    _conclude(job, folder)
            exported = _export(folder) if job.exports else None
            if job.settings.trace is not None and job.command == "run":
                followed = _follow(job, simulator, stores[0])
            _tell_conclusion(job, folder, exported, followed)
    if followed is not None:
        UserError.raise_any(followed.complaints())
    return _SOME_FAILED if any(store.manifest.failed() for store in stores) else _DONE


def _parts(job: Job, folder: Path, simulator: Simulator) -> Iterator[tuple[Path, Job]]:
    """Part a job into its folders: the comparison, and the map and the uncertain worlds in folders within."""
    yield folder, job
    if job.flip_map is not None:
        yield folder / FOLDER, FlipMapJob.of(job, job.flip_map)
    worlds = robustness_job(job, simulator.configs())
    if worlds is not None:
        yield folder / robustness.FOLDER, worlds


def _simulate(store: Store, simulator: Simulator, limit: TimeLimit) -> None:
    """Simulate what the plan of the job wants, until it wants nothing more or the time is over."""
    settings = store.job.settings
    for label in store.manifest.earlier:
        tell(f"note: some runs in {store.folder} were made by fishpond {label}")
    for line in store.damaged():
        tell(line)
    workers = physical_cores() if settings.workers == "auto" else settings.workers
    plan = plan_of(store, workers)
    missing = store.missing(plan.wanted())
    tasks = _not_taken_over(store, plan, missing)
    if not tasks:
        if not missing:
            tell(f"nothing to simulate: all {len(store.done)} runs are in {store.folder}")
        return
    others_simulate = settings.executor == "local" and workers > 1 and len(tasks) > 1
    if not (others_simulate and simulator.is_compiled()):
        with announced(settings.progress, "compiling the simulator (once)", patience=2.5):
            start = time.perf_counter()
            simulator.warm_up()
            store.manifest.timing["compile"] += time.perf_counter() - start
    through, best = len(store.done), Best(store.job.names)
    with progress_of(settings.progress, len(tasks) + through, through, store.job.runs_of) as progress:
        while tasks and not limit.over():
            outcomes = run_all(
                tasks,
                simulator.simulate(),
                executor=settings.executor,
                workers=workers,
                started=store.start,
                limit_seconds=settings.run_limit_seconds,
                address=settings.address,
                prepare=partial(prepared, simulator),
            )
            for outcome in outcomes:
                store.add(outcome)
                plan.take(outcome)
                progress.advance(failed=isinstance(outcome, FailedRun), best=_ahead(best, outcome))
                through += 1
                if limit.over():
                    break  # runs that are under way are given up
            del outcomes  # ends the workers' tasks
            tasks = store.missing(plan.wanted())
            progress.expect(len(tasks) + through)
    if tasks:
        store.flush()
        tell(
            f"the time limit of {limit.minutes:g} minutes is reached: {len(store.done)} {store.job.runs_of} are kept in {store.folder}; "
            "the same command continues"
        )


def _ahead(best: Best, outcome: Outcome) -> str:
    """Say who is ahead after one more run."""
    if not isinstance(outcome, FailedRun):
        metrics = outcome.tables[RUNS]
        best.add(outcome.key.strategy, metrics["contribution"][0].as_py() if "contribution" in metrics.column_names else None)
    return best.told()


def _not_taken_over(store: Store, plan: Plan, missing: Sequence[Task]) -> list[Task]:
    """Take over what other experiments have of the runs that are missing, and what is wanted then, and return the rest."""
    tasks, taken = list(missing), 0
    while len(rest := store.take_over(tasks, plan.take)) < len(tasks):
        taken += len(tasks) - len(rest)
        tasks = rest or store.missing(plan.wanted())
        if rest:
            break
    if taken:
        store.flush()
        tell(f"taken over: {taken} of {taken + len(tasks)} runs, which other experiments have (manifest.json says which)")
    return tasks


def _tell_failures(store: Store) -> None:
    failures = store.manifest.failed()
    for key, run in failures[:_MOST_FAILURES_TOLD]:
        tell(f"failed: {key.strategy}, replication {key.replication}, at stage {run['stage']}: {run['error']}")
    if failures:
        log = store.folder / FAILURES
        tell(f"{len(failures)} of {len(store.manifest.runs)} runs failed; the others are kept. Tracebacks: {log}")


def _conclude(job: Job, folder: Path) -> None:
    conclusion = conclusion_of(job.command)
    conclusion.write_statistics(folder)
    if job.settings.page:
        with announced(job.settings.progress, "drawing figures and report", patience=2.0):
            conclusion.write_report(folder)


def _follow(job: Job, simulator: Simulator, store: Store) -> Followed | None:
    """Write the biographies that a run was asked for besides."""
    from experiments.biographies.writing import REPLICATION, follow

    if RunKey(job.names[0], REPLICATION) not in store.done:
        tell(f"no biographies: replication {REPLICATION}, in which members are followed, failed")
        return None
    with announced(job.settings.progress, "following members through the run once more", patience=2.0), told_plainly("out", store.folder):
        return follow(job, simulator, store.folder)


def _export(folder: Path) -> Path:
    """Write every run as a brand's data."""
    from experiments.brand_data.export import write_export

    with told_plainly("out", folder):
        return write_export(folder)


def _tell_conclusion(job: Job, folder: Path, exported: Path | None, followed: Followed | None) -> None:
    for line in conclusion_of(job.command).told(folder):
        say(line)
    if exported is not None:
        say(f"runs as a brand's data: {exported}")
    if followed is not None:
        say(followed.told())
    say(str(folder / "report.html") if job.settings.page else str(folder / f"{RUNS}.parquet"))
