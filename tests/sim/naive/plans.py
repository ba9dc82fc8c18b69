"""Campaigns, journeys, segments, lots and rules, a second time: rounds laid out by hand, everybody looked at whenever the brand looks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from sim import randomness
from sim.behaviour import lifecycle
from sim.clock import Occurrence, parse_days, parse_schedule
from sim.codes import BY_THEMSELVES, PRUNED, STAGES
from sim.lots import LOT
from sim.randomness import name_key
from tests.sim.naive.records import Record

ZERO = np.uint64(0)


class Plans:
    """What a brand plans beside its programme."""

    # ---- campaigns ------------------------------------------------------------------------------------------------

    def rounds(self) -> list[tuple[str, Any, Occurrence]]:
        """Return what the phases of all campaigns do when."""
        found = []
        festivals, horizon = self.scenario.festivals(), self.scenario.horizon_hours
        for owner, campaign in self.strategy.campaigns.items():
            lead = 24.0 * campaign.lead_days
            days = [one.hour - lead for one in parse_days(campaign.when).occurrences(horizon + lead, festivals)]
            starts = [hour for hour in days if 0.0 <= hour < horizon][: campaign.rounds]
            for nth, start in enumerate(starts):
                begins = start
                for part, phase in campaign.phases.items():
                    ends = min(horizon, begins + 24.0 * phase.days)
                    for name, action in phase.programme.items():
                        item = f"{owner}.{part}.{name}"
                        found += [
                            (item, action, Occurrence(hour, 1_000_000 * (nth + 1) + index))
                            for hour, index in self.in_phase(action, begins, ends)
                        ]
                    begins += 24.0 * phase.days
        return found

    def in_phase(self, action: Any, begins: float, ends: float) -> list[tuple[float, int]]:
        """Return the occasions of an action in a phase."""
        schedule = parse_schedule(action.when)
        if action.until_day is not None:
            ends = min(ends, begins + 24.0 * action.until_day)
        shift = 0.0 if schedule.weekdays or schedule.festival else begins
        every = [(one.hour + shift, one.index) for one in schedule.occurrences(ends - shift, self.scenario.festivals())]
        return [(hour, index) for hour, index in every if hour >= begins + 24.0 * action.from_day]

    # ---- journeys -------------------------------------------------------------------------------------------------

    def plan_journeys(self) -> None:
        """Look again and again."""
        for name, journey in self.strategy.journeys.items():
            state = Record(since=0.0, orders={}, prices=0, under_way={}, resting={}, steps=[], looks=0)
            minutes = round(journey.look * 60)
            for nth in range(1, int(self.scenario.horizon_hours * 60 // minutes) + 1):
                if nth * minutes / 60 < self.scenario.horizon_hours:
                    self.later(nth * minutes / 60, 0, name, partial(self.look, name, journey, state))

    def look(self, name: str, journey: Any, state: Any) -> None:
        """Send out whom it has happened to, let go who is done, and carry out what has fallen due."""
        now = self.hour
        state.looks += 1
        for who in self.came(journey, state):
            if who not in state.under_way and state.resting.get(who, now) <= now:
                state.under_way[who] = now
                state.steps += [(now + step.after, who, step_name, now) for step_name, step in journey.steps.items()]
        state.since, state.prices = now, len(self.people.asked_prices)
        state.orders = {person.number: person.orders for person in self.people.people}
        for who in [who for who, since in state.under_way.items() if self.exited(journey, who, since)]:
            del state.under_way[who]
            state.resting[who] = now + journey.again_after
        due = [step for step in state.steps if step[0] <= now]
        state.steps = [step for step in state.steps if step[0] > now]
        for step_name, step in journey.steps.items():
            those = [who for _, who, which, since in due if which == step_name and state.under_way.get(who) == since]
            if those:
                scope = {"groups" if journey.of_groups else "people": those}
                occasion = Record(hour=now, index=state.looks, **{"people": None, "groups": None, **scope})
                getattr(self, step.do.kind)(f"{name}.{step_name}", step.do, occasion)
        last = max(step.after for step in journey.steps.values())
        for who in [who for who, since in state.under_way.items() if since + last <= now]:
            del state.under_way[who]
            state.resting[who] = now + journey.again_after

    def came(self, journey: Any, state: Any) -> list[int]:
        """Return to whom it has happened since the last look, of those who may set out."""
        now = self.hour
        if journey.of_groups:
            heard = {
                number: max(group.member_message_h, group.opened_h) + 24.0 * journey.days for number, group in self.people.groups.items()
            }
            return [number for number, hour in heard.items() if state.since <= hour < now and self.people.groups[number].members > 0]
        found = []
        birthdays = {self.day_of_year(24.0 * day) for day in range(100) if state.since <= 24.0 * day < now}
        for person in self.people.people:
            seen = max(person.last_session_h, person.ordered_h, person.admitted_h) + 24.0 * journey.days
            before = state.orders.get(person.number, 0)
            happened = {
                "joined": person.member and person.joined_h > 0.0 and state.since <= person.joined_h < now,
                "left": person.ever_member and not person.member and person.left_cause != PRUNED and state.since <= person.left_h < now,
                "muted": person.muted and state.since <= person.muted_h < now,
                "order": person.orders > before,
                "first_order": person.orders > before == 0,
                "silent": state.since <= seen < now,
                "birthday": person.birthday in birthdays,
                "price_question": person.number in self.people.asked_prices[state.prices :],
                "packet_missed": person.packet_missed_h > 0.0 and state.since <= person.packet_missed_h < now,
            }
            if person.arrived and happened[journey.trigger] and self.is_of(journey.to, person) and self.is_of_arm(journey.split, person):
                found.append(person.number)
        return found

    def exited(self, journey: Any, who: int, since: float) -> bool:
        """Return whether somebody has done what ends their journey."""
        if journey.of_groups:
            return False
        person = self.people.people[who]
        done = {
            "order": person.orders > 0 and person.ordered_h >= since,
            "left": person.ever_member and not person.member and person.left_h >= since,
            "muted": person.muted and person.muted_h >= since,
            "message": person.written > 0 and person.wrote_h >= since,
        }
        return any(done[name] for name in journey.exits)

    # ---- who something is for ---------------------------------------------------------------------------------------

    def day_of_year(self, hour: float) -> int:
        """Return the day of the year."""
        return (self.scenario.market.start_date + timedelta(days=int(hour // 24))).timetuple().tm_yday

    def is_of(self, to: Any, person: Any) -> bool:
        """Return whether somebody is of an audience and its segment, but for types of groups."""
        own = [to, self.strategy.segments[to.segment]] if to.segment else [to]
        return all(self.is_of_one(audience, person) for audience in own)

    def is_of_one(self, to: Any, person: Any) -> bool:
        """Return whether somebody is of an audience by itself."""
        hour = self.hour
        tag = list(self.brand.topics)[person.tag] if person.tag >= 0 else "untagged"
        limits = [(to.ordered_from, to.ordered_until, person.ordered_h), (to.admitted_from, to.admitted_until, person.admitted_h)]
        entry = "walk_in" if person.channel == BY_THEMSELVES else [*self.brand.channels, "founding"][person.channel]
        entry = "referral" if person.inviter >= 0 else entry
        return bool(
            person.arrived
            and (to.who == "everybody" or person.member == (to.who == "members"))
            and (not to.stages or STAGES[lifecycle.stage(person, self.people.p, hour)] in to.stages)
            and (not to.tags or tag in to.tags)
            and to.orders_min <= person.orders <= (np.inf if to.orders_max is None else to.orders_max)
            and (person.orders > 0 or (to.ordered_from is None and to.ordered_until is None))
            and all((low is None or hour - at >= low) and (high is None or hour - at <= high) for low, high, at in limits)
            and (not to.birthday or person.birthday == self.day_of_year(hour))
            and person.gmv_fen >= 100 * to.spent_min_yuan
            and (not to.channels or entry in to.channels)
        )

    def is_of_arm(self, text: str, person: Any) -> bool:
        """Return whether somebody's lot falls on an arm; a split of groups parts no people."""
        name, _, arm = text.rpartition(".")
        return not name or self.strategy.splits[name].unit == "group" or self.lot(name, person.key) == arm

    def lot(self, name: str, key: Any) -> str:
        """Return the arm of a person or group in a split."""
        unit = randomness.uniform(self.people.run, key, LOT, name_key("split", name), ZERO)
        return "treated" if unit < self.strategy.splits[name].treated else "control"

    def group_takes(self, item: str, number: int) -> bool:
        """Return whether an item is for a group, by its type and its lot."""
        action = self.strategy.items.get(item)
        if action is None:
            return True
        name, _, arm = action.split.rpartition(".")
        right = not action.groups or (self.people.groups[number].type_name or "ordinary") in action.groups
        of_people = not name or self.strategy.splits[name].unit == "person"
        return right and (of_people or self.lot(name, name_key("group", str(number))) == arm)

    # ---- rules ----------------------------------------------------------------------------------------------------

    def forbidden(self, item: str, group: int, *, sells: bool) -> bool:
        """Return whether a rule keeps a message back from a group."""
        rules, now = self.strategy.rules, self.hour
        if rules.messages_per_group_day is not None and self.had[group, int(now // 24)] >= rules.messages_per_group_day:
            return True
        lately = [hour for where, hour in self.sold if where == group and hour > now - 168.0]
        if sells and rules.offers_per_group_week is not None and len(lately) >= rules.offers_per_group_week:
            return True
        return self.stopped(item, group)

    def stopped(self, item: str, group: int) -> bool:
        """Return whether a condition stops an item in a group."""
        week = self.hour - 168.0
        own = [person for person in self.people.people if person.group == group]
        members = [person for person in own if person.member]
        gone = [
            person for person in own if person.ever_member and not person.member and person.left_cause != PRUNED and person.left_h >= week
        ]
        old = [person for person in members + gone if person.joined_h <= week]
        muted = sum(person.muted for person in members) / max(1, len(members))
        exits = sum(person in old for person in gone) / max(1, len(old))
        writers = sum(person.written > 0 and person.wrote_h >= week for person in members) / len(members) if members else 1.0
        for stop in self.strategy.rules.stops.values():
            holds = (
                (stop.muted_share is not None and muted > stop.muted_share)
                or (stop.week_exits_share is not None and exits > stop.week_exits_share)
                or (stop.week_writers_share is not None and writers < stop.week_writers_share)
            )
            if holds and (item in stop.items or self.strategy.items[item].kind in stop.kinds):
                return True
        return False
