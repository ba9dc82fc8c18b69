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

from sim import gathering, randomness
from sim.behaviour import meeting, sampling, terms, trust
from sim.brand import accounts, guides, strangers
from sim.brand.acquisition import HOUR, MANY, MOST_A_DAY
from sim.brand.rhythm import Creatives, fixed_slots
from sim.clock import parse_hours, parse_schedule
from sim.codes import BARGAIN, CHANNELS, MEMBERSHIP, MESSAGE_KINDS, PRESALE, TEAM
from sim.encode import topic_vector
from sim.passing_on import nth_asked
from sim.randomness import name_key
from sim.scenario import Scenario
from tests.sim.naive.plans import Plans
from tests.sim.naive.records import Record
from tests.sim.naive.scheduler import Scheduler

BOARD, MIDNIGHT = -2, -1
ZERO = np.uint64(0)


class Brand(Plans):
    """Carries out a scenario's strategy on the people of a scheduler."""

    def __init__(self, scenario: Scenario, people: Scheduler) -> None:
        self.scenario = scenario
        self.people = people
        self.brand = scenario.brand
        self.strategy = scenario.strategy
        self.slots = fixed_slots(self.strategy.programme)
        self.creatives = Creatives(self.strategy.items)
        self.agenda: list[tuple[int, int, str, int, Callable[[], None]]] = []
        self.serial = count()
        self.spent: Counter[Any] = Counter()
        self.sent: Counter[Any] = Counter()
        self.costs: list[tuple[float, str, int, int]] = []
        self.refused: list[tuple[float, str, int, str]] = []
        self.skipped: list[tuple[float, str, int]] = []
        self.audits: list[tuple[float, list[str]]] = []
        self.put: Counter[tuple[str, int, int]] = Counter()
        self.doses: Counter[Any] = Counter()
        self.bans: list[tuple[str, float, float]] = []
        self.visitors: list[tuple[str, int, float, float]] = []
        self.debts: list[dict[str, Any]] = []
        self.spendings: list[tuple[float, list[Any]]] = []
        self.rows: dict[str, dict[int, int]] = {}
        self.told_of: dict[str, list[int]] = {}
        self.counted = 0
        self.had: Counter[tuple[int, int]] = Counter()
        self.sold: list[tuple[int, float]] = []
        self.standing_offers: dict[Any, int] = {}
        self.turns: Counter[str] = Counter()
        self.greeting: dict[str, Any] | None = None
        people.reward = self.reward
        self.infiltrators: list[Any] = []
        self.reporting = ("", 0.0)

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

        if self.strategy.community:
            for item, action, occasion in self.rounds():
                perform = partial(getattr(self, action.kind), item, action, occasion)
                self.later(max(0.0, occasion.hour - action.lead_hours()), action.priority, item, perform)
            self.plan_journeys()

    def midnight(self, day: int) -> None:
        """Seat those who wait for a place, pay staff, admit the day's contacts."""
        self.people.spread_news()
        self.review()
        self.greeting_in_new(self.people.split_full)
        self.people.settle_cohesion()
        lobby, self.people.lobby = self.people.lobby, []
        self.admit([Record(**{**vars(lead), "time_h": self.hour, "group": -1}) for lead in lobby])
        today = round(self.hour // 24) % 7
        at_desk = sum(shift.people for shift in self.strategy.desk.shifts.values() if today in parse_hours(shift.when).weekdays)
        for people in (self.strategy.staff.people, at_desk):
            wage = round(people * self.brand.wage_yuan_per_day * 100)
            if wage:
                self.costs.append((self.hour, "staff_cost", -1, wage))
        for number, group in sorted(self.people.groups.items()):
            fen = round(self.rules_of(number).yuan_per_day * 100)
            if fen and group.members + group.reserved:
                self.costs.append((self.hour, "staff_cost", number, fen))
        wanted: Counter[str] = Counter()
        run, place = self.people.run, np.uint64(day)
        for channel, a_day in self.strategy.leads.items():
            wanted[channel] += randomness.poisson(run, name_key("channel", channel), MANY, place, a_day)
        for channel, people, start, end in self.visitors:
            mean = people * max(0.0, min(end, day * 24.0 + 24.0) - max(start, day * 24.0)) / (end - start)
            wanted[channel] += randomness.poisson(run, name_key("outsiders", channel, str(start)), MANY, place, mean)
        self.admit([lead for channel in sorted(wanted) for lead in self.leads(channel, day, min(wanted[channel], MOST_A_DAY))])
        self.strangers(day)

    # ---- strangers --------------------------------------------------------------------------------------------------

    def rules_of(self, number: int) -> Any:
        """Return who keeps order in a group."""
        kind = self.strategy.groups.get(self.people.groups[number].type_name)
        return self.strategy.moderation if kind is None else kind.moderation

    def strangers(self, day: int) -> None:
        """Let infiltrators be found and others come, and plan the adverts of a day."""
        market, run = self.scenario.market, self.people.run
        self.infiltrators = [one for one in self.infiltrators if not self.found(one, day)]
        for number, group in sorted(self.people.groups.items()):
            kind = self.strategy.groups.get(group.type_name)
            exposure = (group.members + group.reserved) / 100 * (1.0 if kind is None or kind.gate.kind == "free" else market.gated_share)
            key = name_key("infiltrators", str(number))
            for nth in range(randomness.poisson(run, key, strangers.ENTER, np.uint64(day), market.infiltrators_per_day * exposure)):
                own = name_key("infiltrator", str(number), str(day), str(nth))
                self.infiltrators.append(Record(key=own, group=number, posts=[], seen=0))
            self.adverts("spam", number, day, name_key("spam", str(number)), market.spam_per_day * exposure, [])
        for one in self.infiltrators:
            self.adverts("poach", one.group, day, one.key, market.infiltrator_adverts_per_day, one.posts)

    def adverts(self, kind: str, number: int, day: int, author: Any, mean: float, posts: list[int]) -> None:
        """Plan the adverts of somebody in a group on a day."""
        run = self.people.run
        for nth in range(randomness.poisson(run, author, strangers.MANY, np.uint64(day), mean)):
            key = name_key("advert", str(author), str(day), str(nth))
            share = randomness.uniform(run, author, strangers.HOUR, np.uint64(day * MOST_A_DAY + nth), ZERO)
            hour = (day * 1440 + int(1440 * share)) / 60
            self.later(hour, strangers.AFTER_ALL, f"advert {int(key):020d}", partial(self.advertise, kind, number, key, posts))

    def advertise(self, kind: str, number: int, key: Any, posts: list[int]) -> None:
        """Post an advert; a moderator may take it away later."""
        fields = {"commercial": 1.0, "load": self.scenario.market.advert_load, "offer": -1, "packet": -1, "slot": -1, "creative": -1}
        post = self.people.new_post(key=key, kind=MESSAGE_KINDS.index(kind), item=-1, group=number, **fields)
        self.people.publish(post, self.hour)
        posts.append(post.message.post)
        rules = self.rules_of(number)
        if randomness.uniform(self.people.run, key, strangers.REMOVED, ZERO, ZERO) < rules.removed_share:
            away = partial(self.take_away, number, post)
            self.later(self.hour + rules.delay_minutes / 60, strangers.AFTER_ALL, f"advert {int(key):020d}", away)

    def take_away(self, number: int, post: Any) -> None:
        """Take a post out of the feed."""
        for message in self.people.groups[number].feed:
            if message.post == post.message.post:
                message.kind = MESSAGE_KINDS.index("removed")

    def found(self, one: Any, day: int) -> bool:
        """Return whether an infiltrator is found, by moderators or by members who are rewarded for it."""
        settings = self.scenario.behaviour.poaching
        item, reward = self.reporting if one.group in self.aimed(self.reporting[0]) else ("", 0.0)
        seen = sum(self.people.posts[post].seen for post in one.posts)
        readers, one.seen = seen - one.seen, seen
        gain = settings.reward_gain * reward / (reward + settings.reward_half_yuan)
        unreported = (1.0 - min(1.0, settings.report_chance * (1.0 + gain))) ** readers
        overlooked = np.exp(-self.rules_of(one.group).found_per_day)
        lot = randomness.uniform(self.people.run, one.key, strangers.FOUND, np.uint64(day), ZERO)
        if lot >= 1.0 - overlooked * unreported:
            return False
        for post in one.posts:
            self.take_away(one.group, self.people.posts[post])
        if item and lot >= 1.0 - overlooked:
            self.pay("gift_cost", reward, item, one.group, self.hour)
        return True

    def report_reward(self, item: str, action: Any, occasion: Any) -> None:
        """Promise a reward."""
        self.reporting = (item, action.reward_yuan)

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
                        type_name="",
                        similarity=0.0,
                    )
                )
        return found

    def admit(self, leads: list[Any]) -> None:
        """Admit people; groups that open for them get the welcome."""
        self.greeting_in_new(partial(self.people.admit, leads))

    def greeting_in_new(self, act: Callable[[], None]) -> None:
        """Do something; groups that open on the way get the welcome."""
        before = set(self.people.groups)
        act()
        for group in sorted(set(self.people.groups) - before):
            self.greet(group)

    def aimed(self, item: str) -> list[int]:
        """Return the groups that an item is for, lowest number first."""
        return sorted(number for number in self.people.groups if self.group_takes(item, number))

    def scope(self, item: str, occasion: Any) -> list[int]:
        """Return the groups that an occasion is for: those on a journey, or all that its item is for."""
        own = getattr(occasion, "groups", None)
        return self.aimed(item) if own is None else [group for group in own if self.group_takes(item, group)]

    # ---- money --------------------------------------------------------------------------------------------------

    def pay(self, line: str, yuan: float, item: str, group: int, hour: float, *, promised: bool = True) -> bool:
        """Pay, unless that would go over a budget."""
        fen, month, budget = round(yuan * 100), int(hour // 720.0), self.strategy.budget
        owner = item.split(".")[0]
        limits = (("", budget.total_yuan), (month, budget.month_yuan), (("item", owner), budget.items.get(owner)))
        if fen and any(limit is not None and self.spent[what] + fen > round(limit * 100) for what, limit in limits):
            self.refuse(hour, item, group, "budget", promised=promised)
            return False
        self.book(line, fen, item, group, hour)
        return True

    def refuse(self, hour: float, item: str, group: int, reason: str, *, promised: bool) -> None:
        """Note a refusal; a fixed occasion that is cancelled breaks a promise."""
        self.refused.append((hour, item, group, reason))
        if promised and item in self.slots:
            for number in self.aimed(item) if group < 0 else [group]:
                self.people.break_promise(number, self.slots[item])

    def book(self, line: str, fen: int, item: str, group: int, hour: float) -> None:
        """Book an amount."""
        if fen:
            for what in ("", int(hour // 720.0), ("item", item.split(".")[0])):
                self.spent[what] += fen
            self.costs.append((hour, line, group, fen))

    def reward(self, hour: float, group: int) -> None:
        """Reward an inviter, as far as the budget goes."""
        self.pay("commission_cost", self.strategy.referral.reward_yuan, "referral", group, hour)

    # ---- messages -----------------------------------------------------------------------------------------------

    def message(self, item: str, occasion: Any, action: Any, kind: str, part: str = "", **values: Any) -> dict[str, Any]:
        """Return the fields of a post of an action."""
        column = self.brand.columns[values.pop("column", action.column)]
        topics = topic_vector(self.brand, column.topics)
        product = values.pop("product", None) or getattr(action, "product", None)
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
        return {**fields, "item": list(self.strategy.items).index(item), **values}

    def allowed(self, item: str, action: Any, group: int, *, promised: bool = True) -> bool:
        """Return whether the platform lets another mass message out to a group today; one at its own hour was promised."""
        if action.delivery == "staff":
            return True
        about = (group, int(self.hour // 24))
        if self.sent[about] >= self.strategy.caps.mass_per_group_day:
            self.refuse(self.hour, item, group, "cap", promised=promised)
            return False
        self.sent[about] += 1
        return True

    def everywhere(self, item: str, action: Any, occasion: Any, kind: str, part: str = "", **values: Any) -> None:
        """Publish in every group, lowest number first; in groups about a topic the version for it, one version after another."""
        usual, goods, offers = values.pop("column", action.column), getattr(action, "product_by_tag", {}), values.pop("offers", {})
        told = []
        for group in self.scope(item, occasion):
            topic = self.topic_of(group)
            told.append((group, (action.by_tag.get(topic, usual), goods.get(topic, action.product) if goods else None)))
        turns = [version for _, version in told]
        versions = {}
        for column, product in turns:
            own = {"offer": offers[product or action.product]} if offers else {}
            about = {"product": product} if product else {}
            versions[column, product] = self.message(item, occasion, action, kind, part, column=column, **{**values, **own, **about})
        for group, version in sorted(told, key=lambda each: turns.index(each[1])):
            fields = versions[version]
            if self.let_out(item, action, occasion, group, promised=fields["slot"] >= 0, sells=fields["offer"] >= 0):
                self.over_message(group)
                self.people.publish(self.people.new_post(**self.told(fields, group), group=group), self.hour)

    def topic_of(self, group: int) -> str:
        """Return the topic that a group gathers people by; empty if none."""
        place = self.people.groups[group]
        kind = self.strategy.groups.get(place.type_name)
        known = kind is not None and kind.form_by in ("interest", "tag") and place.attribute >= 0
        return list(self.brand.topics)[place.attribute] if known else ""

    def let_out(self, item: str, action: Any, occasion: Any, group: int, *, promised: bool, sells: bool) -> bool:
        """Return whether a message goes out in a group: carried out, within the rules, allowed."""
        if not self.goes_out(item, action, occasion, group, promised=promised):
            return False
        if self.forbidden(item, group, sells=sells):
            self.refuse(self.hour, item, group, "rule", promised=promised)
            return False
        if not self.allowed(item, action, group, promised=promised):
            return False
        self.had[group, int(self.hour // 24)] += 1
        self.sold += [(group, self.hour)] if sells else []
        return True

    def goes_out(self, item: str, action: Any, occasion: Any, group: int, *, promised: bool) -> bool:
        """Return whether a guide does something, and may; people in no group have none."""
        return self.done_there(item, action, occasion, group, promised=promised) and self.unbanned(item, group, promised=promised)

    def guide_of(self, group: int) -> int | None:
        """Return who runs a group."""
        return sorted(self.people.groups).index(group) if group in self.people.groups else None

    def account_of(self, group: int) -> str:
        """Return who writes to a group."""
        guide = self.guide_of(group)
        return "brand" if guide is None or self.strategy.account == "brand" else f"guide {guide}"

    def trait(self, guide: int, name: str, most: float) -> float:
        """Return how a guide is: normal across guides, cut to the bounds."""
        plan = self.strategy.guides
        mean, spread = getattr(plan, f"{name}_mean"), getattr(plan, f"{name}_sd")
        numbers = {"skill": guides.SKILL, "compliance": guides.COMPLIANCE}
        unit = randomness.uniform(self.people.run, name_key("guide", str(guide)), numbers[name], ZERO, ZERO)
        return min(most, max(0.0, NormalDist().inv_cdf(unit) * spread + mean)) if spread else mean

    def told(self, fields: dict[str, Any], group: int) -> dict[str, Any]:
        """Return a message as the guide of a group puts it."""
        guide = self.guide_of(group)
        skill = 1.0 if guide is None else self.trait(guide, "skill", 2.0)
        return {**fields, "quality": min(1.0, fields["quality"] * skill) if skill != 1.0 else fields["quality"]}

    def done_there(self, item: str, action: Any, occasion: Any, group: int, *, promised: bool) -> bool:
        """Return whether a guide carries an occasion out; one that was promised is missed."""
        guide = self.guide_of(group)
        if guide is None:
            return True
        begins, missing = occasion.hour - action.lead_hours(), 1.0 - self.trait(guide, "compliance", 1.0)
        for audit, types in self.audits:
            if audit < begins and (not types or (self.people.groups[group].type_name or "ordinary") in types):
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

    def unbanned(self, item: str, group: int, *, promised: bool) -> bool:
        """Return whether the account that writes to a group is free to."""
        account = self.account_of(group)
        banned = any(name == account and since < self.hour < until for name, since, until in self.bans)
        if banned:
            on_the_street = group in self.people.streets
            self.refuse(self.hour, item, -1 if on_the_street else group, "ban", promised=promised and not on_the_street)
        return not banned

    def over_message(self, group: int) -> None:
        """Count a message; each that raises the day's highest count of an account beyond what is comfortable may cost the account."""
        market = self.scenario.market
        account, day = self.account_of(group), int(self.hour // 24)
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
            self.audits.append((self.hour, action.groups))

    def send(self, item: str, action: Any, occasion: Any, kind: str, channel: str, **values: Any) -> None:
        """Write to everybody whom the message is for, group by group and tag by tag, as far as platform and purse allow."""
        everywhere = sorted([*self.people.groups, *(self.people.streets if channel != "personal" else [])])
        today, cap = int(self.hour // 24), self.strategy.caps.mass_per_person_day
        own_cap, those = self.strategy.rules.letters_per_person_week, getattr(occasion, "people", None)
        by_tag, goods, offers = getattr(action, "by_tag", {}), getattr(action, "product_by_tag", {}), values.pop("offers", {})
        out: dict[int, bool] = {}
        written: set[int] = set()
        for topic in ["", *by_tag, *(topic for topic in goods if topic not in by_tag)]:
            product = goods.get(topic, getattr(action, "product", None))
            own = {"offer": offers[product]} if product in offers else {}
            about = {"column": by_tag.get(topic, action.column), "product": product, "channel": CHANNELS.index(channel)}
            fields = self.message(item, occasion, action, kind, topic, **{**values, **own, **about})
            fields |= coupon_of(getattr(action, "amount_yuan", getattr(action, "coupon_yuan", 0.0)), action)
            for group in everywhere:
                promised = fields["slot"] >= 0
                wanted = [
                    person for person in self.people.people if self.is_for(action, channel, person, group, topic, {**by_tag, **goods})
                ]
                wanted = [person for person in wanted if those is None or person.number in those]
                if wanted and group not in out:
                    out[group] = self.goes_out(item, action, occasion, group, promised=promised)
                    if out[group] and group not in self.people.streets and self.stopped(item, group):
                        out[group] = False
                        self.refuse(self.hour, item, group, "rule", promised=promised)
                spared = [
                    person for person in wanted if own_cap is not None and channel != "moments" and self.letters_of(person) >= own_cap
                ]
                wanted = [person for person in wanted if person not in spared]
                had = [person.mass_today if person.mass_day == today else 0 for person in wanted]
                free = [person for person, many in zip(wanted, had, strict=True) if action.delivery == "staff" or many < cap]
                booked = -1 if group in self.people.streets else group
                if not (wanted or spared) or not out[group]:
                    continue
                if len(free) < len(wanted):
                    self.refuse(self.hour, item, booked, "cap", promised=promised and booked >= 0)
                if spared:
                    self.refuse(self.hour, item, booked, "cap", promised=promised and booked >= 0)
                cost = len(free) * getattr(action, "cost_yuan", 0.0)
                if free and self.pay("staff_cost", cost, item, booked, self.hour, promised=booked >= 0):
                    for person in free:
                        if action.delivery == "mass":
                            person.mass_today = 1 + (person.mass_today if person.mass_day == today else 0)
                            person.mass_day = today
                        if channel != "moments":
                            self.count_letter(person)
                    self.people.send(self.people.new_post(**self.told(fields, group), group=group), free, self.hour)
                    written.add(group)
        for group in sorted(written):
            self.over_message(group)

    def is_for(self, action: Any, channel: str, person: Any, group: int, topic: str, by_tag: Any) -> bool:
        """Return whether a message, in its version for a topic, is for somebody in a place."""
        hour = self.hour
        if not person.arrived or (person.street if person.group < 0 else person.group) != group:
            return False
        reached = {"personal": person.member, "one_to_one": person.reach & 1, "moments": person.reach & 1, "official": person.reach & 2}
        reached["dialogue"] = person.reach & 2 and hour - person.touched_h <= self.people.p.contacts.dialogue_hours
        tag = list(self.brand.topics)[person.tag] if person.tag >= 0 else "untagged"
        where = self.people.groups.get(group)
        segment = [self.strategy.segments[action.to.segment]] if action.to.segment else []
        wanted = [audience.groups for audience in (action.to, *segment) if audience.groups]
        return bool(
            reached[channel]
            and all(where is not None and (where.type_name or "ordinary") in types for types in wanted)
            and self.is_of(action.to, person)
            and self.is_of_arm(action.split, person)
            and (tag == topic if topic else tag not in by_tag)
        )

    def letters_of(self, person: Any) -> int:
        """Return how many personal messages somebody has had within 7 days of the first."""
        return person.letters_week if self.hour < person.letters_since_h + 168.0 else 0

    def count_letter(self, person: Any) -> None:
        """Count a personal message."""
        if person.letters_week == 0 or self.hour >= person.letters_since_h + 168.0:
            person.letters_since_h, person.letters_week = self.hour, 0
        person.letters_week += 1

    def offer(self, item: str, occasion: Any, action: Any, share: float, hours: float, *parts: str, **values: Any) -> int:
        """Open an offer for so many hours from now."""
        product = self.brand.product_index(values.pop("product", None) or action.product)
        key = name_key(item, str(occasion.index), *parts)
        on_journey = getattr(occasion, "people", None) is not None
        name = (item, parts, int(self.hour // 24))
        if on_journey and name in self.standing_offers:
            return self.standing_offers[name]
        closes = self.hour + hours + (24.0 if on_journey else 0.0)
        number = self.people.new_offer(key=key, product=product, price_share=share, opens_h=self.hour, closes_h=closes, **values)
        self.standing_offers[name] = number
        return number

    def offers(self, item: str, occasion: Any, action: Any, share: float, hours: float, **values: Any) -> dict[str, int]:
        """Open an offer of each product that an action shows, to whomever."""
        usual, goods = ([action.product] if action.product else []), getattr(action, "product_by_tag", {})
        wanted = list(dict.fromkeys([*usual, *goods.values()]))
        parts: list[list[str]] = [[] if product == wanted[0] else [product] for product in wanted]
        return {
            product: self.offer(item, occasion, action, share, hours, *part, product=product, **values)
            for product, part in zip(wanted, parts, strict=True)
        }

    # ---- actions ------------------------------------------------------------------------------------------------

    def welcome(self, item: str, action: Any, occasion: Any) -> None:
        """Make a message the welcome of every group."""
        self.greeting = {
            **self.message(item, occasion, action, "welcome", channel=CHANNELS.index("personal")),
            **coupon_of(action.coupon_yuan, action),
        }
        for group in sorted(self.people.groups):
            self.greet(group)

    def greet(self, group: int) -> None:
        """Set the welcome of a group."""
        if self.greeting is not None:
            greeting = self.told(self.greeting, group)
            self.people.groups[group].welcome_post = self.people.new_post(**greeting, group=group).message.post

    def content_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish content, if its production can be paid."""
        if not self.pay("staff_cost", action.production_yuan, item, -1, self.hour):
            return
        credibility = {"brand": 0.55, "expert": 0.65, "member": 0.85}[action.author] if action.credibility is None else action.credibility
        column = action.column
        if action.rotation:
            column = action.rotation[self.turns[item] % len(action.rotation)]
            self.turns[item] += 1
        self.everywhere(item, action, occasion, "content", column=column, credibility=credibility)

    def sales_post(self, item: str, action: Any, occasion: Any) -> None:
        """Publish an offer without limit."""
        offers = self.offers(item, occasion, action, 1.0 - action.discount, action.window, in_shop=action.place == "shop")
        self.everywhere(item, action, occasion, "sales", offers=offers)

    def live_session(self, item: str, action: Any, occasion: Any) -> None:
        """Announce, then open the room at the hour of the occasion."""
        if action.announce > 0:
            self.everywhere(item, action, occasion, "live", "announce", ring=action.ring * 0.5)
        self.later(occasion.hour, action.priority, item, partial(self.open_room, item, action, occasion))

    def open_room(self, item: str, action: Any, occasion: Any) -> None:
        """Pay for the session, and show the products in turn."""
        if not self.pay("staff_cost", action.production_yuan, item, -1, self.hour):
            return
        if self.pay("kol_cost", action.fee_yuan, item, -1, self.hour):
            for nth in range(len(action.shown)):
                hour = occasion.hour + nth * action.length / len(action.shown)
                self.later(hour, action.priority, item, partial(self.show, item, action, occasion, nth))

    def show(self, item: str, action: Any, occasion: Any, nth: int) -> None:
        """Show one product in the room; after the last, outsiders come."""
        left = action.length - nth * action.length / len(action.shown)
        terms = {"room": name_key(item, str(occasion.index), "room"), "lift": action.lift, "return_factor": action.return_factor}
        part, product = f"shown {nth}", action.shown[nth]
        offer = self.offer(item, occasion, action, 1.0 - action.discount, left, part, product=product, **terms)
        ring = 0.0 if nth else action.ring
        self.everywhere(item, action, occasion, "live", part, product=product, ring=ring, offer=offer)
        if nth == len(action.shown) - 1:
            self.bring(action)

    def coupon(self, item: str, action: Any, occasion: Any) -> None:
        """Send everybody a coupon."""
        product = list(self.brand.products.values())[self.brand.product_index(action.product)]
        share = max(0.05, 1.0 - action.amount_yuan / max(product.list_yuan, action.floor_yuan))
        offer = self.offer(item, occasion, action, share, action.valid, coupon=True)
        self.send(item, action, occasion, "coupon", action.channel, offer=offer)

    def personal_message(self, item: str, action: Any, occasion: Any, kind: str, channel: str) -> None:
        """Make a personal message, if that can be paid, and send it."""
        if self.pay("staff_cost", action.production_yuan, item, -1, self.hour):
            offers = self.offers(item, occasion, action, 1.0 - action.discount, action.window)
            self.send(item, action, occasion, kind, channel, offers=offers)

    def one_to_one(self, item: str, action: Any, occasion: Any) -> None:
        """Write to contacts."""
        self.personal_message(item, action, occasion, "letter", "one_to_one")

    def moments_post(self, item: str, action: Any, occasion: Any) -> None:
        """Post in Moments."""
        self.personal_message(item, action, occasion, "letter", "moments")

    def official_article(self, item: str, action: Any, occasion: Any) -> None:
        """Publish an article."""
        self.personal_message(item, action, occasion, "letter", "official")

    def dialogue(self, item: str, action: Any, occasion: Any) -> None:
        """Write as the account."""
        self.personal_message(item, action, occasion, "letter", "dialogue")

    def survey(self, item: str, action: Any, occasion: Any) -> None:
        """Send a questionnaire."""
        self.personal_message(item, action, occasion, "survey", action.channel)

    def red_packet(self, item: str, action: Any, occasion: Any) -> None:
        """Drop a packet in every group; what is left comes back after a day."""
        dropped = []
        for group in self.scope(item, occasion):
            if self.let_out(item, action, occasion, group, promised=True, sells=False):
                self.over_message(group)
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
                self.people.publish(self.people.new_post(**self.told(fields, group), group=group), self.hour)
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
            self.everywhere(item, action, occasion, "flash_sale", "announce", ring=action.ring * 0.5)
            self.later(occasion.hour, action.priority, item, partial(self.open_flash, item, action, occasion))
        else:
            self.open_flash(item, action, occasion)

    def open_flash(self, item: str, action: Any, occasion: Any) -> None:
        """Open a limited offer."""
        offer = self.offer(item, occasion, action, 1.0 - action.discount, action.window, limited=True, stock=action.stock)
        self.everywhere(item, action, occasion, "flash_sale", "open", offer=offer)

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
        self.everywhere(item, action, occasion, "kol", f"post {nth}", ring=0.0 if nth else action.ring, offer=offer)
        if last:
            self.bring(action)

    def bring(self, action: Any) -> None:
        """Let outsiders come in the days after."""
        if action.outsiders:
            start = (self.hour // 24.0 + 1.0) * 24.0
            self.visitors.append((action.channel, action.outsiders, start, start + action.outsider_days * 24.0))

    def promote(self, item: str, action: Any, occasion: Any) -> None:
        """Move who is worth most."""
        units = {"orders": ("orders", 1), "gmv": ("gmv_fen", 100), "messages": ("written", 1)}
        name, unit = units[action.by]
        own = [person for person in self.members(item) if self.people.groups[person.group].type_name != action.to]
        valued = [person for person in own if person[name] / unit >= action.at_least]
        self.move_to(action.to, sorted(valued, key=lambda person: (-person[name], int(person.key)))[: action.most])

    def regroup(self, item: str, action: Any, occasion: Any) -> None:
        """Move everybody to their like, as far as it is known."""
        known = [p for p in self.members(item) if p.paid_product >= 0 or self.strategy.groups[action.to].form_by != "interest"]
        known = [p for p in known if p.tag >= 0 or self.strategy.groups[action.to].form_by != "tag"]
        misplaced = []
        for person in known:
            group = self.people.groups[person.group]
            if (group.type_name, group.attribute) != (action.to, self.people.common(person, action.to)):
                misplaced.append(person)
        self.move_to(action.to, misplaced[: action.most])

    def members(self, item: str) -> list[Any]:
        """Return the members of the groups that an item is for, by key."""
        return sorted((p for group in self.aimed(item) for p in self.people.present(group)), key=lambda person: int(person.key))

    def move_to(self, name: str, chosen: list[Any]) -> None:
        """Move members into groups of a type."""
        self.people.begin_moves()
        taken = self.people.taken()
        self.greeting_in_new(lambda: [self.people.transfer(person, self.people.room(person, name, taken)) for person in chosen])

    def prune(self, item: str, action: Any, occasion: Any) -> None:
        """Remove who only collects."""
        self.people.begin_moves()
        since = self.hour - action.after_days * 24.0
        idle = [p for p in self.members(item) if p.orders == p.written == 0 and p.joined_h <= since]
        own = [p for p in idle if p.claimed_fen / 100 >= action.claimed_yuan]
        for person in sorted(own, key=lambda person: (-person.claimed_fen, int(person.key)))[: action.most]:
            self.people.transfer(person, -1)

    def shill_chat(self, item: str, action: Any, occasion: Any) -> None:
        """Chat as if members did."""
        self.shill_message(item, action, occasion, 0)
        for nth in range(1, action.messages):
            hour = occasion.hour + nth * action.spacing
            self.later(hour, action.priority, item, partial(self.shill_message, item, action, occasion, nth))

    def shill_message(self, item: str, action: Any, occasion: Any, nth: int) -> None:
        """Publish one message of a shill."""
        self.everywhere(item, action, occasion, "shill", f"message {nth}")

    def terms(self, item: str, action: Any, occasion: Any, discount: float, **terms: Any) -> list[int]:
        """Open and publish an offer on terms of its own, for each product, and return their numbers."""
        offers = self.offers(item, occasion, action, 1.0 - discount, action.window, **terms)
        self.everywhere(item, action, occasion, "sales", offers=offers)
        return list(offers.values())

    def spend_and_save(self, item: str, action: Any, occasion: Any) -> None:
        """Take something off orders of an amount."""
        self.terms(item, action, occasion, 0.0, floor_fen=round(action.floor_yuan * 100), save_fen=round(action.save_yuan * 100))

    def cashback(self, item: str, action: Any, occasion: Any) -> None:
        """Give a share back, some time after the end of the offer."""
        (offer,) = self.terms(item, action, occasion, action.discount, back_share=action.back_share, wait_h=action.pays_after)
        coupon = action.valid if action.pays == "coupon" else 0.0
        self.owe(item, "coupon_cost", offer, occasion.hour + action.window + action.pays_after, share=action.back_share, coupon=coupon)

    def gift(self, item: str, action: Any, occasion: Any) -> None:
        """Send a gift with orders of an amount, at the end of the offer."""
        floor = max(1, round(action.floor_yuan * 100))
        for offer in self.terms(item, action, occasion, action.discount, floor_fen=floor, worth_fen=round(action.worth_yuan * 100)):
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
                group = order["group"]
            if not fen or order["paid_fen"] < debt["floor"] or not order["units"]:
                continue
            if debt["coupon"]:
                self.hand_coupon(person, fen, debt["coupon"], order["post"])
            elif not self.pay(debt["line"], fen / 100, debt["item"], group, self.hour, promised=False):
                trust.experience(person, -self.people.p.trust.disappointment, self.people.p)

    def hand_coupon(self, person: Any, fen: int, hours: float, post: int) -> None:
        """Give somebody money off, which adds to what they hold."""
        if not person.coupon_fen or person.coupon_expires_h <= self.hour:
            person.coupon_fen, person.coupon_floor_fen = 0, 0
            person.coupon_expires_h, person.coupon_post = self.hour, post
        person.coupon_fen += fen
        person.coupon_reminded = False
        person.coupon_expires_h = max(person.coupon_expires_h, self.hour + hours)

    def presale(self, item: str, action: Any, occasion: Any) -> None:
        """Take reservations, and deliver later."""
        wait = action.window + action.delivers_after
        (offer,) = self.terms(item, action, occasion, action.discount, form=PRESALE, wait_h=wait)
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
        (offer,) = self.terms(item, action, occasion, action.discount, form=TEAM, team=action.team)
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
        (offer,) = self.terms(item, action, occasion, action.expected * action.deepest, form=BARGAIN, bargain=action)
        self.later(self.settled(occasion.hour + action.window), action.priority, item, partial(self.deliver, action, offer))

    def commission_selling(self, item: str, action: Any, occasion: Any) -> None:
        """Let members pass an offer on."""
        (offer,) = self.terms(item, action, occasion, action.discount, commission_share=action.commission_share)
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
            told = {"channel": CHANNELS.index("personal"), "offer": offer, "sharer": sharer.number}
            told |= {"credibility": p.ties.friend_credibility, "appeal": 0.0}
            post = people.new_post(**self.message(item, occasion, action, "sales", part, **told), group=sharer.group)
            ties = [other for other in people.ties_of(sharer, here=False) if other.arrived]
            for other in ties[: int(p.sharing.contacts)]:
                people.hand_over(other, post, self.hour)
                people.expect(other, min(other.next_h, other.pull_h, other.base_h))
            key = people.offers[offer].key
            asked = [people.ask_outside(sharer, nth_asked(key, nth)) for nth in range(len(ties), int(p.sharing.contacts))]
            leads = [people.invited(sharer, contact, self.hour, action.join_share, here=False) for contact in asked if contact is not None]
            self.admit(leads)
            for person in people.people[len(people.people) - len(leads) :]:
                people.hand_over(person, post, self.hour)

    def vip_membership(self, item: str, action: Any, occasion: Any) -> None:
        """Sell a membership, judged by goods at the usual price."""
        products = self.brand.products.values()
        usual = sum(product.list_yuan * product.share for product in products) / sum(product.share for product in products)
        fee = {"fee_fen": round(action.fee_yuan * 100), "worth_fen": round(action.worth_yuan * 100), "term_h": action.lasts}
        (offer,) = self.terms(item, action, occasion, action.discount, form=MEMBERSHIP, list_fen=round(usual * 100), **fee)
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
                    spent[order["key"]] += (order["kind"] not in ("membership", "deposit")) * (order["paid_fen"] - order["refund_fen"])
        for person in people.people:
            reached = [level.discount for level in tiers.levels.values() if spent[int(person.key)] >= round(level.spend_yuan * 100)]
            if reached or getattr(person, "paid", (1.0, 0.0)) != (1.0, 0.0):
                self.stand(person, 1.0 - max(reached, default=0.0), self.hour + 24.0)

    def call(
        self, item: str, action: Any, occasion: Any, closes: float, kind: str, then: Callable[[list[Any]], None], part: str = ""
    ) -> None:
        """Call members to take part until an hour; then somebody is told who did."""
        offer = self.offer(
            item,
            occasion,
            action,
            1.0,
            closes - self.hour,
            product=next(iter(self.brand.products)),
            pull=action.pull,
            in_shop=getattr(action, "nearby", False),
        )
        self.everywhere(item, action, occasion, kind, part, offer=offer)
        self.later(closes, action.priority, item, lambda: then(self.answered(offer)))

    def invite(self, item: str, action: Any, occasion: Any) -> None:
        """Ask people outside into groups of a type; look again and again who has accepted."""
        closes = self.hour + action.window
        product = next(iter(self.brand.products))
        plain = Record(hour=occasion.hour, index=occasion.index)
        offer = self.offer(item, plain, action, 1.0, action.window, product=product, pull=action.pull, outside=True)
        self.send(item, action, occasion, "invite", action.channel, offer=offer)
        self.later(min(closes, self.hour + action.looks_every), action.priority, item, partial(self.bring_in, item, action, offer, closes))

    def bring_in(self, item: str, action: Any, offer: int, closes: float) -> None:
        """Let in who has accepted."""
        people, bit = self.people, self.people.calls[offer]
        came = sorted((one for one in people.people if one.calls & bit and not one.ever_member), key=lambda one: int(one.key))
        if came:
            people.begin_moves()
            taken = people.taken()
            self.greeting_in_new(lambda: [self.ask_in(person, action.into, taken) for person in came])
        if self.hour < closes:
            again = partial(self.bring_in, item, action, offer, closes)
            self.later(min(closes, self.hour + action.looks_every), action.priority, item, again)
        else:
            self.answered(offer)

    def ask_in(self, person: Any, name: str, taken: Counter[int]) -> None:
        """Let somebody into a group of a type, if its gate lets them."""
        if self.people.passes_gate(person, name, invited=True):
            self.people.answer_at_gate(person, name)
            number = self.people.room(person, name, taken)
            gate = self.strategy.groups[name].gate
            if gate.kind == "fee":
                self.people.fee(person, "membership", round(gate.fee_yuan * 100), self.hour)
            self.people.enter(person, number)

    def answered(self, offer: int) -> list[Any]:
        """Return the members who have answered a call, which ends."""
        bit = self.people.calls.pop(offer)
        found = []
        for person in sorted(self.people.people, key=lambda person: int(person.key)):
            if person.calls & bit:
                person.calls = person.calls & ~bit
                found += [person] if person.member else []
        return found

    def lots(self, item: str, occasion: Any, people: list[Any], kind: Any) -> list[float]:
        """Return a number for each of some people."""
        key = name_key(item, str(occasion.index))
        return [randomness.uniform(self.people.run, person.key, kind, key, ZERO) for person in people]

    def shuffled(self, item: str, occasion: Any, people: list[Any]) -> list[Any]:
        """Return people in the order of their lots."""
        return [people[n] for n in np.argsort(self.lots(item, occasion, people, gathering.LOT), kind="stable")]

    def feel(self, person: Any, value: float) -> None:
        """Move trust."""
        trust.experience(person, value, self.people.p)

    def gift_to(self, item: str, person: Any, yuan: float) -> bool:
        """Pay for a gift; without money the person is disappointed, if it was promised."""
        return self.pay("gift_cost", yuan, item, person.group if person.member else -1, self.hour, promised=False)

    def check_in(self, item: str, action: Any, occasion: Any) -> None:
        """Let members check in; those who have so often come without a gap get a coupon."""

        def reward(people: list[Any]) -> None:
            row = self.rows.get(item, {})
            self.rows[item] = {int(person.key): row.get(int(person.key), 0) + 1 for person in people}
            for person in people:
                if self.rows[item][int(person.key)] % action.every == 0 and action.reward_yuan:
                    self.hand_coupon(person, round(action.reward_yuan * 100), action.valid, -1)

        self.call(item, action, occasion, occasion.hour + action.window, "check_in", reward)

    def prize_quiz(self, item: str, action: Any, occasion: Any) -> None:
        """Ask; tell, and give prizes."""

        def tell(people: list[Any]) -> None:
            for person in self.shuffled(item, occasion, people)[: action.prizes]:
                paid = self.gift_to(item, person, action.prize_yuan)
                self.feel(person, 1.0 if paid else -self.people.p.trust.disappointment)
            self.everywhere(item, action, occasion, "quiz", "answer", appeal=0.5 * action.appeal, ring=0.5 * action.ring)

        self.call(item, action, occasion, occasion.hour + action.answer_after, "quiz", tell, "question")

    def offline_event(self, item: str, action: Any, occasion: Any) -> None:
        """Announce a meeting, and hold it."""
        p = self.people.p

        def hold(people: list[Any]) -> None:
            drawn = self.shuffled(item, occasion, people)
            for person in drawn[action.capacity :]:
                self.feel(person, -p.trust.disappointment)
            seated = drawn[: action.capacity]
            units = self.lots(item, occasion, seated, meeting.TURNOUT)
            came = [person for person, unit in zip(seated, units, strict=True) if unit < p.meeting.turnout]
            paid = bool(came) and self.pay("event_cost", action.person_yuan * len(came), item, -1, self.hour, promised=False)
            for person in [] if paid else came:
                self.feel(person, -p.trust.disappointment)
            if paid:
                for person in came:
                    meeting.attend(person, p)
                meeting.get_acquainted(self.people.people, np.array([person.number for person in came]), p)

        if self.hour < occasion.hour and self.pay("event_cost", action.cost_yuan, item, -1, self.hour):
            self.call(item, action, occasion, occasion.hour, "event", hold)

    def ranked(self, item: str, by: str) -> list[tuple[float, Any]]:
        """Return members by what they are worth."""
        name, unit = {"orders": ("orders", 1), "gmv": ("gmv_fen", 100), "messages": ("written", 1)}[by]
        return [(p[name] / unit, p) for p in sorted(self.members(item), key=lambda person: (-person[name], int(person.key)))]

    def koc_sampling(self, item: str, action: Any, occasion: Any) -> None:
        """Send samples; some write about them later."""
        place, p = self.brand.product_index(action.product), self.people.p
        product, yuan = self.people.products[place], list(self.brand.products.values())[place].cost_yuan + action.shipping_yuan
        chosen = [person for worth, person in self.ranked(item, action.by) if worth >= action.at_least][: action.most]
        given = []
        for person in chosen:
            if self.gift_to(item, person, yuan):
                sampling.receive(person, product, p)
                given.append(person)

        def write() -> None:
            for person in given:
                if person.member and sampling.writes(person, product, name_key(item, str(occasion.index)), p):
                    fields = self.message(item, occasion, action, "koc", f"author {int(person.key):016x}")
                    self.people.publish(self.people.new_post(**fields, group=person.group), self.hour)

        self.later(occasion.hour + action.after, action.priority, item, write)

    def customer_case(self, item: str, action: Any, occasion: Any) -> None:
        """Thank the best customer who has not been told of, and tell of them."""
        told = self.told_of.setdefault(item, [])
        found = [person for worth, person in self.ranked(item, "orders") if worth >= action.at_least and person.number not in told]
        if not found:
            self.refuse(self.hour, item, -1, "nobody", promised=False)
        elif self.gift_to(item, found[0], action.thanks_yuan):
            told.append(found[0].number)
            self.feel(found[0], 1.0)
            self.everywhere(item, action, occasion, "case")

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
        ring, quality = action.ring * loud, action.quality * loud
        self.everywhere(item, action, occasion, "content", f"post {nth}", quality=quality, ring=ring)

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
    floor, hours = getattr(action, "floor_yuan", 0.0), getattr(action, "valid", 1.0)
    return {"coupon_fen": round(yuan * 100), "coupon_floor_fen": round(floor * 100), "coupon_hours": hours}


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
