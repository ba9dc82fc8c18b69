"""Who gets a personal message: those of a group (or of the street) who fit an audience and can be reached by its channel."""

from __future__ import annotations

from sim.behaviour import contacts, lifecycle
from sim.codes import TOPICS
from sim.compiled import compiled
from sim.counting import day_of

EVERYBODY, MEMBERS_ONLY, OUTSIDE_ONLY = range(3)


@compiled
def fits(person, audience, p, now):
    """Return whether somebody is of the audience and can be reached by its channel now."""
    if not person.arrived or not contacts.accepts(person, audience.channel, p, now):
        return False
    if (audience.who == MEMBERS_ONLY and not person.member) or (audience.who == OUTSIDE_ONLY and person.member):
        return False
    if audience.tags != 0 and (audience.tags >> (person.tag if person.tag >= 0 else TOPICS)) & 1 == 0:
        return False
    if audience.birthday >= 0 and person.birthday != audience.birthday:
        return False
    if person.orders < audience.orders_min or person.orders > audience.orders_max:
        return False
    bought_ago = now - person.ordered_h
    if bought_ago < audience.ordered_from_h or bought_ago > audience.ordered_until_h:
        return False
    came_ago = now - person.admitted_h
    if came_ago < audience.admitted_from_h or came_ago > audience.admitted_until_h:
        return False
    return audience.stages == 0 or (audience.stages >> lifecycle.stage(person, p, now)) & 1 > 0


@compiled
def within_cap(person, cap, now):
    """Return whether the platform lets another mass message through to somebody today (a cap below 0 is none)."""
    had = person.mass_today if person.mass_day == day_of(now) else 0
    return cap < 0 or had < cap


@compiled
def count_mass(person, now):
    """Count a mass message to somebody."""
    today = day_of(now)
    if person.mass_day != today:
        person.mass_day = today
        person.mass_today = 0
    person.mass_today += 1
