"""What the figure that answers a question shows: the keys `answer.*` of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from experiments.checks import is_number
from experiments.metrics import METRICS, Unit
from experiments.wording import got, listed, suggestion

__all__ = ["SERIES", "AnswerSettings", "Series"]

#: More would not be one answer any more.
_MOST = 4


class Series(NamedTuple):
    """A column of the daily table that can be shown by day.

    Attributes
    ----------
    label
        For people.
    unit
        What it is measured in.
    kind
        ``"flow"`` (of a day; shown as the mean of seven days), ``"stock"`` (at a day) or ``"mean"`` (over members).
    """

    label: str
    unit: Unit
    kind: Literal["flow", "stock", "mean"]


SERIES = {
    "gmv": Series("GMV", "yuan", "flow"),
    "contribution": Series("Contribution", "yuan", "flow"),
    "discount": Series("Discounts", "yuan", "flow"),
    "orders": Series("Orders", "count", "flow"),
    "joins": Series("Joins", "count", "flow"),
    "leaves": Series("Leaves", "count", "flow"),
    "mutes": Series("Mutes", "count", "flow"),
    "messages": Series("Messages of members", "count", "flow"),
    "interactions": Series("Interacting members", "count", "flow"),
    "members": Series("Members", "count", "stock"),
    "active": Series("Members with a session that day", "count", "stock"),
    "active_7d": Series("Active members", "count", "stock"),
    "mean_fatigue": Series("Fatigue", "", "mean"),
    "mean_trust": Series("Trust", "", "mean"),
    "mean_reference_price": Series("Reference price", "share", "mean"),
}


def _names(value: Any) -> Any:
    if not isinstance(value, (list, tuple)) or not value or not all(isinstance(name, str) for name in value):
        raise ValueError(f"got {got(value)}; it takes a list of metrics, for example [contribution,churn_rate]")
    if len(value) > _MOST:
        raise ValueError(f"got {len(value)} metrics; it takes {_MOST} at most")
    twice = sorted({name for name in value if list(value).count(name) > 1})
    if twice:
        raise ValueError(f"got {twice[0]} more than once; it takes each metric once")
    return value


def _days(value: Any) -> Any:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(is_number(day) for day in value.values()):
        raise ValueError(f"got {got(value)}; it takes days by what happened on them, for example {{the shops close: 28}}")
    return {str(label): float(day) for label, day in value.items()}


class AnswerSettings(BaseModel):
    """What answers the question of a comparison.

    Attributes
    ----------
    metrics
        What is shown; the first decides who leads.
    over
        ``"arms"``: the metrics of a run, arm by arm, with the differences from the baseline. ``"days"``: columns of the
        daily table, day by day.
    per
        ``"total"``, or ``"person"``: amounts and counts divided by the people of day 0.
    marks
        Days to mark in a figure over days, by what happened on them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: Annotated[tuple[str, ...], BeforeValidator(_names)]
    over: Literal["arms", "days"] = "arms"
    per: Literal["total", "person"] = "total"
    marks: Annotated[dict[str, float], BeforeValidator(_days)] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        names = list(SERIES) if self.over == "days" else [metric.name for metric in METRICS]
        wrong = list(_unknown(self.metrics, names))
        if self.marks and self.over == "arms":
            wrong.append("marks: there are no days in a figure over arms; it takes them with over: days")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self


def _unknown(metrics: Iterable[str], names: list[str]) -> Iterable[str]:
    for name in metrics:
        if name not in names:
            yield f"metrics: got {name!r}; it takes {listed(names)}{suggestion(name, names)}"
