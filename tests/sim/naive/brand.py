"""A brand without SimPy: an agenda of minutes, and the actions of a programme carried out in the order (priority, item, group)."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from statistics import NormalDist
from typing import Any
from zlib import crc32

import numpy as np

from sim import randomness
from sim.brand import accounts, guides
from sim.brand.acquisition import HOUR, MANY, MOST_A_DAY
from sim.brand.rhythm import Creatives, fixed_slots
from sim.clock import parse_hours, parse_schedule
from sim.codes import MESSAGE_KINDS
from sim.encode import topic_vector
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
        self.skipped: list[tuple[float, str, int]] = []
        self.audits: list[float] = []
        self.put: Counter[tuple[str, int, int]] = Counter()
        self.doses: Counter[Any] = Counter()
        self.bans: list[tuple[str, float, float]] = []
        self.visitors: list[tuple[str, int, float, float]] = []
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
        lobby, self.people.lobby = self.people.lobby, []
        self.admit([Record(**{**vars(lead), "time_h": self.hour, "group": -1}) for lead in lobby])
        today = round(self.hour // 24) % 7
        at_desk = sum(shift.people for shift in self.strategy.desk.shifts.values() if today in parse_hours(shift.when).weekdays)
        for people in (self.strategy.staff.people, at_desk):
            wage = round(people * self.brand.wage_yuan_per_day * 100)
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

    def pay(self, line: str, yuan: float, item: str, group: int, hour: float) -> bool:
        """Pay, unless that would go over a budget."""
        fen, month, budget = round(yuan * 100), int(hour // 720.0), self.strategy.budget
        limits = (("", budget.total_yuan), (month, budget.month_yuan), (("item", item), budget.items.get(item)))
        if fen and any(limit is not None and self.spent[what] + fen > round(limit * 100) for what, limit in limits):
            self.refuse(hour, item, group, "budget", promised=True)
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
        fields |= {"key": name_key(item, str(occasion.index), part), "offer": -1, "packet": -1}
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

    def everywhere(self, item: str, action: Any, occasion: Any, fields: dict[str, Any]) -> None:
        """Publish in every group, lowest number first."""
        for guide, group in enumerate(sorted(self.people.groups)):
            promised = fields["slot"] >= 0
            if (
                self.done_there(item, action, occasion, guide, group, promised=promised)
                and self.unbanned(item, guide, group, promised=promised)
                and self.allowed(item, action, group, personal=fields.get("personal", False), promised=promised)
            ):
                self.over_message(guide, group)
                self.people.publish(self.people.new_post(**self.told(fields, guide), group=group), self.hour)

    def trait(self, guide: int, name: str, most: float) -> float:
        """Return how a guide is: normal across guides, cut to the bounds."""
        plan = self.strategy.guides
        mean, spread = getattr(plan, f"{name}_mean"), getattr(plan, f"{name}_sd")
        numbers = {"skill": guides.SKILL, "compliance": guides.COMPLIANCE}
        unit = randomness.uniform(self.people.run, name_key("guide", str(guide)), numbers[name], ZERO, ZERO)
        return min(most, max(0.0, NormalDist().inv_cdf(unit) * spread + mean)) if spread else mean

    def told(self, fields: dict[str, Any], guide: int) -> dict[str, Any]:
        """Return a message as a guide puts it."""
        skill = self.trait(guide, "skill", 2.0)
        return {**fields, "quality": min(1.0, fields["quality"] * skill) if skill != 1.0 else fields["quality"]}

    def done_there(self, item: str, action: Any, occasion: Any, guide: int, group: int, *, promised: bool) -> bool:
        """Return whether a guide carries an occasion out; one that was promised is missed."""
        begins, missing = occasion.hour - action.lead_hours(), 1.0 - self.trait(guide, "compliance", 1.0)
        for audit in self.audits:
            if audit < begins:
                missing *= 1.0 - self.strategy.guides.audit_gain * 0.5 ** (
                    (begins - audit) / 24.0 / self.strategy.guides.audit_half_life_days
                )
        key = name_key(item, str(occasion.index))
        if randomness.uniform(self.people.run, name_key("guide", str(guide)), guides.CARRIED_OUT, key, ZERO) < 1.0 - missing:
            return True
        self.skipped.append((self.hour, item, group))
        if promised and item in self.slots:
            self.people.break_promise(group, self.slots[item])
        return False

    def unbanned(self, item: str, guide: int, group: int, *, promised: bool) -> bool:
        """Return whether the account that writes to a group is free to."""
        account = "brand" if self.strategy.account == "brand" else f"guide {guide}"
        banned = any(name == account and since < self.hour < until for name, since, until in self.bans)
        if banned:
            self.refuse(self.hour, item, group, "ban", promised=promised)
        return not banned

    def over_message(self, guide: int, group: int) -> None:
        """Count a message; each that raises the day's highest count of an account beyond what is comfortable may cost the account."""
        market = self.scenario.market
        account, day = "brand" if self.strategy.account == "brand" else f"guide {guide}", int(self.hour // 24)
        highest = max((many for (name, _, when), many in self.put.items() if (name, when) == (account, day)), default=0)
        self.put[account, group, day] += 1
        if self.put[account, group, day] > max(highest, market.comfortable_messages_per_day) and market.ban_dose:
            bans = sum(name == account for name, _, _ in self.bans)
            budget = -math.log(randomness.uniform(self.people.run, name_key("account", account), accounts.BUDGET, np.uint64(bans), ZERO))
            self.doses[account, bans] += market.ban_dose
            if self.doses[account, bans] >= budget:
                self.bans.append((account, self.hour, self.hour + 24.0 * market.ban_days))

    def audit(self, item: str, action: Any, occasion: Any) -> None:
        """Audit the guides, if it can be paid."""
        if self.pay("staff_cost", action.cost_yuan, item, -1, self.hour):
            self.audits.append(self.hour)

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
            greeting = self.told(self.greeting, sorted(self.people.groups).index(group))
            self.people.groups[group].welcome_post = self.people.new_post(**greeting, group=group).message.post

    def content_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish content, if its production can be paid."""
        if self.pay("staff_cost", action.production_yuan, item, -1, self.hour):
            self.everywhere(item, action, occasion, self.message(item, occasion, action, "content"))

    def sales_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish an offer without limit."""
        offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window)
        self.everywhere(item, action, occasion, self.message(item, occasion, action, "sales", offer=offer))

    def coupon(self, item: str, action: Any, occasion: Any) -> None:
        """Send everybody a coupon."""
        product = list(self.brand.products.values())[self.brand.product_index(action.product)]
        share = max(0.05, 1.0 - action.amount_yuan / product.list_yuan)
        offer = self.offer(item, occasion, action, share, action.valid, coupon=True)
        fields = self.message(item, occasion, action, "coupon", personal=True, offer=offer)
        self.everywhere(item, action, occasion, {**fields, **coupon_of(action.amount_yuan, action)})

    def red_packet(self, item: str, action: Any, occasion: Any) -> None:
        """Drop a packet in every group; what is left comes back after a day."""
        dropped = []
        for guide, group in enumerate(sorted(self.people.groups)):
            if (
                self.done_there(item, action, occasion, guide, group, promised=True)
                and self.unbanned(item, guide, group, promised=True)
                and self.allowed(item, action, group)
            ):
                self.over_message(guide, group)
                if not self.pay("red_packet_cost", action.amount_yuan, item, group, self.hour):
                    continue
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
                self.people.publish(self.people.new_post(**self.told(fields, guide), group=group), self.hour)
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
            self.everywhere(item, action, occasion, fields)
            self.later(occasion.hour, action.priority, item, partial(self.open_flash, item, action, occasion))
        else:
            self.open_flash(item, action, occasion)

    def open_flash(self, item: str, action: Any, occasion: Any) -> None:
        """Open a limited offer."""
        offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window, limited=True, stock=action.stock)
        self.everywhere(item, action, occasion, self.message(item, occasion, action, "flash_sale", "open", offer=offer))

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
        self.everywhere(item, action, occasion, fields)
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
        self.everywhere(item, action, occasion, self.message(item, occasion, action, "shill", f"message {nth}"))

    def close(self) -> None:
        """Take back every packet that is still out."""
        for number, packet in enumerate(self.people.packets):
            if packet.sender < 0 and not packet.settled:
                self.take_back("books closed", [number])


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
