"""When a person opens the messaging app.

Base sessions are a Poisson process whose rate follows the hours of the week, drawn per (person, day): the k-th gap of a day is a
unit exponential keyed by (person, day, k), spent against the day's cumulative profile, so every strategy meets the same sessions.
Somebody in no group, with nothing unread and no coupon, looks once a day: further looks would show them nothing. A letter brings the
looks that are left of the day back.
Pulled sessions follow a noticed message after a log-normal reaction delay; follow-up sessions come minutes after taking part in a
live conversation. A person has at most one pulled and one follow-up session ahead, the earliest: one look answers every notice.

Source: MODEL section 4, ENGINE section 5; weekly rhythm and log-normal reaction: Jo, Karsai, Kertesz, Kaski 2012.
"""

from __future__ import annotations

import math

import numpy as np

from sim import randomness
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

GAP = stream("sessions.gap")
NOTICE = stream("sessions.notice")
DELAY = stream("sessions.delay")
FOLLOW = stream("sessions.follow")
FOLLOW_DELAY = stream("sessions.follow_delay")
NEVER = math.inf

STATE = (
    ("session_rate_per_day", "f8"),
    ("notice_probability", "f8"),
    ("day", "i4"),
    ("day_session", "i4"),
    ("day_spent", "f8"),
    ("base_h", "f8"),
    ("pull_h", "f8"),
    ("pull_key", "u8"),
    ("follow_h", "f8"),
    ("follow_key", "u8"),
    ("organic_h", "f8"),
    ("last_session_h", "f8"),
    ("sessions", "i4"),
)


class SessionParameters(Parameters):
    """Parameters of sessions."""

    rate_per_day: float = parameter(
        5.0, unit="1/day", meaning="mean base sessions a person has a day", low=0, high=200, source="MODEL section 2"
    )
    rate_shape: float = parameter(2.0, unit="gamma shape", meaning="evenness of session rates across people", low=0.05, high=1e6)
    notice_mean: float = parameter(0.35, unit="share", meaning="mean chance of noticing a message that rings", low=0, high=1)
    notice_concentration: float = parameter(4.0, unit="a + b of a beta", meaning="evenness of notice across people", low=0.1, high=1e6)
    muted_notice: float = parameter(0.05, unit="factor", meaning="notice of a muted group against an open one", low=0, high=1)
    reaction_median_minutes: float = parameter(40.0, unit="minutes", meaning="median delay from notice to session", low=0.01, high=1e5)
    reaction_sigma: float = parameter(
        1.2, unit="log-normal sigma", meaning="spread of the reaction delay", low=0, high=5, source="Jo et al. 2012"
    )
    follow_probability: float = parameter(0.6, unit="share", meaning="chance of a follow-up after writing", low=0, high=1)
    follow_median_minutes: float = parameter(6.0, unit="minutes", meaning="median delay of a follow-up", low=0.01, high=1e5)
    follow_sigma: float = parameter(0.8, unit="log-normal sigma", meaning="spread of the follow-up delay", low=0, high=5)


@compiled
def next_base_session(person, profile, p, now):
    """Move the person to the next base session of the day that is planned, if it holds another.

    ``profile`` is (7, 25): cumulative share of a weekday's sessions at each hour, times the weight of that weekday. Sets ``base_h``
    (never, if the day is used up) and returns whether the day holds another session.
    """
    weekday = person.day % 7
    rate = person.session_rate_per_day
    gap = randomness.exponential(p.run.key, person.key, GAP, person.day, person.day_session)
    person.day_session += 1
    person.day_spent += gap
    if person.day_spent >= rate * profile[weekday, 24]:
        person.base_h = NEVER
        return False
    target = person.day_spent / rate
    # Counted, not looked for: where the search ends is a toss that no processor guesses.
    hour = 8 * (profile[weekday, 8] <= target) + 8 * (profile[weekday, 16] <= target)
    third = hour
    for later in range(1, 8):
        hour += profile[weekday, third + later] <= target
    share = (target - profile[weekday, hour]) / (profile[weekday, hour + 1] - profile[weekday, hour])
    person.base_h = max(now, person.day * 24.0 + hour + share)
    return True


@compiled
def begin_day(person, profile, now):
    """Begin the person's day at ``now``: later than midnight, the part of the day that is over counts as spent."""
    person.day = int(math.floor(now / 24.0))
    person.day_session = 0
    clock = now - person.day * 24.0
    hour = min(23, int(clock))
    weekday = person.day % 7
    passed = profile[weekday, hour] + (clock - hour) * (profile[weekday, hour + 1] - profile[weekday, hour])
    person.day_spent = person.session_rate_per_day * passed


@compiled
def look_ahead(person, profile, p, now):
    """Plan the first base session of the next days where none is planned, until one is found or tomorrow is planned too."""
    while person.base_h == NEVER and person.day * 24.0 <= now:
        person.day += 1
        person.day_session = 0
        person.day_spent = 0.0
        next_base_session(person, profile, p, now)


@compiled
def pass_over(person, now):
    """Return whether the looks that are left of a day would show somebody nothing: outside, with nothing unread and no coupon."""
    return not person.member and person.inbox_read == person.inboxed and (person.coupon_fen == 0 or now >= person.coupon_expires_h)


@compiled
def next_look(person, profile, p, now):
    """Plan the base session after one that is due now."""
    if pass_over(person, now):
        person.base_h = NEVER
    else:
        next_base_session(person, profile, p, now)
    look_ahead(person, profile, p, now)


@compiled
def wake(person, profile, p, now):
    """Bring back the base sessions that are left of a day, if they were passed over."""
    day = math.floor(now / 24.0)
    if not person.arrived or person.day <= day:
        return
    since = max(day * 24.0, person.admitted_h)
    begin_day(person, profile, since)
    next_base_session(person, profile, p, since)
    while person.base_h <= now:
        next_base_session(person, profile, p, since)
    look_ahead(person, profile, p, now)


@compiled
def notice(person, message_key, strength, personal, habit, p, now):
    """Pull a session forward if the person notices the message; return whether they did.

    Chance = 1 - (1 - notice probability x strength x (muted factor, for a message in a group that they muted)) x (1 - habit), keyed by
    (person, message); ``habit`` is the chance that the hour itself brings them.
    """
    chance = person.notice_probability * strength
    if person.muted and not personal:
        chance *= p.sessions.muted_notice
    chance += habit * (1.0 - chance)
    if randomness.uniform(p.run.key, person.key, NOTICE, message_key, 0) >= chance:
        return False
    delay = p.sessions.reaction_median_minutes / 60.0
    delay *= math.exp(p.sessions.reaction_sigma * randomness.normal(p.run.key, person.key, DELAY, message_key, 0))
    if now + delay < person.pull_h:
        person.pull_h = now + delay
        person.pull_key = message_key
    return True


@compiled
def follow_up(person, thread_key, nth, p, now):
    """Plan a follow-up session after taking part in a thread for the nth time, keyed by (person, thread, n)."""
    if randomness.uniform(p.run.key, person.key, FOLLOW, thread_key, nth) < p.sessions.follow_probability:
        delay = p.sessions.follow_median_minutes / 60.0
        delay *= math.exp(p.sessions.follow_sigma * randomness.normal(p.run.key, person.key, FOLLOW_DELAY, thread_key, nth))
        if now + delay < person.follow_h:
            person.follow_h = now + delay
            person.follow_key = thread_key + np.uint64(nth)
