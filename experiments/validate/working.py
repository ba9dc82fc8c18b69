"""The runs of rows, carried out by the executor of all commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.runs import FailedRun, FinishedRun, Task
from experiments.tables import RunKey
from experiments.validate.row import Found, Measures, Numbers, Row, Unit

__all__ = ["MEASURES", "found_in", "tasks_of", "work"]

#: The table of what was measured: one row a number.
MEASURES = "measures"


@dataclass(frozen=True)
class _Measured:
    """What the executor expects of a result."""

    measures: Measures
    summary: dict[str, float]
    timing: dict[str, float]


def tasks_of(row: Row, units: Sequence[Unit], seed: int) -> list[Task]:
    """Return the runs of a row, ready for the executor; the unit stands in the place of a scenario, which :func:`work` takes.

    Parameters
    ----------
    row, units
        The row, and its units at the size that is asked for.
    seed
        Root of the random numbers.
    """
    return [
        Task(RunKey(f"{row.name}/{unit.name}", replication), cast("Any", unit), seed, "daily", _measures)
        for unit in units
        for replication in range(unit.replications)
    ]


def work(unit: Unit, *, seed: int, replication: int, record: str, threads: int) -> _Measured:  # noqa: ARG001 -- as simulators are called
    """Do a run and measure it; worker processes import this."""
    return _Measured(unit.run(seed, replication, threads), {}, {"simulate": 0.0})


def _measures(key: RunKey, result: Any) -> dict[str, pa.Table]:  # noqa: ARG001 -- every Take is given both
    names: list[str] = []
    places: list[NDArray[np.intp]] = []
    values: list[Numbers] = []
    for name, value in result.measures.items():
        own = np.atleast_1d(np.asarray(value, np.float64))
        if not own.size:
            raise ValueError(f"{name}: a measure takes one number or more")
        names += [name] * own.size
        places.append(np.arange(own.size))
        values.append(own)
    return {MEASURES: pa.table({"measure": names, "place": np.concatenate(places), "value": np.concatenate(values)})}


def found_in(row: Row, outcomes: Iterable[FinishedRun | FailedRun]) -> Found:
    """Gather what was measured in the runs of a row, in the order of replications."""
    values: dict[str, dict[str, list[Numbers]]] = {}
    done = [outcome for outcome in outcomes if isinstance(outcome, FinishedRun)]
    for outcome in sorted(done, key=lambda outcome: outcome.key.replication):
        unit = values.setdefault(outcome.key.strategy.removeprefix(f"{row.name}/"), {})
        table = outcome.tables[MEASURES]
        for name, own in table.to_pandas().groupby("measure", sort=False)["value"]:
            unit.setdefault(str(name), []).append(own.to_numpy())
    return Found(values)
