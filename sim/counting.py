"""Counting people once a day in their group, however often they do a thing on it."""

from __future__ import annotations

from sim.codes import ACTIVE, INTERACTIONS, POSTERS
from sim.compiled import compiled


@compiled
def day_of(now):
    """Return the day of an hour: ``now // 24`` exactly, without the slow remainder that Python's ``//`` of fractions takes."""
    day = int(now / 24.0)
    return day - 1 if day * 24.0 > now else day


@compiled
def was_active(person, group, now):
    """Count the person once a day among those who had a session."""
    day = day_of(now)
    if person.active_day != day:
        person.active_day = day
        group.counters[ACTIVE] += 1


@compiled
def wrote(person, group, now):
    """Count the person once a day among those who wrote."""
    day = day_of(now)
    if person.wrote_day != day:
        person.wrote_day = day
        group.counters[POSTERS] += 1


@compiled
def interacted(person, group, now):
    """Count the person once a day among those who wrote, gave, claimed or bought."""
    day = day_of(now)
    if person.member and person.interaction_day != day:
        person.interaction_day = day
        group.counters[INTERACTIONS] += 1
