"""The same members in plain SimPy: one process a member, one object a message, random numbers from Python's ``random``.

The rules are those of ``sim.behaviour`` (see the docstring of each mechanism) with the parameters of a ``Scenario``: sessions, attention,
fatigue, trust, desire, reference prices, regret, needs and offers, chat, red packets, muting, leaving. Left out, here and in the
benchmark's scenario: what members ask of the brand (invitations, limited stock), personal messages and coupons, newcomers, returns.
Nothing is keyed: a run agrees with the kernel in distribution, not number by number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import simpy

from benchmarks.simpy_records import Message, Offer, Packet, beta_mean, cosine, gamma_mean
from sim.brand.catalogue import Product
from sim.scenario import Scenario

if TYPE_CHECKING:
    from benchmarks.simpy_community import Community

LOG_2 = math.log(2.0)
NEVER = math.inf


class Member:
    """A person with two lives, customer and member; ``live`` is their process."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self.env = community.env
        self.random = random = community.random
        self.draw_traits(community.scenario, random)
        self.group = community.choose_group(self)
        self.group.members.append(self)
        self.group.present += 1
        self.member = True
        self.muted = False
        self.lapsed = False
        self.read_to = 0
        self.last_h = 0.0
        self.price_seen_h = 0.0
        self.fatigue_fast = self.fatigue_slow = 0.0
        self.trust = community.behaviour.trust.start
        self.desire = self.regret = 0.0
        self.surplus_days = dict.fromkeys(self.community.categories, 0.0)
        self.drawn_forward = dict.fromkeys(self.community.categories, 0.0)
        self.weights = [item.share * (0.25 + cosine(self.interests, topics)) for item, _, topics in self.community.goods]
        self.reference_price = 1.0
        self.paid_share, self.paid_h = 0.0, -NEVER
        self.wrote_h = -NEVER
        self.buy_clock = random.expovariate(1.0)
        self.talk_clock = random.expovariate(1.0)
        self.mute_clock = random.expovariate(1.0)
        self.leave_clock = random.expovariate(1.0)
        self.parent: Message | None = None
        self.wanted: Offer | None = None
        self.pull_h = self.follow_h = NEVER
        self.day = 0
        self.base_sessions = self.draw_day()
        self.goodwill = 1.0
        self.buy_rate = self.talk_rate = self.leave_rate = 0.0
        self.openness_then = 1.0
        self.process = community.env.process(self.live())

    def draw_traits(self, scenario: Scenario, random: Random) -> None:
        """Draw who the person is."""
        behaviour, need = scenario.behaviour, scenario.brand.need
        concentration = scenario.population.interest_concentration
        drawn = [random.gammavariate(concentration * weight, 1.0) if weight > 0.0 else 0.0 for weight in self.community.weights]
        self.interests = [value / max(sum(drawn), 1e-300) for value in drawn]
        self.session_rate = gamma_mean(random, behaviour.sessions.rate_per_day, behaviour.sessions.rate_shape)
        self.notice = beta_mean(random, behaviour.sessions.notice_mean, behaviour.sessions.notice_concentration)
        self.tolerance = behaviour.fatigue.tolerance_median_per_week * math.exp(random.gauss(0.0, behaviour.fatigue.tolerance_sigma))
        sigma = behaviour.chat.talkativeness_sigma
        self.talkativeness = behaviour.chat.talkativeness_per_day * math.exp(random.gauss(-0.5 * sigma * sigma, sigma))
        self.need_per_hour = random.gammavariate(need.rate_shape, 1.0) / (need.rate_scale_weeks * 168.0)
        self.lapse_probability = random.betavariate(need.lapse_a, need.lapse_b)
        self.units_mean = gamma_mean(random, need.units_mean, need.units_shape)
        mean = behaviour.prices.deal_proneness_mean
        proneness = beta_mean(random, mean, max(mean * (1.0 - mean) / behaviour.prices.deal_proneness_sd**2 - 1.0, 0.01))
        self.elasticity = behaviour.prices.elasticity * proneness / mean
        self.frailty = gamma_mean(random, 1.0, behaviour.leaving.frailty_shape)
        self.customer = random.random() < scenario.population.customer_share

    # ---- the process --------------------------------------------------------------------------------------------

    def live(self) -> Iterator[Any]:
        """Wait for whatever comes next: need, a session, midnight; a notice may call earlier."""
        self.fix_rates()
        while True:
            organic_h = self.env.now + max(0.0, self.buy_clock) / self.buy_rate if self.buy_rate > 0.0 else NEVER
            base_h = self.base_sessions[-1] if self.base_sessions else NEVER
            midnight = (self.day + 1) * 24.0 if base_h == NEVER else NEVER
            now = min(organic_h, base_h, midnight, self.pull_h, self.follow_h)
            try:
                yield self.env.timeout(max(0.0, now - self.env.now))
            except simpy.Interrupt:
                continue
            self.pass_time(now)
            if organic_h <= now:
                self.buy_from_need()
            elif midnight <= now:
                self.day += 1
                self.base_sessions = self.draw_day()
            else:
                if base_h <= now:
                    self.base_sessions.pop()
                    if not self.member:
                        self.base_sessions.clear()  # nothing is there to be seen: one look a day
                if self.pull_h <= now:
                    self.pull_h = NEVER
                if self.follow_h <= now:
                    self.follow_h = NEVER
                self.session()
            self.fix_rates()

    def draw_day(self) -> list[float]:
        """Return the hours of the day's base sessions, the last first."""
        profile = self.community.profile[self.day % 7]
        hours, spent = [], self.random.expovariate(1.0)
        hour = 0
        while spent < self.session_rate * profile[24]:
            target = spent / self.session_rate
            while profile[hour + 1] <= target:
                hour += 1
            hours.append(self.day * 24.0 + hour + (target - profile[hour]) / (profile[hour + 1] - profile[hour]))
            spent += self.random.expovariate(1.0)
        return hours[::-1]

    def pass_time(self, now: float) -> None:
        """Spend rates, and let states decay."""
        hours = now - self.last_h
        behaviour = self.community.behaviour
        self.buy_clock -= self.buy_rate * hours
        if self.member:
            self.leave_clock -= self.leave_rate * hours
            self.talk_clock -= self.talk_rate * hours
        self.fatigue_fast *= 2.0 ** (-hours / (24.0 * behaviour.fatigue.fast_half_life_days))
        self.fatigue_slow *= 2.0 ** (-hours / (24.0 * behaviour.fatigue.slow_half_life_days))
        self.desire *= 2.0 ** (-hours / (24.0 * behaviour.desire.half_life_days))
        self.regret *= 2.0 ** (-hours / (24.0 * behaviour.regret.half_life_days))
        for category in self.community.categories:
            self.drawn_forward[category] *= math.exp(-hours / (24.0 * behaviour.buying.advance_days))
            self.surplus_days[category] = max(0.0, self.surplus_days[category] - hours / 24.0)
        self.last_h = now

    def fix_rates(self) -> None:
        """Compute the rates that hold until the next event."""
        now, group, behaviour = self.env.now, self.group, self.community.behaviour
        goodwill = 1.0 / (1.0 + behaviour.fatigue.response_resistance * self.pressure())
        goodwill *= math.exp(behaviour.trust.buying_weight * (self.trust - behaviour.trust.start))
        goodwill *= 1.0 + behaviour.desire.weight * self.desire / (1.0 + self.desire)
        self.goodwill = goodwill / (1.0 + behaviour.regret.buying_weight * self.regret)
        self.buy_rate = 0.0 if self.lapsed else self.need_per_hour * self.goodwill * self.response(1.0)
        self.buy_rate *= sum(self.part_of_need(category) for category in self.community.categories)
        if not self.member:
            self.talk_rate = self.leave_rate = 0.0
            return
        lively = self.pull_share(now)
        self.openness_then = self.openness(now)
        pull = behaviour.chat.novelty * math.exp(-now / (24.0 * behaviour.chat.novelty_days)) * self.openness_then
        pull += group.cohesion * lively
        self.talk_rate = self.talkativeness / 24.0 * pull * self.room(now)
        leaving = behaviour.leaving
        a_day = leaving.base_per_day + leaving.doubt_per_day * math.exp(-now / 24.0 / leaving.doubt_days)
        a_day += behaviour.trust.leaving_weight * max(0.0, behaviour.trust.start - self.trust)
        a_day += behaviour.regret.leaving_weight * self.regret
        if now - group.last_message_h > 24.0 * leaving.silence_days:
            a_day += leaving.silence_per_day
        self.leave_rate = self.frailty * a_day / 24.0

    # ---- reading ------------------------------------------------------------------------------------------------

    def session(self) -> None:
        """Read newest first, then act."""
        self.community.totals.sessions += 1
        if self.member and self.opens():
            feed = self.group.feed
            unread, self.read_to = self.read_to, len(feed)
            span = self.community.behaviour.attention.span_messages
            for on_top, place in enumerate(range(len(feed) - 1, max(unread, len(feed) - 128) - 1, -1)):
                message = feed[place]
                if message.author is not self and self.random.random() < math.exp(-on_top / span):
                    self.see(message)
        if self.wanted is not None:
            self.buy_from_offer(self.wanted)
        if self.member:
            if self.talk_clock <= 0.0:
                self.talk()
            if self.mute_clock <= 0.0:
                self.muted = True
            if self.leave_clock <= 0.0:
                self.member = False
                self.group.present -= 1
                self.community.totals.leaves += 1

    def opens(self) -> bool:
        """Return whether the person opens the group."""
        attention = self.community.behaviour.attention
        chance = 1.0 / (1.0 + attention.pressure_aversion * self.pressure())
        return self.random.random() < chance * (attention.muted_opening if self.muted else 1.0)

    def pressure(self) -> float:
        """Return irritation a week against tolerance."""
        fatigue = self.community.behaviour.fatigue
        return (fatigue.fast_weight * self.fatigue_fast + (1.0 - fatigue.fast_weight) * self.fatigue_slow) / self.tolerance

    def see(self, message: Message) -> None:
        """Let a message work on the person."""
        behaviour = self.community.behaviour
        self.community.totals.reads += 1
        relevance = cosine(self.interests, message.topics)
        irritation = behaviour.fatigue.strength * message.load * (1.0 - relevance)
        irritation *= 1.0 + behaviour.fatigue.commercial_extra * message.commercial
        self.fatigue_fast += irritation * LOG_2 * 7.0 / behaviour.fatigue.fast_half_life_days
        self.fatigue_slow += irritation * LOG_2 * 7.0 / behaviour.fatigue.slow_half_life_days
        if message.author is None:
            good = message.quality * relevance * (1.0 - message.commercial)
            bad = behaviour.trust.selling_sting * message.commercial * (1.0 - relevance)
            self.experience(message.credibility * good - bad - behaviour.trust.expectation)
        gain = behaviour.desire.gain * relevance * message.quality * message.credibility
        self.desire += gain * (1.0 - message.commercial)
        self.feel_like_answering(message)
        dose = 7.0 * math.sqrt(self.pressure()) * irritation / self.tolerance
        self.mute_clock -= behaviour.muting.strength_per_day * dose
        self.leave_clock -= self.frailty * behaviour.leaving.pressure_per_day * dose
        if message.author is None:
            self.leave_clock -= self.frailty * behaviour.leaving.irrelevance_dose * irritation
        if message.packet is not None:
            self.claim(message.packet)
        if message.offer is not None and self.env.now < message.offer.closes_h:
            self.consider(message.offer)

    def experience(self, value: float) -> None:
        """Move trust."""
        trust = self.community.behaviour.trust
        if value > 0.0:
            self.trust += min(1.0, trust.gain * value) * (1.0 - self.trust)
        else:
            self.trust -= min(1.0, -trust.loss * value) * self.trust

    def claim(self, packet: Packet) -> None:
        """Claim a share of a red packet by the double-mean rule."""
        if packet.shares == 0 or self.env.now >= packet.expires_h:
            return
        share = packet.fen
        if packet.shares > 1:
            highest = 2.0 * packet.fen / packet.shares
            share = math.floor(1.5 + self.random.random() * (highest - 1.0))
            share = max(1, min(share, packet.fen - (packet.shares - 1)))
        packet.fen -= share
        packet.shares -= 1
        settings = self.community.behaviour.red_packets
        self.experience(min(settings.trust_most, settings.trust_per_yuan * share / 100.0))
        self.talk_clock -= settings.talk_dose * self.openness_then
        self.enliven(self.community.behaviour.chat.sign_weight)

    # ---- buying -------------------------------------------------------------------------------------------------

    def response(self, price_share: float) -> float:
        """Return the factor on buying of a price."""
        prices = self.community.behaviour.prices
        against = math.log(self.reference_price / price_share)
        against *= prices.loss_weight if against < 0.0 else 1.0
        q = prices.reference_part
        return math.exp(self.elasticity * (q * against - (1.0 - q) * math.log(price_share)))

    def left(self, category: str) -> float:
        """Return what stock at home leaves of the need of a category."""
        return max(0.0, 1.0 - self.surplus_days[category] / self.community.behaviour.buying.stock_limit_days)

    def part_of_need(self, category: str) -> float:
        """Return the part of need that is there in a category: its share, less what stock covers."""
        own = sum(weight for weight, (_, other, _) in zip(self.weights, self.community.goods, strict=True) if other == category)
        return own / sum(self.weights) * self.left(category)

    def see_price(self, price_share: float) -> None:
        """Move the reference price."""
        weeks = (self.env.now - self.price_seen_h) / 168.0
        kept = self.community.behaviour.prices.memory_per_week**weeks
        self.reference_price = price_share + (self.reference_price - price_share) * kept
        self.price_seen_h = self.env.now

    def consider(self, offer: Offer) -> None:
        """Spend the dose of an offer."""
        behaviour, buying = self.community.behaviour, self.community.behaviour.buying
        gap = self.paid_share - offer.price_share
        if gap > 0.0:
            felt = behaviour.regret.strength * gap * 2.0 ** (-(self.env.now - self.paid_h) / (24.0 * behaviour.regret.recency_days))
            self.regret += felt
            self.paid_share = offer.price_share
            self.experience(-behaviour.regret.trust_experiences * felt)
        if not self.lapsed:
            fit = cosine(self.interests, offer.topics)
            value = self.goodwill * self.response(offer.price_share)
            value *= math.exp(buying.relevance_weight * (fit - buying.neutral_relevance))
            left = offer.closes_h - self.env.now
            if left < buying.countdown_hours:
                value *= 1.0 + buying.countdown * (1.0 - left / buying.countdown_hours)
            drawn = self.drawn_forward[offer.category]
            fresh = max(0.0, value - 1.0 - drawn)
            self.drawn_forward[offer.category] = max(drawn, value - 1.0)
            before = self.buy_clock
            self.buy_clock -= self.need_per_hour * 24.0 * buying.advance_days * fresh * self.part_of_need(offer.category)
            if before > 0.0 >= self.buy_clock:
                self.wanted = offer
        self.see_price(offer.price_share)

    def buy_from_need(self) -> None:
        """Buy a product at list price."""
        self.buy_clock += self.random.expovariate(1.0)
        goods = self.community.goods
        weights = [weight * self.left(category) for weight, (_, category, _) in zip(self.weights, goods, strict=True)]
        product, category, _ = self.random.choices(goods, weights)[0]
        self.order(product, category, 1.0, self.units(product, on_deal=False))

    def buy_from_offer(self, offer: Offer) -> None:
        """Buy what an offer called for."""
        units = 0
        while self.buy_clock <= 0.0:
            self.buy_clock += self.random.expovariate(1.0)
            units += self.units(offer.product, on_deal=offer.price_share < 1.0)
        self.wanted = None
        self.order(offer.product, offer.category, offer.price_share, units)

    def units(self, product: Product, *, on_deal: bool) -> int:
        """Return how many units are bought."""
        buying = self.community.behaviour.buying
        amount = gamma_mean(self.random, self.units_mean, buying.units_shape)
        if on_deal and product.storable:
            amount *= 1.0 + buying.deal_quantity
        whole = math.floor(amount)
        return max(1, whole + (self.random.random() < amount - whole))

    def order(self, product: Product, category: str, price_share: float, units: int) -> None:
        """Book an order."""
        self.community.totals.orders += 1
        self.community.totals.gmv_fen += math.floor(product.list_yuan * 100.0 * price_share + 0.5) * units
        if price_share < 1.0 and product.storable:
            limit = self.community.behaviour.buying.stock_limit_days
            self.surplus_days[category] = min(limit, self.surplus_days[category] + product.use_days * units)
        if self.customer and self.random.random() < self.lapse_probability:
            self.lapsed = True
        self.customer = True
        self.see_price(price_share)
        self.paid_share, self.paid_h = price_share, self.env.now

    # ---- talking ------------------------------------------------------------------------------------------------

    def room(self, now: float) -> float:
        """Return what the chat's capacity leaves."""
        chat = self.community.behaviour.chat
        heat = self.group.heat * math.exp(-(now - self.group.heat_h) * 60.0 / chat.window_minutes)
        return max(0.0, 1.0 - heat / chat.capacity_posters)

    def pull_share(self, now: float) -> float:
        """Return the share of its pull that the group gives."""
        chat = self.community.behaviour.chat
        liveliness = self.group.liveliness * math.exp(-(now - self.group.liveliness_h) / (24.0 * chat.liveliness_days))
        return liveliness**2 / (liveliness**2 + chat.liveliness_half**2)

    def enliven(self, messages: float) -> None:
        """Add so many messages to what the group feels like."""
        group, now = self.group, self.env.now
        group.liveliness *= math.exp(-(now - group.liveliness_h) / (24.0 * self.community.behaviour.chat.liveliness_days))
        group.liveliness += messages / max(1, group.present)
        group.liveliness_h = now

    def openness(self, now: float) -> float:
        """Return what silence leaves of what answers no member."""
        floor = self.community.behaviour.chat.silence_floor
        return floor + (1.0 - floor) * self.pull_share(now)

    def answering(self) -> float:
        """Return how readily the member answers, against the mean."""
        chat = self.community.behaviour.chat
        talkativeness = self.talkativeness / chat.talkativeness_per_day
        return talkativeness / (talkativeness + chat.answering_half) / self.community.mean_answering

    def feel_like_answering(self, message: Message) -> None:
        """Spend the reply dose of a message."""
        chat, now = self.community.behaviour.chat, self.env.now
        message.readers += 1
        first = chat.reply_readers
        dose = chat.answers_per_message * self.answering() * first / ((first + message.readers - 1) * (first + message.readers))
        dose *= message.appeal * math.exp(-(now - message.time_h) / chat.reply_memory_hours) * self.room(now)
        if message.author is None:
            dose *= self.openness(now)
        dose *= chat.depth_factor**message.depth
        if dose > 0.0:
            if self.talk_clock > 0.0 >= self.talk_clock - dose:
                self.parent = message
            self.talk_clock -= dose

    def talk(self) -> None:
        """Write, and come back for the answers."""
        chat, group, now = self.community.behaviour.chat, self.group, self.env.now
        sessions = self.community.behaviour.sessions
        while self.talk_clock <= 0.0:
            depth = 0 if self.parent is None else self.parent.depth + 1
            self.parent = None
            appeal = self.random.expovariate(1.0)
            group.feed.append(
                Message(now, self.interests, chat.message_quality, 0.0, chat.message_load, chat.credibility, appeal, self, depth=depth)
            )
            self.enliven(1.0)
            group.heat *= math.exp(-(now - group.heat_h) * 60.0 / chat.window_minutes)
            group.heat += (now - self.wrote_h) * 60.0 > chat.window_minutes
            group.heat_h = group.last_message_h = self.wrote_h = now
            self.talk_clock += self.random.expovariate(1.0)
            self.community.totals.written += 1
            if self.random.random() < sessions.follow_probability:
                delay = sessions.follow_median_minutes / 60.0 * math.exp(self.random.gauss(0.0, sessions.follow_sigma))
                self.follow_h = min(self.follow_h, now + delay)
        self.read_to = len(group.feed)

    def hear(self, ring: float) -> None:
        """Perhaps notice a message, and come for it earlier than planned."""
        sessions = self.community.behaviour.sessions
        if self.random.random() < self.notice * ring * (sessions.muted_notice if self.muted else 1.0):
            delay = sessions.reaction_median_minutes / 60.0 * math.exp(self.random.gauss(0.0, sessions.reaction_sigma))
            if self.env.now + delay < self.pull_h:
                self.pull_h = self.env.now + delay
                self.process.interrupt()
