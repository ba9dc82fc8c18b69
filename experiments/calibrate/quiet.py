"""Runs of the simulator in a world without marketing, in which the fitted customers buy as need has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from experiments.calibrate.bg_nbd import NAMES, Need
from experiments.errors import StorageError
from experiments.executor import FailedRun, physical_cores, run_all
from experiments.tables import RUNS, RunKey, Take

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibrate.request import Request
    from experiments.simulator import Simulator
    from sim import Result

__all__ = ["TABLE", "purchases", "quiet_world", "simulated"]

TABLE = "purchases"
_WORLDS = ("the fitted brand", "a draw of the posterior")


def quiet_world(values: Mapping[str, Any], brand: Mapping[str, Any], need: Need, people: int, days: float) -> dict[str, Any]:
    """Return values of a scenario in which everybody has bought once at time 0, and nobody is reached by anything.

    Parameters
    ----------
    values
        A scenario of the strategy no_community.
    brand
        The fitted brand.
    need
        Its need.
    people
        How many customers.
    days
        How long they are watched.
    """
    behaviour = values.get("behaviour") or {}
    changes = {
        # Needs in the data are those of everybody, whoever they are: nobody needs less than that.
        "freeloading": {"share": 0.0},
        # Who buys as needed opens no app for it, so nothing is lost but time.
        "sessions": {"rate_per_day": 0.0},
    }
    return {
        **values,
        "horizon_days": days,
        "population": {"size": people, "customer_share": 1.0, "join_share": 0.0},
        "behaviour": {**behaviour, **{name: {**(behaviour.get(name) or {}), **change} for name, change in changes.items()}},
        "brand": {**brand, "need": {**brand["need"], **{name: getattr(need, name) for name in NAMES}}},
        "strategy": {**values["strategy"], "leads": {}},
    }


def purchases(key: RunKey, result: Result) -> dict[str, pa.Table]:  # noqa: ARG001 -- every Take is given both
    """Keep who bought when, and for how much: person, day, fen."""
    orders = result.orders
    columns = {"person": orders["person"], "day": orders["time_h"] / 24.0, "fen": np.rint(orders["list_yuan"] * 100.0)}
    return {TABLE: pa.table({name: pa.array(np.asarray(column, float)) for name, column in columns.items()})}


def simulated(
    worlds: list[dict[str, Any]],
    replications: int,
    request: Request,
    simulator: Simulator,
    take: Take = purchases,
    names: Sequence[str] = _WORLDS,
) -> Iterator[dict[str, pd.DataFrame]]:
    """Run every world once, and yield what is taken of it, in the order of the worlds.

    After so many replications the same people come again, in a world of the next of the names.

    Raises
    ------
    StorageError
        When a run fails.
    """
    from experiments.runs import Task

    model = simulator.scenario_model()
    simulator.warm_up()
    workers = physical_cores() if request.workers == "auto" else request.workers
    tasks = [
        Task(RunKey(names[number // replications], number % replications), model.model_validate(world), request.seed, "daily", take)
        for number, world in enumerate(worlds)
    ]
    found: dict[RunKey, dict[str, pd.DataFrame]] = {}
    for outcome in run_all(tasks, simulator.simulate(), executor=request.executor, workers=workers):
        if isinstance(outcome, FailedRun):
            raise StorageError(
                f"replication {outcome.key.replication} of {outcome.key.strategy} failed at stage {outcome.stage}: {outcome.error}"
            )
        found[outcome.key] = {name: table.to_pandas() for name, table in outcome.tables.items() if name != RUNS}
    yield from (found[task.key] for task in tasks)
