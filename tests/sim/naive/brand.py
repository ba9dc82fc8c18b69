"""A brand without SimPy: an agenda of minutes, and the actions of a programme carried out in the order (priority, item, group)."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any
from zlib import crc32

import numpy as np

from sim import randomness
from sim.behaviour import terms, trust
from sim.brand.acquisition import HOUR, MANY, MOST_A_DAY
from sim.brand.rhythm import Creatives, fixed_slots
from sim.clock import parse_schedule
from sim.codes import BARGAIN, MEMBERSHIP, MESSAGE_KINDS, PRESALE, TEAM
from sim.encode import topic_vector
from sim.passing_on import nth_asked
from sim.randomness import name_key
from sim.scenario import Scenario
from tests.sim.naive.records import Record
from tests.sim.naive.scheduler import Scheduler

BOARD, MIDNIGHT = -2, -1
ZERO = np.uint64(0)


class Brand:
    """Carries out a scenario's strategy on the people of a scheduler."""

    def __init__(self, scenario: Scenario, people: Scheduler) -> None:
        self.scenario = scenario
        self.people = people
        self.brand = scenario.brand
        self.strategy = scenario.strategy
        self.slots = fixed_slots(self.strategy.programme)
        self.creatives = Creatives(self.strategy.programme)
        self.agenda: list[tuple[int, int, str, int, Callable[[], None]]] = []
        self.serial = count()
        self.spent: Counter[Any] = Counter()
        self.sent: Counter[Any] = Counter()
        self.costs: list[tuple[float, str, int, int]] = []
        self.refused: list[tuple[float, str, int, str]] = []
        self.visitors: list[tuple[str, int, float, float]] = []
        self.debts: list[dict[str, Any]] = []
        self.spendings: list[tuple[float, list[Any]]] = []
        self.counted = 0
        self.greeting: dict[str, Any] | None = None
        people.reward = self.reward

    # ---- time ---------------------------------------------------------------------------------------------------

    @property
    def hour(self) -> float:
        """Time now."""
        return self.people.now

    def later(self, hour: float, priority: int, item: str, action: Callable[[], None]) -> None:
        """Note an action for an hour (to the minute)."""
        heapq.heappush(self.agenda, (round(hour * 60), priority, item, next(self.serial), action))

    def act(self, minute: int) -> None:
        """Do what is due at this minute, in the order of priority and item."""
        while self.agenda and self.agenda[0][0] <= minute:
            heapq.heappop(self.agenda)[-1]()

    def plan(self) -> None:
        """Note every occasion of the programme, and every midnight."""
        horizon = self.scenario.horizon_hours
        for day in range(int(-(-horizon // 24))):
            self.later(day * 24.0, MIDNIGHT, "midnight", partial(self.midnight, day))
        for item, action in self.strategy.programme.items() if self.strategy.community else ():
            until = min(horizon, np.inf if action.until_day is None else action.until_day * 24.0)
            for occasion in parse_schedule(action.when).occurrences(until, self.scenario.festivals()):
                if occasion.hour >= action.from_day * 24.0:
                    perform = partial(getattr(self, action.kind), item, action, occasion)
                    self.later(max(0.0, occasion.hour - action.lead_hours()), action.priority, item, perform)

    def midnight(self, day: int) -> None:
        """Seat those who wait for a place, pay staff, admit the day's contacts."""
        self.people.spread_news(self.hour - 24.0)
        self.review()
        lobby, self.people.lobby = self.people.lobby, []
        self.admit([Record(**{**vars(lead), "time_h": self.hour, "group": -1}) for lead in lobby])
        wage = round(self.strategy.staff.people * self.brand.wage_yuan_per_day * 100)
        if wage:
            self.costs.append((self.hour, "staff_cost", -1, wage))
        wanted: Counter[str] = Counter()
        run, place = self.people.run, np.uint64(day)
        for channel, a_day in self.strategy.leads.items():
            wanted[channel] += randomness.poisson(run, name_key("channel", channel), MANY, place, a_day)
        for channel, people, start, end in self.visitors:
            mean = people * max(0.0, min(end, day * 24.0 + 24.0) - max(start, day * 24.0)) / (end - start)
            wanted[channel] += randomness.poisson(run, name_key("outsiders", channel, str(start)), MANY, place, mean)
        self.admit([lead for channel in sorted(wanted) for lead in self.leads(channel, day, min(wanted[channel], MOST_A_DAY))])

    def leads(self, channel: str, day: int, many: int) -> list[Any]:
        """Return the first contacts of a channel on a day, as far as they can be paid for."""
        settings = self.brand.channels[channel]
        found = []
        for nth in range(many):
            number = day * MOST_A_DAY + nth
            hour = day * 24.0 + 24.0 * randomness.uniform(self.people.run, name_key("channel", channel), HOUR, number, ZERO)
            if hour < self.scenario.horizon_hours and self.pay("acquisition_cost", settings.cost_yuan, channel, -1, self.hour):
                found.append(
                    Record(
                        source=crc32(channel.encode()) | 0x80000000,
                        number=number,
                        time_h=hour,
                        channel=list(self.brand.channels).index(channel),
                        cost_fen=round(settings.cost_yuan * 100),
                        customer_share=settings.customer_share,
                        join_share=settings.join_share,
                        traits=settings.traits,
                        inviter=-1,
                        group=-1,
                        similarity=0.0,
                    )
                )
        return found

    def admit(self, leads: list[Any]) -> None:
        """Admit people; groups that open for them get the welcome."""
        before = set(self.people.groups)
        self.people.admit(leads)
        for group in self.people.groups:
            if group not in before:
                self.greet(group)

    # ---- money --------------------------------------------------------------------------------------------------

    def pay(self, line: str, yuan: float, item: str, group: int, hour: float, *, promised: bool = True) -> bool:
        """Pay, unless that would go over a budget."""
        fen, month, budget = round(yuan * 100), int(hour // 720.0), self.strategy.budget
        limits = (("", budget.total_yuan), (month, budget.month_yuan), (("item", item), budget.items.get(item)))
        if fen and any(limit is not None and self.spent[what] + fen > round(limit * 100) for what, limit in limits):
            self.refuse(hour, item, group, "budget", promised=promised)
            return False
        self.book(line, fen, item, group, hour)
        return True

    def refuse(self, hour: float, item: str, group: int, reason: str, *, promised: bool) -> None:
        """Note a refusal; a fixed occasion that is cancelled breaks a promise."""
        self.refused.append((hour, item, group, reason))
        if promised and item in self.slots:
            self.people.break_promise(group, self.slots[item])

    def book(self, line: str, fen: int, item: str, group: int, hour: float) -> None:
        """Book an amount."""
        if fen:
            for what in ("", int(hour // 720.0), ("item", item)):
                self.spent[what] += fen
            self.costs.append((hour, line, group, fen))

    def reward(self, hour: float, group: int) -> None:
        """Reward an inviter, as far as the budget goes."""
        self.pay("commission_cost", self.strategy.referral.reward_yuan, "referral", group, hour)

    # ---- messages -----------------------------------------------------------------------------------------------

    def message(self, item: str, occasion: Any, action: Any, kind: str, part: str = "", **values: Any) -> dict[str, Any]:
        """Return the fields of a post of an action."""
        column = self.brand.columns[action.column]
        topics = topic_vector(self.brand, column.topics)
        product = getattr(action, "product", None)
        if product is not None and kind != "kol":
            shown = list(self.brand.products.values())[self.brand.product_index(product)]
            topics = 0.5 * topics + 0.5 * topic_vector(self.brand, shown.topics)
        quality = getattr(action, "quality", None)
        fields = {name: getattr(action, name, 0.0) for name in ("commercial", "load", "credibility", "appeal", "ring")}
        fields |= {"quality": column.quality if quality is None else quality, "topics": topics, "kind": MESSAGE_KINDS.index(kind)}
        fields |= {"key": name_key(item, str(occasion.index), part), "offer": -1, "packet": -1, "sharer": -1}
        at_its_hour = round(self.hour * 60) == round(occasion.hour * 60)
        fields["slot"] = self.slots.get(item, -1) if at_its_hour else -1
        fields["creative"], fields["version"] = self.creatives.of(item, occasion.hour)
        return {**fields, "item": list(self.strategy.programme).index(item), **values}

    def allowed(self, item: str, action: Any, group: int, *, personal: bool = False, promised: bool = True) -> bool:
        """Return whether the platform lets another mass message out today; one at its own hour was promised."""
        if action.delivery == "staff":
            return True
        caps = self.strategy.caps
        about = (personal, group, int(self.hour // 24))
        if self.sent[about] >= (caps.mass_per_person_day if personal else caps.mass_per_group_day):
            self.refuse(self.hour, item, group, "cap", promised=promised)
            return False
        self.sent[about] += 1
        return True

    def everywhere(self, item: str, action: Any, fields: dict[str, Any]) -> None:
        """Publish in every group, lowest number first."""
        for group in sorted(self.people.groups):
            if self.allowed(item, action, group, personal=fields.get("personal", False), promised=fields["slot"] >= 0):
                self.people.publish(self.people.new_post(**fields, group=group), self.hour)

    def offer(self, item: str, occasion: Any, action: Any, share: float, hours: float, **values: Any) -> int:
        """Open an offer for so many hours from now."""
        product = self.brand.product_index(action.product)
        key = name_key(item, str(occasion.index))
        return self.people.new_offer(key=key, product=product, price_share=share, opens_h=self.hour, closes_h=self.hour + hours, **values)

    # ---- actions ------------------------------------------------------------------------------------------------

    def welcome(self, item: str, action: Any, occasion: Any) -> None:
        """Make a message the welcome of every group."""
        self.greeting = {**self.message(item, occasion, action, "welcome", personal=True), **coupon_of(action.coupon_yuan, action)}
        for group in sorted(self.people.groups):
            self.greet(group)

    def greet(self, group: int) -> None:
        """Set the welcome of a group."""
        if self.greeting is not None:
            self.people.groups[group].welcome_post = self.people.new_post(**self.greeting, group=group).message.post

    def content_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish content, if its production can be paid."""
        if self.pay("staff_cost", action.production_yuan, item, -1, self.hour):
            self.everywhere(item, action, self.message(item, occasion, action, "content"))

    def sales_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish an offer without limit."""
        offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window)
        self.everywhere(item, action, self.message(item, occasion, action, "sales", offer=offer))

    def coupon(self, item: str, action: Any, occasion: Any) -> None:
        """Send everybody a coupon."""
        product = list(self.brand.products.values())[self.brand.product_index(action.product)]
        share = max(0.05, 1.0 - action.amount_yuan / product.list_yuan)
        offer = self.offer(item, occasion, action, share, action.valid, coupon=True)
        fields = self.message(item, occasion, action, "coupon", personal=True, offer=offer)
        self.everywhere(item, action, {**fields, **coupon_of(action.amount_yuan, action)})

    def red_packet(self, item: str, action: Any, occasion: Any) -> None:
        """Drop a packet in every group; what is left comes back after a day."""
        dropped = []
        for group in sorted(self.people.groups):
            if self.allowed(item, action, group) and self.pay("red_packet_cost", action.amount_yuan, item, group, self.hour):
                fen = round(action.amount_yuan * 100)
                packet = self.people.new_packet(
                    key=name_key(item, str(occasion.index), f"packet {group}"),
                    group=group,
                    total_fen=fen,
                    remaining_fen=fen,
                    shares=action.shares,
                    remaining_shares=action.shares,
                    expires_h=self.hour + 24.0,
                )
                fields = self.message(item, occasion, action, "red_packet", commercial=0.0, packet=packet)
                self.people.publish(self.people.new_post(**fields, group=group), self.hour)
                dropped.append(packet)
        if dropped:
            self.later(self.hour + 24.0, BOARD, item, partial(self.take_back, item, dropped))

    def take_back(self, item: str, packets: list[int]) -> None:
        """Book what nobody claimed."""
        for packet in packets:
            record = self.people.packets[packet]
            record.settled = True
            record.expires_h = min(record.expires_h, self.hour)
            self.book("red_packet_cost", -record.remaining_fen, item, record.group, self.hour)

    def flash_sale(self, item: str, action: Any, occasion: Any) -> None:
        """Announce, then open at the hour of the occasion."""
        if action.announce > 0:
            fields = self.message(item, occasion, action, "flash_sale", "announce", ring=action.ring * 0.5)
            self.everywhere(item, action, fields)
            self.later(occasion.hour, action.priority, item, partial(self.open_flash, item, action, occasion))
        else:
            self.open_flash(item, action, occasion)

    def open_flash(self, item: str, action: Any, occasion: Any) -> None:
        """Open a limited offer."""
        offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window, limited=True, stock=action.stock)
        self.everywhere(item, action, self.message(item, occasion, action, "flash_sale", "open", offer=offer))

    def kol_session(self, item: str, action: Any, occasion: Any) -> None:
        """Pay the fee, then let the guest post."""
        if self.pay("kol_cost", action.fee_yuan, item, -1, self.hour):
            for nth in range(action.posts):
                step = partial(self.kol_post, item, action, occasion, nth)
                if nth:
                    self.later(occasion.hour + nth * action.spacing, action.priority, item, step)
                else:
                    step()

    def kol_post(self, item: str, action: Any, occasion: Any, nth: int) -> None:
        """Publish one post of a guest; the last may carry an offer, and brings outsiders."""
        last = nth == action.posts - 1
        offer = -1
        if last and action.product is not None:
            offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window)
        fields = self.message(item, occasion, action, "kol", f"post {nth}", ring=0.0 if nth else action.ring, offer=offer)
        self.everywhere(item, action, fields)
        if last and action.outsiders:
            start = (self.hour // 24.0 + 1.0) * 24.0
            self.visitors.append((action.channel, action.outsiders, start, start + action.outsider_days * 24.0))

    def shill_chat(self, item: str, action: Any, occasion: Any) -> None:
        """Chat as if members did."""
        self.shill_message(item, action, occasion, 0)
        for nth in range(1, action.messages):
            hour = occasion.hour + nth * action.spacing
            self.later(hour, action.priority, item, partial(self.shill_message, item, action, occasion, nth))

    def shill_message(self, item: str, action: Any, occasion: Any, nth: int) -> None:
        """Publish one message of a shill."""
        self.everywhere(item, action, self.message(item, occasion, action, "shill", f"message {nth}"))

    def terms(self, item: str, action: Any, occasion: Any, discount: float, **terms: Any) -> int:
        """Open and publish an offer on terms of its own, and return its number."""
        offer = self.offer(item, occasion, action, 1.0 - discount, action.window, **terms)
        self.everywhere(item, action, self.message(item, occasion, action, "sales", offer=offer))
        return offer

    def spend_and_save(self, item: str, action: Any, occasion: Any) -> None:
        """Take something off orders of an amount."""
        self.terms(item, action, occasion, 0.0, floor_fen=round(action.floor_yuan * 100), save_fen=round(action.save_yuan * 100))

    def cashback(self, item: str, action: Any, occasion: Any) -> None:
        """Give a share back, some time after the end of the offer."""
        offer = self.terms(item, action, occasion, action.discount, back_share=action.back_share, wait_h=action.pays_after)
        coupon = action.valid if action.pays == "coupon" else 0.0
        self.owe(item, "coupon_cost", offer, occasion.hour + action.window + action.pays_after, share=action.back_share, coupon=coupon)

    def gift(self, item: str, action: Any, occasion: Any) -> None:
        """Send a gift with orders of an amount, at the end of the offer."""
        floor = max(1, round(action.floor_yuan * 100))
        offer = self.terms(item, action, occasion, action.discount, floor_fen=floor, worth_fen=round(action.worth_yuan * 100))
        self.owe(item, "gift_cost", offer, occasion.hour + action.window, fen=round(action.gift_yuan * 100), floor=floor)

    def owe(self, item: str, line: str, offer: int, hour: float, **owed: Any) -> None:
        """Note what is owed on the orders of an offer."""
        debt = {"item": item, "line": line, "offer": offer, "fen": 0, "floor": 0, "share": 0.0, "coupon": 0.0, **owed}
        self.debts.append(debt)
        self.later(hour, BOARD, item, partial(self.keep, debt))

    def keep(self, debt: dict[str, Any]) -> None:
        """Pay a debt order by order, as far as the money goes."""
        self.debts.remove(debt)
        due = [order for order in self.people.orders if order["offer"] == debt["offer"] and not order["refund_fen"]]
        for order in sorted(due, key=lambda order: (order["time_h"], order["key"])):
            group = None
            if debt["line"] == "commission_cost":
                post = self.people.posts[order["post"]]
                person = self.people.people[post.sharer]
                group = post.group
                if post.sharer < 0:
                    continue
            fen = debt["fen"] + math.floor(order["paid_fen"] * debt["share"] + 0.5)
            if group is None:
                person = next(person for person in self.people.people if int(person.key) == order["key"])
                group = person.group if order["in_group"] else -1
            if not fen or order["paid_fen"] < debt["floor"] or not order["units"]:
                continue
            if debt["coupon"]:
                if not person.coupon_fen or person.coupon_expires_h <= self.hour:
                    person.coupon_fen, person.coupon_floor_fen = 0, 0
                    person.coupon_expires_h, person.coupon_post = self.hour, order["post"]
                person.coupon_fen += fen
                person.coupon_expires_h = max(person.coupon_expires_h, self.hour + debt["coupon"])
            elif not self.pay(debt["line"], fen / 100, debt["item"], group, self.hour, promised=False):
                trust.experience(person, -self.people.p.trust.disappointment, self.people.p)

    def presale(self, item: str, action: Any, occasion: Any) -> None:
        """Take reservations, and deliver later."""
        wait = action.window + action.delivers_after
        offer = self.terms(item, action, occasion, action.discount, form=PRESALE, wait_h=wait)
        self.later(occasion.hour + wait, action.priority, item, partial(self.deliver, action, offer))

    def deliver(self, action: Any, number: int) -> None:
        """Sell to who still wants it; others lose their deposit or have it back."""
        offer, now, p = self.people.offers[number], self.hour, self.people.p
        deposit = getattr(action, "deposit_share", 0.0)
        for place in self.people.close_offer(offer):
            person = place.person
            if terms.still_wants(person, offer, now - place.time_h, deposit, place.price_share, p):
                self.people.sell(place, offer, place.price_share, now, now)
            elif deposit and action.keeps_deposit:
                fen = round(offer.list_fen * offer.price_share * deposit) * place.nth
                if fen:
                    self.people.fee(person, "deposit", fen, now)

    def settled(self, hour: float) -> float:
        """Return the first tick at which all that was asked for before an hour has been settled."""
        tick = self.scenario.clock.tick_minutes
        return math.ceil(round(hour * 60) / tick) * tick / 60

    def group_buy(self, item: str, action: Any, occasion: Any) -> None:
        """Sell to teams; dissolve those that are incomplete in the end."""
        offer = self.terms(item, action, occasion, action.discount, form=TEAM, team=action.team)
        self.later(self.settled(occasion.hour + action.window), action.priority, item, partial(self.dissolve, offer))

    def dissolve(self, number: int) -> None:
        """Disappoint who waits in an incomplete team."""
        offer, p = self.people.offers[number], self.people.p
        for place in self.people.close_offer(offer):
            trust.experience(place.person, -p.trust.disappointment, p)
        for group in self.people.groups:
            self.people.show_team(offer, group)

    def bargain(self, item: str, action: Any, occasion: Any) -> None:
        """Let prices be brought down; sell at the end."""
        offer = self.terms(item, action, occasion, action.expected * action.deepest, form=BARGAIN, bargain=action)
        self.later(self.settled(occasion.hour + action.window), action.priority, item, partial(self.deliver, action, offer))

    def commission_selling(self, item: str, action: Any, occasion: Any) -> None:
        """Let members pass an offer on."""
        offer = self.terms(item, action, occasion, action.discount, commission_share=action.commission_share)
        closes = occasion.hour + action.window
        self.owe(item, "commission_cost", offer, closes + action.pays_after, share=action.commission_share)
        for nth in range(1, int(action.window / action.looks_every) + 1):
            hour = occasion.hour + nth * action.looks_every
            if hour < closes:
                self.later(hour, action.priority, item, partial(self.pass_on, item, action, occasion, offer))
        self.later(closes, action.priority, item, partial(self.taken_up, offer))

    def taken_up(self, offer: int) -> list[Any]:
        """Return who has taken an offer up since the last look."""
        found = [person for person in self.people.people if person.answered_offer == offer]
        for person in found:
            person.answered_offer = -1
        return sorted(found, key=lambda person: int(person.key))

    def pass_on(self, item: str, action: Any, occasion: Any, offer: int) -> None:
        """Let an offer reach the people whom members have told."""
        people, p = self.people, self.people.p
        for sharer in self.taken_up(offer):
            part = f"share {int(sharer.key):016x}"
            told = {"personal": True, "offer": offer, "sharer": sharer.number, "credibility": p.ties.friend_credibility, "appeal": 0.0}
            post = people.new_post(**self.message(item, occasion, action, "sales", part, **told), group=sharer.group)
            ties = [other for other in people.ties_of(sharer, here=False) if other.arrived]
            for other in ties[: int(p.sharing.contacts)]:
                people.hand_over(other, post, self.hour)
                if other.pull_h < other.next_h:
                    people.expect(other, other.pull_h)
            key = people.offers[offer].key
            asked = [people.ask_outside(sharer, nth_asked(key, nth)) for nth in range(len(ties), int(p.sharing.contacts))]
            leads = [people.invited(sharer, contact, self.hour, -1, action.join_share) for contact in asked if contact is not None]
            self.admit(leads)
            for person in people.people[len(people.people) - len(leads) :]:
                people.hand_over(person, post, self.hour)

    def vip_membership(self, item: str, action: Any, occasion: Any) -> None:
        """Sell a membership, judged by goods at the usual price."""
        products = self.brand.products.values()
        usual = sum(product.list_yuan * product.share for product in products) / sum(product.share for product in products)
        fee = {"fee_fen": round(action.fee_yuan * 100), "worth_fen": round(action.worth_yuan * 100), "term_h": action.lasts}
        offer = self.terms(item, action, occasion, action.discount, form=MEMBERSHIP, list_fen=round(usual * 100), **fee)
        self.later(
            self.next_look(action, occasion, occasion.hour), action.priority, item, partial(self.enrol, item, action, occasion, offer)
        )

    def next_look(self, action: Any, occasion: Any, hour: float) -> float:
        """Return when new members are next enrolled."""
        return float(min(hour + action.looks_every, occasion.hour + action.window))

    def enrol(self, item: str, action: Any, occasion: Any, number: int) -> None:
        """Enrol who has taken the membership."""
        offer, people = self.people.offers[number], self.people
        for person in self.taken_up(number):
            people.fee(person, "membership", offer.fee_fen, self.hour)
            person.paid = (offer.price_share, self.hour + action.lasts)
            self.stand(person, *((person.standing_share, person.standing_until_h) if self.hour < person.standing_until_h else (1.0, 0.0)))
            if not self.pay("gift_cost", action.gift_yuan, item, -1, self.hour, promised=False):
                trust.experience(person, -people.p.trust.disappointment, people.p)
        if round(self.hour * 60) < round((occasion.hour + action.window) * 60):
            again = partial(self.enrol, item, action, occasion, number)
            self.later(self.next_look(action, occasion, self.hour), action.priority, item, again)

    def stand(self, person: Any, share: float, until: float) -> None:
        """Write down the better of what somebody has earned (given) and what they have paid for."""
        paid, ends = getattr(person, "paid", (1.0, 0.0))
        if ends <= self.hour:
            person.paid, paid = (1.0, 0.0), 1.0
        best, best_until = (share, until) if share < paid else (paid, ends)
        person.standing_share, person.standing_until_h = float(np.float32(best)), best_until

    def review(self) -> None:
        """Give everybody the price that their spending of the last days has earned."""
        tiers, people = self.strategy.tiers, self.people
        if not tiers.levels:
            return
        self.spendings.append((self.hour, people.orders[self.counted :]))
        self.counted = len(people.orders)
        spent: Counter[int] = Counter()
        for hour, orders in self.spendings:
            if hour > self.hour - tiers.window_days * 24.0:
                for order in orders:
                    spent[order["key"]] += order["paid_fen"] - order["refund_fen"]
        for person in people.people:
            reached = [level.discount for level in tiers.levels.values() if spent[int(person.key)] >= round(level.spend_yuan * 100)]
            if reached or getattr(person, "paid", (1.0, 0.0)) != (1.0, 0.0):
                self.stand(person, 1.0 - max(reached, default=0.0), self.hour + 24.0)

    def hype(self, item: str, action: Any, occasion: Any) -> None:
        """Publish a series that counts down to the occasion."""
        for nth in range(action.posts):
            hour = occasion.hour - (action.posts - nth) * action.spacing
            if round(hour * 60) > round(self.hour * 60):
                self.later(hour, action.priority, item, partial(self.hype_post, item, action, occasion, nth))
            elif round(hour * 60) == round(self.hour * 60):
                self.hype_post(item, action, occasion, nth)

    def hype_post(self, item: str, action: Any, occasion: Any, nth: int) -> None:
        """Publish one post of a series."""
        loud = 1.0 - action.countdown * (action.posts - 1 - nth) / max(1, action.posts - 1)
        fields = self.message(item, occasion, action, "content", f"post {nth}")
        self.everywhere(item, action, {**fields, "quality": action.quality * loud, "ring": action.ring * loud})

    def close(self) -> None:
        """Take back every packet that is still out, and pay what is owed."""
        for number, packet in enumerate(self.people.packets):
            if packet.sender < 0 and not packet.settled:
                self.take_back("books closed", [number])
        for debt in list(self.debts):
            if not debt["coupon"]:
                self.keep(debt)


def coupon_of(yuan: float, action: Any) -> dict[str, Any]:
    """Return the fields of a post that brings a coupon."""
    return {"coupon_fen": round(yuan * 100), "coupon_floor_fen": round(action.floor_yuan * 100), "coupon_hours": action.valid}


def carry_out(scenario: Scenario, seed: int, replication: int) -> tuple[Scheduler, Brand]:
    """Simulate a scenario, minute by minute: members, settlements, board, brand."""
    people = Scheduler(scenario, seed, replication)
    brand = Brand(scenario, people)
    people.found()
    brand.plan()
    for minute in range(round(scenario.horizon_hours * 60)):
        people.live_until(minute / 60.0)
        people.settle(minute)
        people.publish_board(minute)
        brand.act(minute)
    people.live_until(scenario.horizon_hours)
    people.settle(round(scenario.horizon_hours * 60))
    people.close_books(scenario.horizon_hours)
    brand.close()
    return people, brand
