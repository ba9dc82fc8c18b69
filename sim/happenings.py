"""To whom something has happened since the brand last looked: what sets people, and groups, out on journeys.

What the brand goes by is what it can know: who has come, gone, bought, asked for a price, has not shown themselves for days (neither in
their group nor with an order). That somebody has muted a group, or came too late for a red packet, no brand sees at once; a journey on it
shows what knowing it would be worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim import messaging
from sim.codes import PRUNED
from sim.world import Array

if TYPE_CHECKING:
    from sim.community import Community

Places = NDArray[np.int64]
Hours = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Look:
    """A look of the brand: since when, until when (excluded), and how much there was of what only grows when it last looked.

    ``days`` is how long nothing must have happened, for triggers that are about that.
    """

    since_h: float
    until_h: float
    order_batches: int
    conversations: int
    days: float = 0.0

    def next(self, community: Community) -> Look:
        """Return the look after this one, which begins now."""
        return Look(self.until_h, self.until_h, len(community.orders), community.total.conversations, self.days)

    def within(self, hours: Any) -> Marks:
        """Return which hours are of the time between the looks."""
        found: Marks = (hours >= self.since_h) & (hours < self.until_h)
        return found


def first_look(community: Community, hour: float, days: float) -> Look:
    """Return what there is when a strategy begins."""
    return Look(hour, hour, len(community.orders), community.total.conversations, days)


def _people(community: Community) -> Array:
    return community.world.people[: community.total.people]


def joined(community: Community, look: Look) -> Places:
    """Return who has joined a group; whoever was there at the beginning has not."""
    people = _people(community)
    came = people["arrived"] & people["member"] & look.within(people["joined_h"])
    return np.flatnonzero(came & (people["joined_h"] > 0.0))


def left(community: Community, look: Look) -> Places:
    """Return who has left their group of their own will."""
    people = _people(community)
    return np.flatnonzero(people["ever_member"] & ~people["member"] & (people["left_cause"] != PRUNED) & look.within(people["left_h"]))


def muted(community: Community, look: Look) -> Places:
    """Return who has muted their group."""
    people = _people(community)
    return np.flatnonzero(people["muted"] & look.within(people["muted_h"]))


def ordered(community: Community, look: Look) -> Places:
    """Return who has ordered."""
    orders = community.orders_since(look.order_batches)
    return np.unique(orders["person"][orders["nth"] >= 0])


def first_ordered(community: Community, look: Look) -> Places:
    """Return who has ordered for the first time since they came in."""
    orders = community.orders_since(look.order_batches)
    return np.unique(orders["person"][orders["nth"] == 0])


def silent(community: Community, look: Look) -> Places:
    """Return of whom nothing has been seen for so many days, neither in the group nor an order."""
    people = _people(community)
    seen_h = np.maximum(np.maximum(people["last_session_h"], people["ordered_h"]), people["admitted_h"])
    return np.flatnonzero(people["arrived"] & look.within(seen_h + 24.0 * look.days))


def has_birthday(community: Community, look: Look) -> Places:
    """Return whose birthday has begun."""
    people = _people(community)
    midnights = np.arange(np.ceil(look.since_h / 24.0), np.ceil(look.until_h / 24.0)) * 24.0
    days = [community.scenario.day_of_year(float(hour)) for hour in midnights]
    return np.flatnonzero(people["arrived"] & np.isin(people["birthday"], days))


def asked_price(community: Community, look: Look) -> Places:
    """Return who has asked the desk about an offer."""
    talks = community.conversations[look.conversations : community.total.conversations]
    return np.unique(talks["person"][talks["about"] >= 0])


def missed_packet(community: Community, look: Look) -> Places:
    """Return who has opened a red packet of the brand in which nothing was left."""
    missed_h = _people(community)["packet_missed_h"]
    return np.flatnonzero((missed_h > 0.0) & look.within(missed_h))


def dying(community: Community, look: Look) -> Places:
    """Return the groups in which no member has written for so many days."""
    groups = community.world.groups[: community.total.groups]
    heard_h = np.maximum(groups["member_message_h"], groups["opened_h"])
    return np.flatnonzero(~groups["street"] & (groups["members"] > 0) & look.within(heard_h + 24.0 * look.days))


HAPPENINGS: dict[str, Callable[[Community, Look], Places]] = {
    "joined": joined,
    "left": left,
    "muted": muted,
    "order": ordered,
    "first_order": first_ordered,
    "silent": silent,
    "birthday": has_birthday,
    "price_question": asked_price,
    "packet_missed": missed_packet,
    "group_dying": dying,
}


def of_audience(community: Community, places: Places, audience: Array) -> list[int]:
    """Return those of some people who are of an audience now, in the order of their keys."""
    inside = np.zeros(places.size, np.bool_)
    messaging.who_fits(community.world, places, audience, community.now, inside)
    found = places[inside]
    return [int(place) for place in found[np.argsort(community.world.people["key"][found], kind="stable")]]


def _has_ordered(people: Array, who: Places, since_h: Hours) -> Marks:
    return np.asarray((people["orders"][who] > 0) & (people["ordered_h"][who] >= since_h))


def _has_left(people: Array, who: Places, since_h: Hours) -> Marks:
    return np.asarray(people["ever_member"][who] & ~people["member"][who] & (people["left_h"][who] >= since_h))


def _has_muted(people: Array, who: Places, since_h: Hours) -> Marks:
    return np.asarray(people["muted"][who] & (people["muted_h"][who] >= since_h))


def _has_written(people: Array, who: Places, since_h: Hours) -> Marks:
    return np.asarray((people["written"][who] > 0) & (people["wrote_h"][who] >= since_h))


EXITS: dict[str, Callable[[Array, Places, Hours], Marks]] = {
    "order": _has_ordered,
    "left": _has_left,
    "muted": _has_muted,
    "message": _has_written,
}


def exited(community: Community, who: Places, since_h: Hours, exits: Sequence[str]) -> Marks:
    """Return which of some people have done what ends their journey, each since an hour of their own."""
    gone = np.zeros(who.size, np.bool_)
    for name in exits:
        gone |= EXITS[name](_people(community), who, since_h)
    return gone
