"""What happens at one event of one person: the procedure of ENGINE section 5, calling the mechanisms' hooks in their order.

Order within an event: decay and spend the time that has passed; read what is unread (each message may claim, tire, please, sell);
then act: buy, talk, invite, mute, leave; then fix the rates that hold until the person's next event.
"""

from __future__ import annotations

import math

import numpy as np

from sim import behaviour, randomness
from sim.behaviour import attention, buying, chat, leaving, muting, red_packets, referral, sessions
from sim.behaviour.relevance import similarity
from sim.codes import (
    ACTIVE,
    INTERACTIONS,
    INVITATION_REQUEST,
    JOINS,
    LEAVES,
    LIMITED,
    MESSAGES,
    MUTES,
    OFFERED,
    ORDER_REQUEST,
    ORGANIC,
    PACKETS_FEN,
    POSTERS,
    READS,
    SESSIONS,
)
from sim.compiled import compiled
from sim.world import FEED_LENGTH, INBOX_LENGTH

FROM_PROFILE = 0
FROM_NOTICE = 1
FROM_CONVERSATION = 2
MOST_ACTS = 32
OFFER_WINDOW = 64


@compiled
def spend_time(person, p, now):
    """Spend rates over the time since the person's last event, and let states decay."""
    hours = now - person.last_h
    if hours <= 0.0:
        return
    person.buy_clock -= person.buy_rate * hours
    if person.member:
        leaving.spend_time(person, hours)
        person.talk_clock -= person.talk_rate * hours
        person.talk_alone += person.talk_rate * hours
        person.invite_clock -= person.invite_rate * hours
    behaviour.elapsed(person, p, hours)
    person.last_h = now


@compiled
def fix_rates(person, group, p, now):
    """Compute the rates that hold from now until the person's next event."""
    person.goodwill = 1.0
    for cause in range(person.leave_rates.size):
        person.leave_rates[cause] = 0.0
    behaviour.act(person, group, p, now)


@compiled
def plan_next(person, now):
    """Set the time of the person's next event: need running out, a session, or midnight if the day holds no more sessions."""
    person.organic_h = math.inf
    if person.buy_rate > 0.0:
        person.organic_h = now + max(0.0, person.buy_clock) / person.buy_rate
    routine = person.base_h
    if routine == math.inf:
        routine = (person.day + 1) * 24.0
    person.next_h = min(min(routine, person.organic_h), min(person.pull_h, person.follow_h))


@compiled
def interact(person, group, now):
    """Count the person once a day among those who wrote, claimed or bought."""
    day = int(now // 24.0)
    if person.member and person.interaction_day != day:
        person.interaction_day = day
        group.counters[INTERACTIONS] += 1


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
    buying.next_budget(person, p)
    sessions.begin_day(person, world.profile, now)
    sessions.next_base_session(person, world.profile, p, now)
    if person.enters_group:
        person.member = True
        person.ever_member = True
        person.joined_h = now
        person.read_sequence = group.sequence
        group.members += 1
        group.reserved -= 1
        group.counters[JOINS] += 1
        leaving.first_budget(person, p)
        muting.first_budget(person, p)
        chat.next_budget(person, p)
        referral.next_budget(person, p)
        if group.welcome_post >= 0:
            receive(world, person, group.welcome_post, now)


@compiled
def receive(world, person, post_index, now):
    """Put a personal message into the person's inbox; it may ring."""
    post = world.posts[post_index]
    person.inbox[person.inboxed % INBOX_LENGTH] = post_index
    person.inboxed += 1
    post.delivered += 1
    sessions.notice(person, post.message.key, post.ring, True, world.parameters[0], now)


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
def take_in(world, person, group, message, now):
    """Let the person see one message: it works on them, and they take what it brings."""
    p = world.parameters[0]
    relevance = similarity(person.interests, message.topics)
    if message.packet >= 0:
        claimed = red_packets.claim(person, world.packets[message.packet], p, now)
        if claimed > 0:
            group.counters[PACKETS_FEN] += claimed
            interact(person, group, now)
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
    if message.offer >= 0:
        offer = world.offers[message.offer]
        is_open = offer.opens_h <= now and now < offer.closes_h and not offer.sold_out
        if is_open and first_sight(person, offer.number):
            product = world.products[offer.product]
            fit = similarity(person.interests, product.topics)
            behaviour.offered(person, message, offer, product, fit, p, now)


@compiled
def read(world, person, group, feed, now, occasion, why):
    """Read the group, newest first, then the personal inbox."""
    p = world.parameters[0]
    if person.member and attention.opens(person, p, occasion, why):
        newest = group.sequence - 1
        oldest = max(person.read_sequence, group.sequence - FEED_LENGTH)
        person.read_sequence = group.sequence
        for sequence in range(newest, oldest - 1, -1):
            message = feed[sequence % FEED_LENGTH]
            if message.author != person.key and attention.sees(person, message.key, newest - sequence, p):
                take_in(world, person, group, message, now)
    if person.inbox_read < person.inboxed:
        oldest = max(person.inbox_read, person.inboxed - INBOX_LENGTH)
        newest = person.inboxed - 1
        person.inbox_read = person.inboxed
        for nth in range(newest, oldest - 1, -1):
            message = world.posts[person.inbox[nth % INBOX_LENGTH]].message
            if attention.sees_personal(person, message.key, p):
                take_in(world, person, group, message, now)


@compiled
def log_order(world, log, index, now, kind, product_index, units, price_share, offer, post):
    """Write an order into the log, with its money, and let the mechanisms know."""
    person = world.people[index]
    group = world.groups[person.group]
    product = world.products[product_index]
    p = world.parameters[0]
    order = log.orders[log.counts[0]]
    log.counts[0] += 1
    order.time_h = now
    order.person = index
    order.key = person.key
    order.nth = person.orders
    order.group = person.group
    order.in_group = person.member
    order.kind = kind
    order.product = product_index
    order.units = units
    order.price_share = price_share
    order.list_fen = product.list_fen * units
    order.paid_fen = int(math.floor(product.list_fen * price_share + 0.5)) * units
    order.cost_fen = product.cost_fen * units
    order.refund_fen = 0
    order.coupon_fen = 0
    order.offer = offer
    order.post = post
    if person.coupon_fen > 0 and now < person.coupon_expires_h and order.paid_fen >= person.coupon_floor_fen:
        order.coupon_fen = min(person.coupon_fen, order.paid_fen)
        if post < 0:
            order.post = person.coupon_post
        person.coupon_fen = 0
        person.coupon_expires_h = -math.inf
    if randomness.uniform(p.run.key, person.key, buying.RETURN, person.orders, 0) < product.return_rate:
        order.refund_fen = order.paid_fen
        order.coupon_fen = 0
        order.cost_fen = int(math.floor(order.cost_fen * p.market.return_loss_share + 0.5))
    person.gmv_fen += order.paid_fen
    person.margin_fen += order.paid_fen - order.refund_fen - order.cost_fen - order.coupon_fen
    interact(person, group, now)
    behaviour.ordered(person, order, product, p, now)


@compiled
def buy_from_need(world, log, index, now):
    """Place the organic order at the very time at which need ran out, at list price."""
    person = world.people[index]
    p = world.parameters[0]
    person.buy_clock = min(person.buy_clock, 0.0)
    buying.next_budget(person, p)
    fits = np.empty(world.products.size)
    shares = np.empty(world.products.size)
    for k in range(world.products.size):
        fits[k] = similarity(person.interests, world.products[k].topics)
        shares[k] = world.products[k].share
    chosen = buying.choose_product(person, shares, fits, p)
    units = buying.draw_units(person, False, world.products[chosen], p, 0)
    log_order(world, log, index, now, ORGANIC, chosen, units, 1.0, -1, -1)


@compiled
def request(log, person, index, kind, nth, offer, post, now):
    """Write a request that waits for the brand."""
    record = log.requests[log.counts[1]]
    log.counts[1] += 1
    record.time_h = now
    record.key = person.key
    record.kind = kind
    record.nth = nth
    record.person = index
    record.group = person.group
    record.offer = offer
    record.post = post


@compiled
def buy_from_offer(world, log, index, now):
    """Buy, or ask for, the offer on which the clock ran out; further budgets that ran out make a larger order."""
    person = world.people[index]
    p = world.parameters[0]
    offer = world.offers[person.trigger_offer]
    product = world.products[offer.product]
    price_share = 1.0 if offer.coupon else offer.price_share
    asked = 0
    units = 0
    while person.buy_clock <= 0.0:
        buying.next_budget(person, p)
        units += buying.draw_units(person, price_share < 1.0, product, p, asked)
        asked += 1
    if not offer.limited:
        log_order(world, log, index, now, OFFERED, offer.product, units, price_share, person.trigger_offer, person.trigger_post)
    elif not person.order_open:
        person.order_open = True
        request(log, person, index, ORDER_REQUEST, units, person.trigger_offer, person.trigger_post, now)
    person.trigger_offer = -1
    person.trigger_post = -1


@compiled
def talk(world, person, group, feed, now):
    """Write what the talking clock has run out on."""
    p = world.parameters[0]
    written = 0
    while person.talk_clock <= 0.0 and written < MOST_ACTS:
        message = feed[group.sequence % FEED_LENGTH]
        answered = chat.write(person, group, message, p, now)
        group.sequence += 1
        chat.next_budget(person, p)
        group.counters[MESSAGES] += 1
        if answered >= 0:
            world.posts[answered].replies += 1
        sessions.follow_up(person, message.thread, person.written, p, now)
        written += 1
    day = int(now // 24.0)
    if person.wrote_day != day:
        person.wrote_day = day
        group.counters[POSTERS] += 1
    interact(person, group, now)


@compiled
def do_acts(world, log, index, feed, now):
    """Act where a clock has run out: buy, talk, invite, mute, leave, in this order."""
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    if person.trigger_offer >= 0:
        buy_from_offer(world, log, index, now)
    if not person.member:
        return
    if person.talk_clock <= 0.0:
        talk(world, person, group, feed, now)
    if person.invite_clock <= 0.0 and not person.invite_open:
        person.invite_open = True
        request(log, person, index, INVITATION_REQUEST, person.invitations, -1, -1, now)
        person.invitations += 1
        person.invited_h = now
        referral.next_budget(person, p)
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


@compiled
def have_session(world, log, index, feed, now):
    """Have the session that is due: read, then act."""
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    occasion = np.uint64(0)
    why = FROM_PROFILE
    if person.follow_h <= now:
        occasion = person.follow_key
        why = FROM_CONVERSATION
        person.follow_h = math.inf
    if person.pull_h <= now:
        occasion = person.pull_key
        why = FROM_NOTICE
        person.pull_h = math.inf
    if person.base_h <= now:
        occasion = np.uint64(person.day * 65536 + person.day_session)
        why = FROM_PROFILE
        sessions.next_base_session(person, world.profile, p, now)
    person.sessions += 1
    person.last_session_h = now
    if person.member:
        group.counters[SESSIONS] += 1
        day = int(now // 24.0)
        if person.active_day != day:
            person.active_day = day
            group.counters[ACTIVE] += 1
    else:
        group.outside[SESSIONS] += 1
    read(world, person, group, feed, now, occasion, why)
    do_acts(world, log, index, feed, now)


@compiled
def handle(world, log, index, now):
    """Handle the event of a person that is due now, and set their next."""
    person = world.people[index]
    group = world.groups[person.group]
    feed = world.feed[person.group]
    p = world.parameters[0]
    if not person.arrived:
        arrive(world, index, now)
    else:
        spend_time(person, p, now)
        if person.organic_h <= now:
            buy_from_need(world, log, index, now)
        elif person.base_h <= now or person.pull_h <= now or person.follow_h <= now:
            have_session(world, log, index, feed, now)
        else:
            sessions.begin_day(person, world.profile, now)
            sessions.next_base_session(person, world.profile, p, now)
    fix_rates(person, group, p, now)
    plan_next(person, now)


@compiled
def grant_order(world, log, index, offer_index, post, units, asked_h, now):
    """Settle a request for limited stock: an order, dated when it was asked for, if stock is left, else a disappointment.

    Returns whether it was granted.
    """
    person = world.people[index]
    group = world.groups[person.group]
    offer = world.offers[offer_index]
    p = world.parameters[0]
    spend_time(person, p, now)
    granted = offer.sold < offer.stock
    if granted:
        units = min(units, offer.stock - offer.sold)
        offer.sold += units
        log_order(world, log, index, now, LIMITED, offer.product, units, offer.price_share, offer_index, post)
        log.orders[log.counts[0] - 1].time_h = asked_h
    else:
        behaviour.trust.experience(person, -p.trust.disappointment, p)
    person.order_open = False
    fix_rates(person, group, p, now)
    plan_next(person, now)
    return granted
