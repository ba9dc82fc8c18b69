"""What a person reads in a session, and what a message does to them: it may claim, tire, please, sell."""

from __future__ import annotations

import math

import numpy as np

from sim import behaviour, counting, transcribing
from sim.behaviour import attention, chat, contacts, coupons, giving, live, red_packets, sharing, standing, taking_part, terms
from sim.behaviour.relevance import similarity
from sim.codes import MEMBERSHIP, PACKETS_FEN, READS, REMOVED
from sim.compiled import compiled
from sim.world import FEED_LENGTH, INBOX_LENGTH

OFFER_WINDOW = 64


@compiled
def first_sight(person, number):
    """Return whether the person sees this offer for the first time, and remember it (a window of the last 64 offers)."""
    if number > person.offers_newest:
        shift = number - person.offers_newest
        if shift >= OFFER_WINDOW:
            person.offers_seen = np.uint64(0)
        else:
            person.offers_seen = person.offers_seen << np.uint64(shift)
        person.offers_newest = number
    back = person.offers_newest - number
    if back >= OFFER_WINDOW:
        return False
    bit = np.uint64(1) << np.uint64(back)
    if person.offers_seen & bit:
        return False
    person.offers_seen = person.offers_seen | bit
    return True


@compiled
def consider(world, person, group, message, relevance, offer, p, now):
    """Let a person judge what they see for the first time: a call, a membership, or a product, which they may also pass on."""
    if offer.outside:
        if not person.ever_member and taking_part.takes_part(person, offer, relevance, p):
            person.calls = person.calls | offer.call
        return
    if offer.pull > 0.0:
        if person.member and taking_part.takes_part(person, offer, relevance, p):
            taking_part.take_part(person, offer, p)
            chat.show(group, p, now)
            counting.interacted(person, group, now)
        return
    if offer.form == MEMBERSHIP:
        if person.answered_offer < 0 and standing.wants_membership(person, offer, p, now):
            person.answered_offer = offer.number
        return
    product = world.products[offer.product]
    fit = similarity(person.interests, product.topics)
    person.offer_lift = terms.lift(offer, world.posts[message.post].joined, p)
    behaviour.offered(person, message, offer, product, fit, p, now)
    if offer.commission_share > 0.0 and person.member and person.answered_offer < 0 and sharing.shares(person, offer, p):
        person.answered_offer = offer.number


@compiled
def take_in(world, log, index, group, message, now):
    """Let a person see one message: it works on them, and they take what it brings."""
    person = world.people[index]
    p = world.parameters[0]
    relevance = similarity(person.interests, message.topics)
    if message.packet >= 0:
        packet = world.packets[message.packet]
        claimed = red_packets.claim(person, packet, p, now)
        if claimed > 0:
            transcribing.claim(log, person, index, message.packet, claimed, now)
            behaviour.claimed(person, packet, claimed, p, now)
            giving.taken(world.people, packet, index, claimed, p)
            if packet.sender < 0:
                group.counters[PACKETS_FEN] += claimed
            chat.show(group, p, now)
            counting.interacted(person, group, now)
        elif packet.sender < 0 and packet.remaining_shares == 0:
            person.packet_missed_h = now
    leave_before = person.leave_clock
    mute_before = person.mute_clock
    behaviour.seen(person, group, message, relevance, p, now)
    person.messages_read += 1
    if person.member:
        group.counters[READS] += 1
    if message.post >= 0:
        post = world.posts[message.post]
        post.seen += 1
        post.leaves_allocated += leave_before - person.leave_clock
        if mute_before > 0.0 and person.mute_clock <= 0.0:
            post.mutes += 1
        if post.coupon_fen > 0 and now >= person.coupon_expires_h:
            person.coupon_fen = post.coupon_fen
            person.coupon_floor_fen = post.coupon_floor_fen
            person.coupon_expires_h = now + post.coupon_hours
            person.coupon_post = message.post
            person.coupon_reminded = False
    if message.offer >= 0:
        offer = world.offers[message.offer]
        is_open = offer.opens_h <= now and now < offer.closes_h and not offer.sold_out
        within_reach = not offer.in_shop or person.region < p.market.shop_regions
        if is_open and within_reach and first_sight(person, offer.number) and live.enters(person, offer, p):
            if message.post >= 0:
                world.posts[message.post].visits += 1
            consider(world, person, group, message, relevance, offer, p, now)


@compiled
def recall_coupon(world, person, now):
    """Remind a person of a coupon that they hold, if it comes to mind."""
    p = world.parameters[0]
    if coupons.comes_to_mind(person, p, now):
        offer = world.posts[person.coupon_post].message.offer
        if offer >= 0 and not math.isfinite(person.lapsed_h):
            coupons.remind(person, offer, world.products[world.offers[offer].product], p, now)


@compiled
def read(world, log, index, group, feed, now, opened):
    """Let a coupon held come to mind; read the group, if it is opened, newest first, then the personal inbox."""
    person = world.people[index]
    p = world.parameters[0]
    recall_coupon(world, person, now)
    if opened:
        newest = group.sequence - 1
        oldest = max(person.read_sequence, group.sequence - FEED_LENGTH)
        person.read_sequence = group.sequence
        for sequence in range(newest, oldest - 1, -1):
            message = feed[sequence % FEED_LENGTH]
            if message.author != person.key and message.kind != REMOVED and attention.sees(person, message.key, newest - sequence, p):
                take_in(world, log, index, group, message, now)
    if person.inbox_read < person.inboxed:
        oldest = max(person.inbox_read, person.inboxed - INBOX_LENGTH)
        newest = person.inboxed - 1
        person.inbox_read = person.inboxed
        for nth in range(newest, oldest - 1, -1):
            message = world.posts[person.inbox[nth % INBOX_LENGTH]].message
            chance = contacts.chance_of_sight(person, message, p)
            contacts.meet(person, message, p)
            if attention.sees_personal(person, message.key, chance, p):
                take_in(world, log, index, group, message, now)
