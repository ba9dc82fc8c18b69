"""What practitioners report of a plan, to stand beside what its simulation gives: text for the reader, without any effect.

A reported figure is a claim, no experiment (evidence grade D). How each measure is taken from the tables of a finished run is written in
``experiments/reported``.

Source: PRACTICE sections 2 and 3.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.parameters import CHOICE, Parameters, parameter

Measure = Literal[
    "bought_after_joining",
    "bought_again",
    "bought_related",
    "gmv_per_buyer",
    "repeat_share",
    "old_to_new_gmv",
    "new_to_old_effort",
    "gmv_growth",
    "mall_growth",
    "gmv_gain",
    "mall_gain",
    "shop_gain",
    "shop_share",
    "flash_share",
    "sales_without_flash",
    "group_share",
    "reference_price",
    "interaction_rate",
    "exits_after_joining",
    "churned",
    "exits_of_new_groups",
    "exits_a_month",
    "muted_share",
    "accepts_push",
    "groups_dead",
    "groups_alive",
    "groups_silent",
    "joins_a_month",
    "invited_share",
    "answers_a_desk_day",
    "moments_reach_change",
]
#: Measures over so many days; the others are over the whole run.
OVER_DAYS = (
    "bought_after_joining",
    "bought_again",
    "bought_related",
    "gmv_per_buyer",
    "old_to_new_gmv",
    "exits_after_joining",
    "churned",
    "exits_of_new_groups",
    "groups_dead",
    "groups_alive",
    "groups_silent",
)


class Reported(Parameters):
    """A figure that practitioners report, and the measure of a run that it is held against."""

    measure: Measure = Field(description="what of a run it is held against")
    within_days: float | None = parameter(
        None, unit="days", meaning="days that the measure is over, if it is over any", low=0.01, high=3650, source=CHOICE
    )
    low: float | None = parameter(
        None,
        unit="unit of the measure",
        meaning="least that was reported; none: no lower bound",
        low=-1e9,
        high=1e9,
        source="PRACTICE 2, 3",
    )
    high: float | None = parameter(
        None, unit="unit of the measure", meaning="most that was reported; none: no upper bound", low=-1e9, high=1e9, source="PRACTICE 2, 3"
    )
    says: str = Field(description="what is reported, in our words", min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Reported:
        if (self.measure in OVER_DAYS) != (self.within_days is not None):
            takes = "days" if self.measure in OVER_DAYS else "no days"
            raise ValueError(f"within_days: takes {takes}, since the measure is {self.measure!r}, got {self.within_days}")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"high: takes at least low = {self.low:g}, got {self.high:g}")
        return self
