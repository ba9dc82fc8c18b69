"""How the brand settles what members asked of it: at the tick at which a request falls due, in order of time, key and kind.

Each kind of request has its function here, and its line in :data:`SETTLE`.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import kernel, population, seating
from sim.behaviour import giving, showing
from sim.brand.desk import Conversation
from sim.codes import ANSWER_REQUEST, GIFT_REQUEST, INVITATION_REQUEST, ORDER_REQUEST, QUESTION_REQUEST, SHOWING_REQUEST
from sim.encode import answer_row
from sim.requests import tick_after
from sim.touch import Lead
from sim.world import NEVER

#: Numbers of the words to the outside that are showings: beyond any number of invitations.
FIRST_SHOWING = 1 << 40

if TYPE_CHECKING:
    from sim.community import Community


class Answer(NamedTuple):
    """A request that the desk makes of itself: to tell somebody something at a tick. Many wait for long, so they are kept in a heap.

    Nobody waits for two answers, so that no two are equal in hour and key.
    """

    due_h: float
    key: int
    group: int
    request: Any


def settle(community: Community, tick: float) -> None:
    """Settle the requests that are due by this tick; groups that waited for no other go on."""
    batch = _take(community, tick)
    if not batch:
        raise RuntimeError(f"a group waits at hour {tick} for a request that nobody made")
    settled = []
    while batch:
        for request in sorted(batch, key=lambda request: (request["time_h"], request["key"], request["kind"])):
            SETTLE[int(request["kind"])](community, request, tick)
        settled += batch
        batch = _take(community, tick)  # A question may have its answer at the same tick.
    pause(community, [int(request["group"]) for request in settled])
    community.drain(community.logs[0])


def pause(community: Community, groups: list[int]) -> None:
    """Let groups whose requests have changed wait for the first that is due there, or for none."""
    paused = community.world.groups["paused_h"]
    paused[groups] = NEVER
    for request in community.waiting:
        paused[request["group"]] = min(paused[request["group"]], request["due_h"])
    due = np.array([answer.due_h for answer in community.answers])
    np.minimum.at(paused, np.array([answer.group for answer in community.answers], int), due)


def _take(community: Community, tick: float) -> list[Any]:
    """Take what is due by a tick off the list of what waits.

    If the desk takes a question, then every one that was asked before the tick: its queue is in the order of asking, whatever the grid.
    """
    waiting = community.waiting
    asked = any(request["kind"] == QUESTION_REQUEST and request["due_h"] <= tick for request in waiting)
    taken: list[Any] = []
    left: list[Any] = []
    for request in waiting:
        early = asked and request["kind"] == QUESTION_REQUEST and request["time_h"] < tick
        (taken if early or request["due_h"] <= tick else left).append(request)
    community.waiting = left
    while community.answers and community.answers[0].due_h <= tick:
        taken.append(heappop(community.answers).request)
    return taken


def changed(request: Any, name: str, value: float) -> Any:
    """Return a copy of a request with another value of a field. (One that comes from a saved run takes none: NumPy drops it silently.)"""
    found = request.copy()
    found[name] = value
    return found


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


def settle_question(community: Community, request: Any, tick: float) -> None:
    """Put a question into the desk's queue; the answer waits for the first tick of the usual grid after the conversation."""
    asked_h = float(request["time_h"])
    patience_h = float(community.parameters["asking"]["patience_hours"])
    service = community.desk.serve(community.run, request["key"], int(request["nth"]), asked_h, patience_h)
    due_h = max(tick, tick_after(service.ended_h, float(community.scenario.clock.tick_minutes)))
    answer = request.copy()
    answer["kind"], answer["time_h"], answer["due_h"] = ANSWER_REQUEST, service.ended_h, due_h
    answer["nth"] = len(community.conversations)
    waited_h, about = service.begun_h - asked_h, int(request["offer"])
    community.conversations.append(Conversation(asked_h, due_h, waited_h, about, service.by_robot, community.desk.plan))
    heappush(community.answers, Answer(due_h, int(request["key"]), int(request["group"]), answer))


def settle_answer(community: Community, request: Any, tick: float) -> None:
    """Let the answer reach who asked; one that would come at the end of the simulation or later does not."""
    if tick >= community.scenario.end_hours:
        return
    log = community.logs[0]
    if log.counts[0] == log.orders.size or log.counts[2] == log.traces.size:
        community.drain(log)
    conversation = community.conversations[int(request["nth"])]
    kernel.settle_answer(community.world, log, request["person"], answer_row(conversation), tick)


SETTLE: dict[int, Callable[[Community, Any, float], None]] = {
    ORDER_REQUEST: settle_order,
    INVITATION_REQUEST: settle_invitation,
    GIFT_REQUEST: settle_gift,
    SHOWING_REQUEST: settle_showing,
    QUESTION_REQUEST: settle_question,
    ANSWER_REQUEST: settle_answer,
}
