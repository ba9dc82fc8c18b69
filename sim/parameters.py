"""What a parameter is: a number with unit, bounds, source and status, in a frozen model that refuses unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Status = Literal["published", "calibrated", "assumed"]

#: Source of what a plan decides: there is no true value of it to be found.
CHOICE = "choice of the plan"


_NAME = re.compile(r"\w[\w -]{0,59}")


def _checked_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("takes a name of at most 60 letters, digits, spaces, _ and -")
    return text


#: Name of something that a plan declares. Without spaces keys can be written by it: ``strategy.programme.NAME.discount=0.2``.
Name = Annotated[str, AfterValidator(_checked_name)]


class Parameters(BaseModel):
    """Base of every group of parameters: frozen, no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def parameter(
    default: Any = ...,
    *,
    unit: str,
    meaning: str,
    low: float | None = None,
    above: float | None = None,
    high: float | None = None,
    source: str = "assumption of this project",
    status: Status = "assumed",
) -> Any:
    """Return a pydantic field of one parameter.

    Parameters
    ----------
    default : object
        Default value; without one the parameter must be given.
    unit : str
        Unit in words (``"1/day"``, ``"yuan"``, ``"share"``; ``"switch"`` for true or false).
    meaning : str
        One sentence.
    low, high : float, optional
        Bounds, both included. Every number has both; those of the numbers in a mapping or a list stand in its type.
    above : float, optional
        Lower bound that is not itself allowed, in place of ``low``.
    source : str
        Paper, row of the evidence table, or practice.
    status : {"published", "calibrated", "assumed"}
        How the default came about.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source, "status": status}
    return Field(default, description=meaning, ge=low, gt=above, le=high, json_schema_extra=extra)


def record_fields(model: type[Parameters]) -> list[tuple[str, Any]]:
    """Return the numpy fields of a group of parameters: numbers and switches become ``float64``, groups nest."""
    fields: list[tuple[str, Any]] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Parameters):
            fields.append((name, np.dtype(record_fields(kind), align=True)))
        else:
            fields.append((name, np.float64))
    return fields


def fill_record(record: Any, parameters: Parameters) -> None:
    """Write the values of a group of parameters into a numpy record of the same fields."""
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        if isinstance(value, Parameters):
            fill_record(record[name], value)
        else:
            record[name] = float(value)
