"""What is asked of the calibration of behaviour: the keys of `calibrate target=published`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from experiments.calibrate.published.free import FREE
from experiments.checks import no_truth_value
from experiments.errors import UserError
from experiments.known_keys import KnownKeys, schema_of
from experiments.settings import FolderName, WorkerCount
from experiments.validate.evidence import built_rows, chosen
from experiments.validate.row import Row
from experiments.validate.settings import RowWords
from experiments.validation import validation_lines
from experiments.wording import listed
from experiments.words import read_by_grammar

__all__ = ["Request", "asked_for"]

Count = Annotated[int, BeforeValidator(no_truth_value)]


class Request(BaseModel):
    """Keys of the command.

    Attributes
    ----------
    target
        Always ``"published"``.
    rows
        Names or numbers of rows of the evidence, of those that may be calibrated on and that a free parameter moves; empty for all.
    points
        Points for each free parameter of a block of rows that share none with others: 300 for one of twelve parameters.
    replications
        Runs of each unit of a row at a point. One, mostly: the same number of runs tells more at as many points.
    draws
        Of the posterior, that are kept.
    write
        Whether the centre and the draws become fishpond's own: `default.yaml` and `posterior.parquet` of its configuration.
    out
        Folder of the results; None for `outputs/calibrate-published`.
    seed, workers, executor, progress
        As for other commands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Literal["published"]
    rows: RowWords = ()
    points: Annotated[Count, Field(ge=10, le=500)] = 25
    replications: Annotated[Count, Field(ge=1, le=100)] = 1
    draws: Annotated[Count, Field(ge=10, le=6_000)] = 1_000
    write: bool = False
    out: FolderName = None
    seed: Annotated[Count, Field(ge=0, lt=2**31)] = 1
    workers: WorkerCount = "auto"
    executor: Literal["local", "serial"] = "local"
    progress: Literal["auto", "off"] = "auto"

    @property
    def row_names(self) -> list[str]:
        """Names of the rows that are fitted, in the order of their numbers."""
        movable = {name for own in FREE for name in own.rows}
        rows = chosen(self.rows) if self.rows else list(built_rows().values())
        wrong = [row.name for row in rows if row.name not in movable or not isinstance(row, Row)] if self.rows else []
        possible = [name for name in built_rows() if name in movable]
        UserError.raise_any(f"rows: got {name}; a calibration takes {listed(possible, most=len(possible))}" for name in wrong)
        return [row.name for row in rows if row.name in movable]


def asked_for(lines: Sequence[str]) -> Request:
    """Read the words of the command line.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    values, _, problems = read_by_grammar(lines, list(Request.model_fields), "calibrate target=published")
    try:
        request = Request.model_validate(values)
    except ValidationError as error:
        problems += validation_lines(error, values, KnownKeys(schema_of(Request))).values()
        raise UserError(*problems) from None
    if request.write and request.rows:
        problems.append("write: got true with rows; the defaults are written of all rows together")
    UserError.raise_any(problems)
    return request
