"""What members asked the brand for is granted or not: limited stock, red packets of their own, answers of the desk."""

from __future__ import annotations

from sim import heap, tracing
from sim.behaviour import chat, giving, terms
from sim.borrow import lend
from sim.codes import ALLOTMENT, ANSWER
from sim.compiled import compiled, entry
from sim.messaging import call_in
from sim.purchases import converse, grant_order
from sim.world import FEED_LENGTH


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


@compiled
def still_wants(world, index, offer_index, hours, deposit_share, price_share):
    """Return whether a person still wants what they reserved some hours ago for a deposit, at a price."""
    lent = lend(world)
    return terms.still_wants(lent.people[index], lent.offers[offer_index], hours, deposit_share, price_share, lent.parameters[0])


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
        answer.overdue_h = conversation.overdue_h
        if person.traced:
            tracing.begin(lent_log, person, ANSWER, now)
        converse(lent, lent_log, index, answer, now)
        if person.traced:
            tracing.end(lent_log, person)
        heap.move(lent, person.group, index)
    return answers.size
