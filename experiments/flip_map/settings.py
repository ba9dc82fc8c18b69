"""What a map is asked for: the keys `flip_map.*` of a comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from experiments.checks import is_number, no_truth_value
from experiments.wording import got

__all__ = ["FlipMapSettings"]

_KEYS = "it takes two keys with numbers, for example [behaviour.buying.advance_days,behaviour.trust.buying_weight]"
_VALUES = "it takes two lists of numbers, one for each key, for example [[3,7,14],[0.5,1,2]]"
_HORIZONS = "it takes a list of whole days, for example [30,90,180]"


def _two_keys(value: Any) -> Any:
    if value is None:
        return None
    if not _is_list(value) or len(value) != 2 or not all(isinstance(key, str) and key for key in value):
        raise ValueError(f"got {got(value)}; {_KEYS}")
    if value[0] == value[1]:
        raise ValueError(f"got {value[0]} twice; {_KEYS}")
    return value


def _two_lists(value: Any) -> Any:
    if value is None:
        return None
    if not _is_list(value) or len(value) != 2 or not all(_is_list(own) and own and all(map(_is_finite, own)) for own in value):
        raise ValueError(f"got {got(value)}; {_VALUES}")
    return [_ascending(own) for own in value]


def _whole_days(value: Any) -> Any:
    if value is None:
        return None
    if not _is_list(value) or not value or not all(_is_finite(day) and day >= 1 and day == int(day) for day in value):
        raise ValueError(f"got {got(value)}; {_HORIZONS}")
    return [int(day) for day in _ascending(value)]


def _ascending(values: Sequence[float]) -> list[float]:
    twice = sorted({value for value in values if list(values).count(value) > 1})
    if twice:
        raise ValueError(f"got {twice[0]} more than once; it takes each number once")
    return sorted(values)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_finite(value: Any) -> bool:
    return is_number(value) and math.isfinite(value)


class FlipMapSettings(BaseModel):
    """What the map shows, and how well.

    Attributes
    ----------
    keys
        Two keys of the scenario; None when there is no map.
    values
        The values of each, ascending; None for some around the value that the comparison has.
    replications
        Runs of each strategy in each cell.
    horizons
        Days at whose end the map is read, ascending; None for thirds of the horizon.
    metric
        What decides who leads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: Annotated[tuple[str, str] | None, BeforeValidator(_two_keys)] = None
    values: Annotated[tuple[tuple[float, ...], tuple[float, ...]] | None, BeforeValidator(_two_lists)] = None
    replications: Annotated[int, BeforeValidator(no_truth_value), Field(ge=1)] = 6
    horizons: Annotated[tuple[int, ...] | None, BeforeValidator(_whole_days)] = None
    metric: Literal["contribution", "gmv"] = "contribution"

    @property
    def wanted(self) -> bool:
        """Whether there is to be a map."""
        return self.keys is not None

    @model_validator(mode="after")
    def _nothing_without_keys(self) -> Self:
        if self.keys is None:
            for name, field in type(self).model_fields.items():
                if getattr(self, name) != field.default:
                    raise ValueError(f"keys: missing, and {name} is given; {_KEYS}, or flip_map=default")
        return self
