"""How the brand settles what members asked of it: at the tick at which a request falls due, one kind of request after another.

Each kind has its function here, and its line in :data:`SETTLE`, in the order in which kinds are settled; requests of a kind come in order
of time and key. Answers of the desk are the last: one that is given at once may be due at the tick of its question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim import granting, reservations, seating
from sim.behaviour import giving, showing
from sim.codes import ANSWER_REQUEST, GIFT_REQUEST, INVITATION_REQUEST, ORDER_REQUEST, QUESTION_REQUEST, REQUESTS, SHOWING_REQUEST
from sim.world import NEVER, Array, grown, joined

#: Numbers of the words to the outside that are showings: beyond any number of invitations.
FIRST_SHOWING = 1 << 40

if TYPE_CHECKING:
    from sim.community import Community


def settle(community: Community, tick: float) -> None:
    """Settle the requests that are due by this tick; groups that waited for no other go on."""
    found = _take(community, tick, community.waiting["kind"] != ANSWER_REQUEST)
    ends = np.bincount(RANKS[found["kind"]], minlength=len(SETTLE)).cumsum()
    for settle_kind, first, last in zip(SETTLE.values(), [0, *ends], ends, strict=False):
        if first < last:
            settle_kind(community, found[first:last], tick)
    answers = _take(community, tick, community.waiting["kind"] == ANSWER_REQUEST)
    if answers.size:
        settle_answers(community, answers, tick)
    elif not found.size:
        raise RuntimeError(f"a group waits at hour {tick} for a request that nobody made")
    pause(community, np.concatenate([found["group"], answers["group"]]))
    community.drain(community.logs[0])


def _take(community: Community, tick: float, those: NDArray[np.bool_]) -> Array:
    """Take the requests, of those, that are due by a tick off the list of what waits; return them by kind, time and key.

    If the desk takes a question, then every one that was asked before: its queue is in the order of asking, whatever the grid.
    """
    waiting = community.waiting
    due = those & (waiting["due_h"] <= tick)
    questions = waiting["kind"] == QUESTION_REQUEST
    if (due & questions).any():
        due |= questions & (waiting["time_h"] < tick)
    found: Array = waiting[due]
    if found.size:
        community.waiting = waiting[~due]
        found = np.take(found, np.lexsort((found["key"], found["time_h"], RANKS[found["kind"]])))
    return found


def pause(community: Community, groups: Array) -> None:
    """Let groups whose requests have changed wait for the first that is due there, or for none."""
    paused = community.world.groups["paused_h"]
    paused[groups] = NEVER
    if community.waiting.size:
        np.minimum.at(paused, community.waiting["group"], community.waiting["due_h"])


def settle_questions(community: Community, requests: Array, tick: float) -> None:
    """Put questions into the desk's queue; each answer waits for the first tick of the usual grid after its conversation."""
    patience_h = float(community.parameters["asking"]["patience_hours"])
    talks = community.desk.serve(community.run, requests, patience_h, community.scenario.clock.tick_minutes, tick)
    first = community.total.conversations
    community.total.conversations += talks.size
    community.conversations = grown(community.conversations, community.total.conversations)
    community.conversations[first : community.total.conversations] = talks
    answers = requests.copy()
    answers["kind"], answers["time_h"], answers["due_h"] = ANSWER_REQUEST, talks["ended_h"], talks["due_h"]
    answers["nth"] = np.arange(first, community.total.conversations)
    community.waiting = joined(community.waiting, answers)


def settle_invitations(community: Community, requests: Array, tick: float) -> None:
    """Let invitations meet their contacts; who accepts comes in at the tick, or next midnight if they cannot enter the group at once."""
    community.world.people["invite_open"][requests["person"]] = False
    if tick < community.scenario.end_hours:
        community.total.lost_invitations += requests.size - _ask_in(community, requests, requests["nth"], tick)


def settle_showings(community: Community, requests: Array, tick: float) -> None:
    """Let people outside see what members show: each is as if weakly invited, to the group of a member, or just to the brand."""
    community.world.people["showing"][requests["person"]] = showing.NOTHING
    if tick < community.scenario.end_hours:
        viewers = int(community.scenario.behaviour.showing.viewers)
        nths = FIRST_SHOWING + requests["nth"][:, None] * showing.MOST_VIEWERS + np.arange(viewers)
        _ask_in(community, np.repeat(requests, viewers), nths.ravel(), tick)


def _ask_in(community: Community, requests: Array, nths: NDArray[np.int64], tick: float) -> int:
    """Let people's words to the outside, by number, meet their contacts; return how many come. An invitation that worked is rewarded.

    Who joins no group, or finds it full, waits for the next midnight: the group that waits for this settlement is the only one that is
    sure not to be ahead of it.
    """
    return _let_in(community, requests, *community.pool.answers(community.world, requests["person"], nths), tick)


def bring(community: Community, requests: Array, numbers: NDArray[np.int64], likeness: NDArray[np.float64]) -> None:
    """Settle the rest of invitations that met their contacts already, and whose groups go on: who comes is let in."""
    tick = float(requests["due_h"][0])
    community.total.lost_invitations += requests.size - _let_in(community, requests, numbers, likeness, tick)


def _let_in(community: Community, requests: Array, numbers: NDArray[np.int64], likeness: NDArray[np.float64], tick: float) -> int:
    leads = []
    for place in np.flatnonzero(numbers >= 0).tolist():
        request = requests[place]
        asked_from, inviter, invites = int(request["group"]), int(request["person"]), request["kind"] == INVITATION_REQUEST
        joins = invites or bool(community.world.people[inviter]["member"])
        group, type_name = seating.where_invited(community, asked_from) if joins else (-1, "")
        contact = (int(numbers[place]), float(likeness[place]))
        leads.append(community.invited(tick, inviter, group, contact, 1.0 if joins else 0.0, type_name))
        if community.on_referral is not None and invites:
            community.on_referral(tick, asked_from)
    if leads:
        community.let_in(leads)
    return len(leads)


def settle_gifts(community: Community, requests: Array, tick: float) -> None:
    """Put members' red packets into their groups, if they are still there and not alone."""
    for sender in requests["person"]:
        person = community.world.people[sender]
        group = int(person["group"])
        shares = min(int(community.parameters["giving"]["shares"]), int(community.world.groups[group]["members"]) - 1)
        packet = -1
        if person["member"] and shares >= 1 and tick < community.scenario.end_hours:
            # The kernel gives it its key.
            expires_h = tick + giving.PACKET_HOURS
            packet = community.new_packet(group, np.uint64(0), int(person["gift_fen"]), shares, expires_h, int(sender))
        granting.settle_gift(community.world, sender, packet, tick)


def settle_orders(community: Community, requests: Array, tick: float) -> None:
    """Allot limited stock, or refuse; or note what was reserved on an offer of another form."""
    for request in requests:
        if reservations.is_reserved(community.world.offers["form"][request["offer"]]):
            reservations.take(community, request, tick)
        else:
            price = float(community.world.offers["price_share"][request["offer"]])
            community.total.refused_orders += not reservations.grant(community, request, price, tick)


def settle_answers(community: Community, requests: Array, tick: float) -> None:
    """Let answers reach who asked; one that would come at the end of the simulation or later does not."""
    done, log = 0, community.logs[0]
    while tick < community.scenario.end_hours and done < requests.size:
        community.drain(log)
        done = granting.settle_answers(community.world, log, requests, done, community.conversations, community.scripts, tick)


#: What settles each kind, in the order in which kinds are settled; answers come after all of them.
SETTLE: dict[int, Callable[[Community, Array, float], None]] = {
    QUESTION_REQUEST: settle_questions,
    INVITATION_REQUEST: settle_invitations,
    SHOWING_REQUEST: settle_showings,
    GIFT_REQUEST: settle_gifts,
    ORDER_REQUEST: settle_orders,
}
RANKS = np.array([[*SETTLE, ANSWER_REQUEST].index(kind) for kind in range(len(REQUESTS))])
