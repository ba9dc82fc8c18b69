"""A reward for members who report infiltrators (PRACTICE 40)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Action, Due
from sim.clock import When
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class ReportReward(Action):
    """Promise a reward, from its time on, to whoever reports a competitor's person: they are found the sooner."""

    kind: Literal["report_reward"]
    when: When = Field("day 0 00:00", description="from when on the reward is promised")
    priority: int = parameter(
        0, unit="rank", meaning="order among actions of the same minute, lowest first", low=0, high=10_000, source=CHOICE
    )
    creative_days: float = parameter(0.0, unit="days", meaning="nothing is shown", low=0, high=10_000)
    reward_yuan: float = parameter(5.0, unit="yuan", meaning="paid for each infiltrator whom members report", low=0, high=1e5)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Promise it."""
        operator.set_report_reward(due, yuan=self.reward_yuan)
        yield from ()

    def keeps_hours(self) -> bool:
        """Return that nobody waits for it."""
        return False
