"""The state of a simulated community as structured arrays, one record each for a person, a group, a message, an offer.

Compiled code reads and writes these arrays; growing them is the host's work, between calls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import MECHANISMS
from sim.codes import COUNTERS, TOPICS

FEED_LENGTH = 128
INBOX_LENGTH = 4
#: Messages that somebody can read in one session.
MOST_READ = FEED_LENGTH + INBOX_LENGTH
LOG_LENGTH = 4096
MOST_TRACES = 256
NEVER = np.inf
Array = NDArray[Any]


def _dtype(*fields: Any) -> np.dtype[Any]:
    return np.dtype(list(fields), align=True)


def _packed(*fields: Any) -> np.dtype[Any]:
    """Return a record of the fields in order of their alignment, so that no byte of a person is padding."""
    return _dtype(*sorted(fields, key=lambda field: -np.dtype(field[1]).itemsize))


MESSAGE = _dtype(
    ("key", "u8"),
    ("author", "u8"),
    ("answers", "u8"),
    ("time_h", "f8"),
    ("thread", "u8"),
    ("depth", "i8"),
    ("post", "i8"),
    ("offer", "i8"),
    ("packet", "i8"),
    ("kind", "i8"),
    ("channel", "i8"),
    ("readers", "i8"),
    ("author_place", "i8"),
    ("slot", "i8"),
    ("creative", "i8"),
    ("version", "i8"),
    ("quality", "f8"),
    ("commercial", "f8"),
    ("load", "f8"),
    ("credibility", "f8"),
    ("appeal", "f8"),
    ("topics", "f8", (TOPICS,)),
)

POST = _dtype(
    ("message", MESSAGE),
    ("item", "i8"),
    ("group", "i8"),
    ("ring", "f8"),
    ("joined", "i8"),
    ("sharer", "i8"),
    ("coupon_fen", "i8"),
    ("coupon_floor_fen", "i8"),
    ("coupon_hours", "f8"),
    ("delivered", "i8"),
    ("seen", "i8"),
    ("replies", "i8"),
    ("mutes", "i8"),
    ("visits", "i8"),
    ("leaves_allocated", "f8"),
)

AUDIENCE = _dtype(
    ("channel", "i8"),
    ("who", "i8"),
    ("stages", "i8"),
    ("tags", "i8"),
    ("orders_min", "i8"),
    ("orders_max", "i8"),
    ("ordered_from_h", "f8"),
    ("ordered_until_h", "f8"),
    ("admitted_from_h", "f8"),
    ("admitted_until_h", "f8"),
    ("birthday", "i8"),
    ("spent_min_fen", "i8"),
    ("entries", "i8"),
    ("chosen", "?"),
    ("split", "u8"),
    ("split_share", "f8"),
    ("split_treated", "?"),
    ("mass_cap", "i8"),
    ("letter_cap", "i8"),
)

OFFER = _dtype(
    ("key", "u8"),
    ("number", "i8"),
    ("product", "i8"),
    ("price_share", "f8"),
    ("opens_h", "f8"),
    ("closes_h", "f8"),
    ("limited", "?"),
    ("coupon", "?"),
    ("sold_out", "?"),
    ("counter", "f8"),
    ("room", "u8"),
    ("lift", "f8"),
    ("return_factor", "f8"),
    ("in_shop", "?"),
    ("stock", "i8"),
    ("sold", "i8"),
    ("form", "i8"),
    ("list_fen", "i8"),
    ("floor_fen", "i8"),
    ("save_fen", "i8"),
    ("worth_fen", "i8"),
    ("back_share", "f8"),
    ("wait_h", "f8"),
    ("team", "i8"),
    ("commission_share", "f8"),
    ("fee_fen", "i8"),
    ("term_h", "f8"),
    ("pull", "f8"),
    ("call", "u8"),
    ("outside", "?"),
)

PRODUCT = _dtype(
    ("list_fen", "i8"),
    ("cost_fen", "i8"),
    ("share", "f8"),
    ("storable", "?"),
    ("use_days", "f8"),
    ("return_rate", "f8"),
    ("category", "i8"),
    ("topics", "f8", (TOPICS,)),
)

PACKET = _dtype(
    ("key", "u8"),
    ("group", "i8"),
    ("total_fen", "i8"),
    ("remaining_fen", "i8"),
    ("shares", "i8"),
    ("remaining_shares", "i8"),
    ("expires_h", "f8"),
    ("settled", "?"),
    ("sender", "i8"),
    ("luckiest", "i8"),
    ("luckiest_fen", "i8"),
)

GROUP = _dtype(
    ("street", "?"),
    ("type", "i8"),
    ("attribute", "i8"),
    ("members", "i8"),
    ("reserved", "i8"),
    ("capacity", "i8"),
    ("queued", "i8"),
    ("opened_h", "f8"),
    ("position_h", "f8"),
    ("paused_h", "f8"),
    ("sequence", "i8"),
    ("welcome_post", "i8"),
    ("invite_incentive", "f8"),
    ("cohesion", "f8"),
    ("cohesion_drawn", "f8"),
    ("voices", "f8"),
    ("voices_of", "i8"),
    ("liveliness", "f8"),
    ("liveliness_h", "f8"),
    ("heat", "f8"),
    ("heat_h", "f8"),
    ("member_message_h", "f8"),
    ("shill_message_h", "f8"),
    ("topics", "f8", (TOPICS,)),
    ("counters", "f8", (len(COUNTERS),)),
    ("outside", "f8", (len(COUNTERS),)),
)

PERSON = _packed(
    ("key", "u8"),
    ("next_h", "f8"),
    ("group", "i4"),
    ("last_h", "f8"),
    ("admitted_h", "f8"),
    ("joined_h", "f8"),
    ("enters_group", "?"),
    ("arrived", "?"),
    ("traced", "?"),
    ("member", "?"),
    ("ever_member", "?"),
    ("had_bought", "?"),
    ("missed", "?"),
    ("inviter", "i4"),
    ("channel", "i4"),
    ("acquisition_fen", "i8"),
    ("similarity_to_inviter", "f8"),
    ("interests", "f8", (TOPICS,)),
    ("age_band", "i4"),
    ("gender", "i4"),
    ("region", "i4"),
    ("inbox", "i4", (INBOX_LENGTH,)),
    ("inboxed", "i4"),
    ("offers_seen", "u8"),
    ("offers_newest", "i4"),
    ("coupon_fen", "i4"),
    ("coupon_floor_fen", "i4"),
    ("coupon_expires_h", "f8"),
    ("coupon_post", "i4"),
    ("order_open", "?"),
    ("chosen", "?"),
    ("letters_since_h", "f8"),
    ("letters_week", "i2"),
    ("active_day", "i4"),
    ("wrote_day", "i4"),
    ("interaction_day", "i4"),
    *(field for mechanism in MECHANISMS for field in getattr(mechanism, "STATE", ())),
)

ORDER = _dtype(
    ("time_h", "f8"),
    ("person", "i8"),
    ("key", "u8"),
    ("nth", "i8"),
    ("group", "i8"),
    ("in_group", "?"),
    ("kind", "i8"),
    ("product", "i8"),
    ("units", "i8"),
    ("price_share", "f8"),
    ("list_fen", "i8"),
    ("paid_fen", "i8"),
    ("cost_fen", "i8"),
    ("refund_fen", "i8"),
    ("coupon_fen", "i8"),
    ("offer", "i8"),
    ("post", "i8"),
)

REQUEST = _dtype(
    ("time_h", "f8"),
    ("due_h", "f8"),
    ("key", "u8"),
    ("kind", "i8"),
    ("nth", "i8"),
    ("person", "i8"),
    ("group", "i8"),
    ("offer", "i8"),
    ("post", "i8"),
)

#: What the desk tells somebody: how long they waited, and how long once anybody was at work, how good it was, and the conversation
#: as a message with an offer.
ANSWER = _dtype(
    ("about", "i8"),
    ("waited_h", "f8"),
    ("overdue_h", "f8"),
    ("quality", "f8"),
    ("persuasion", "f8"),
    ("coupon_fen", "i8"),
    ("coupon_floor_fen", "i8"),
    ("coupon_hours", "f8"),
    ("message", MESSAGE),
    ("offer", OFFER),
)

TRACE = _dtype(("time_h", "f8"), ("kind", "i8"))

#: What a member wrote. ``parent`` is the key of the message that it answers, ``post`` and ``author`` whose that is (-1: none).
LINE = _dtype(
    ("time_h", "f8"),
    ("key", "u8"),
    ("parent", "u8"),
    ("thread", "u8"),
    ("author_key", "u8"),
    ("nth", "i8"),
    ("person", "i8"),
    ("group", "i8"),
    ("depth", "i8"),
    ("post", "i8"),
    ("author", "i8"),
)

CLAIM = _dtype(("time_h", "f8"), ("key", "u8"), ("person", "i8"), ("packet", "i8"), ("fen", "i8"))


class World(NamedTuple):
    """All arrays that compiled code works on."""

    people: Array
    places: Array
    groups: Array
    queue_time: Array
    queue_person: Array
    feed: Array
    posts: Array
    offers: Array
    packets: Array
    products: Array
    profile: Array
    parameters: Array


class Log(NamedTuple):
    """What one thread's kernel has to tell: orders that happened, requests that wait for the brand, events of traced people.

    ``states`` has two records for each trace, before and after; ``lines`` and ``claims`` have no room at all unless what members say and
    claim is recorded; ``counts`` is how many orders, requests, traces, lines and claims there are.
    """

    orders: Array
    requests: Array
    traces: Array
    states: Array
    lines: Array
    claims: Array
    counts: Array

    @classmethod
    def empty(cls, length: int = LOG_LENGTH, *, transcribed: bool = False) -> Log:
        """Return an empty log for up to ``length`` orders and as many requests and, if they are recorded, lines and claims."""
        traces, states = np.zeros(MOST_TRACES, TRACE), np.zeros(2 * MOST_TRACES, PERSON)
        lines, claims = np.zeros(length * transcribed, LINE), np.zeros((length + MOST_READ) * transcribed, CLAIM)
        return cls(np.zeros(length, ORDER), np.zeros(length, REQUEST), traces, states, lines, claims, np.zeros(5, np.int64))


def new_world(people: int, groups: int, queue: int, parameters: Array, products: Array, profile: Array) -> World:
    """Return an empty world with room for the given numbers."""
    return World(
        people=np.zeros(people, PERSON),
        places=np.zeros(people, np.int32),
        groups=np.zeros(groups, GROUP),
        queue_time=np.full((groups, queue), NEVER),
        queue_person=np.zeros((groups, queue), np.int64),
        feed=np.zeros((groups, FEED_LENGTH), MESSAGE),
        posts=np.zeros(1024, POST),
        offers=np.zeros(64, OFFER),
        packets=np.zeros(256, PACKET),
        products=products,
        profile=profile,
        parameters=parameters,
    )


def grown(array: Array, needed: int) -> Array:
    """Return the array, or a copy at least twice as long, so that it has room for ``needed`` records along its first axis."""
    if needed <= array.shape[0]:
        return array
    larger = np.zeros((max(needed, 2 * array.shape[0]), *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger


def joined(first: Array, second: Array) -> Array:
    """Return two arrays of the same records as one: NumPy takes ten times as long, since it looks whether every field is the same."""
    found = np.empty(first.size + second.size, first.dtype)
    found[: first.size], found[first.size :] = first, second
    return found


def as_records(world: World) -> World:
    """Return the same arrays with attribute access to fields, for running mechanisms uncompiled."""
    return World(*(array.view(np.recarray) if array.dtype.names else array for array in world))
