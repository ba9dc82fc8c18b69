"""Settings of a job: how often, where and how it is run; never what is simulated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from experiments.answers.settings import AnswerSettings
from experiments.arms import ArmLines, arm_lines
from experiments.biographies.whom import Trace, chosen_members
from experiments.checks import no_truth_value
from experiments.flip_map.settings import FlipMapSettings
from experiments.optimise.settings import OptimiseSettings
from experiments.robustness.settings import RobustnessSettings
from experiments.sensitivity.settings import SensitivitySettings
from experiments.sequential.settings import BestSettings, PrecisionSettings, precision_keys
from experiments.sweep.settings import SweepSettings
from experiments.wording import got

__all__ = ["JOB_KEYS", "LIST_KEYS", "FolderName", "JobSettings", "WorkerCount", "default_replications"]

#: Top-level keys of the configuration that are the job's; all others describe the scenario.
JOB_KEYS = frozenset(
    (
        *("seed", "replications", "workers", "out", "reuse", "executor", "record", "progress", "run_limit_seconds"),
        *("size", "dir", "strategies", "arms", "only", "equal_spend", "flip_map", "robustness", "sweep"),
        *("sensitivity", "optimise", "trace", "export", "question", "answer"),
        *("precision", "best", "time_limit_minutes"),
    )
)

#: Keys of the command `parameters` alone: which parameters to list, and how.
LIST_KEYS = ("under", "status", "format")

_ADDRESS = re.compile(r"[a-z]+://.+:\d+")
_REPLICATIONS = {"compare": 20, "sweep": 5, "sensitivity": 5, "optimise": 12}


def default_replications(command: str) -> int:
    """Replications of a command when none are asked for: enough for an interval where arms are compared."""
    return _REPLICATIONS.get(command, 1)


def _worker_count(value: Any) -> Any:
    count = value if isinstance(value, int) and not isinstance(value, bool) else None
    if value != "auto" and (count is None or count < 1):
        raise ValueError(f"got {got(value)}; it takes auto or a whole number of at least 1")
    return value


def _folder_name(value: Any) -> Any:
    if isinstance(value, (Mapping, list)) or value == "":
        raise ValueError(f"got {got(value)}; it takes a folder")
    return None if value is None else str(value)


def _address(value: Any) -> Any:
    if value is not None and (not isinstance(value, str) or not _ADDRESS.fullmatch(value)):
        raise ValueError(f"got {got(value)}; it takes the address of a Dask scheduler, for example tcp://localhost:8786")
    return value


def _folder_names(value: Any) -> Any:
    values = {None: [], "auto": "auto"}.get(value, [value]) if not isinstance(value, (Mapping, list, tuple)) else value
    if isinstance(values, Mapping) or any(not isinstance(place, str) or not place for place in values):
        raise ValueError(f"got {got(value)}; it takes auto, null, or folders of experiments, for example reuse=[outputs]")
    missing = [place for place in values if not Path(place).is_dir()] if values != "auto" else []
    if missing:
        raise ValueError(f"got {missing[0]}, which is no folder; it takes auto, null, or folders of experiments")
    return values


def _name_list(value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"got {got(value)}; it takes a list, for example strategies=[kill_pig,fish_raising]")
    if not value:
        raise ValueError("got an empty list; it takes one name or more, the first is the baseline")
    for name in value:
        if not isinstance(name, str):
            raise ValueError(f"got {got(name)} in the list; it takes names of strategies")
    return value


def _no_duplicates(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"got {', '.join(twice)} more than once; it takes each strategy once")
    return names


def _off_when_null(value: Any) -> Any:
    return {} if value is None else value


def _sentence(value: Any) -> Any:
    if isinstance(value, (Mapping, list)):
        raise ValueError(f"got {got(value)}; it takes a sentence")
    return "" if value is None else " ".join(str(value).split())


WorkerCount = Annotated[int | Literal["auto"], BeforeValidator(_worker_count)]
FolderName = Annotated[str | None, BeforeValidator(_folder_name)]


class JobSettings(BaseModel):
    """How a job is carried out.

    Attributes
    ----------
    seed
        Root of every random number.
    replications
        Runs of each strategy; None stands for the command's own number.
    workers
        Worker processes; ``"auto"`` takes one for each physical core.
    out
        Folder of the results; None makes one from what is tried.
    reuse
        Folders of experiments whose runs are taken over where they are the same; ``"auto"``: all in ``outputs``, for a job whose own
        folder is made there.
    executor
        ``"local"`` (worker processes), ``"serial"`` (this process) or ``"dask"`` (workers of a scheduler).
    address
        Of the scheduler.
    run_limit_seconds
        How long a run may take; None for any time.
    record
        How much of every run is kept; None for the command's own: what the metrics need where there are many points
        (sweep, sensitivity, optimise), else by day.
    progress
        ``"auto"`` or ``"off"``.
    strategies
        Arms of a comparison, the baseline first.
    arms
        Overrides of arms that differ in anything, by the arm's name; with any, `strategies` is not used.
    question
        What a comparison is to find out, one sentence.
    answer
        What the figure shows that answers it; None for none.
    equal_spend
        Whether every arm gets the total budget of the baseline.
    flip_map
        The map of who leads where, if there is to be one.
    robustness
        The uncertain worlds in which a comparison is run again, if it is to be.
    sweep
        What a sweep varies, and what it shows.
    sensitivity
        What an analysis of sensitivity varies, how, and what it looks at.
    optimise
        What a search changes, and what it looks for.
    precision
        How narrow intervals are to be; replications are added until they are.
    best
        The search for the best arm, if there is to be one; arms that are not get no more replications.
    time_limit_minutes
        Time after which no run is started any more; None for none.
    trace
        Members whose biographies a run writes besides; None for nobody.
    export
        Whether every run is written as a brand's data besides, in CSV files.
    page
        Whether figures and report are written at the end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: Annotated[int, BeforeValidator(no_truth_value), Field(ge=0, lt=2**32)] = 1
    replications: Annotated[int, BeforeValidator(no_truth_value), Field(ge=1)] | None = None
    workers: WorkerCount = "auto"
    out: FolderName = None
    reuse: Annotated[Literal["auto"] | tuple[str, ...], BeforeValidator(_folder_names)] = "auto"
    executor: Literal["local", "serial", "dask"] = "local"
    address: Annotated[str | None, BeforeValidator(_address)] = None
    run_limit_seconds: Annotated[float, BeforeValidator(no_truth_value), Field(gt=0, allow_inf_nan=False)] | None = None
    record: Literal["summary", "daily", "full"] | None = None
    progress: Literal["auto", "off"] = "auto"
    strategies: Annotated[tuple[str, ...], BeforeValidator(_name_list), AfterValidator(_no_duplicates)] = ()
    arms: Annotated[ArmLines, BeforeValidator(arm_lines)] = {}
    question: Annotated[str, BeforeValidator(_sentence)] = ""
    answer: AnswerSettings | None = None
    equal_spend: bool = False
    flip_map: Annotated[FlipMapSettings, BeforeValidator(_off_when_null)] = FlipMapSettings()
    robustness: Annotated[RobustnessSettings, BeforeValidator(_off_when_null)] = RobustnessSettings()
    sweep: Annotated[SweepSettings, BeforeValidator(_off_when_null)] = SweepSettings()
    sensitivity: Annotated[SensitivitySettings, BeforeValidator(_off_when_null)] = SensitivitySettings()
    optimise: Annotated[OptimiseSettings, BeforeValidator(_off_when_null)] = OptimiseSettings()
    precision: Annotated[PrecisionSettings, BeforeValidator(precision_keys)] = PrecisionSettings()
    best: Annotated[BestSettings, BeforeValidator(_off_when_null)] = BestSettings()
    time_limit_minutes: Annotated[float, BeforeValidator(no_truth_value), Field(gt=0, allow_inf_nan=False)] | None = None
    trace: Annotated[Trace, BeforeValidator(chosen_members)] = None
    export: bool = False
    page: bool = True
