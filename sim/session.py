"""What happens at one event of one person: the procedure of ENGINE section 5, calling the mechanisms' hooks in their order.

Order within an event: decay and spend the time that has passed; read what is unread (each message may claim, tire, please, sell);
then act: buy, talk, invite, give, ask, mute, leave; then fix the rates that hold until the person's next event.
"""

from __future__ import annotations

import math

import numpy as np

from sim import behaviour, counting, heap, transcribing
from sim.arriving import arrive
from sim.behaviour import asking, attention, chat, contagion, coupons, giving, leaving, referral, sessions, showing, ties
from sim.codes import (
    ANSWERS_BRAND,
    ANSWERS_MEMBERS,
    GIFT_REQUEST,
    INVITATION_REQUEST,
    LEAVES,
    MESSAGES,
    MUTES,
    QUESTION_REQUEST,
    QUESTIONS,
    SESSIONS,
    SHOWING_REQUEST,
)
from sim.compiled import compiled
from sim.purchases import buy_from_need, buy_from_offer
from sim.rates import fix_rates, nothing_is_near, plan_look, plan_next, spend_time
from sim.reading import read
from sim.requests import request
from sim.world import FEED_LENGTH

FROM_PROFILE = 0
FROM_NOTICE = 1
FROM_CONVERSATION = 2
MOST_ACTS = 32


@compiled
def answer(world, index, author, message, p, now):
    """Tie somebody who answers and the author they answer, if both are in the same group, and let it ring for the author."""
    other = world.people[author]
    if not other.member or other.group != world.people[index].group:
        return
    other.answers_new += 1
    ties.meet(world.people, index, author, p.ties.answer_strength)
    message.answers = chat.addressed(other)
    if p.chat.address_ring > 0.0 and author != index and sessions.notice(other, message.key, p.chat.address_ring, False, 0.0, p, now):
        other.next_h = min(other.next_h, other.pull_h)
        heap.move(world, other.group, author)


@compiled
def talk(world, log, index, group, feed, now):
    """Write what the talking clock has run out on."""
    person = world.people[index]
    p = world.parameters[0]
    written = 0
    while person.talk_clock <= 0.0 and written < MOST_ACTS:
        message = feed[group.sequence % FEED_LENGTH]
        post, author = chat.write(person, index, group, message, p, now)
        transcribing.write(log, person, index, message, person.parent_key, post, author)
        group.sequence += 1
        chat.next_budget(person, p)
        group.counters[MESSAGES] += 1
        if post >= 0:
            world.posts[post].replies += 1
            group.counters[ANSWERS_BRAND] += 1
        if author >= 0:
            group.counters[ANSWERS_MEMBERS] += 1
            answer(world, index, author, message, p, now)
        behaviour.wrote(person, p, now)
        sessions.follow_up(person, message.thread, person.written, p, now)
        written += 1
    counting.wrote(person, group, now)
    counting.interacted(person, group, now)


@compiled
def do_acts(world, log, index, feed, now):
    """Act where a clock has run out: buy, talk, invite, give, ask, mute, leave, in this order."""
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    if person.trigger_offer >= 0:
        buy_from_offer(world, log, index, now)
    if not person.member:
        return
    if person.talk_clock <= 0.0:
        talk(world, log, index, group, feed, now)
    if person.invite_clock <= 0.0 and not person.invite_open:
        person.invite_open = True
        request(log, person, index, INVITATION_REQUEST, person.invitations, -1, -1, now)
        person.invitations += 1
        person.invited_h = now
        referral.next_budget(person, p)
    if person.giving_clock <= 0.0 and person.gift_fen == 0 and giving.gives(person):
        request(log, person, index, GIFT_REQUEST, giving.begin(person, p), -1, -1, now)
        counting.interacted(person, group, now)
    if person.asking_clock <= 0.0 and not person.question_open:
        question, about = asking.begin(person, p)
        request(log, person, index, QUESTION_REQUEST, question, about, -1, now)
        group.counters[QUESTIONS] += 1
    if person.mute_clock <= 0.0 and not person.muted:
        person.muted = True
        person.muted_h = now
        group.counters[MUTES] += 1
    if person.leave_clock <= 0.0:
        person.member = False
        person.left_h = now
        person.left_cause = leaving.draw_cause(person, p)
        group.members -= 1
        group.counters[LEAVES] += 1
        contagion.tell(world.people, index, p, False)
        ties.go_away(world.people, index)


@compiled
def opens(person, group, p, now):
    """Return whether a member whose session is due opens the group. Where nothing is unread it would change nothing, and is not drawn."""
    if not person.member or person.read_sequence >= group.sequence:
        return False
    occasion = person.follow_key
    why = FROM_CONVERSATION
    if person.base_h <= now:
        occasion = np.uint64(person.day * 65536 + person.day_session)
        why = FROM_PROFILE
    elif person.pull_h <= now:
        occasion = person.pull_key
        why = FROM_NOTICE
    return attention.opens(person, p, now - person.last_h, occasion, why)


@compiled
def begin_session(world, person, group, now):
    """Begin the session that is due, count it, and plan the next."""
    p = world.parameters[0]
    if person.follow_h <= now:
        person.follow_h = math.inf
    if person.pull_h <= now:
        person.pull_h = math.inf
    if person.base_h <= now:
        sessions.next_look(person, world.profile, p, now)
    person.sessions += 1
    person.last_session_h = now
    if person.member:
        group.counters[SESSIONS] += 1
        counting.was_active(person, group, now)
    else:
        group.outside[SESSIONS] += 1


@compiled
def have_session(world, log, index, feed, now, opened):
    """Have the session that is due: read, then act."""
    person = world.people[index]
    group = world.groups[person.group]
    begin_session(world, person, group, now)
    read(world, log, index, group, feed, now, opened)
    do_acts(world, log, index, feed, now)


@compiled
def looks_in_vain(person, group, p, now):
    """Return whether a member who does not open the group will find nothing else, remember nothing, and do nothing."""
    if not person.member or person.inbox_read < person.inboxed or person.showing == showing.TO_SHOW:
        return False
    if coupons.comes_to_mind(person, p, now) or not nothing_is_near(person, group, p, now):
        return False
    chat.spend_time(person, group, p, now)
    return person.talk_clock > 0.0


@compiled
def handle(world, log, index, now):
    """Handle the event of a person that is due now, and set their next. A look in vain leaves all rates but that of talk as they are."""
    person = world.people[index]
    group = world.groups[person.group]
    feed = world.feed[person.group]
    p = world.parameters[0]
    due = person.arrived and person.organic_h > now and min(person.base_h, min(person.pull_h, person.follow_h)) <= now
    opened = due and opens(person, group, p, now)
    if due and not opened and looks_in_vain(person, group, p, now):
        begin_session(world, person, group, now)
        plan_look(person)
        return
    if not person.arrived:
        arrive(world, index, now)
    else:
        spend_time(person, group, p, now)
        if person.organic_h <= now:
            buy_from_need(world, log, index, now)
        elif due:
            have_session(world, log, index, feed, now, opened)
        else:
            sessions.look_ahead(person, world.profile, p, now)
    if person.showing == showing.TO_SHOW:
        request(log, person, index, SHOWING_REQUEST, showing.begin(person), -1, -1, now)
    fix_rates(person, group, p, now)
    plan_next(person, now)
