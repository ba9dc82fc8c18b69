"""How people come in, and how personal messages reach them: the welcome is the first."""

from __future__ import annotations

from sim.behaviour import asking, blocking, buying, categories, chat, giving, leaving, muting, referral, sessions, ties
from sim.codes import JOINS
from sim.compiled import compiled
from sim.world import INBOX_LENGTH


@compiled
def receive(world, person, post_index, now):
    """Put a personal message into the person's inbox; it may ring, and is there whenever they look."""
    post = world.posts[post_index]
    person.inbox[person.inboxed % INBOX_LENGTH] = post_index
    person.inboxed += 1
    post.delivered += 1
    sessions.notice(person, post.message.key, post.ring, True, 0.0, world.parameters[0], now)
    if not person.member:
        sessions.wake(person, world.profile, world.parameters[0], now)
    person.next_h = min(person.next_h, min(person.pull_h, person.base_h))


@compiled
def arrive(world, index, now):
    """Let a person who was admitted come in: their clocks start, and they join the group if they were to."""
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    person.arrived = True
    person.admitted_h = now
    person.last_h = now
    person.price_seen_h = now
    categories.fix_shares(person, world.products)
    buying.next_budget(person, p)
    blocking.first_budget(person, p)
    sessions.begin_day(person, world.profile, now)
    sessions.next_base_session(person, world.profile, p, now)
    sessions.look_ahead(person, world.profile, p, now)
    if person.enters_group:
        group.reserved -= 1
        join(world, index, now)


@compiled
def join(world, index, now):
    """Make somebody a member of their group, for the first time; the welcome is the first that they get there."""
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    person.member = True
    person.ever_member = True
    person.joined_h = now
    person.read_sequence = group.sequence
    group.members += 1
    ties.look_around(world.people, index)
    group.counters[JOINS] += 1
    leaving.first_budget(person, p)
    muting.first_budget(person, p)
    chat.next_budget(person, p)
    referral.next_budget(person, p)
    giving.next_budget(person, p)
    asking.next_budget(person, p)
    if group.welcome_post >= 0:
        receive(world, person, group.welcome_post, now)
