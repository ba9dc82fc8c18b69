"""How the brand settles what members asked of it: at the tick at which a request falls due, in order of time, key and kind.

Each kind of request has its function here, and its line in :data:`SETTLE`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernel, population, seating
from sim.behaviour import giving, showing
from sim.codes import GIFT_REQUEST, INVITATION_REQUEST, ORDER_REQUEST, SHOWING_REQUEST
from sim.touch import Lead
from sim.world import NEVER

#: Numbers of the words to the outside that are showings: beyond any number of invitations.
FIRST_SHOWING = 1 << 40

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
    """Allot limited stock, or refuse."""
    log = community.logs[0]
    if log.counts[0] == log.orders.size or log.counts[2] == log.traces.size:
        community.drain(log)
    community.total.refused_orders += not kernel.settle_order(community.world, log, request, tick)


def settle_invitation(community: Community, request: Any, tick: float) -> None:
    """Let an invitation meet its contact; who accepts comes in at the tick, or next midnight if they cannot enter the group at once."""
    kernel.settle_invitation(community.world, request["person"], tick)
    if tick < community.scenario.end_hours and not _meet(community, request, int(request["nth"]), tick, joins=True):
        community.total.lost_invitations += 1


def settle_showing(community: Community, request: Any, tick: float) -> None:
    """Let people outside see what somebody shows: each is as if weakly invited, to the group of a member, or just to the brand."""
    kernel.settle_showing(community.world, request["person"], tick)
    if tick < community.scenario.end_hours:
        first = FIRST_SHOWING + int(request["nth"]) * showing.MOST_VIEWERS
        for viewer in range(community.scenario.behaviour.showing.viewers):
            _meet(community, request, first + viewer, tick, joins=bool(community.world.people[request["person"]]["member"]))


def _meet(community: Community, request: Any, nth: int, tick: float, *, joins: bool) -> bool:
    """Let a person's nth word to the outside meet its contact; return whether they come. An invitation that worked is rewarded.

    Who joins no group, or finds it full, waits for the next midnight: the group that waits for this settlement is the only one that is
    sure not to be ahead of it.
    """
    inviter = int(request["person"])
    number, likeness = community.pool.answer(community.world, inviter, nth)
    if number < 0:
        return False
    group, type_name = seating.where_invited(community, int(request["group"])) if joins else (-1, "")
    lead = Lead(
        source=population.POOL_SOURCE,
        number=number,
        time_h=tick,
        channel=-1,
        cost_fen=0,
        customer_share=community.scenario.market.pool_customer_share,
        join_share=1.0 if joins else 0.0,
        traits=community.plain_traits,
        inviter=inviter,
        group=group,
        type_name=type_name,
        similarity=likeness,
    )
    if community.on_referral is not None and request["kind"] == INVITATION_REQUEST:
        community.on_referral(tick, int(request["group"]))
    # Of all groups only that of the inviter is known to stand at this tick.
    room = community.world.groups[group]
    if group >= 0 and room["members"] + room["reserved"] < room["capacity"] and seating.passes_gate(community, lead):
        community.admit([lead])
    else:
        community.lobby.append(lead)
    return True


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
    SHOWING_REQUEST: settle_showing,
}
