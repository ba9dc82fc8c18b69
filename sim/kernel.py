"""Members of a group live, in event order, until the brand's next touch.

Each group is advanced on its own: nothing in it depends on another group but the board, which changes only when all groups that can see it
have been caught up. A group that made a request of the brand waits at the next tick until the request is settled.
"""

from __future__ import annotations

from sim import heap, population, tracing, transcribing
from sim.arriving import join, receive
from sim.behaviour import chat, contagion, fatigue, giving, habit, meeting, sampling, sessions, terms, ties, trust
from sim.borrow import lend, prefetch
from sim.codes import ALLOTMENT, ANSWER, MOMENTS, MOVE, MOVES_IN, MOVES_OUT, PRUNED, PRUNES, SHILL
from sim.compiled import compiled, entry
from sim.purchases import converse, grant_order
from sim.rates import fix_rates, plan_next, spend_time
from sim.reaching import count_letter, count_mass, fits, is_of_all, within_cap, within_letters
from sim.requests import pause_for_requests, tick_after
from sim.session import MOST_ACTS, handle
from sim.world import FEED_LENGTH, Array, Log, World

DONE = 0
LOG_FULL = 1
#: What stands for a group in the panel's row of people outside.
OUTSIDE = -1


@compiled
def advance(world, log, g, until):
    """Let one group live up to ``until`` (excluded) or to the tick at which it waits; return DONE or LOG_FULL."""
    group = world.groups[g]
    while group.queued > 0 and world.queue_time[g, 0] < min(until, group.paused_h):
        if log.counts[0] + MOST_ACTS > log.orders.size or log.counts[1] + MOST_ACTS > log.requests.size:
            return LOG_FULL
        if tracing.is_full(log) or transcribing.is_full(log, MOST_ACTS):
            return LOG_FULL
        index = world.queue_person[g, 0]
        now = world.queue_time[g, 0]
        first = log.counts[1]
        # The next event is mostly that of a child of the queue's top.
        for child in range(1, min(3, group.queued)):
            prefetch(world.people[world.queue_person[g, child]])
        traced = world.people[index].traced
        if traced:
            tracing.begin(log, world.people[index], tracing.kind_of(world.people[index], now), now)
        handle(world, log, index, now)
        if traced:
            tracing.end(log, world.people[index])
        if log.counts[1] > first:
            pause_for_requests(world, log, first, g)
        heap.move(world, g, index)
    group.position_h = max(group.position_h, min(until, group.paused_h))
    return DONE


@entry
@compiled
def live(world, log, groups, first, until, minutes):
    """Advance groups up to ``until``; return how many of them are done, and the hour that they have reached.

    Parameters
    ----------
    world, log : World, Log
        The state, and where to tell.
    groups : array of int
        Numbers of the groups, in the order in which they are visited.
    first : int
        Place of the first that is not done yet (fewer than all are done when the log is full).
    until : float
        Hour.
    minutes : float
        With 0, every group is advanced to the end on its own. Otherwise all go together, tick by tick of so many minutes, up to the first
        tick at which a request waits: for the time in which limited stock is on the board, when nobody may live past a tick at which
        the board could change.
    """
    return go_on(lend(world), lend(log), groups, first, until, minutes)


@compiled
def go_on(world, log, groups, first, until, minutes):
    """Do what :func:`live` does, in a world that is lent already."""
    together = minutes > 0.0
    reached = until
    if together:
        for n in range(groups.size):
            group = world.groups[groups[n]]
            reached = min(reached, group.position_h)
            until = min(until, group.paused_h)
        if reached >= until:
            return groups.size, reached
    while True:
        tick = min(until, tick_after(reached, minutes)) if together else until
        for n in range(first, groups.size):
            if advance(world, log, groups[n], tick) == LOG_FULL:
                return n, reached
        reached = tick
        if reached >= until or (together and log.counts[1] > 0):
            return groups.size, reached


def advance_groups(world: World, log: Log, groups: Array, first: int, until: float) -> int:
    """Advance groups one after another from the ``first``; return how many are done (fewer than all: the log is full)."""
    done: int = live(world, log, groups, first, until, 0.0)[0]
    return done


def walk_groups(world: World, log: Log, groups: Array, until: float, minutes: float) -> float:
    """Advance all groups together, tick by tick, up to ``until`` or the first tick at which a request waits; return how far they came."""
    reached: float = live(world, log, groups, 0, until, float(minutes))[1]
    return reached


@entry
@compiled
def publish(world, first, groups, qualities, packets, now):
    """Put a message into the feeds of groups; members who notice it come for it.

    The post ``first`` is copied into those after it, one for each group, with the quality and the red packet that the message has there.
    """
    lent = lend(world)
    p = lent.parameters[0]
    for n in range(groups.size):
        g = groups[n]
        lent.posts[first + n] = lent.posts[first]
        post = lent.posts[first + n]
        post.group = g
        post.message.post = first + n
        post.message.quality = qualities[n]
        post.message.packet = packets[n]
    for n in range(groups.size):
        g = groups[n]
        post = lent.posts[first + n]
        group = lent.groups[g]
        lent.feed[g, group.sequence % FEED_LENGTH] = post.message
        group.sequence += 1
        post.delivered += group.members
        if post.message.kind == SHILL:
            chat.raise_activity(group, True, p, now)
            group.shill_message_h = now
        call_in(lent, g, post.message, post.ring, now)


@compiled
def call_in(world, g, message, ring, now):
    """Let the members of a group notice a message in its feed, or not; the author needs no notice."""
    p = world.parameters[0]
    for place in range(world.groups[g].queued):
        person = world.people[world.queue_person[g, place]]
        if not person.member or not person.arrived or world.queue_person[g, place] == message.author_place:
            continue
        used = p.habit.pull * habit.strength(person, message.slot)
        if sessions.notice(person, message.key, ring, False, used, p, now):
            heap.bring_forward(world, g, place, person.pull_h)
    heap.rebuild(world, g)


@entry
@compiled
def deliver(world, g, post_index, audiences, now):
    """Put a personal message into the inbox of everybody of a group who is of all audiences; without one (-1) only count them.

    The first audience has the channel and the caps. Returns how many got it, how many the platform kept it from, and how many a cap of
    the brand's own.
    """
    lent = lend(world)
    wanted = audiences[0]
    sent = 0
    kept_back = 0
    spared = 0
    for place in range(lent.groups[g].queued):
        person = lent.people[lent.queue_person[g, place]]
        if not fits(person, audiences, lent.parameters[0], now):
            continue
        if not within_letters(person, wanted.letter_cap, now):
            spared += 1
            continue
        if not within_cap(person, wanted.mass_cap, now):
            kept_back += 1
            continue
        sent += 1
        if post_index >= 0:
            if wanted.mass_cap >= 0:
                count_mass(person, now)
            if wanted.channel != MOMENTS:
                count_letter(person, now)
            receive(lent, person, post_index, now)
            heap.bring_forward(lent, g, place, person.next_h)
    if post_index >= 0:
        heap.rebuild(lent, g)
    return sent, kept_back, spared


@compiled
def who_fits(world, places, audiences, now, inside):
    """Write which people (by place) are of all audiences, whether or not they can be reached."""
    lent = lend(world)
    for n in range(places.size):
        inside[n] = is_of_all(lent.people[places[n]], audiences, lent.parameters[0], now)


@entry
@compiled
def hand_over(world, index, post_index, now):
    """Put a personal message into one person's inbox."""
    lent = lend(world)
    person = lent.people[index]
    receive(lent, person, post_index, now)
    heap.move(lent, person.group, index)


@compiled
def still_wants(world, index, offer_index, hours, deposit_share, price_share):
    """Return whether a person still wants what they reserved some hours ago for a deposit, at a price."""
    lent = lend(world)
    return terms.still_wants(lent.people[index], lent.offers[offer_index], hours, deposit_share, price_share, lent.parameters[0])


@entry
@compiled
def experience(world, index, value):
    """Move a person's trust by what happened to them outside the groups, good above 0 and bad below."""
    lent = lend(world)
    trust.experience(lent.people[index], value, lent.parameters[0])


@compiled
def gather(world, circle):
    """Let people (by place) meet."""
    lent = lend(world)
    for place in range(circle.size):
        meeting.attend(lent.people[circle[place]], lent.parameters[0])
    meeting.get_acquainted(lent.people, circle, lent.parameters[0])


@compiled
def give_sample(world, index, product_index):
    """Give a person a product."""
    lent = lend(world)
    sampling.receive(lent.people[index], lent.products[product_index], lent.parameters[0])


@compiled
def writes_about(world, index, product_index, occasion):
    """Return whether a person writes about a sample."""
    lent = lend(world)
    return sampling.writes(lent.people[index], lent.products[product_index], occasion, lent.parameters[0])


@compiled
def break_promise(world, g, slot):
    """Let the members of a group feel that an occasion of a fixed slot was cancelled."""
    lent = lend(world)
    for place in range(lent.groups[g].queued):
        person = lent.people[lent.queue_person[g, place]]
        if person.member and person.arrived:
            habit.disappoint(person, slot, lent.parameters[0])


@entry
@compiled
def introduce(world, first, newcomers, weights):
    """Draw people who come in into the places from ``first`` on, and tie them to who invited them."""
    lent = lend(world)
    population.draw_people(lent.people, first, newcomers, lent.parameters, weights)
    for index in range(first, first + newcomers.size):
        inviter = lent.people[index].inviter
        if inviter >= 0:
            lent.people[inviter].referred += 1
            ties.meet(lent.people, index, inviter, lent.parameters[0].ties.inviter_strength)


@entry
@compiled
def spread_news(world, many):
    """Tell people elsewhere which of their ties have left a group, once."""
    lent = lend(world)
    for index in range(many):
        person = lent.people[index]
        if person.ever_member and not person.member and not person.missed:
            person.missed = True
            contagion.tell(lent.people, index, lent.parameters[0], True)


@compiled
def transfer(world, log, index, g, now):
    """Move a member to another group, whose queue has room, or out of theirs (-1). Everybody must be caught up.

    Clocks go on: the time so far is spent at the rates that held, and rates are fixed anew where they are now. What the old feed holds
    is left behind. Who is removed is missed by their ties as somebody who left.
    """
    lent = lend(world)
    lent_log = lend(log)
    person = lent.people[index]
    p = lent.parameters[0]
    old = lent.groups[person.group]
    if person.traced:
        tracing.begin(lent_log, person, MOVE, now)
    spend_time(person, old, p, now)
    old.members -= 1
    if g < 0:
        person.member = False
        person.left_h = now
        person.left_cause = PRUNED
        old.counters[PRUNES] += 1
        contagion.tell(lent.people, index, p, False)
        ties.go_away(lent.people, index)
        fix_rates(person, old, p, now)
        plan_next(person, now)
        heap.move(lent, person.group, index)
    else:
        heap.remove(lent, person.group, index)
        old.counters[MOVES_OUT] += 1
        new = lent.groups[g]
        ties.go_away(lent.people, index)
        person.group = g
        ties.look_around(lent.people, index)
        person.read_sequence = new.sequence
        new.members += 1
        new.counters[MOVES_IN] += 1
        fix_rates(person, new, p, now)
        plan_next(person, now)
        heap.push(lent, g, index)
    if person.traced:
        tracing.end(lent_log, person)


@compiled
def enter(world, log, index, g, now):
    """Let somebody who was never in a group join one, whose queue has room. Everybody must be caught up."""
    lent = lend(world)
    lent_log = lend(log)
    person = lent.people[index]
    p = lent.parameters[0]
    if person.traced:
        tracing.begin(lent_log, person, MOVE, now)
    spend_time(person, lent.groups[person.group], p, now)
    heap.remove(lent, person.group, index)
    person.group = g
    sessions.wake(person, lent.profile, p, now)
    join(lent, index, now)
    fix_rates(person, lent.groups[g], p, now)
    plan_next(person, now)
    heap.push(lent, g, index)
    if person.traced:
        tracing.end(lent_log, person)


@entry
@compiled
def settle_order(world, log, record, price_share, now):
    """Settle one request for stock at a price, at a tick or another touch of the brand; return whether it was granted."""
    return allot(lend(world), lend(log), record, price_share, now)


@compiled
def allot(world, log, record, price_share, now):
    """Do what :func:`settle_order` does, in a world that is lent already."""
    person = world.people[record.person]
    if person.traced:
        tracing.begin(log, person, ALLOTMENT, now)
    granted = grant_order(world, log, record.person, record.offer, record.post, record.nth, price_share, record.time_h, now)
    if person.traced:
        tracing.end(log, person)
    heap.move(world, person.group, record.person)
    return granted


@compiled
def has_room(log, many):
    """Return whether a log has room for so many further orders, and events of traced people."""
    return log.counts[0] + many <= log.orders.size and log.counts[2] + many <= log.traces.size


@compiled
def show_stock(world, limited):
    """Publish on the board how limited offers (by number) stand: units sold, and whether they are sold out."""
    for n in range(limited.size):
        offer = world.offers[limited[n]]
        offer.counter = offer.sold
        offer.sold_out = offer.sold >= offer.stock


@entry
@compiled
def settle_gift(world, index, packet_number, now):
    """Put a member's red packet into the feed of their group; without one (-1) they have left, or nobody else is there."""
    lent = lend(world)
    person = lent.people[index]
    person.gift_fen = 0
    if packet_number < 0:
        return
    group = lent.groups[person.group]
    p = lent.parameters[0]
    lent.packets[packet_number].key = giving.keys(person, p)[1]
    message = lent.feed[person.group, group.sequence % FEED_LENGTH]
    giving.write(person, index, message, packet_number, p, now)
    group.sequence += 1
    chat.stir(person, group, p, now)
    call_in(lent, person.group, message, p.giving.ring, now)


@entry
@compiled
def settle_answers(world, log, answers, first, conversations, scripts, now):
    """Give those who asked the answers of the desk at a tick, or let them give up; return how many are done (fewer: the log is full).

    An answer has the number of its conversation; each conversation has a script, whose record is written on here.
    """
    lent = lend(world)
    lent_log = lend(log)
    for n in range(first, answers.size):
        if log.counts[0] == log.orders.size or tracing.is_full(log):
            return n
        index = answers[n].person
        person = lent.people[index]
        conversation = conversations[answers[n].nth]
        answer = scripts[conversation.script]
        answer.about = conversation.about
        answer.waited_h = conversation.waited_h
        if person.traced:
            tracing.begin(lent_log, person, ANSWER, now)
        converse(lent, lent_log, index, answer, now)
        if person.traced:
            tracing.end(lent_log, person)
        heap.move(lent, person.group, index)
    return answers.size


@entry
@compiled
def close_day(world, day, many, now, rows):
    """Write the panel of a day that has ended, see :meth:`sim.ledger.Ledger.close_day`, and count anew; return how many rows it has.

    The state of members is added up as it is at ``now``, and not changed. The last row is that of people outside.
    """
    lent = lend(world)
    p = lent.parameters[0]
    written = 0
    for g in range(many):
        group = lent.groups[g]
        if group.street:
            continue
        row = rows[written]
        row[0] = day
        row[1] = g
        for place in range(group.queued):
            person = lent.people[lent.queue_person[g, place]]
            if person.member:
                row[2] += 1.0
                row[3] += 1.0 if person.last_session_h >= now - 168.0 else 0.0
                row[4] += fatigue.load_after(person, p, now - person.last_h)
                row[5] += person.trust
                row[6] += person.reference_price
        for kind in range(group.counters.size):
            row[7 + kind] = group.counters[kind]
            group.counters[kind] = 0
        written += 1
    row = rows[written]
    row[0] = day
    row[1] = OUTSIDE
    for g in range(many):
        group = lent.groups[g]
        for kind in range(group.outside.size):
            row[7 + kind] += group.outside[kind]
            group.outside[kind] = 0
    return written + 1
