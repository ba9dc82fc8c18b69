"""How people buy: from need, from an offer, in a conversation with the desk, or limited stock that the brand must grant first.

Every order goes into the log.
"""

from __future__ import annotations

import math

import numpy as np

from sim import behaviour, counting, randomness
from sim.behaviour import asking, buying, categories, standing, tags, terms
from sim.behaviour.relevance import similarity
from sim.codes import LIMITED, OFFERED, ORDER_REQUEST, ORGANIC, SERVICE
from sim.compiled import compiled
from sim.rates import fix_rates, plan_next, spend_time
from sim.requests import request


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
    price_share = min(price_share, standing.share(person, now))
    order.product = product_index
    order.units = units
    order.price_share = price_share
    order.list_fen = product.list_fen * units
    order.paid_fen = int(math.floor(product.list_fen * price_share + 0.5)) * units
    if offer >= 0 and world.offers[offer].save_fen > 0 and order.paid_fen >= world.offers[offer].floor_fen:
        order.paid_fen -= min(order.paid_fen, world.offers[offer].save_fen)
        order.price_share = order.paid_fen / order.list_fen
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
    return_rate = product.return_rate
    if offer >= 0:
        return_rate *= world.offers[offer].return_factor
    if randomness.uniform(p.run.key, person.key, buying.RETURN, person.orders, 0) < return_rate:
        order.refund_fen = order.paid_fen
        order.coupon_fen = 0
        order.cost_fen = int(math.floor(order.cost_fen * p.market.return_loss_share + 0.5))
    person.gmv_fen += order.paid_fen
    person.margin_fen += order.paid_fen - order.refund_fen - order.cost_fen - order.coupon_fen
    counting.interacted(person, group, now)
    behaviour.ordered(person, order, product, p, now)


@compiled
def asked_units(person, on_deal, product, p):
    """Return the units of one order for all the budgets that have run out, and draw the next."""
    parts = 0
    units = 0
    while person.buy_clock <= 0.0:
        buying.next_budget(person, p)
        units += buying.draw_units(person, on_deal, product, p, parts)
        parts += 1
    return units


@compiled
def buy_from_need(world, log, index, now):
    """Place the organic order at the very time at which need ran out, at list price."""
    person = world.people[index]
    p = world.parameters[0]
    person.buy_clock = min(person.buy_clock, 0.0)
    buying.next_budget(person, p)
    chosen = categories.choose(person, world.products, p)
    units = buying.draw_units(person, False, world.products[chosen], p, 0)
    log_order(world, log, index, now, ORGANIC, chosen, units, 1.0, -1, -1)


@compiled
def buy_from_offer(world, log, index, now):
    """Buy, or ask for, the offer on which the clock ran out; further budgets that ran out make a larger order."""
    person = world.people[index]
    p = world.parameters[0]
    offer = world.offers[person.trigger_offer]
    product = world.products[offer.product]
    price_share = 1.0 if offer.coupon else offer.price_share
    units = asked_units(person, price_share < 1.0, product, p)
    units = terms.fill_up(person, offer, units, p, now)
    if not offer.limited and offer.form == 0:
        log_order(world, log, index, now, OFFERED, offer.product, units, price_share, person.trigger_offer, person.trigger_post)
    elif not person.order_open:
        person.order_open = True
        request(log, person, index, ORDER_REQUEST, units, person.trigger_offer, person.trigger_post, now)
    person.trigger_offer = -1
    person.trigger_post = -1


@compiled
def grant_order(world, log, index, offer_index, post, units, price_share, asked_h, now):
    """Settle a request for stock at a price: an order, dated when it was asked for, if any is left, else a disappointment.

    Returns whether it was granted.
    """
    person = world.people[index]
    group = world.groups[person.group]
    offer = world.offers[offer_index]
    p = world.parameters[0]
    spend_time(person, group, p, now)
    granted = not offer.limited or offer.sold < offer.stock
    if granted:
        kind = offer.form
        if offer.limited:
            units = min(units, offer.stock - offer.sold)
            kind = LIMITED
        offer.sold += units
        log_order(world, log, index, now, kind, offer.product, units, price_share, offer_index, post)
        log.orders[log.counts[0] - 1].time_h = asked_h
    else:
        behaviour.trust.experience(person, -p.trust.disappointment, p)
    if offer.limited:
        person.order_open = False
    fix_rates(person, group, p, now)
    plan_next(person, now)
    return granted


@compiled
def converse(world, log, index, answer, now):
    """Let an answer of the desk work on a person: the wait, the script, and the product that the conversation is about.

    An order comes of it at list price, where the buying clock runs out on it; a coupon of the desk is tender, as any coupon.
    """
    person = world.people[index]
    group = world.groups[person.group]
    p = world.parameters[0]
    spend_time(person, group, p, now)
    asking.answered(person, answer.waited_h, answer.overdue_h, answer.quality, p)
    if math.isfinite(answer.waited_h):
        tags.conversed(person, answer.quality, p)
        place = world.offers[answer.about].product if answer.about >= 0 else categories.choose(person, world.products, p)
        product = world.products[place]
        offer = answer.offer
        offer.key = np.uint64(person.questions)
        offer.product = place
        offer.price_share = 1.0
        if answer.coupon_fen > 0 and now >= person.coupon_expires_h:
            person.coupon_fen = answer.coupon_fen
            person.coupon_floor_fen = answer.coupon_floor_fen
            person.coupon_expires_h = now + answer.coupon_hours
            person.coupon_post = -1
            offer.price_share = max(0.05, 1.0 - answer.coupon_fen / max(product.list_fen, answer.coupon_floor_fen))
        person.freshness = 1.0
        person.offer_lift = 1.0 + p.asking.persuasion * answer.persuasion
        behaviour.offered(person, answer.message, offer, product, similarity(person.interests, product.topics), p, now)
        if person.trigger_offer == asking.SERVICE_OFFER:
            person.trigger_offer = -1
            units = asked_units(person, False, product, p)
            log_order(world, log, index, now, SERVICE, place, units, 1.0, -1, -1)
    fix_rates(person, group, p, now)
    plan_next(person, now)
