"""A quiz with prizes: a question, some time later the answer, and gifts for winners drawn among those who were right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


class PrizeQuiz(Posting):
    """Ask in every group, tell the answer later, and give prizes (PRACTICE 40)."""

    kind: Literal["prize_quiz"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    column: str = Field("entertainment", description="category of content")
    answer_after: DurationHours = parameter(
        3.0, unit="hours", meaning="when the answer comes, such as '3h'", above=0, high=168, source=CHOICE
    )
    pull: float = parameter(1.0, unit="dose", meaning="how much it makes members take part", above=0, high=100)
    prizes: int = parameter(5, unit="gifts", meaning="winners, drawn by lot among those who take part", low=1, high=10_000, source=CHOICE)
    prize_yuan: float = parameter(20.0, unit="yuan", meaning="cost of a gift", low=0, high=1e5)
    credibility: float = parameter(0.55, unit="share", meaning="credibility of the persona", low=0, high=1, source="MODEL section 4")
    load: float = parameter(0.7, unit="load", meaning="load of each message", low=0, high=10)
    appeal: float = parameter(2.0, unit="factor", meaning="how much the question makes members answer in the chat", low=0, high=100)
    ring: float = parameter(0.5, unit="factor", meaning="how loud the question calls", low=0, high=1)

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Ask, wait, tell, and give the prizes as far as the budget goes."""
        closes_h = due.hour + self.answer_after
        offer = operator.open_call(due, kind="quiz", pull=self.pull, until_h=closes_h)
        if offer is None:
            return
        self._publish(operator, due, part="question", appeal=self.appeal, ring=self.ring, offer=offer)
        yield from operator.at(closes_h, due.item, self.priority)
        people = operator.close_call(due, kind="quiz", offer=offer)
        winners = operator.by_lot(due, people)[: self.prizes]
        operator.give_prizes(due, winners, kind="quiz", yuan=self.prize_yuan)
        self._publish(operator, due, part="answer", appeal=0.5 * self.appeal, ring=0.5 * self.ring, offer=-1)

    def _publish(self, operator: Operator, due: Due, *, part: str, appeal: float, ring: float, offer: int) -> None:
        self.post(
            operator, due, kind="quiz", part=part, commercial=0.0, credibility=self.credibility, appeal=appeal, ring=ring, offer=offer
        )
