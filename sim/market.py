"""What neither members nor brand decide: the calendar, the rhythm of the week, the people outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from sim.parameters import Parameters, parameter

EVENING_PEAK = (
    0.35,
    0.2,
    0.12,
    0.08,
    0.08,
    0.15,
    0.45,
    0.9,
    1.15,
    1.1,
    1.1,
    1.15,
    1.45,
    1.25,
    1.0,
    1.0,
    1.05,
    1.15,
    1.3,
    1.5,
    1.85,
    2.0,
    1.75,
    0.95,
)


class MarketParameters(Parameters):
    """The market around the community."""

    start_date: date = Field(
        date(2026, 1, 5),
        description="date of day 0, a Monday",
        json_schema_extra={"unit": "date", "source": "convention", "status": "assumed"},
    )
    festivals: dict[str, str] = Field(
        {},
        description="festival name to MM-DD",
        json_schema_extra={"unit": "MM-DD", "source": "calendar", "status": "published"},
    )
    hour_weights: tuple[Annotated[float, Field(ge=0, le=1e6)], ...] = Field(
        EVENING_PEAK,
        min_length=24,
        max_length=24,
        description="relative number of sessions at each hour of a day: morning, noon and evening peaks",
        json_schema_extra={"unit": "weight", "source": "MODEL section 4", "status": "assumed"},
    )
    weekend_factor: float = parameter(1.1, unit="factor", meaning="sessions on a Saturday or Sunday against a weekday", low=0.01, high=100)
    pool: int = parameter(20000, unit="people", meaning="people outside whom members may invite", low=0, high=50_000_000)
    pool_customer_share: float = parameter(0.1, unit="share", meaning="share of the people outside who have bought before", low=0, high=1)
    pool_arrivals_per_year: float = parameter(
        0.0, unit="1/year", meaning="rate at which each of the people outside comes in without being invited", low=0, high=1e4
    )
    pool_join_share: float = parameter(0.6, unit="share", meaning="share of those who come by themselves who enter a group", low=0, high=1)
    spam_per_day: float = parameter(
        0.0,
        unit="adverts/day",
        meaning="adverts of strangers in an open group of 100 members; 0 is off",
        low=0,
        high=1000,
        source="PRACTICE 16, 27",
    )
    infiltrators_per_day: float = parameter(
        0.0,
        unit="people/day",
        meaning="competitors' people who slip into an open group of 100 members; 0 is off",
        low=0,
        high=100,
        source="PRACTICE 27",
    )
    gated_share: float = parameter(0.2, unit="share", meaning="strangers whom a gate that is not free lets through", low=0, high=1)
    infiltrator_adverts_per_day: float = parameter(
        1.0, unit="adverts/day", meaning="adverts of one infiltrator", low=0, high=100, source="PRACTICE 27"
    )
    advert_load: float = parameter(1.0, unit="load", meaning="load of a stranger's advert against a brand's message", low=0, high=10)
    comfortable_messages_per_day: int = parameter(
        4, unit="messages/day", meaning="messages to a person a day that the platform takes from one account", low=0, high=1000
    )
    ban_dose: float = parameter(
        0.0, unit="dose", meaning="risk of a ban of the account from each message beyond; 0 is off", low=0, high=100
    )
    ban_days: float = parameter(7.0, unit="days", meaning="how long an account is banned", low=0.01, high=1000)
    return_loss_share: float = parameter(0.3, unit="share", meaning="part of the goods' cost that a return loses", low=0, high=1)

    @field_validator("start_date")
    @classmethod
    def _monday(cls, value: date) -> date:
        if value.weekday() != 0:
            raise ValueError(f"takes a Monday (YYYY-MM-DD), got {value} which is a {value:%A}")
        return value

    @field_validator("festivals")
    @classmethod
    def _month_days(cls, value: dict[str, str]) -> dict[str, str]:
        for name, when in value.items():
            try:
                date.fromisoformat(f"2024-{when}")
            except ValueError:
                raise ValueError(f"{name}: takes MM-DD such as '11-11', got {when!r}") from None
        return value

    @field_validator("hour_weights")
    @classmethod
    def _some_weight(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if sum(value) <= 0:
            raise ValueError("takes 24 numbers, not all 0")
        return value
