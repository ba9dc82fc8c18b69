"""Talk among members: spontaneous talk in a slow loop around the group's liveliness, and replies in threads.

Spontaneous talk per hour = talkativeness x A / n x [novelty e^(-age / 3 d) x O + cohesion x L], L = V^2 / (V^2 + half^2), V = messages
per voice, decaying over 4 days from what a group has at its opening; a claim of a red packet or a check-in, which all can see, is a fifth
of one. The n members of a group speak with A = 20 (n / 20)^(1 - restraint) voices: before many, each says less, so that a group of 500
has not 25 times the talk of one of 20. L is the share of members whose threshold V has passed, where thresholds are spread log-
logistically; it is flat at 0, so that a word or two do not wake a group, whatever its cohesion. Nobody likes to be the first to speak
into a silence: O = floor + (1 - floor) L is what it leaves of what a member would say that answers no member, a newcomer's greeting, an
answer to the brand, thanks for its red packet. Who answers a member breaks no silence.

The v-th reader of a message gives it a reply dose = b x r / ((r + v - 1) (r + v)) x answering x appeal x depth factor^depth, x O for what
the brand wrote and x (1 + e min(1, tie / friend)) for what a member wrote, so that a mesh grows where ties do, which answers make. The
shares of readers add up to 1, half of that with the first r, and answering, in proportion to t / (t + s) with t = talkativeness / mean, is
1 in the mean of members: so b is the number of answers to be expected by a message that begins a thread of members, has the usual appeal,
and is read at once by many. It saturates, since nobody answers one message again and again, however talkative.
An answer to the reader themselves gives the address dose x depth factor^depth if that is more, and rings for them, so that talk goes back
and forth. Doses fade by e^(-age / memory); everything times (1 - H / capacity)+, H the distinct posters of about the last 20 minutes.

Both are spent from one clock; a member answers the message on whose dose it ran out, and begins a thread if it ran out between messages.
A muted member talks less by themselves. Shills warm a group as members do, until they are seen through.

Source: MODEL sections 4-5; self-exciting conversation: Hawkes 1971; its branching ratio: Meagher and Friel 2025; capacity of chat: Jones,
Moldovan, Raban, Butler 2008; less from each the larger the audience: Butler 2001; silence breeds silence: Noelle-Neumann 1974,
Granovetter 1978, Burke, Marlow, Lento 2009; turns taken by who is addressed: Sacks, Schegloff, Jefferson 1974.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from sim import randomness
from sim.behaviour import shills, ties
from sim.codes import CHAT, GROUP_FEED, SHILL
from sim.compiled import compiled, inlined
from sim.decay import faded
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("chat.budget")
KEY = stream("chat.key")
APPEAL = stream("chat.appeal")
#: Members before whom talkativeness and cohesion hold as they are.
AUDIENCE = 20.0
#: Standard normal numbers and their weights, by which the mean over a log-normal is taken.
NORMALS, _WEIGHTS = hermegauss(64)
WEIGHTS = _WEIGHTS / _WEIGHTS.sum()

STATE = (
    ("talkativeness_per_day", "f8"),
    ("answering", "f8"),
    ("openness", "f8"),
    ("talk_clock", "f8"),
    ("talk_rate", "f8"),
    ("talk_pull", "f8"),
    ("talk_h", "f8"),
    ("parent_key", "u8"),
    ("parent_thread", "u8"),
    ("parent_depth", "i4"),
    ("parent_post", "i4"),
    ("parent_place", "i4"),
    ("written", "i4"),
    ("wrote_h", "f8"),
)


class ChatParameters(Parameters):
    """Parameters of chat."""

    talkativeness_per_day: float = parameter(
        0.03, unit="messages/day", meaning="mean spontaneous talk of a member at full swing; 0 switches chat off", low=0, high=1000
    )
    talkativeness_sigma: float = parameter(
        2.0,
        unit="log-normal sigma",
        meaning="inequality of talk across members",
        low=0,
        high=4,
        source="between 1.2 (Usenet's posters alone: Whittaker et al. 1998) and 3.0 (all who ever came, over years: van Mierlo 2014)",
    )
    novelty: float = parameter(1.0, unit="factor", meaning="talk of a newcomer, before the group's liveliness counts", low=0, high=100)
    novelty_days: float = parameter(3.0, unit="days", meaning="decay of novelty", low=0.01, high=1e4, source="MODEL section 5")
    liveliness_days: float = parameter(
        4.0, unit="days", meaning="decay of the group's liveliness V", low=0.01, high=1e4, source="MODEL section 5"
    )
    liveliness_half: float = parameter(
        0.1, unit="messages/voice", meaning="V at which the group gives half of its pull", low=1e-6, high=1e3
    )
    opening_liveliness: float = parameter(
        0.5, unit="messages/voice", meaning="V of a group that opens: greetings, names that appear", low=0, high=1e3
    )
    sign_weight: float = parameter(
        0.2,
        unit="messages",
        meaning="what a member's claim of a red packet or answer to a call, which all can see, adds to V; 0 is off",
        low=0,
        high=10,
        source="form: MODEL section 4 (claiming raises activity), PRACTICE 23, 30",
    )
    silence_floor: float = parameter(
        0.05,
        unit="share",
        meaning="what a silent group leaves of a newcomer's talk, of answers to the brand and of thanks; 1 is off",
        low=0,
        high=1,
        source="form: Noelle-Neumann 1974; PRACTICE 16: not even red packets move a dead group",
    )
    cohesion_median: float = parameter(
        0.8, unit="cohesion", meaning="median cohesion of groups of typical likeness", low=0, high=100, source="MODEL section 5"
    )
    cohesion_sigma: float = parameter(
        1.25, unit="log-normal sigma", meaning="spread of cohesion across groups", low=0, high=4, source="MODEL section 5: 1 to 1.5"
    )
    audience_restraint: float = parameter(
        0.75,
        unit="exponent",
        meaning="how much less a member says by themselves the more members there are; 0 is off, 1 as much a group whatever its size",
        low=0,
        high=1,
    )
    answers_per_message: float = parameter(
        0.88,
        unit="answers",
        meaning="b: answers to be expected by a message that begins a thread and is read at once by many typical members; 0: none",
        low=0,
        high=100,
        source="MODEL section 4: branching ratio .6-.75; .675 in the mean of a thread whose answers get depth_factor as many each time",
    )
    answering_half: float = parameter(
        1.0,
        unit="talkativeness / mean",
        meaning="s: talkativeness that makes somebody answer half as readily as the most talkative; large: in proportion to talkativeness",
        low=1e-6,
        high=1e6,
        source="form: MODEL section 5 (times the reader's talkativeness, saturating)",
    )
    reply_readers: float = parameter(
        8.0, unit="readers", meaning="r: the first readers, from whom half of the answers come", low=0.01, high=1e6
    )
    reply_memory_hours: float = parameter(3.0, unit="hours", meaning="decay of the reply dose with the message's age", low=0.001, high=1e5)
    address_dose: float = parameter(
        0.5, unit="dose", meaning="dose of a fresh answer to the reader themselves, if above the reply dose; 0 is off", low=0, high=10
    )
    address_ring: float = parameter(1.0, unit="factor", meaning="how loudly an answer rings for who is answered; 0 is off", low=0, high=10)
    depth_factor: float = parameter(0.8, unit="factor", meaning="reply dose from one depth of a thread to the next", low=0, high=1)
    tie_excitation: float = parameter(
        0.0,
        unit="factor",
        meaning="e: how much more a friend's message makes a member answer than a stranger's; 0 is off",
        low=0,
        high=1,
        source="PRACTICE 17: value groups are meshes",
    )
    capacity_posters: float = parameter(
        40.0,
        unit="posters in 20 minutes",
        meaning="distinct posters at which chat saturates",
        low=0.1,
        high=1e6,
        source="Jones et al. 2008; MODEL section 4",
    )
    window_minutes: float = parameter(
        20.0, unit="minutes", meaning="memory of recent posters", low=0.1, high=1e4, source="Jones et al. 2008"
    )
    message_load: float = parameter(0.08, unit="load", meaning="load of a member's message against a brand's", low=0, high=10)
    message_quality: float = parameter(
        0.05, unit="share", meaning="how much a member's message says about the brand's goods", low=0, high=1
    )
    credibility: float = parameter(0.3, unit="share", meaning="credibility of a member's message", low=0, high=1)


@compiled
def answering(talkativeness_per_day, p):
    """Return how readily somebody answers, against the mean of members: t / (t + s), over the mean of that across the log-normal."""
    if talkativeness_per_day <= 0.0 or p.chat.talkativeness_per_day <= 0.0:
        return 0.0
    half, sigma = p.chat.answering_half, p.chat.talkativeness_sigma
    mean = 0.0
    for k in range(NORMALS.size):
        mean += WEIGHTS[k] / (1.0 + half * math.exp(0.5 * sigma**2 - sigma * NORMALS[k]))
    return 1.0 / (1.0 + half * p.chat.talkativeness_per_day / talkativeness_per_day) / mean


@compiled
def voices(group, p):
    """Return A, with how many voices the group speaks: of its members, before whom each says the less the more they are."""
    if group.voices_of != group.members:
        group.voices_of = group.members
        group.voices = AUDIENCE * (group.members / AUDIENCE) ** (1.0 - p.chat.audience_restraint)
    return group.voices


@compiled
def liveliness(group, p, now):
    """Return V, messages per voice decayed to now."""
    return group.liveliness * faded(now - group.liveliness_h, 24.0 * p.chat.liveliness_days)


@compiled
def openness(lively, p):
    """Return O, what is left of what answers no member where a group gives a share L of its pull: from the floor in silence to 1."""
    return p.chat.silence_floor + (1.0 - p.chat.silence_floor) * lively


@compiled
def pull_share(group, p, now):
    """Return L = V^2 / (V^2 + half^2), the share of its pull that a group of this liveliness gives."""
    value = liveliness(group, p, now) ** 2
    return value / (value + p.chat.liveliness_half**2)


@compiled
def room(group, p, now):
    """Return what the chat's capacity leaves: (1 - H / capacity)+."""
    heat = group.heat * faded(now - group.heat_h, p.chat.window_minutes / 60.0)
    return max(0.0, 1.0 - heat / p.chat.capacity_posters)


@compiled
def pull(person, group, p, now):
    """Return the rate at which the group makes a member talk by themselves now, and note how open it leaves them."""
    lively = pull_share(group, p, now)
    person.openness = openness(lively, p)
    newcomer = p.chat.novelty * faded(now - person.joined_h, 24.0 * p.chat.novelty_days)
    share = voices(group, p) / max(1, group.members)
    rate = person.talkativeness_per_day / 24.0 * share * (newcomer * person.openness + group.cohesion * lively) * room(group, p, now)
    return rate * p.muting.talk_factor if person.muted else rate


@compiled
def spend_time(person, group, p, now):
    """Spend the rate of spontaneous talk over the time since it was last known: the mean of what it was then and what it is now."""
    hours = now - person.talk_h
    if hours <= 0.0:
        return
    pull_now = pull(person, group, p, now)
    rate = person.talk_rate * pull_now / person.talk_pull if person.talk_pull > 0.0 else pull_now
    person.talk_clock -= 0.5 * (person.talk_rate + rate) * hours
    person.talk_rate = rate
    person.talk_pull = pull_now
    person.talk_h = now


@inlined
def act(person, group, p, now):
    """Set the rate of spontaneous talk. Where nothing was said since it was spent, and nobody muted, what was known then holds."""
    if not person.member:
        person.talk_pull = 0.0
    elif person.talk_h < now or group.liveliness_h >= now or person.muted_h == now:
        person.talk_pull = pull(person, group, p, now)
    person.talk_rate = person.talk_pull
    person.talk_h = now


@compiled
def addressed(person):
    """Return how a message names the person whom it answers: one more than their key, since 0 is nobody."""
    return person.key + np.uint64(1)


@compiled
def seen(person, group, message, relevance, p, now):
    """Spend the reply dose of a message seen in the group; it is the one to answer if the clock runs out on it."""
    message.readers += 1
    if person.answering <= 0.0 or not person.member or message.channel != GROUP_FEED or shills.seen_through(person, message):
        return
    first = p.chat.reply_readers
    share = first / ((first + message.readers - 1.0) * (first + message.readers))
    dose = p.chat.answers_per_message * share * person.answering * message.appeal
    if message.post >= 0:
        # Whoever is not found out passes for a member, whom one may answer without being the first to speak.
        if message.kind != SHILL:
            dose *= openness(pull_share(group, p, now), p)
    elif p.chat.tie_excitation > 0.0:
        dose *= 1.0 + p.chat.tie_excitation * min(1.0, ties.strength(person, message.author_place) / p.ties.friend_strength)
    fresh = faded(now - message.time_h, p.chat.reply_memory_hours)
    if message.answers == addressed(person):
        dose = max(dose, p.chat.address_dose)
    dose *= fresh * room(group, p, now)
    if dose <= 0.0:
        return
    if message.depth > 0:
        dose *= p.chat.depth_factor**message.depth
    before = person.talk_clock
    person.talk_clock -= dose
    if before > 0.0 and person.talk_clock <= 0.0:
        person.parent_key = message.key
        person.parent_thread = message.thread
        person.parent_depth = message.depth
        person.parent_post = message.post
        person.parent_place = message.author_place


@compiled
def next_budget(person, p):
    """Add the next budget to the talking clock."""
    person.talk_clock += randomness.exponential(p.run.key, person.key, BUDGET, person.written, 0)


@compiled
def compose(person, place, message, key, appeal, p, now):
    """Fill ``message`` with one of the person (at a place) that begins a thread and carries nothing."""
    message.key = key
    message.author = person.key
    message.answers = np.uint64(0)
    message.time_h = now
    message.thread = key
    message.depth = 0
    message.post = -1
    message.offer = -1
    message.packet = -1
    message.kind = CHAT
    message.readers = 0
    message.author_place = place
    message.slot = -1
    message.creative = -1
    message.quality = p.chat.message_quality
    message.commercial = 0.0
    message.load = p.chat.message_load
    message.credibility = p.chat.credibility
    message.appeal = appeal
    for k in range(message.topics.size):
        message.topics[k] = person.interests[k]


@compiled
def write(person, place, group, message, p, now):
    """Fill ``message`` with what the person (at a place) writes now; return the post and the author it answers (-1 if none)."""
    key = randomness.block(p.run.key, person.key, KEY, person.written, 0)[0]
    appeal = randomness.exponential(p.run.key, person.key, APPEAL, person.written, 0)
    compose(person, place, message, key, appeal, p, now)
    post = -1
    author = -1
    if person.parent_depth >= 0:
        message.thread = person.parent_thread
        message.depth = person.parent_depth + 1
        post = person.parent_post
        author = person.parent_place
        person.parent_depth = -1
    stir(person, group, p, now)
    person.written += 1
    return post, author


@compiled
def stir(person, group, p, now):
    """Raise the group's liveliness and heat by one message of the person."""
    raise_activity(group, (now - person.wrote_h) * 60.0 > p.chat.window_minutes, p, now)
    group.member_message_h = now
    person.wrote_h = now


@compiled
def raise_liveliness(group, messages, p, now):
    """Add so many messages, or what is worth as much, to what a group feels like."""
    group.liveliness = liveliness(group, p, now) + messages / max(1.0, voices(group, p))
    group.liveliness_h = now


@compiled
def show(group, p, now):
    """Let a group see that a member does something there without a word: claims a share of a red packet, answers a call."""
    if p.chat.sign_weight > 0.0:
        raise_liveliness(group, p.chat.sign_weight, p, now)


@compiled
def raise_activity(group, new_poster, p, now):
    """Add a message to what a group feels like, and its author to the recent posters if they are not yet among them."""
    raise_liveliness(group, 1.0, p, now)
    group.heat = group.heat * faded(now - group.heat_h, p.chat.window_minutes / 60.0)
    if new_poster:
        group.heat += 1.0
    group.heat_h = now
