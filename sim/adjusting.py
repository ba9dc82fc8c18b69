"""Changing groups by their members: promoting, regrouping, pruning, splitting, and how cohesive that leaves the groups.

The part of the community's door through which members are moved. It acts on what a brand can see of its members: orders, money, messages,
packets claimed, age, gender, region, and the interest that their last order shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim import grouping
from sim.seating import Rooms, attribute_of, bought_topic
from sim.world import Array

if TYPE_CHECKING:
    from sim.community import Community

#: What the brand can see of a member's worth.
Worth = Literal["orders", "gmv", "messages"]
OBSERVED: dict[str, tuple[str, float]] = {"orders": ("orders", 1.0), "gmv": ("gmv_fen", 100.0), "messages": ("written", 1.0)}


def members_of(community: Community, groups: list[int]) -> Array:
    """Return the places of the members of some groups, in the order of their keys."""
    people = community.world.people[: community.total.people]
    found = np.flatnonzero(people["member"] & people["arrived"] & np.isin(people["group"], groups))
    return found[np.argsort(people["key"][found], kind="stable")]


def worth(community: Community, groups: list[int], by: Worth) -> list[tuple[int, float]]:
    """Return the members of some groups with what they are worth to the brand, by worth, then by key."""
    found = members_of(community, groups)
    name, unit = OBSERVED[by]
    own = community.world.people[name][found] / unit
    return [(int(found[n]), float(own[n])) for n in np.argsort(-own, kind="stable")]


def promote(community: Community, groups: list[int], to: str, by: Worth, at_least: float, most: int) -> None:
    """Move the members of some groups who are worth most to the brand into groups of a type."""
    community.begin_moves()
    ranked = worth(community, [g for g in groups if community.type_of(g) != to], by)
    rooms = Rooms(community)
    for index in [index for index, own in ranked if own >= at_least][:most]:
        community.move(index, rooms.take(to, community.world.people[index]))


def regroup(community: Community, groups: list[int], to: str, most: int) -> None:
    """Move the members of some groups into groups of a type, each to one of people who share the attribute that the type gathers by.

    Who sits in such a group already stays; by interest only those are moved who have shown it by an order, by tag only those who have one.
    """
    community.begin_moves()
    form_by = community.scenario.strategy.groups[to].form_by
    rooms = Rooms(community)
    moved = 0
    for index in map(int, members_of(community, groups)):
        person = community.world.people[index]
        group = community.world.groups[person["group"]]
        settled = community.type_of(int(person["group"])) == to and group["attribute"] == attribute_of(community, person, form_by)
        unknown = (form_by == "interest" and bought_topic(community, person) < 0) or (form_by == "tag" and person["tag"] < 0)
        if moved < most and not settled and not unknown:
            community.move(index, rooms.take(to, person))
            moved += 1


def prune(community: Community, groups: list[int], claimed_yuan: float, after_days: float, most: int) -> None:
    """Remove those members of some groups who have claimed so much of the brand's packets, and never wrote nor bought."""
    community.begin_moves()
    people = community.world.people
    found = members_of(community, groups)
    claimed = people["claimed_fen"][found] / 100.0
    idle = (people["orders"][found] == 0) & (people["written"][found] == 0)
    idle &= people["joined_h"][found] <= community.now - after_days * 24.0
    order = np.argsort(-claimed, kind="stable")
    for n in order[(idle & (claimed >= claimed_yuan))[order]][:most]:
        community.move(int(found[n]), -1)


def split_full(community: Community) -> None:
    """Part every full group of a type that says so into two, each of people who are more alike."""
    types = community.scenario.strategy.groups
    if not any(group_type.split for group_type in types.values()):
        return
    for g in community.community_groups():
        group_type = types.get(community.type_of(g))
        group = community.world.groups[g]
        if group_type is None or not group_type.split or group["members"] < max(2, group["capacity"]):
            continue
        community.begin_moves()
        found = members_of(community, [g])
        away = found[grouping.likeness_halves(community.world.people["interests"][found])]
        topic, attribute = int(np.argmax(group["topics"])), int(group["attribute"])
        other = community.open_group(street=False, topic=topic, type_name=community.type_of(g), attribute=attribute)
        for index in map(int, away):
            community.move(index, other)


def settle_cohesion(community: Community) -> None:
    """Make groups whose people have changed by more than single joins and leaves as cohesive as those who are there now make them."""
    if not community.recomposed:
        return
    people = community.world.people[: community.total.people]
    inside = people["member"] & people["arrived"]
    factors = grouping.likeness_factors(people, inside, community.total.groups, community.scenario.population)
    changed = sorted(community.recomposed)
    groups: Any = community.world.groups
    groups["cohesion"][changed] = groups["cohesion_drawn"][changed] * factors[changed]
    community.recomposed.clear()
