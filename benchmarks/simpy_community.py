"""The community of the SimPy members: their groups, and the brand's programme as one process an item."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from statistics import NormalDist, fmean
from typing import Any

import numpy as np
import simpy

from benchmarks.simpy_members import Member
from benchmarks.simpy_records import Group, Message, Offer, Packet, Totals
from sim.clock import parse_schedule
from sim.encode import topic_vector, topic_weights, week_profile
from sim.grouping import LIKENESS_POWER
from sim.scenario import Scenario


def mean_answering(scenario: Scenario) -> float:
    """Return the mean over members of t / (t + s), t their talkativeness against the mean: by quantiles of the log-normal."""
    chat = scenario.behaviour.chat
    normal = NormalDist(-0.5 * chat.talkativeness_sigma**2, chat.talkativeness_sigma) if chat.talkativeness_sigma > 0.0 else None
    shares = [(nth + 0.5) / 2000 for nth in range(2000)]
    talkativeness = [math.exp(normal.inv_cdf(share)) if normal else 1.0 for share in shares]
    return fmean(own / (own + chat.answering_half) for own in talkativeness)


class Community:
    """Members in groups, and the brand's programme as one process an item."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.behaviour = scenario.behaviour
        self.random = Random(seed)
        self.env = simpy.Environment()
        self.totals = Totals()
        self.weights = topic_weights(scenario.brand).tolist()
        self.profile = week_profile(scenario.market).tolist()
        products = scenario.brand.products.items()
        self.goods = [(item, item.category or name, topic_vector(scenario.brand, item.topics).tolist()) for name, item in products]
        self.categories = scenario.brand.categories()
        self.mean_answering = mean_answering(scenario)
        self.groups = self.open_groups()
        self.members = [Member(self) for _ in range(scenario.population.size)]
        self.fix_cohesion()
        for action in scenario.strategy.programme.values():
            self.env.process(self.carry_out(action))

    def run(self) -> Totals:
        """Run to the horizon."""
        self.env.run(until=self.scenario.horizon_hours)
        return self.totals

    def open_groups(self) -> list[Group]:
        """Open the first groups, by topic."""
        settings, chat = self.scenario.population, self.behaviour.chat
        many = math.ceil(settings.size / (settings.group_size * settings.initial_fill))
        edges = np.cumsum(self.weights) / np.sum(self.weights)
        topics = [int(((g + 0.5) / many > edges).sum()) for g in range(many)]
        spread, opening = chat.cohesion_sigma, chat.opening_liveliness
        return [Group(topic, chat.cohesion_median * math.exp(self.random.gauss(0.0, spread)), liveliness=opening) for topic in topics]

    def choose_group(self, member: Member) -> Group:
        """Return the emptiest group of a member's topic that has room, else the emptiest of any."""
        if self.random.random() < self.scenario.population.likeness:
            topic = member.interests.index(max(member.interests))
        else:
            topic = self.random.choices(range(len(self.weights)), self.weights)[0]
        free = [group for group in self.groups if group.present < self.scenario.population.group_size]
        return min([group for group in free if group.topic == topic] or free, key=lambda group: group.present)

    def fix_cohesion(self) -> None:
        """Make groups of people alike more cohesive."""
        typical = likeness(self.members)
        for group in self.groups:
            if group.members:
                group.cohesion *= (likeness(group.members) / typical) ** LIKENESS_POWER

    # ---- the brand ----------------------------------------------------------------------------------------------

    def carry_out(self, action: Any) -> Iterator[Any]:
        """Carry out an item of the programme: a post of content, an offer, or a red packet, in every group."""
        brand = self.scenario.brand
        column = brand.columns[action.column]
        topics = topic_vector(brand, column.topics)
        for occasion in parse_schedule(action.when).occurrences(self.scenario.horizon_hours, {}):
            yield self.env.timeout(occasion.hour - self.env.now)
            offer = None
            if action.kind == "sales_post":
                product, category, shown = self.goods[brand.product_index(action.product)]
                offer = Offer(product, category, shown, 1.0 - action.discount, self.env.now + action.window)
                topics = 0.5 * topic_vector(brand, column.topics) + 0.5 * np.array(shown)
            for group in self.groups:
                packet = None
                if action.kind == "red_packet":
                    packet = Packet(round(action.amount_yuan * 100), action.shares, self.env.now + 24.0)
                commercial = getattr(action, "commercial", 0.0)
                credibility = action.believed if action.kind == "content_post" else action.credibility
                values = (topics.tolist(), column.quality, commercial, action.load, credibility, action.appeal)
                group.feed.append(Message(self.env.now, *values, offer=offer, packet=packet))
                for member in group.members:
                    if member.member:
                        member.hear(action.ring)


def likeness(members: list[Member]) -> float:
    """Return the mean cosine of members' interests to their centre."""
    rows = np.array([member.interests for member in members])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    centre = rows.mean(axis=0)
    return float((rows @ centre).mean() / np.linalg.norm(centre))


def simulate_plainly(scenario: Scenario, seed: int) -> Totals:
    """Simulate a scenario with a process for every member."""
    return Community(scenario, seed).run()
