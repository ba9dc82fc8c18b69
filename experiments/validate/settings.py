"""What the command `validate` is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from experiments.checks import no_truth_value
from experiments.errors import UserError
from experiments.known_keys import KnownKeys, schema_of
from experiments.settings import FolderName, WorkerCount
from experiments.validate.row import Size
from experiments.validation import validation_lines
from experiments.wording import got
from experiments.words import read_by_grammar

__all__ = ["RowWords", "ValidateSettings", "asked_for"]


def _words(value: Any) -> Any:
    if value is None:
        return ()
    words = [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value
    # The use `null` is Hydra's word for nothing.
    words = ["null" if word is None else word for word in words] if isinstance(words, (list, tuple)) else words
    if (
        not isinstance(words, (list, tuple))
        or not words
        or any(isinstance(word, bool) or not isinstance(word, (str, int)) for word in words)
    ):
        raise ValueError(f"got {got(value)}; it takes a list of rows, for example rows=[bass_diffusion,26] or rows=[exact]")
    return tuple(words)


RowWords = Annotated[tuple[str | int, ...], BeforeValidator(_words)]


class ValidateSettings(BaseModel):
    """Which rows are tried, at what size, and how.

    Attributes
    ----------
    rows
        Names, numbers or uses; empty for all.
    size
        ``"quick"``, or ``"full"``: the numbers of people and runs that the evidence names.
    seed
        Root of every random number.
    workers
        Worker processes; ``"auto"`` takes one for each physical core.
    executor
        ``"local"`` (worker processes) or ``"serial"`` (this process).
    out
        Folder of table and page; None stands for ``outputs/validate-SIZE``.
    progress
        ``"auto"`` or ``"off"``.
    behaviour
        Behaviour parameters that are tried instead of the defaults, as lines: ``behaviour.chat.novelty=2``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: RowWords = ()
    size: Size = "quick"
    seed: Annotated[int, BeforeValidator(no_truth_value), Field(ge=0, lt=2**32)] = 1
    workers: WorkerCount = "auto"
    executor: Literal["local", "serial"] = "local"
    out: FolderName = None
    progress: Literal["auto", "off"] = "auto"
    behaviour: tuple[str, ...] = ()


def asked_for(lines: Sequence[str]) -> ValidateSettings:
    """Read the words of the command line.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    values, others, problems = read_by_grammar(
        lines,
        [key for key in ValidateSettings.model_fields if key != "behaviour"],
        "validate",
        besides=["behaviour.MECHANISM.PARAMETER"],
        hint="; what a row simulates is its own",
        is_other=lambda override: override.key.startswith("behaviour."),
    )
    behaviour = [override.line for override in others]
    try:
        settings = ValidateSettings.model_validate({**values, "behaviour": tuple(behaviour)})
    except ValidationError as error:
        problems += validation_lines(error, values, KnownKeys(schema_of(ValidateSettings))).values()
        settings = ValidateSettings()
    UserError.raise_any(problems)
    if behaviour:
        from experiments import load

        load(*behaviour)
    return settings
