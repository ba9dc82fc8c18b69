"""Messages get to members: into the feeds of groups, where they may be noticed, or into the inboxes of people one by one."""

from __future__ import annotations

from sim import heap
from sim.arriving import receive
from sim.behaviour import chat, habit, sessions
from sim.borrow import lend
from sim.codes import MOMENTS, SHILL
from sim.compiled import compiled, entry
from sim.reaching import count_letter, count_mass, fits, is_of_all, within_cap, within_letters
from sim.world import FEED_LENGTH


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
