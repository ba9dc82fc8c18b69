"""Contacts: the personal channels that somebody has accepted, and how much of what comes by them is seen.

One-to-one messages and Moments reach those who have the brand's staff among their contacts; articles of the official account those who
follow it, of whom few open one; for 48 hours after a follower has opened an article or bought, the account may write to them (its
dialogue). A Moments post is seen with a chance that falls with how many of them come by: chance / (1 + crowding x posts a week), an
exponentially weighted average.

Source: MODEL section 2 (channels by strength of reach and risk); PRACTICE 1 and 35, and ``womenswear_moments`` (later Moments reach falls).
"""

from __future__ import annotations

import math

from sim.codes import DIALOGUE, FOLLOWS, IS_CONTACT, MOMENTS, OFFICIAL, TO_MEMBERS
from sim.compiled import compiled
from sim.decay import halved
from sim.parameters import Parameters, parameter

LOG_2 = math.log(2.0)

STATE = (
    ("reach", "u1"),
    ("touched_h", "f8"),
    ("moments_per_week", "f8"),
    ("birthday", "i2"),
    ("mass_today", "i2"),
    ("mass_day", "i4"),
)


class ContactParameters(Parameters):
    """Parameters of personal channels."""

    contact_share: float = parameter(0.7, unit="share", meaning="people who have the brand's staff among their contacts", low=0, high=1)
    follow_share: float = parameter(0.3, unit="share", meaning="people who follow the official account", low=0, high=1)
    official_chance: float = parameter(0.06, unit="share", meaning="chance that a follower opens an article in a session", low=0, high=1)
    dialogue_hours: float = parameter(
        48.0, unit="hours", meaning="time after a touch in which the account may write", low=0, high=1e4, source="PRACTICE 35"
    )
    moments_chance: float = parameter(0.4, unit="share", meaning="chance that a lone Moments post is seen", low=0, high=1)
    moments_crowding: float = parameter(
        0.25, unit="weeks/post", meaning="how much a post a week lowers that chance; 0 is not at all", low=0, high=100
    )
    moments_half_life_days: float = parameter(15.0, unit="days", meaning="half-life of the average of posts", low=0.01, high=1e4)


@compiled
def accepts(person, channel, p, now):
    """Return whether a message by a personal channel can be sent to somebody now."""
    if channel == TO_MEMBERS:
        return bool(person.member)
    if channel in (OFFICIAL, DIALOGUE):
        follows = (person.reach & FOLLOWS) > 0
        return follows and (channel == OFFICIAL or now - person.touched_h <= p.contacts.dialogue_hours)
    return (person.reach & IS_CONTACT) > 0


@compiled
def chance_of_sight(person, message, p):
    """Return the chance that a message in the inbox is seen in this session."""
    if message.channel == MOMENTS:
        return p.contacts.moments_chance / (1.0 + p.contacts.moments_crowding * person.moments_per_week)
    if message.channel == OFFICIAL:
        return p.contacts.official_chance
    return p.attention.personal_chance


@compiled
def meet(person, message, p):
    """Count a Moments post that comes by, seen or not."""
    if message.channel == MOMENTS:
        person.moments_per_week += LOG_2 / (p.contacts.moments_half_life_days / 7.0)


@compiled
def elapsed(person, p, hours):
    """Let the average of Moments posts decay."""
    if person.moments_per_week > 0.0:
        person.moments_per_week *= halved(hours, 24.0 * p.contacts.moments_half_life_days)


@compiled
def seen(person, group, message, relevance, p, now):
    """Open the time of dialogue."""
    if message.channel == OFFICIAL:
        person.touched_h = now


@compiled
def ordered(person, order, product, p, now):
    """Open the time of dialogue."""
    person.touched_h = now
