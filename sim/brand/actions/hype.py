"""Hype before a sale: a series of posts that counts down to an hour at which something else of the programme happens.

A flash sale's own ``announce`` is one advertisement, which makes nobody want what is sold. These posts carry emotion: little in them
sells, so that those seen make desire (``sim/behaviour/desire.py``), and the nearer the hour the louder they call and the more they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.brand.actions.base import Due, MeetingNeeds, Posting
from sim.clock import DurationHours
from sim.parameters import CHOICE, parameter

if TYPE_CHECKING:
    from sim.brand.operator import Operator

MOMENT_H = 1.0 / 60.0


class Hype(MeetingNeeds, Posting):
    """Publish a series of posts before the hour, the last one step before it (PRACTICE 21)."""

    kind: Literal["hype"]
    product: str = Field(description="product that the posts show, by name or role")
    column: str = Field("stories", description="category of content")
    creative_days: float = parameter(
        0.0, unit="days", meaning="how long the same creative is used; 0 makes a new one every time", low=0, high=10_000
    )
    posts: int = parameter(4, unit="posts", meaning="posts of the series", low=1, high=50)
    spacing: DurationHours = parameter(
        12.0, unit="hours", meaning="time between the posts, such as '12h'", above=0, high=168, source=CHOICE
    )
    quality: float = parameter(0.5, unit="share", meaning="quality of the last post: emotion and story", low=0, high=1)
    countdown: float = parameter(
        0.5, unit="share", meaning="how much less the first post says and calls than the last", low=0, high=1, source="PRACTICE 21"
    )
    credibility: float = parameter(0.55, unit="share", meaning="credibility of the persona", low=0, high=1, source="MODEL section 4")
    commercial: float = parameter(0.2, unit="share", meaning="how far it sells", low=0, high=1)
    load: float = parameter(0.8, unit="load", meaning="load of each post", low=0, high=10)
    appeal: float = parameter(1.0, unit="factor", meaning="how much each post makes members answer", low=0, high=100)
    ring: float = parameter(0.6, unit="factor", meaning="how loud the last post calls", low=0, high=1)

    def lead_hours(self) -> float:
        """Return how long before the hour the series starts."""
        return self.posts * self.spacing

    def after_the_end_h(self) -> float:
        """Return a moment: its posts come before the hour, which may be the first of the phase that follows."""
        return MOMENT_H

    def keeps_hours(self) -> bool:
        """Return no: the hour is that of the sale."""
        return False

    def perform(self, operator: Operator, due: Due) -> Iterator[Any]:
        """Publish one post after another; those for which it is too late when the strategy begins are left out."""
        for nth in range(self.posts):
            hour = due.hour - (self.posts - nth) * self.spacing
            if round(hour * 60) < round(operator.hour * 60):
                continue
            if round(hour * 60) > round(operator.hour * 60):
                yield from operator.at(hour, due.item, self.priority)
            loudness = 1.0 - self.countdown * (self.posts - 1 - nth) / max(1, self.posts - 1)
            self.post(
                operator,
                due,
                kind="content",
                part=f"post {nth}",
                product=self.product,
                product_by_tag=self.product_by_tag,
                quality=self.quality * loudness,
                commercial=self.commercial,
                credibility=self.credibility,
                ring=self.ring * loudness,
            )
        yield from ()

    def products(self) -> list[str]:
        """Return the product, and those of topics."""
        return [self.product, *self.product_by_tag.values()]
