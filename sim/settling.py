"""How the brand settles what members asked of it: at the tick at which a request falls due, in order of time, key and kind.

Each kind of request has its function here, and its line in :data:`SETTLE`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernel, reservations
from sim.behaviour import giving
from sim.codes import GIFT_REQUEST, INVITATION_REQUEST, ORDER_REQUEST
from sim.world import NEVER

if TYPE_CHECKING:
    from sim.community import Community


def settle(community: Community, tick: float) -> None:
    """Settle the requests that are due by this tick; groups that waited for no other go on."""
    batch = [request for request in community.waiting if request["due_h"] <= tick]
    if not batch:
        raise RuntimeError(f"a group waits at hour {tick} for a request that nobody made")
    community.waiting = [request for request in community.waiting if request["due_h"] > tick]
    paused = community.world.groups["paused_h"]
    paused[[request["group"] for request in batch]] = NEVER
    for request in community.waiting:
        paused[request["group"]] = min(paused[request["group"]], request["due_h"])
    for request in sorted(batch, key=lambda request: (request["time_h"], request["key"], request["kind"])):
        SETTLE[int(request["kind"])](community, request, tick)
    community.drain(community.logs[0])


def settle_order(community: Community, request: Any, tick: float) -> None:
    """Allot limited stock, or refuse; or note what was reserved on an offer of another form."""
    if reservations.is_reserved(community.world.offers[request["offer"]]["form"]):
        reservations.take(community, request, tick)
        return
    price = float(community.world.offers[request["offer"]]["price_share"])
    community.total.refused_orders += not reservations.grant(community, request, price, tick)


def settle_invitation(community: Community, request: Any, tick: float) -> None:
    """Let an invitation meet its contact; who accepts comes in at the tick, or next midnight if the group is full."""
    kernel.settle_invitation(community.world, request["person"], tick)
    if tick >= community.scenario.end_hours:
        return
    inviter = int(request["person"])
    number, likeness = community.pool.answer(community.world, inviter, int(request["nth"]))
    if number < 0:
        community.total.lost_invitations += 1
        return
    group = int(request["group"])
    if community.on_referral is not None:
        community.on_referral(tick, group)
    community.let_in(community.invited(tick, inviter, group, (number, likeness)))


def settle_gift(community: Community, request: Any, tick: float) -> None:
    """Put a member's red packet into their group, if they are still there and not alone."""
    sender = int(request["person"])
    person = community.world.people[sender]
    group = int(person["group"])
    shares = min(int(community.parameters["giving"]["shares"]), int(community.world.groups[group]["members"]) - 1)
    packet = -1
    if person["member"] and shares >= 1 and tick < community.scenario.end_hours:
        # The kernel gives it its key.
        packet = community.new_packet(group, np.uint64(0), int(person["gift_fen"]), shares, tick + giving.PACKET_HOURS, sender)
    kernel.settle_gift(community.world, sender, packet, tick)


SETTLE: dict[int, Callable[[Community, Any, float], None]] = {
    ORDER_REQUEST: settle_order,
    INVITATION_REQUEST: settle_invitation,
    GIFT_REQUEST: settle_gift,
}
