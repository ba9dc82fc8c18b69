"""What members have asked for and the brand does not grant at once: reservations of presales, places in teams, bargains.

A request on such an offer is noted at its tick. A team is of one group: who asks joins the open team of their group or opens one, and the
one who completes it makes orders of all, dated when that one asked. The messages of the offer in the group show how many have joined. What
a presale or a bargain has reserved waits until the brand fulfils it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim import granting, passing_on, seating
from sim.codes import BARGAIN, DEPOSIT, PRESALE, TEAM
from sim.requests import changed
from sim.touch import Haggling

if TYPE_CHECKING:
    from sim.community import Community


def is_reserved(form: int) -> bool:
    """Return whether orders on an offer of a form wait for more than a tick."""
    return form in (PRESALE, TEAM, BARGAIN)


@dataclass
class Held:
    """What is reserved on one offer: requests by group, each with the share of list that it will cost."""

    offer: int
    form: int
    team: int
    bargain: Haggling | None = None
    places: dict[int, list[tuple[Any, float]]] = field(default_factory=dict)
    posts: dict[int, list[int]] = field(default_factory=dict)
    closed: bool = False

    def show(self, world: Any, group: int, post: int) -> None:
        """Let a message in a group show how many have joined there."""
        self.posts.setdefault(group, []).append(post)
        world.posts[post]["joined"] = len(self.places.get(group, ()))

    def close(self) -> list[tuple[Any, float]]:
        """Take no more; return what was reserved and not granted, in order of time and key."""
        left = [place for places in self.places.values() for place in places]
        self.places, self.closed = {}, True
        return sorted(left, key=lambda place: (float(place[0]["time_h"]), int(place[0]["key"])))


def take(community: Community, request: Any, tick: float) -> None:
    """Note a reservation at its tick; too late, or from somebody who has left, it is refused."""
    person, group = int(request["person"]), int(request["group"])
    held = community.reserved[int(request["offer"])]
    record = community.world.people[person]
    record["order_open"] = False
    if held.closed or not record["member"]:
        community.total.refused_orders += 1
        community.disappoint(person)
        return
    places = held.places.setdefault(group, [])
    price_share = float(community.world.offers[held.offer]["price_share"])
    if held.bargain is not None:
        price_share, asked = passing_on.helped_price(community, person, held.offer, held.bargain)
        if tick < community.scenario.end_hours:
            there, type_name = seating.where_invited(community, group)
            contacts = passing_on.outsiders(community, person, held.offer, asked, held.bargain.asks)
            community.let_in([community.invited(tick, person, there, contact, 1.0, type_name) for contact in contacts])
    places.append((request, price_share))
    if held.form == TEAM:
        if len(places) == held.team:
            for place, price in places:
                grant(community, changed(place, "time_h", request["time_h"]), price, tick)
            places.clear()
        for post in held.posts.get(group, ()):
            community.world.posts[post]["joined"] = len(places)


def grant(community: Community, request: Any, price_share: float, now: float) -> bool:
    """Make an order of a request, if there is stock; return whether it was."""
    log = community.logs[0]
    if log.counts[0] == log.orders.size or log.counts[2] == log.traces.size:
        community.drain(log)
    return bool(granting.settle_order(community.world, log, request, price_share, now))


def fulfil(community: Community, offer: int, deposit_share: float, keeps_deposit: bool) -> None:
    """Deliver now what was reserved on a presale, to whom still wants it; deposits of the others are kept, or paid back."""
    for request, price in community.reserved[offer].close():
        person = int(request["person"])
        if granting.still_wants(community.world, person, offer, community.now - float(request["time_h"]), deposit_share, price):
            grant(community, changed(request, "time_h", community.now), price, community.now)
            continue
        fen = round(float(community.world.offers[offer]["list_fen"]) * price * deposit_share) * int(request["nth"])
        if keeps_deposit and fen:
            community.book_fee(person, DEPOSIT, fen, community.now, community.own_group(person), offer, int(request["post"]))
    community.drain(community.logs[0])


def dissolve(community: Community, offer: int) -> None:
    """Close a group buy: who waits in an incomplete team gets nothing, and is disappointed."""
    for place, _ in community.reserved[offer].close():
        community.disappoint(int(place["person"]))
    for posts in community.reserved[offer].posts.values():
        community.world.posts["joined"][posts] = 0
