"""What a user asks to be fitted: the keys of the command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from experiments.errors import UserError
from experiments.known_keys import KnownKeys, schema_of
from experiments.validation import validation_lines
from experiments.words import read_as_they_are, wrong_name

__all__ = ["Request", "asked_for"]


def _plain_name(value: str) -> str:
    if value and (wrong := wrong_name(value)):
        raise ValueError(wrong)
    return value


class Request(BaseModel):
    """Keys of the command.

    Attributes
    ----------
    data
        Folder with the CSV files.
    name
        Of the brand that is written into `conf/brand`; empty writes it into the folder of the results alone.
    like
        Brand whose topics, columns, channels and costs the written one has: orders do not tell them.
    strategy
        Which the community has that is simulated beside the observed one: what the brand itself did is not in its files.
    out
        Folder of the results; empty for `outputs/calibrate-FOLDER`.
    fit_weeks
        Weeks that are fitted, from the first order on; the rest is predicted. None for half of them.
    purchase
        Whether orders of a customer on one day are one purchase, or each is one.
    bad_rows
        Whether rows that are wrong end the command or are left out.
    currency
        A text that stands beside amounts.
    replications
        Runs of the simulator, each with a draw of the posterior.
    seed, workers, executor, progress
        As for other commands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str = Field(min_length=1)
    name: Annotated[str, AfterValidator(_plain_name)] = ""
    like: Annotated[str, AfterValidator(_plain_name)] = "beauty"
    strategy: Annotated[str, AfterValidator(_plain_name)] = "fish_raising"
    out: str = ""
    fit_weeks: Annotated[int, Field(ge=1)] | None = None
    purchase: Literal["day", "order"] = "day"
    bad_rows: Literal["refuse", "skip"] = "refuse"
    currency: str = "yuan"
    replications: int = Field(20, ge=5, le=10_000)
    seed: int = Field(1, ge=0, lt=2**32)
    workers: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    executor: Literal["local", "serial"] = "local"
    progress: Literal["auto", "off"] = "auto"


def asked_for(words: Sequence[str]) -> Request:
    """Read the words of the command line.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    given, problems = read_as_they_are(words, list(Request.model_fields), "calibrate")
    if "data" not in given:
        problems.append("data: missing; calibrate takes the folder of a brand's data, data=FOLDER, or target=published")
    UserError.raise_any(problems)
    try:
        return Request.model_validate(given)
    except ValidationError as error:
        raise UserError(*validation_lines(error, given, KnownKeys(schema_of(Request))).values()) from None
