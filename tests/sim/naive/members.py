"""What a person does at an event, written from ENGINE section 5; the mechanisms are those of ``sim.behaviour``, uncompiled.

Where the kernel is known to do something that ENGINE does not say (or says otherwise), a comment here begins with KERNEL.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim import behaviour, randomness
from sim.behaviour import (
    asking,
    attention,
    blocking,
    buying,
    categories,
    chat,
    contacts,
    contagion,
    coupons,
    giving,
    leaving,
    live,
    muting,
    red_packets,
    referral,
    sessions,
    sharing,
    showing,
    standing,
    taking_part,
    terms,
    ties,
)
from sim.behaviour.relevance import similarity
from sim.codes import MEMBERSHIP, REMOVED
from sim.world import GROUP, MESSAGE
from tests.sim.naive.records import Record, blank

NEVER = math.inf
FEED = 128  # KERNEL: a feed holds the last 128 messages, an inbox the last 4; ENGINE names no bound.
INBOX = 4
#: KERNEL: at most 32 messages written in one session; ENGINE 6 says: as long as the clock has run out. What is left waits on the clock.
MOST_ACTS = 32


class Members:
    """People and what happens at their events. Time and order are the scheduler's."""

    p: Any
    profile: Any

    def __init__(self) -> None:
        self.products: list[Any] = []
        self.people: list[Any] = []
        self.groups: dict[int, Any] = {}
        self.outside = blank(GROUP)
        self.posts: list[Any] = []
        self.offers: list[Any] = []
        self.packets: list[Any] = []
        self.orders: list[dict[str, Any]] = []
        self.requests: list[Any] = []
        self.log: list[tuple[float, int, str, dict[str, Any]]] = []
        self.note: dict[str, Any] = {}

    def expect(self, person: Any, time_h: float) -> None:
        """Set a person's next event."""
        raise NotImplementedError

    def write(self, kind: str, person: Any, now: float, **outcome: Any) -> dict[str, Any]:
        """Write an event into the log and return what it led to, to be added to."""
        self.log.append((now, int(person.key), kind, outcome))
        return outcome

    # ---- an event -----------------------------------------------------------------------------------------------

    def event(self, person: Any, now: float) -> None:
        """Let a person come in, run out of something, have a session, or wake to a new day."""
        if not person.arrived:
            self.note = self.write("arrival", person, now)
            self.arrive(person, now)
        elif self.looks_in_vain(person, now):
            self.note = self.write("session", person, now)
            self.occasion(person, now)
            person.sessions += 1
            person.last_session_h = now
            self.plan(person, person.last_h + 24.0)
            return
        else:
            self.pass_time(person, now)
            if person.organic_h <= now:
                self.note = self.write("purchase", person, now)
                self.buy_from_need(person, now)
            elif min(person.base_h, person.pull_h, person.follow_h) <= now:
                self.note = self.write("session", person, now)
                self.session(person, now)
            else:
                self.note = self.write("day", person, now)
                sessions.look_ahead(person, self.profile, self.p, now)
        if person.showing == showing.TO_SHOW:
            self.ask(person, now, kind="showing", nth=showing.begin(person), offer=-1, post=-1)
        self.look_ahead(person, now)

    def pass_time(self, person: Any, now: float) -> None:
        """Integrate rates over the time since the person's last event, then let states decay."""
        hours = now - person.last_h
        if hours == 0.0:
            return  # KERNEL: a second event at the same instant notices nothing new; ENGINE is silent.
        person.buy_clock -= person.buy_rate * hours
        if person.member:
            leaving.spend_time(person, self.p, hours)
            referral.spend_time(person, self.p, hours)
            chat.spend_time(person, self.group_of(person), self.p, now)
        behaviour.elapsed(person, self.p, hours)
        person.last_h = now

    def look_ahead(self, person: Any, now: float) -> None:
        """Fix the rates until the person's next event, and when that is: at the latest a day from now."""
        person.goodwill = person.shelter = 1.0
        person.leave_rates[:] = 0.0
        behaviour.act(person, self.group_of(person), self.p, now)
        person.organic_h = now + max(0.0, person.buy_clock) / person.buy_rate if person.buy_rate > 0.0 else NEVER
        self.plan(person, now + 24.0)

    def plan(self, person: Any, latest_h: float) -> None:
        """Set when a person's next event is: at the latest when the rates have held for a day."""
        midnight = (person.day + 1) * 24.0 if person.base_h == NEVER else NEVER
        self.expect(person, min(person.organic_h, person.base_h, midnight, latest_h, person.pull_h, person.follow_h))
        self.note["next"] = person.next_h

    def looks_in_vain(self, person: Any, now: float) -> bool:
        """Return whether a member has a session in which nothing new is seen and nothing can be done; only talk is spent then."""
        if not person.member or min(person.base_h, person.pull_h, person.follow_h) > now or person.organic_h <= now:
            return False
        hours, group = now - person.last_h, self.group_of(person)
        unread = person.read_to < len(group.feed) and attention.opens(person, self.p, hours, *self.reason(person, now))
        news = person.letters or person.answers_new or person.tie_exits_new or person.showing == showing.TO_SHOW
        if unread or news or hours >= 24.0 or self.coupon_comes_to_mind(person, now):
            return False
        near = leaving.is_near(person, group, self.p, now, hours)
        if near or any(mechanism.is_near(person, self.p, hours) for mechanism in (referral, giving, asking)):
            return False
        chat.spend_time(person, group, self.p, now)
        return bool(person.talk_clock > 0.0)

    def group_of(self, person: Any) -> Any:
        """Return the record of a person's group (of everybody outside for those in none)."""
        return self.groups.get(person.group, self.outside)

    def arrive(self, person: Any, now: float) -> None:
        """Let an admitted person come in, and join the group whose place was kept."""
        group = self.group_of(person)
        person.arrived = True
        person.admitted_h = person.last_h = person.price_seen_h = now
        categories.fix_shares(person, self.products)
        buying.next_budget(person, self.p)
        blocking.first_budget(person, self.p)
        sessions.begin_day(person, self.profile, now)
        sessions.next_base_session(person, self.profile, self.p, now)
        sessions.look_ahead(person, self.profile, self.p, now)
        if person.enters_group:
            group.reserved -= 1
            self.join(person, group, now)

    def join(self, person: Any, group: Any, now: float) -> None:
        """Make somebody a member."""
        person.member = person.ever_member = True
        person.joined_h = now
        person.read_to = len(group.feed)
        group.members += 1
        ties.look_around(self.people, person.number)
        for mechanism in (leaving, muting):
            mechanism.first_budget(person, self.p)
        for mechanism in (chat, referral, giving, asking):
            mechanism.next_budget(person, self.p)
        if group.welcome_post >= 0:
            self.hand_over(person, self.posts[group.welcome_post], now)

    # ---- a session ----------------------------------------------------------------------------------------------

    def session(self, person: Any, now: float) -> None:
        """Read newest first, then act: buy, talk, invite, mute, leave."""
        occasion, why = self.reason(person, now)
        self.occasion(person, now)
        person.sessions += 1
        person.last_session_h = now
        group = self.group_of(person)
        self.recall_coupon(person, now)
        if person.member and attention.opens(person, self.p, 0.0, occasion, why):
            unread = list(range(person.read_to, len(group.feed)))
            person.read_to = len(group.feed)
            for on_top, place in enumerate(reversed(unread)):
                message = group.feed[place]
                mine = message.author == person.key
                there = on_top < FEED and message.kind != REMOVED
                if there and not mine and attention.sees(person, message.key, on_top, self.p):
                    self.see(person, group, message, now)
        letters, person.letters = person.letters[-INBOX:], []
        for post in reversed(letters):
            chance = contacts.chance_of_sight(person, post.message, self.p)
            contacts.meet(person, post.message, self.p)
            if attention.sees_personal(person, post.message.key, chance, self.p):
                self.see(person, group, post.message, now)
        if person.trigger_offer >= 0:
            self.buy_from_offer(person, now)
        if person.member:
            self.act_as_member(person, group, now)

    def coupon_comes_to_mind(self, person: Any, now: float) -> bool:
        """Return whether somebody is to be reminded of a coupon that they hold, in the last hours of its life."""
        left = person.coupon_expires_h - now
        soon = 0.0 < left <= self.p.coupons.last_hours
        return bool(person.coupon_fen and person.coupon_post >= 0 and soon and not person.coupon_reminded)

    def recall_coupon(self, person: Any, now: float) -> None:
        """Remind somebody of a coupon that they hold, if they still buy."""
        if person.lapsed_h == NEVER and self.coupon_comes_to_mind(person, now):
            offer = self.posts[person.coupon_post].message.offer
            if offer >= 0:
                coupons.remind(person, offer, self.products[self.offers[offer].product], self.p, now)

    def reason(self, person: Any, now: float) -> tuple[Any, int]:
        """Return what the session came from, as the key of its occasion."""
        if person.base_h <= now:
            return person.day * 65536 + person.day_session, 0
        return (person.pull_key, 1) if person.pull_h <= now else (person.follow_key, 2)

    def occasion(self, person: Any, now: float) -> None:
        """Use up every reason for a session that is due, and plan the next base session."""
        if person.follow_h <= now:
            person.follow_h = NEVER
        if person.pull_h <= now:
            person.pull_h = NEVER
        if person.base_h <= now:
            # KERNEL: who has nothing to look at (outside, no letter, no coupon) looks once a day; ENGINE 5 says nothing of them.
            if person.member or person.letters or (person.coupon_fen and now < person.coupon_expires_h):
                sessions.next_base_session(person, self.profile, self.p, now)
            else:
                person.base_h = NEVER
            sessions.look_ahead(person, self.profile, self.p, now)

    def see(self, person: Any, group: Any, message: Any, now: float) -> None:
        """Let one seen message work, and let the person take what it brings."""
        post = self.posts[message.post] if message.post >= 0 else None
        if message.packet >= 0:
            packet = self.packets[message.packet]
            fen = red_packets.claim(person, packet, self.p, now)
            if fen:
                behaviour.claimed(person, packet, fen, self.p, now)
                giving.taken(self.people, packet, person.number, fen, self.p)
                chat.show(group, self.p, now)
                self.note.setdefault("claimed", []).append(fen)
            elif packet.sender < 0 and packet.remaining_shares == 0:
                person.packet_missed_h = now
        patience = person.leave_clock
        open_to_mute = person.mute_clock > 0.0
        behaviour.seen(person, group, message, similarity(person.interests, message.topics), self.p, now)
        person.messages_read += 1
        self.note.setdefault("read", []).append(int(message.key))
        if post is not None:
            post.seen += 1
            post.leaves_allocated += patience - person.leave_clock
            post.mutes += open_to_mute and person.mute_clock <= 0.0
            if post.coupon_fen > 0 and person.coupon_expires_h <= now:
                person.coupon_fen, person.coupon_floor_fen = post.coupon_fen, post.coupon_floor_fen
                person.coupon_expires_h = now + post.coupon_hours
                person.coupon_post = message.post
                person.coupon_reminded = False
        if message.offer >= 0:
            self.consider(person, message, self.offers[message.offer], now)

    def consider(self, person: Any, message: Any, offer: Any, now: float) -> None:
        """Spend an offer's dose, once per (member, offer), while it is open as the board has it."""
        if not offer.opens_h <= now < offer.closes_h or offer.sold_out or offer.number in person.offers_known:
            return
        if offer.in_shop and person.region >= self.p.market.shop_regions:
            return
        person.offers_known.add(offer.number)
        if not live.enters(person, offer, self.p):
            return
        if message.post >= 0:
            self.posts[message.post].visits += 1
        if offer.pull > 0.0:
            relevance = similarity(person.interests, message.topics)
            if offer.outside:
                accepts = not person.ever_member and taking_part.takes_part(person, offer, relevance, self.p)
                person.calls |= offer.call if accepts else np.uint64(0)
            elif person.member and taking_part.takes_part(person, offer, relevance, self.p):
                taking_part.take_part(person, offer, self.p)
                chat.show(self.group_of(person), self.p, now)
            return
        if offer.form == MEMBERSHIP:
            if person.answered_offer < 0 and standing.wants_membership(person, offer, self.p, now):
                person.answered_offer = offer.number
            return
        product = self.products[offer.product]
        # KERNEL: ENGINE 5 names the reference price before doses; the kernel moves it after the dose of the offer.
        person.offer_lift = terms.lift(offer, self.posts[message.post].joined, self.p)
        behaviour.offered(person, message, offer, product, similarity(person.interests, product.topics), self.p, now)
        if offer.commission_share > 0 and person.member and person.answered_offer < 0 and sharing.shares(person, offer, self.p):
            person.answered_offer = offer.number

    # ---- acts ---------------------------------------------------------------------------------------------------

    def buy_from_need(self, person: Any, now: float) -> None:
        """Buy at list price where the clock ran out."""
        buying.next_budget(person, self.p)
        chosen = categories.choose(person, self.products, self.p)
        units = buying.draw_units(person, False, self.products[chosen], self.p, 0)
        self.order(person, now, "organic", chosen, units, 1.0, -1, -1)

    def parts_of_an_order(self, person: Any, on_deal: bool, product: Any) -> int:
        """Return the units of an order, one part a budget that ran out."""
        units = part = 0
        while person.buy_clock <= 0.0:
            buying.next_budget(person, self.p)
            units += buying.draw_units(person, on_deal, product, self.p, part)
            part += 1
        return units

    def buy_from_offer(self, person: Any, now: float) -> None:
        """Buy what the offer's dose called for, one part a budget; limited stock is asked for."""
        offer = self.offers[person.trigger_offer]
        product = self.products[offer.product]
        units = self.parts_of_an_order(person, offer.price_share < 1.0 and not offer.coupon, product)
        units = terms.fill_up(person, offer, units, self.p, now)
        number, post = person.trigger_offer, person.trigger_post
        person.trigger_offer = person.trigger_post = -1
        if not offer.limited and not offer.form:
            self.order(person, now, "offer", offer.product, units, 1.0 if offer.coupon else offer.price_share, number, post)
        elif not person.order_open:
            person.order_open = True
            self.ask(person, now, kind="order", nth=units, offer=number, post=post)

    def order(
        self,
        person: Any,
        now: float,
        kind: str,
        chosen: int,
        units: int,
        price_share: float,
        offer: int,
        post: int,
        asked_h: float | None = None,
    ) -> None:
        """Book an order, whole fen, dated when it was asked for, and let it work on the person."""
        product = self.products[chosen]
        price_share = min(price_share, standing.share(person, now))
        paid = math.floor(product.list_fen * price_share + 0.5) * units
        if offer >= 0 and self.offers[offer].save_fen > 0 and self.offers[offer].floor_fen <= paid:
            paid -= min(paid, self.offers[offer].save_fen)
            price_share = paid / (product.list_fen * units)
        cost = product.cost_fen * units
        coupon = refund = 0
        if person.coupon_fen > 0 and now < person.coupon_expires_h and paid >= person.coupon_floor_fen:
            coupon = min(person.coupon_fen, paid)
            post = person.coupon_post if post < 0 else post
            person.coupon_fen, person.coupon_expires_h = 0, -NEVER
        often = product.return_rate * (1.0 if offer < 0 else self.offers[offer].return_factor)
        if randomness.uniform(self.p.run.key, person.key, buying.RETURN, person.orders, 0) < often:
            refund, coupon = paid, 0
            cost = math.floor(cost * self.p.market.return_loss_share + 0.5)
        found = Record(
            time_h=now if asked_h is None else asked_h,
            kind=kind,
            product=chosen,
            units=units,
            price_share=price_share,
            list_fen=product.list_fen * units,
            paid_fen=paid,
            cost_fen=cost,
            refund_fen=refund,
            coupon_fen=coupon,
            offer=offer,
            post=post,
            in_group=person.member,
        )
        self.orders.append({"key": int(person.key), "group": person.group if person.member else -1, **vars(found)})
        self.note.setdefault("orders", []).append(dict(vars(found)))
        person.gmv_fen += paid
        person.margin_fen += paid - refund - cost - coupon
        behaviour.ordered(person, found, product, self.p, now)

    def act_as_member(self, person: Any, group: Any, now: float) -> None:
        """Talk, invite, give, ask, mute, leave, where the clock of the act has run out."""
        if person.talk_clock <= 0.0:
            self.talk(person, group, now)
        if person.invite_clock <= 0.0 and not person.invite_open:
            person.invite_open = True
            self.ask(person, now, kind="invitation", nth=person.invitations, offer=-1, post=-1)
            person.invitations += 1
            person.invited_h = now
            referral.next_budget(person, self.p)
        if person.giving_clock <= 0.0 and person.gift_fen == 0 and not person.freeloader:
            self.ask(person, now, kind="gift", nth=giving.begin(person, self.p), offer=-1, post=-1)
        if person.asking_clock <= 0.0 and not person.question_open:
            nth, about = asking.begin(person, self.p)
            self.ask(person, now, kind="question", nth=nth, offer=about, post=-1)
        if person.mute_clock <= 0.0 and not person.muted:
            person.muted = True
            person.muted_h = now
            self.note["muted"] = True
        if person.leave_clock <= 0.0:
            person.member = False
            person.left_h = now
            person.left_cause = leaving.draw_cause(person, self.p)
            group.members -= 1
            contagion.tell(self.people, person.number, self.p, False)
            ties.go_away(self.people, person.number)
            self.note["left"] = [person.left_cause, *(person.leave_spent / person.leave_spent.sum())]

    def talk(self, person: Any, group: Any, now: float) -> None:
        """Write one message a budget; writing brings the writer back to the conversation."""
        budgets = 0
        while person.talk_clock <= 0.0 and budgets < MOST_ACTS:
            budgets += 1
            message = blank(MESSAGE)
            post, author = chat.write(person, person.number, group, message, self.p, now)
            group.feed.append(message)
            chat.next_budget(person, self.p)
            if post >= 0:
                self.posts[post].replies += 1
            if author >= 0 and self.people[author].member and self.people[author].group == person.group:
                other = self.people[author]
                other.answers_new += 1
                ties.meet(self.people, person.number, author, self.p.ties.answer_strength)
                message.answers = chat.addressed(other)
                loud = self.p.chat.address_ring
                if other is not person and loud and sessions.notice(other, message.key, loud, False, 0.0, self.p, now):
                    self.expect(other, min(other.next_h, other.pull_h))
            behaviour.wrote(person, self.p, now)
            sessions.follow_up(person, message.thread, person.written, self.p, now)
            self.note.setdefault("wrote", []).append((int(message.key), int(message.thread), message.depth))

    def ask(self, person: Any, now: float, *, kind: str, nth: int, offer: int, post: int) -> None:
        """Ask the brand for something; it answers at a tick."""
        self.requests.append(Record(person=person, time_h=now, kind=kind, nth=nth, offer=offer, post=post))
        self.note.setdefault("asked", []).append((kind, nth, offer, post))
