"""Time and order under ENGINE's rules: one queue for everybody, every tick walked, nothing lazy.

Where the kernel is known to do something that ENGINE does not say (or says otherwise), a comment here begins with KERNEL.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from sim import behaviour, gates, grouping, population, randomness
from sim.behaviour import asking, categories, chat, contagion, giving, habit, referral, sessions, sharing, showing, tags, ties, trust
from sim.behaviour.relevance import similarity
from sim.codes import BARGAIN, ORDER_KINDS, PRUNED, SHILL, TEAM
from sim.encode import parameter_record, product_table, topic_weights, week_profile
from sim.passing_on import nth_asked
from sim.randomness import name_key, run_key
from sim.scenario import Scenario
from sim.world import GROUP, MESSAGE, OFFER, PACKET, PERSON, POST
from tests.sim.naive.desk import Desk
from tests.sim.naive.members import NEVER, Members
from tests.sim.naive.records import Record, blank, thaw

STREET = 250
FIRST_SHOWING = 1 << 40
SETTLED = ("question", "invitation", "showing", "gift", "order", "answer")


class Scheduler(Members):
    """Everybody's events in one queue.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    seed, replication : int
        Name the random numbers.
    """

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        super().__init__()
        self.asked_prices: list[int] = []
        self.scenario = scenario
        self.run = run_key(seed, replication)
        self.p = thaw(parameter_record(scenario, self.run)[0])
        self.profile = week_profile(scenario.market)
        self.weights = topic_weights(scenario.brand)
        self.products = [thaw(record) for record in product_table(scenario.brand)]
        self.numbers = count()
        self.on_the_street = 0
        self.streets: list[int] = []
        self.lobby: list[Any] = []
        self.changed: set[int] = set()
        self.asked: dict[int, list[int]] = {}
        self.calls: dict[int, Any] = {}
        self.came: set[int] = set()
        self.newcomers: list[Any] = []
        self.reward: Callable[[float, int], None] = lambda hour, group: None
        self.desk = Desk(scenario.strategy.desk, self.run)
        self.now = 0.0
        self.queue: list[tuple[float, int, int, Any]] = []
        self.entries = count()

    # ---- the queue ----------------------------------------------------------------------------------------------

    def expect(self, person: Any, time_h: float) -> None:
        """Set a person's next event; an older entry in the queue is stale from now on."""
        person.next_h = time_h
        person.entry = next(self.entries)
        heapq.heappush(self.queue, (time_h, int(person.key), person.entry, person))

    def live_until(self, until: float) -> None:
        """Let everybody live through [now, until)."""
        while self.queue and self.queue[0][0] < until:
            time_h, _, entry, person = heapq.heappop(self.queue)
            if entry == person.entry:
                self.now = time_h
                self.event(person, time_h)
        self.now = until

    # ---- requests -----------------------------------------------------------------------------------------------

    def tick_of(self, request: Any) -> int:
        """Return the minute at which a request is settled: the next tick of the grid, which is finer while limited stock is on offer."""
        clock = self.scenario.clock
        if request.kind == "answer":  # always by the usual grid
            return (math.floor(request.time_h * 60.0 / clock.tick_minutes) + 1) * clock.tick_minutes
        limited = any(offer.limited and offer.opens_h <= request.time_h < offer.closes_h for offer in self.offers)
        ticks = clock.fast_tick_minutes if limited else clock.tick_minutes
        return (math.floor(request.time_h * 60.0 / ticks) + 1) * ticks

    def due(self, minute: int) -> list[Any]:
        """Return the requests that are settled at this minute; the desk takes one question with all that were asked before."""
        found = [request for request in self.requests if self.tick_of(request) <= minute]
        if any(request.kind == "question" for request in found):
            earlier = (request for request in self.requests if request.kind == "question" and request.time_h < minute / 60.0)
            found += [request for request in earlier if request not in found]
        return found

    def settle(self, minute: int) -> None:
        """Settle what is due at this minute, kind by kind; each in the order of time and key."""
        while due := self.due(minute):
            kind = min((request.kind for request in due), key=SETTLED.index)
            self.answer([request for request in due if request.kind == kind], minute / 60.0)

    def answer(self, batch: list[Any], now: float) -> None:
        """Answer requests: stock while it lasts; a contact of the pool comes or does not; a packet is dropped; the desk talks."""
        self.requests = [request for request in self.requests if request not in batch]
        for request in sorted(batch, key=lambda request: (SETTLED.index(request.kind), request.time_h, int(request.person.key))):
            if request.kind == "order":
                self.allot(request, now)
            elif request.kind == "gift":
                self.give(request.person, now)
            elif request.kind == "showing":
                request.person.showing = showing.NOTHING
                self.note = self.write("shown", request.person, now)
                for viewer in range(self.scenario.behaviour.showing.viewers if now < self.scenario.horizon_hours else 0):
                    self.invite(request, now, FIRST_SHOWING + request.nth * showing.MOST_VIEWERS + viewer, joins=request.person.member)
            elif request.kind == "question":
                self.queue_up(request)
            elif request.kind == "answer":
                self.converse(request, now)
            else:
                request.person.invite_open = False
                self.note = self.write("answer", request.person, now)
                if now < self.scenario.horizon_hours:
                    self.invite(request, now, request.nth, joins=True)

    def allot(self, request: Any, now: float) -> None:
        """Sell limited stock to whoever asked first, or disappoint; on other forms of offer note what was asked for."""
        person, offer = request.person, self.offers[request.offer]
        if offer.form:
            self.reserve(request, offer, now)
            return
        self.pass_time(person, now)
        left = offer.stock - offer.sold
        self.note = self.write("allotment", person, now, granted=left > 0)
        if left > 0:
            units = min(request.nth, left)
            offer.sold += units
            self.order(person, now, "limited", offer.product, units, offer.price_share, request.offer, request.post, asked_h=request.time_h)
        else:
            trust.experience(person, -self.p.trust.disappointment, self.p)
        person.order_open = False
        self.look_ahead(person, now)

    def reserve(self, request: Any, offer: Any, now: float) -> None:
        """Note a reservation of somebody who is still a member, while the offer takes any; a complete team buys."""
        person = request.person
        person.order_open = False
        if offer.closed or not person.member:
            trust.experience(person, -self.p.trust.disappointment, self.p)
            return
        request.price_share, request.group = offer.price_share, person.group
        if offer.form == BARGAIN:
            self.haggle(request, offer, now)
        offer.reserved.append(request)
        if offer.form == TEAM:
            team = [place for place in offer.reserved if place.group == person.group]
            if len(team) == offer.team:
                for place in team:
                    self.sell(place, offer, offer.price_share, request.time_h, now)
                offer.reserved = [place for place in offer.reserved if place not in team]
            self.show_team(offer, person.group)

    def ties_of(self, person: Any, *, here: bool) -> list[Any]:
        """Return a person's ties, strongest first, in their group or elsewhere."""
        known = [k for k in range(len(person.ties)) if person.tie_strength[k] > 0]
        found = [self.people[person.ties[k]] for k in sorted(known, key=lambda k: (-person.tie_strength[k], k))]
        return [other for other in found if (other.member and other.group == person.group) == here]

    def haggle(self, request: Any, offer: Any, now: float) -> None:
        """Let somebody ask around for help with a price."""
        person, cutting = request.person, offer.bargain
        friends = len(self.ties_of(person, here=True)[: cutting.asks])
        helpers = 0
        for nth in range(cutting.asks):
            chance = self.p.sharing.help_friend if nth < friends else self.p.sharing.help_contact
            helpers += randomness.uniform(self.run, person.key, sharing.HELP, offer.key, nth) < chance
            contact = None
            if nth >= friends and now < self.scenario.horizon_hours:
                contact = self.ask_outside(person, nth_asked(offer.key, nth))
            if contact is not None:
                self.newcomers.append(self.invited(person, contact, now, 1.0, here=True))
        for lead in self.newcomers:
            self.let_in(lead)
        self.newcomers = []
        request.price_share = 1.0 - min(cutting.deepest, cutting.cut * helpers)

    def show_team(self, offer: Any, group: int) -> None:
        """Let the messages of an offer in a group show how many have joined a team there."""
        for post in self.posts:
            if post.message.offer == offer.number and post.group == group:
                post.joined = sum(place.group == group for place in offer.reserved)

    def sell(self, place: Any, offer: Any, price_share: float, time_h: float, now: float) -> None:
        """Let a reservation become an order."""
        person = place.person
        self.pass_time(person, now)
        self.note = self.write("allotment", person, now, granted=True)
        offer.sold += place.nth
        kind = ORDER_KINDS[offer.form]
        self.order(person, now, kind, offer.product, place.nth, price_share, offer.number, place.post, asked_h=time_h)
        self.look_ahead(person, now)

    def fee(self, person: Any, kind: str, fen: int, now: float) -> None:
        """Book what somebody pays that is no product."""
        person.gmv_fen += fen
        person.margin_fen += fen
        self.orders.append({"key": int(person.key), "kind": kind, "offer": -1, "paid_fen": fen, "refund_fen": 0})

    def close_offer(self, offer: Any) -> list[Any]:
        """Take no more reservations; return those that were not granted, in the order of time and key."""
        left, offer.reserved, offer.closed = offer.reserved, [], True
        return sorted(left, key=lambda place: (place.time_h, int(place.person.key)))

    def invite(self, request: Any, now: float, nth: int, *, joins: bool) -> None:
        """Let an invitation, or a showing, meet the likest of some people outside."""
        inviter = request.person
        contact = self.ask_outside(inviter, nth)
        if contact is None:
            return
        self.note.setdefault("came", []).append(contact[0])
        if request.kind == "invitation":
            self.reward(now, inviter.group)
        self.let_in(self.invited(inviter, contact, now, 1.0 if joins else 0.0, here=joins))

    def ask_outside(self, inviter: Any, nth: int) -> tuple[int, float] | None:
        """Let somebody ask who suits best of some people outside; return who comes, and how like they are."""
        size = self.scenario.market.pool
        if size == 0:
            return None
        mean_need = self.scenario.brand.need.rate_shape / (self.scenario.brand.need.rate_scale_weeks * 168.0)
        best = (-1.0, 0.0, -1)
        for k in range(int(self.p.referral.candidates)):
            unit = randomness.uniform(self.run, inviter.key, referral.CONTACT, nth, k)
            number, interests = int(unit * size), np.zeros(self.weights.size)
            key = population.person_key(population.POOL_SOURCE, number)
            population.draw_interests(self.run, key, self.weights, self.p.population.interest_concentration, interests)
            same = similarity(inviter.interests, interests)
            need, propensity = population.draw_need(self.run, key, self.p), population.draw_propensity(self.run, key, self.p)
            alike = referral.likeness(same, inviter.need_rate_per_hour, need, inviter.referral_propensity, propensity, self.p)
            suits = alike + referral.match(need, mean_need, self.p)
            if suits > best[0]:
                best = (suits, same, number)
        _, likeness, number = best
        if number in self.came:
            return None
        asked = self.asked.setdefault(number, [0, 0])
        before = referral.acceptance(*asked, self.p) if sum(asked) else 0.0
        asked[int(likeness >= self.p.referral.strong_similarity)] += 1
        chance = (referral.acceptance(*asked, self.p) - before) / (1.0 - before)
        key = population.person_key(population.POOL_SOURCE, number)
        if randomness.uniform(self.run, key, referral.ACCEPT, sum(asked), 0) >= chance:
            return None
        self.came.add(number)
        return number, likeness

    def invited(self, inviter: Any, contact: tuple[int, float], now: float, join_share: float, *, here: bool) -> Any:
        """Return somebody outside who comes in because a person asked them, to their group (``here``) or to any of its type."""
        number, likeness = contact
        type_name = self.group_of(inviter).type_name if join_share else ""
        there = self.scenario.strategy.groups.get(type_name)
        elsewhere = there is not None and there.invitees_to not in (None, type_name)
        return Record(
            source=population.POOL_SOURCE,
            number=number,
            time_h=now,
            channel=-1,
            cost_fen=0,
            customer_share=self.scenario.market.pool_customer_share,
            join_share=join_share,
            traits=population.ChannelTraits(),
            inviter=inviter.number,
            group=inviter.group if here and not elsewhere else -1,
            type_name=there.invitees_to if elsewhere else type_name,
            similarity=likeness,
        )

    def let_in(self, lead: Any) -> None:
        """Let somebody into the group that they were asked to, if they can enter at once, or into the lobby."""
        group = self.groups.get(lead.group)
        if group is not None and group.members + group.reserved < group.capacity and self.passes(self.drawn(lead), lead):
            self.admit([lead])
        else:
            self.lobby.append(lead)

    def give(self, sender: Any, now: float) -> None:
        """Drop the packet of somebody who is still a member and has company; each of the others may get a share."""
        group = self.group_of(sender)
        shares = min(self.scenario.behaviour.giving.shares, group.members - 1)
        fen, sender.gift_fen = sender.gift_fen, 0
        dropped = sender.member and shares > 0 and now < self.scenario.horizon_hours
        self.note = self.write("gift", sender, now, fen=fen if dropped else 0)
        if not dropped:
            return
        packet = self.new_packet(
            key=giving.keys(sender, self.p)[1],
            group=sender.group,
            total_fen=fen,
            remaining_fen=fen,
            shares=shares,
            remaining_shares=shares,
            expires_h=now + 24.0,
            sender=sender.number,
        )
        message = blank(MESSAGE)
        giving.write(sender, sender.number, message, packet, self.p, now)
        group.feed.append(message)
        chat.stir(sender, group, self.p, now)
        self.call_in([person for person in self.present(group.number) if person is not sender], message, self.p.giving.ring, now)

    def queue_up(self, request: Any) -> None:
        """Let a question wait for its turn at the desk, or for the end of patience."""
        turn = self.desk.turn(request.person.key, request.nth, request.time_h, self.scenario.behaviour.asking.patience_hours)
        self.requests.append(Record(kind="answer", person=request.person, time_h=turn.ended_h, about=request.offer, turn=turn))
        if request.offer >= 0:
            self.asked_prices.append(request.person.number)

    def converse(self, request: Any, now: float) -> None:
        """Let an answer reach who asked, and perhaps sell: an offer of one, at list price, with the desk's coupon."""
        if now >= self.scenario.horizon_hours:
            return
        person, turn, plan = request.person, request.turn, self.scenario.strategy.desk
        self.pass_time(person, now)
        self.note = self.write("reply", person, now)
        script = plan.robot_script if turn.robot else plan.script
        asking.answered(person, turn.waited_h, turn.overdue_h, script, self.p)
        if turn.waited_h < NEVER:
            tags.conversed(person, script, self.p)
            number = self.offers[request.about].product if request.about >= 0 else categories.choose(person, self.products, self.p)
            product = self.products[number]
            share = 1.0
            if plan.coupon_yuan > 0 and now >= person.coupon_expires_h:
                person.coupon_fen, person.coupon_floor_fen = round(plan.coupon_yuan * 100), round(plan.floor_yuan * 100)
                person.coupon_expires_h, person.coupon_post = now + plan.valid, -1
                share = max(0.05, 1.0 - person.coupon_fen / max(product.list_fen, person.coupon_floor_fen))
            offer, message = blank(OFFER), blank(MESSAGE)
            offer.number, offer.product, offer.price_share, offer.closes_h = asking.SERVICE_OFFER, number, share, NEVER
            offer.lift = 1.0
            offer.key = np.uint64(person.questions)
            message.post = message.slot = message.creative = -1
            person.freshness = 1.0
            person.offer_lift = 1.0 + self.p.asking.persuasion * plan.credibility * plan.persona * script
            behaviour.offered(person, message, offer, product, similarity(person.interests, product.topics), self.p, now)
            if person.trigger_offer == asking.SERVICE_OFFER:
                person.trigger_offer = -1
                self.order(person, now, "service", number, self.parts_of_an_order(person, False, product), 1.0, -1, -1)
        self.look_ahead(person, now)

    def close_books(self, horizon: float) -> None:
        """Settle at the horizon what still waits."""
        while self.requests:
            self.answer(list(self.requests), horizon)

    # ---- people and groups ------------------------------------------------------------------------------------------

    def open_group(self, topic: int, type_name: str = "", attribute: int = -1) -> int:
        """Open a group now and return its number."""
        number = next(self.numbers)
        group = self.groups[number] = blank(GROUP)
        group.feed = []
        group.number = number
        group.type_name, group.attribute = type_name, attribute
        types = self.scenario.strategy.groups
        group.capacity = types[type_name].capacity if type_name else self.scenario.population.group_size
        group.opened_h = group.heat_h = group.liveliness_h = self.now
        group.liveliness = float(self.p.chat.opening_liveliness)
        group.member_message_h = group.shill_message_h = -NEVER
        group.welcome_post = -1
        group.invite_incentive = self.scenario.strategy.referral.incentive
        group.cohesion = group.cohesion_drawn = grouping.draw_cohesion(self.run, len(self.groups) - 1, self.p)
        group.topic = topic
        return number

    def admit(self, leads: list[Any]) -> None:
        """Draw who people are and let them arrive at their times."""
        taken = self.taken()
        batch = []
        for lead in leads:
            person = self.drawn(lead)
            person.inviter, person.channel, person.acquisition_fen = lead.inviter, lead.channel, lead.cost_fen
            person.similarity_to_inviter = lead.similarity
            person.letters, person.offers_known, person.read_to = [], set(), 0
            person.enters_group = person.enters_group and self.scenario.strategy.community
            person.number = len(self.people)
            self.people.append(person)
            batch.append((person, lead, self.typed(person, lead, taken)))
        for person, lead, wanted in batch:
            person.group = self.place(person, wanted)
            if person.enters_group:
                self.groups[person.group].reserved += 1
            if lead.inviter >= 0:
                self.people[lead.inviter].referred += 1
                ties.meet(self.people, person.number, lead.inviter, self.p.ties.inviter_strength)
            self.expect(person, lead.time_h)

    def drawn(self, lead: Any) -> Any:
        """Return the person that a lead is."""
        person = blank(PERSON)
        key = population.person_key(lead.source, lead.number)
        population.draw_person(person, key, self.p, self.weights, lead.traits, lead.customer_share, lead.join_share)
        return person

    # ---- groups of types ----------------------------------------------------------------------------------------------

    def taken(self) -> Counter[int]:
        """Return the places taken in every group."""
        return Counter({number: group.members + group.reserved for number, group in self.groups.items()})

    def type_for(self, lead: Any) -> str:
        """Return the type of groups that somebody is sent to; empty if none."""
        types = self.scenario.strategy.groups
        if lead.inviter >= 0:
            return str(lead.type_name) if lead.type_name in types else ""
        channel = list(self.scenario.brand.channels)[lead.channel] if lead.channel >= 0 else "founding"
        return "".join(name for name in types if channel in types[name].channels)

    def passes(self, person: Any, lead: Any) -> bool:
        """Return whether entering is worth what the gate of somebody's type costs them."""
        return self.passes_gate(person, self.type_for(lead), invited=lead.inviter >= 0)

    def passes_gate(self, person: Any, name: str, *, invited: bool) -> bool:
        """Return whether entering a group of a type is worth to somebody what its gate costs them."""
        gate = self.scenario.strategy.groups[name].gate if name else None
        if gate is None or gate.kind == "free" or (gate.kind == "invitation" and invited):
            return True
        thrift = person.deal_proneness / self.p.prices.deal_proneness_mean
        costs = {"fee": lambda: gate.fee_yuan * thrift, "task": lambda: gate.effort_yuan, "invitation": lambda: gate.trouble_yuan}
        need = self.p.need.rate_shape / (self.p.need.rate_scale_weeks * 168.0)
        cost = costs[gate.kind]()
        return cost <= 0.0 or gates.worth_yuan(person, name, self.run, self.scenario.behaviour.gates, self.weights, need) >= cost

    def answer_at_gate(self, person: Any, name: str) -> None:
        """Tag somebody who comes in where the gate is a questionnaire."""
        gate = self.scenario.strategy.groups[name].gate
        if gate.kind == "task" and gate.questionnaire:
            person.tag = tags.answer(person, name_key("gate", name), self.p)

    def typed(self, person: Any, lead: Any, taken: Counter[int]) -> int:
        """Return the group of a type that a newcomer goes to (or the wanted one), if a gate lets them in, and book the fee."""
        name = self.type_for(lead) if person.enters_group else ""
        if not name:
            return int(lead.group)
        if not self.passes(person, lead):
            person.enters_group = False
            return -1
        self.answer_at_gate(person, name)
        number = lead.group if lead.group >= 0 else self.room(person, name, taken)
        self.changed.add(number)
        gate = self.scenario.strategy.groups[name].gate
        if gate.kind == "fee":
            person.gmv_fen += round(gate.fee_yuan * 100)
            person.margin_fen += round(gate.fee_yuan * 100)
        return int(number)

    def common(self, person: Any, name: str) -> int:
        """Return what somebody has in common with the people of the group of a type that is for them."""
        form_by = self.scenario.strategy.groups[name].form_by
        if form_by == "interest":
            bought = person.paid_product >= 0
            return int(np.argmax(self.products[person.paid_product].topics)) if bought else self.topic_of(person)
        return 0 if form_by == "nothing" else int(getattr(person, form_by))

    def room(self, person: Any, name: str, taken: Counter[int]) -> int:
        """Return the emptiest group of a type for people like this one, opened if all are full, and take a place."""
        value = self.common(person, name)
        own = [group for group in self.groups.values() if group.type_name == name and group.attribute == value]
        free = [group.number for group in own if taken[group.number] < group.capacity]
        topic = value if self.scenario.strategy.groups[name].form_by == "interest" else self.topic_of(person)
        number = min(free, key=lambda number: (taken[number], number)) if free else self.open_group(topic, name, value)
        taken[number] += 1
        return number

    def begin_moves(self) -> None:
        """Tell people who has left elsewhere, before who is elsewhere changes."""
        self.spread_news()

    def transfer(self, person: Any, number: int) -> None:
        """Move a member to another group, or out of theirs (-1)."""
        old = self.group_of(person)
        self.note = self.write("move", person, self.now)
        self.pass_time(person, self.now)
        old.members -= 1
        self.changed |= {old.number, number} - {-1}
        if number >= 0:
            ties.go_away(self.people, person.number)
            person.group = number
            ties.look_around(self.people, person.number)
            self.groups[number].members += 1
            person.read_to = len(self.groups[number].feed)
        else:
            person.member, person.left_h, person.left_cause = False, self.now, PRUNED
            contagion.tell(self.people, person.number, self.p, False)
            ties.go_away(self.people, person.number)
        self.look_ahead(person, self.now)

    def enter(self, person: Any, number: int) -> None:
        """Let somebody who was never in a group join one."""
        self.note = self.write("move", person, self.now)
        self.pass_time(person, self.now)
        person.group = number
        self.changed.add(number)
        sessions.wake(person, self.profile, self.p, self.now)
        self.join(person, self.groups[number], self.now)
        self.look_ahead(person, self.now)

    def split_full(self) -> None:
        """Part full groups of types that say so."""
        for number, group in sorted(self.groups.items()):
            settings = self.scenario.strategy.groups.get(group.type_name)
            if settings is not None and settings.split and group.members >= group.capacity:
                self.begin_moves()
                own = sorted(self.present(number), key=lambda person: int(person.key))
                away = grouping.likeness_halves(np.array([person.interests for person in own]))
                other = self.open_group(group.topic, group.type_name, group.attribute)
                for person, goes in zip(own, away, strict=True):
                    if goes:
                        self.transfer(person, other)

    def settle_cohesion(self) -> None:
        """Let the cohesion of groups follow who is there now."""
        inside = [person for person in self.people if person.member]
        for number in self.changed:
            self.groups[number].cohesion = self.groups[number].cohesion_drawn * self.alike(self.present(number), inside)
        self.changed.clear()

    def alike(self, own: list[Any], everybody: list[Any]) -> float:
        """Return how much more cohesive some people are than everybody."""
        if not own:
            return 1.0
        settings = self.scenario.population
        factor = (self.likeness(own) / self.likeness(everybody)) ** grouping.LIKENESS_POWER
        for trait, power in (("age_band", settings.cohesion_age), ("region", settings.cohesion_region)):
            factor *= (self.agree(own, trait) / self.agree(everybody, trait)) ** power
        return float(factor * ((2 - self.agree(own, "gender")) / (2 - self.agree(everybody, "gender"))) ** settings.cohesion_mixed)

    def agree(self, people: list[Any], trait: str) -> float:
        """Return the chance that two people drawn from some agree in a trait."""
        return sum((many / len(people)) ** 2 for many in Counter(person[trait] for person in people).values())

    def place(self, person: Any, wanted: int) -> int:
        """Return the group that a newcomer goes to: the wanted one, else the emptiest of their topic, else of any, else a new one."""
        if not person.enters_group:
            # Every 250 people outside take up a number of a group.
            self.on_the_street += 1
            if self.on_the_street % STREET == 1:
                self.streets.append(next(self.numbers))
            person.street = self.streets[-1]
            return -1
        if wanted >= 0:
            return wanted
        topic = self.topic_of(person)
        ordinary = [group for group in self.groups.values() if not group.type_name]
        free = [group for group in ordinary if group.members + group.reserved < group.capacity]
        free = [group for group in free if group.topic == topic] or free
        if not free:
            return self.open_group(topic)
        return int(min(free, key=lambda group: (group.members + group.reserved, group.number)).number)

    def topic_of(self, person: Any) -> int:
        """Return the topic by which somebody is grouped."""
        if randomness.uniform(self.run, person.key, grouping.PREFERENCE, 0, 0) < self.scenario.population.likeness:
            return int(np.argmax(person.interests))
        place = randomness.uniform(self.run, person.key, grouping.TOPIC, 0, 0) * self.weights.sum()
        return int(np.searchsorted(np.cumsum(self.weights), place, side="right"))

    def found(self) -> None:
        """Open the first groups, seat the people of day 0, and fix how cohesive that makes the groups."""
        size, settings = self.scenario.population.size, self.scenario.population
        if self.scenario.strategy.community:
            many = max(1, math.ceil(size * settings.join_share / (settings.group_size * settings.initial_fill)))
            if any("founding" in kind.channels for kind in self.scenario.strategy.groups.values()):
                many = 0
            edges = np.cumsum(self.weights / self.weights.sum())
            for g in range(many):
                self.open_group(int(((g + 0.5) / many > edges).sum()))
        traits = population.ChannelTraits()
        plain = {"time_h": 0.0, "channel": -1, "cost_fen": 0, "traits": traits, "inviter": -1, "group": -1, "similarity": 0.0}
        shares = {"customer_share": settings.customer_share, "join_share": settings.join_share}
        self.admit([Record(source=population.INITIAL_SOURCE, number=nth, **plain, **shares) for nth in range(size)])
        inside = [person for person in self.people if person.enters_group]
        for number, group in self.groups.items():
            group.cohesion *= self.alike([person for person in inside if person.group == number], inside)
        self.changed.clear()

    def likeness(self, people: list[Any]) -> float:
        """Return the mean cosine of people's interests to their own centre."""
        if not people:
            return 1.0
        rows = [person.interests / np.linalg.norm(person.interests) for person in people]
        centre = np.mean(rows, axis=0)
        return float(np.mean([row @ centre for row in rows]) / np.linalg.norm(centre))

    # ---- what the brand puts before them ------------------------------------------------------------------------------

    def publish(self, post: Any, now: float) -> None:
        """Put a post into the feed of its group; members who notice it come for it."""
        group = self.groups[post.group]
        present = self.present(post.group)
        group.feed.append(Record(**vars(post.message)))
        post.delivered += group.members
        if post.message.kind == SHILL:
            chat.raise_activity(group, True, self.p, now)
            group.shill_message_h = now
        self.call_in(present, post.message, post.ring, now)

    def send(self, post: Any, people: list[Any], now: float) -> None:
        """Put a personal message into people's inboxes; who notices it comes for it."""
        for person in people:
            self.hand_over(person, post, now)
            self.expect(person, min(person.next_h, person.pull_h, person.base_h))

    def present(self, group: int) -> list[Any]:
        """Return the members of a group."""
        return [person for person in self.people if person.group == group and person.member]

    def call_in(self, people: list[Any], message: Any, ring: float, now: float) -> None:
        """Let people notice a message in their group, or not."""
        for person in people:
            used = self.p.habit.pull * habit.strength(person, message.slot)
            sessions.notice(person, message.key, ring, False, used, self.p, now)
            if person.pull_h < person.next_h:
                self.expect(person, person.pull_h)

    def hand_over(self, person: Any, post: Any, now: float) -> None:
        """Put a personal message into somebody's inbox; it may ring."""
        person.letters.append(post)
        post.delivered += 1
        sessions.notice(person, post.message.key, post.ring, True, 0.0, self.p, now)
        if not person.member:
            sessions.wake(person, self.profile, self.p, now)

    def break_promise(self, group: int, slot: int) -> None:
        """Let the members of a group (-1: of all) feel that an occasion of a fixed slot was cancelled."""
        for person in self.people:
            if person.member and group in (-1, person.group):
                habit.disappoint(person, slot, self.p)

    def spread_news(self) -> None:
        """Tell people which ties of theirs in other groups have left since they were last told."""
        for person in self.people:
            if person.ever_member and not person.member and not person.missed:
                person.missed = True
                contagion.tell(self.people, person.number, self.p, True)

    def new_post(self, **values: Any) -> Any:
        """Return a new post; fields of its message and its own are given by name."""
        post = blank(POST)
        post.sharer = -1
        number = len(self.posts)
        for name, value in values.items():
            setattr(post if name in POST.names else post.message, name, value)
        post.message.post, post.message.thread, post.message.time_h = number, post.message.key, self.now
        post.message.author_place = -1
        post.joined = (
            sum(place.person.group == post.group for place in self.offers[post.message.offer].reserved) if post.message.offer >= 0 else 0
        )
        self.posts.append(post)
        return post

    def new_offer(self, **values: Any) -> int:
        """Put an offer on the board and return its number."""
        offer = blank(OFFER)
        offer.lift = offer.return_factor = 1.0
        for name, value in values.items():
            setattr(offer, name, value)
        offer.number = len(self.offers)
        offer.list_fen = offer.list_fen or self.products[offer.product].list_fen
        offer.reserved, offer.closed = [], False
        if offer.pull > 0.0:
            offer.call = next(bit for bit in (np.uint64(2**n) for n in range(64)) if bit not in self.calls.values())
            self.calls[offer.number] = offer.call
        offer.sold_out = offer.limited and offer.stock <= 0
        self.offers.append(offer)
        return int(offer.number)

    def new_packet(self, **values: Any) -> int:
        """Prepare a red packet and return its number."""
        packet = blank(PACKET)
        packet.sender = packet.luckiest = -1
        for name, value in values.items():
            setattr(packet, name, value)
        self.packets.append(packet)
        return len(self.packets) - 1

    def publish_board(self, minute: int) -> None:
        """Show how limited offers stand: at every fast tick while they are open, and as they close."""
        for offer in self.offers:
            opened, closes = round(offer.opens_h * 60), round(offer.closes_h * 60)
            on_grid = minute % self.scenario.clock.fast_tick_minutes == 0 or minute == closes
            if offer.limited and not offer.sold_out and opened < minute <= closes and on_grid:
                offer.counter = float(offer.sold)
                offer.sold_out = offer.sold >= offer.stock
