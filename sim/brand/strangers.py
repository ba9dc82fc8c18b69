"""What strangers do in groups, day by day: outsiders post adverts, competitors' people slip in and poach, moderators and members find them.

Adverts of outsiders and new infiltrators come to a group as Poisson numbers of mean
    rate x members / 100 x (1 behind a free gate, else the gated share);
each infiltrator posts a Poisson number of adverts a day, all at uniform times. An advert says nothing of the brand, sells to the full, and
stands in the brand's group: members judge it as they judge what the brand itself lets out. Moderation takes a share of adverts out of the
feed after a delay. At midnight each infiltrator is found with the chance
    1 - e^(-found a day) (1 - q)^r,   q = report chance x (1 + gain x reward / (reward + half)),
r how often members have seen their adverts since the last midnight. Who is found is gone, and their adverts with them. Infiltrators are
no customers and count as no members.

Source: PRACTICE 16 (junk), 24 and 27 (rules, infiltrators), 40 (reward for reporting); equations and numbers are assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import randomness
from sim.codes import POACH, SPAM
from sim.randomness import name_key, stream

if TYPE_CHECKING:
    from sim.brand.operator import Operator

ENTER = stream("strangers.enter")
MANY = stream("strangers.many")
HOUR = stream("strangers.hour")
FOUND = stream("strangers.found")
REMOVED = stream("strangers.removed")
AFTER_ALL = 10_001
MOST_A_DAY = 65536
ZERO = np.uint64(0)


@dataclass(eq=False)
class Infiltrator:
    """A competitor's person in a group: the adverts that they have posted, and how often these had been seen at the last midnight."""

    key: np.uint64
    group: int
    posts: list[int] = field(default_factory=list)
    seen: int = 0


@dataclass(eq=False)
class Advert:
    """An errand: a stranger posts an advert, and a moderator may take it away."""

    operator: Operator
    group: int
    hour: float
    kind: int
    key: np.uint64
    author: Infiltrator | None
    post: int = -1

    def live(self) -> Iterator[Any]:
        """Wait for the minute, post; wait for the moderator."""
        operator = self.operator
        turn = f"advert {int(self.key):020d}"
        if self.post < 0:
            yield from operator.at(self.hour, turn, AFTER_ALL)
            self.post = operator.let_advertise(self.group, self.kind, self.key)
            if self.author is not None:
                self.author.posts.append(self.post)
        rules = operator.moderation_of(self.group)
        if randomness.uniform(operator.community.run, self.key, REMOVED, ZERO, ZERO) < rules.removed_share:
            yield from operator.at(self.hour + rules.delay_minutes / 60.0, turn, AFTER_ALL)
            operator.community.remove_message(self.group, self.post)


def plan_day(operator: Operator, day: int) -> None:
    """Let infiltrators be found, others slip in, and send out the day's adverts. Everybody is caught up."""
    market = operator.scenario.market
    run = operator.community.run
    operator.infiltrators = [one for one in operator.infiltrators if not _is_found(operator, one, day)]
    comes = market.infiltrators_per_day or market.spam_per_day
    for group in operator.community.community_groups() if comes else ():
        exposure = operator.community.size_of(group) / 100.0
        exposure *= 1.0 if operator.is_open(group) else market.gated_share
        entrants = _many(run, name_key("infiltrators", str(group)), day, market.infiltrators_per_day * exposure, ENTER)
        for nth in range(entrants):
            operator.infiltrators.append(Infiltrator(name_key("infiltrator", str(group), str(day), str(nth)), group))
        _advertise(operator, group, day, SPAM, name_key("spam", str(group)), market.spam_per_day * exposure, None)
    for one in operator.infiltrators:
        _advertise(operator, one.group, day, POACH, one.key, market.infiltrator_adverts_per_day, one)


def _many(run: np.uint64, key: np.uint64, day: int, mean: float, numbers: np.uint64) -> int:
    return min(int(randomness.poisson(run, key, numbers, np.uint64(day), float(mean))), MOST_A_DAY) if mean > 0.0 else 0


def _advertise(operator: Operator, group: int, day: int, kind: int, key: np.uint64, mean: float, author: Infiltrator | None) -> None:
    """Send out the adverts that somebody posts on a day."""
    run = operator.community.run
    for nth in range(_many(run, key, day, mean, MANY)):
        occasion = np.uint64(day * MOST_A_DAY + nth)
        minute = day * 1440 + math.floor(1440.0 * randomness.uniform(run, key, HOUR, occasion, ZERO))
        operator.agenda.start(Advert(operator, group, minute / 60.0, kind, name_key("advert", str(key), str(day), str(nth)), author))


def _is_found(operator: Operator, one: Infiltrator, day: int) -> bool:
    """Return whether an infiltrator is found this midnight; if so, reward who reported them, and take their adverts away."""
    poaching = operator.scenario.behaviour.poaching
    community = operator.community
    seen = int(community.world.posts["seen"][one.posts].sum())
    readers, one.seen = seen - one.seen, seen
    item, reward = operator.reward_for_reports(one.group)
    report = min(1.0, poaching.report_chance * (1.0 + poaching.reward_gain * reward / (reward + poaching.reward_half_yuan)))
    missed_by_staff = math.exp(-operator.moderation_of(one.group).found_per_day)
    lot = randomness.uniform(community.run, one.key, FOUND, np.uint64(day), ZERO)
    if lot >= 1.0 - missed_by_staff * (1.0 - report) ** readers:
        return False
    operator.expel_infiltrator(one.group, one.posts, item if lot >= 1.0 - missed_by_staff else "", reward)
    return True
