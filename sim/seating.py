"""Which group of which type people go to, on the host's side: the gate, what a type gathers people by, and rooms that fill up.

People whom no type is for are seated by :mod:`sim.grouping`. Rooms are chosen as they stood when a batch of people began to be placed,
and as the batch fills them: the emptiest of those that gather people like this one, and when all are full the next one opens.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import gates, grouping
from sim.behaviour import tags
from sim.brand.group_types import FOUNDING, WALK_IN, GroupType
from sim.codes import BY_THEMSELVES, MEMBERSHIP
from sim.encode import newcomers
from sim.population import draw_apart
from sim.randomness import name_key
from sim.touch import Lead
from sim.world import PERSON, Array

if TYPE_CHECKING:
    from sim.community import Community


class Rooms:
    """Groups of types that have room, while a batch of people is placed."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self.free: dict[tuple[str, int], list[tuple[int, int]]] = {}
        groups = community.world.groups[: community.total.groups]
        for g in np.flatnonzero(groups["type"] >= 0):
            taken = int(groups["members"][g] + groups["reserved"][g])
            if taken < groups["capacity"][g]:
                self.free.setdefault((community.type_of(int(g)), int(groups["attribute"][g])), []).append((taken, int(g)))
        for rooms in self.free.values():
            heapify(rooms)

    def take(self, type_name: str, person: Any) -> int:
        """Return the group of a type that a person goes to, and keep the place."""
        community = self.community
        group_type = community.scenario.strategy.groups[type_name]
        form_by = group_type.form_by
        attribute = attribute_of(community, person, form_by)
        rooms = self.free.setdefault((type_name, attribute), [])
        if rooms:
            taken, g = heappop(rooms)
        else:
            topic = attribute if form_by == "interest" else first_topic(community, person)
            taken, g = 0, community.open_group(street=False, topic=topic, type_name=type_name, attribute=attribute)
        if taken + 1 < group_type.capacity:
            heappush(rooms, (taken + 1, g))
        return g


def first_topic(community: Community, person: Any) -> int:
    """Return the topic by which somebody is grouped where nothing else is known of them."""
    alone = np.array([person])
    return int(grouping.first_topic(alone, community.run, community.weights, community.world.parameters))


def bought_topic(community: Community, person: Any) -> int:
    """Return the main topic of the product that somebody bought last; -1 if they have bought nothing."""
    product = int(person["paid_product"])
    return int(np.argmax(community.world.products[product]["topics"])) if product >= 0 else -1


def attribute_of(community: Community, person: Any, form_by: str) -> int:
    """Return the value of the attribute by which a type of groups gathers people: their interest as they have bought, else as they say."""
    if form_by == "nothing":
        return 0
    if form_by != "interest":
        return int(person[form_by])
    topic = bought_topic(community, person)
    return topic if topic >= 0 else first_topic(community, person)


def sent_to(community: Community, lead: Lead) -> str:
    """Return the type of groups that somebody who comes is sent to; empty if none is for them."""
    types = community.scenario.strategy.groups
    if lead.inviter >= 0:
        return lead.type_name if lead.type_name in types else ""
    channel = FOUNDING if lead.channel != BY_THEMSELVES else WALK_IN
    if lead.channel >= 0:
        channel = list(community.scenario.brand.channels)[lead.channel]
    return next((name for name, group_type in types.items() if channel in group_type.channels), "")


def where_invited(community: Community, group: int) -> tuple[int, str]:
    """Return the group (-1: any of the type) and the type that somebody invited from a group is sent to."""
    type_name = community.type_of(group)
    group_type = community.scenario.strategy.groups.get(type_name)
    if group_type is not None and group_type.invitees_to not in (None, type_name):
        return -1, str(group_type.invitees_to)
    return group, type_name


def choose(community: Community, first: int, leads: list[Lead], wanted: Array) -> None:
    """Let newcomers, from the place ``first`` on, pass the gates of the types that they are sent to, and write their groups to ``wanted``.

    Whom a gate keeps out comes as a customer in no group. A fee is booked at the hour at which they come.
    """
    rooms = Rooms(community)
    for nth, lead in enumerate(leads):
        index = first + nth
        person = community.world.people[index]
        type_name = sent_to(community, lead) if person["enters_group"] else ""
        if not type_name:
            continue
        group_type = community.scenario.strategy.groups[type_name]
        if not lets_in(community, person, type_name, group_type, lead.inviter >= 0):
            person["enters_group"] = False
            continue
        answer_at_gate(community, person, type_name, group_type)
        if wanted[nth] < 0:
            wanted[nth] = rooms.take(type_name, person)
        community.recomposed.add(int(wanted[nth]))
        if group_type.gate.fee_fen():
            community.book_fee(index, MEMBERSHIP, group_type.gate.fee_fen(), lead.time_h, int(wanted[nth]))


def bring_in(community: Community, people: list[int], type_name: str) -> int:
    """Let people who have accepted an invitation of the brand into groups of a type, each to their like; return how many come in.

    Its gate is before them as before anybody who is invited.
    """
    community.begin_moves()
    rooms, group_type = Rooms(community), community.scenario.strategy.groups[type_name]
    came = 0
    for index in people:
        person = community.world.people[index]
        if lets_in(community, person, type_name, group_type, invited=True):
            answer_at_gate(community, person, type_name, group_type)
            group = rooms.take(type_name, person)
            if group_type.gate.fee_fen():
                community.book_fee(index, MEMBERSHIP, group_type.gate.fee_fen(), community.now, group)
            community.enter(index, group)
            came += 1
    return came


def answer_at_gate(community: Community, person: Any, type_name: str, group_type: GroupType) -> None:
    """Tag somebody who comes in with what they say they care about, if the gate asks."""
    if group_type.gate.asks():
        person["tag"] = tags.answer(person, name_key("gate", type_name), community.world.parameters[0])


def passes_gate(community: Community, lead: Lead) -> bool:
    """Return whether the gate of the type that somebody is sent to will let them in."""
    type_name = sent_to(community, lead)
    if not type_name:
        return True
    drawn = np.zeros(1, PERSON)
    draw_apart(drawn, 0, newcomers([lead]), community.world.parameters, community.weights)
    return lets_in(community, drawn[0], type_name, community.scenario.strategy.groups[type_name], lead.inviter >= 0)


def lets_in(community: Community, person: Any, type_name: str, group_type: GroupType, invited: bool) -> bool:
    """Return whether entering is worth to a person what the gate of a type costs them."""
    scenario = community.scenario
    thrift = float(person["deal_proneness"]) / scenario.behaviour.prices.deal_proneness_mean
    cost = group_type.gate.cost_yuan(thrift, invited)
    if cost <= 0.0:
        return True
    need = scenario.brand.need
    mean_need = need.rate_shape / (need.rate_scale_weeks * 168.0)
    return gates.worth_yuan(person, type_name, community.run, scenario.behaviour.gates, community.weights, mean_need) >= cost
