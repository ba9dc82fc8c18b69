"""A post that gives something: tips, stories, entertainment, care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, Posting
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator


#: How credible a word is. Source: MODEL section 4 (brand one-to-one .55, online opinion .65, friend .85).
CREDIBILITY = {"brand": 0.55, "expert": 0.65, "member": 0.85}


class ContentPost(Posting):
    """Publish a post of a column, or of several in turn, in every group; groups of one need may get their own (PRACTICE 3, 14, 24, 30)."""

    kind: Literal["content_post"]
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    column: str = Field(description="category of content, one of the brand's")
    rotation: list[str] = parameter(
        [],
        unit="columns",
        meaning="categories that occasions take in turn, in place of the column; empty: always the column",
        source=CHOICE,
    )
    author: Literal["brand", "expert", "member"] = Field("brand", description="whose word it is: it sets how credible it is")
    quality: float | None = parameter(None, unit="share", meaning="quality, if other than the column's", low=0, high=1)
    credibility: float | None = parameter(
        None,
        unit="share",
        meaning="credibility, if other than the author's: brand .55, expert .65, member .85",
        low=0,
        high=1,
        source=CHOICE,
    )
    commercial: float = parameter(0.0, unit="share", meaning="how far it sells", low=0, high=1)
    ring: float = parameter(0.3, unit="factor", meaning="how loud it calls, against a message that everybody looks at", low=0, high=1)
    production_yuan: float = parameter(0.0, unit="yuan", meaning="cost of making it, once for all groups", low=0, high=1e7)

    @property
    def believed(self) -> float:
        """How credible it is: as stated, else as its author."""
        return CREDIBILITY[self.author] if self.credibility is None else self.credibility

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Publish it."""
        if operator.spend("staff_cost", self.production_yuan, due.item, "content_post"):
            self.post(
                operator,
                due,
                kind="content",
                column=self.rotation[operator.turn(due) % len(self.rotation)] if self.rotation else self.column,
                quality=self.quality,
                commercial=self.commercial,
                credibility=self.believed,
                ring=self.ring,
            )
        yield from ()

    def columns(self) -> list[str]:
        """Return the column, those that take turns, and those of groups about a topic."""
        return [*super().columns(), *self.rotation]
