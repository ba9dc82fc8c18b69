"""Counting people once a day in their group, however often they do a thing on it."""

from __future__ import annotations

from sim.codes import ACTIVE, INTERACTIONS, POSTERS
from sim.compiled import compiled


@compiled
def was_active(person, group, now):
    """Count the person once a day among those who had a session."""
    day = int(now // 24.0)
    if person.active_day != day:
        person.active_day = day
        group.counters[ACTIVE] += 1


@compiled
def wrote(person, group, now):
    """Count the person once a day among those who wrote."""
    day = int(now // 24.0)
    if person.wrote_day != day:
        person.wrote_day = day
        group.counters[POSTERS] += 1


@compiled
def interacted(person, group, now):
    """Count the person once a day among those who wrote, claimed or bought."""
    day = int(now // 24.0)
    if person.member and person.interaction_day != day:
        person.interaction_day = day
        group.counters[INTERACTIONS] += 1
