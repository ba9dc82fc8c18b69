"""Who gets a personal message: those of a group (or of the street) who fit an audience and can be reached by its channel."""

from __future__ import annotations

from sim.behaviour import contacts, lifecycle
from sim.codes import BY_THEMSELVES, TOPICS
from sim.compiled import compiled
from sim.counting import day_of
from sim.lots import is_of_arm

EVERYBODY, MEMBERS_ONLY, OUTSIDE_ONLY = range(3)


#: Bits of how somebody came in: founding, walked in, invited; from then on the channels of the brand.
FOUNDED, WALKED_IN, INVITED, FIRST_CHANNEL = range(4)


@compiled
def entry(person):
    """Return the bit of how somebody came in."""
    if person.inviter >= 0:
        return INVITED
    if person.channel == BY_THEMSELVES:
        return WALKED_IN
    return FOUNDED if person.channel < 0 else FIRST_CHANNEL + person.channel


@compiled
def is_of_all(person, audiences, p, now):
    """Return whether somebody is of every one of some audiences."""
    for n in range(audiences.size):  # noqa: SIM110 - no generators in compiled code
        if not is_of(person, audiences[n], p, now):
            return False
    return True


@compiled
def is_of(person, audience, p, now):
    """Return whether somebody is of an audience, whether or not they can be reached."""
    if not person.arrived or (audience.chosen and not person.chosen):
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
    if person.gmv_fen < audience.spent_min_fen:
        return False
    if audience.entries != 0 and (audience.entries >> entry(person)) & 1 == 0:
        return False
    if audience.split != 0 and not is_of_arm(p.run.key, person.key, audience.split, audience.split_share, audience.split_treated):
        return False
    return audience.stages == 0 or (audience.stages >> lifecycle.stage(person, p, now)) & 1 > 0


@compiled
def fits(person, audiences, p, now):
    """Return whether somebody is of all audiences and can be reached now by the channel of the first."""
    return is_of_all(person, audiences, p, now) and contacts.accepts(person, audiences[0].channel, p, now)


@compiled
def within_letters(person, cap, now):
    """Return whether the brand's own cap of letters in 7 days, counted from the first, lets another through (below 0: none)."""
    had = person.letters_week if now < person.letters_since_h + 168.0 else 0
    return cap < 0 or had < cap


@compiled
def count_letter(person, now):
    """Count a personal message to somebody."""
    if person.letters_week == 0 or now >= person.letters_since_h + 168.0:
        person.letters_since_h = now
        person.letters_week = 0
    person.letters_week += 1


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
