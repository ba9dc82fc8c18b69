"""Giving back: members send red packets of their own, the more so after they have received something.

A claim of x yuan, whoever sent the packet, spends intensity x from a unit-exponential clock. The luckiest of a packet (largest share, known
when the last share is taken; of equal ones the first) spends a further (luckiest factor - 1) x intensity x at their next event. Besides,
there is a slow rate of sending without cause. The clock has no memory, so after a claim P(give) = 1 - e^(-intensity x). When it has run out
the member sends, in that session, a packet of

    median e^(sigma z) + echo x (yuan last received), at most 200 yuan and at least a fen a share.

It is dropped at the brand's next tick, into the group that the member is in then. Others claim it as they claim the brand's: it pleases and
ties to the sender, but earns the brand no trust. What nobody claims in 24 hours goes back to the sender. Freeloaders never give. A member's
packet sets off intensity x its yuan further ones, in the mean less than .2 at the defaults; from 1 on they would never end.

Source: MODEL section 5 (give-back: a hazard, not a logit; a constant for each claim would let tiny packets finance themselves); size of
the effect and the norm that the luckiest sends next: Yuan et al., Management Science 2024 (EVIDENCE row 10).
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour import chat, ties
from sim.codes import GIFT
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("giving.budget")
AMOUNT = stream("giving.amount")
KEY = stream("giving.key")

#: Limit of the platform for one packet, in fen.
MOST_FEN = 20_000
PACKET_HOURS = 24.0

#: ``gifts`` counts the packets begun, ``gift_fen`` is what the one holds that waits for the tick (0: none).
STATE = (
    ("giving_clock", "f8"),
    ("gifts", "i4"),
    ("gift_fen", "i4"),
    ("received_fen", "i4"),
    ("last_received_fen", "i4"),
    ("luckiest_new_fen", "i4"),
)


class GivingParameters(Parameters):
    """Parameters of giving back."""

    intensity_per_yuan: float = parameter(
        0.017,
        unit="dose/yuan",
        meaning="giving from one yuan received; 0 (with spontaneous_per_day 0) is off",
        low=0,
        high=100,
        source="MODEL section 5; EVIDENCE row 10: Yuan et al. 2024",
    )
    luckiest_factor: float = parameter(
        1.55,
        unit="factor",
        meaning="giving of the luckiest of a packet against anybody else's; 1 is off",
        low=1,
        high=1000,
        source="MODEL section 5; EVIDENCE row 10: Yuan et al. 2024",
    )
    # Rare: else packets without cause would keep groups alive in which nobody has anything to say.
    spontaneous_per_day: float = parameter(0.0001, unit="1/day", meaning="giving of a member for no reason", low=0, high=1000)
    median_yuan: float = parameter(
        8.0, unit="yuan", meaning="median of a packet of somebody who has received nothing", low=0, high=200, source="MODEL section 5"
    )
    sigma: float = parameter(0.6, unit="log-normal sigma", meaning="spread of packets", low=0, high=4, source="MODEL section 5")
    echo: float = parameter(
        0.1, unit="yuan/yuan", meaning="more in a packet for a yuan last received", low=0, high=10, source="MODEL section 5"
    )
    shares: int = parameter(10, unit="shares", meaning="shares of a packet, or as many as there are others in the group", low=1, high=500)
    ring: float = parameter(0.8, unit="factor", meaning="how loud a packet calls", low=0, high=1)
    appeal: float = parameter(0.8, unit="factor", meaning="how much a packet makes members answer", low=0, high=100)
    tie_strength: float = parameter(0.2, unit="answers", meaning="tie between a claimer and the sender, by one claim", low=0, high=1000)


@compiled
def gives(person):
    """Return whether somebody gives at all."""
    return person.member and not person.freeloader


@compiled
def elapsed(person, p, hours):
    """Spend the rate of giving for no reason, and what was heard of being the luckiest since the last event."""
    if gives(person):
        person.giving_clock -= p.giving.spontaneous_per_day / 24.0 * hours
        yuan = person.luckiest_new_fen / 100.0
        person.giving_clock -= (p.giving.luckiest_factor - 1.0) * p.giving.intensity_per_yuan * yuan
    person.luckiest_new_fen = 0


@compiled
def is_near(person, p, hours):
    """Return whether the clock may run out within so many hours since the last event, or is to be spent on luck."""
    if not gives(person):
        return False
    return person.luckiest_new_fen > 0 or person.giving_clock <= p.giving.spontaneous_per_day / 24.0 * hours


@compiled
def claimed(person, packet, fen, p, now):
    """Spend what a claim adds to giving."""
    person.last_received_fen = fen
    if packet.sender >= 0:
        person.received_fen += fen
    if gives(person):
        person.giving_clock -= p.giving.intensity_per_yuan * fen / 100.0


@compiled
def taken(people, packet, claimer, fen, p):
    """Keep who is luckiest, tell them with the last share, and tie the claimer (by place) to the sender if that is a member there.

    A packet of one share is no draw, and has no luckiest.
    """
    if fen > packet.luckiest_fen:
        packet.luckiest = claimer
        packet.luckiest_fen = fen
    if packet.remaining_shares == 0 and packet.shares > 1:
        luckiest = people[packet.luckiest]
        if luckiest.member and luckiest.group == packet.group:
            luckiest.luckiest_new_fen += packet.luckiest_fen
    if packet.sender >= 0 and people[packet.sender].member and people[packet.sender].group == packet.group:
        ties.meet(people, claimer, packet.sender, p.giving.tie_strength)


@compiled
def next_budget(person, p):
    """Add the next budget to the giving clock."""
    person.giving_clock += randomness.exponential(p.run.key, person.key, BUDGET, person.gifts, 0)


@compiled
def draw_fen(person, p):
    """Return what the next packet of the person holds."""
    normal = randomness.normal(p.run.key, person.key, AMOUNT, person.gifts, 0)
    yuan = p.giving.median_yuan * math.exp(p.giving.sigma * normal) + p.giving.echo * person.last_received_fen / 100.0
    fen = int(math.floor(100.0 * min(yuan, 1e6) + 0.5))
    return max(int(p.giving.shares), min(fen, MOST_FEN))


@compiled
def begin(person, p):
    """Let the person make up a packet, which then waits for the tick; return the number of the packet, from 0."""
    nth = person.gifts
    person.gift_fen = draw_fen(person, p)
    person.gifts += 1
    next_budget(person, p)
    return nth


@compiled
def keys(person, p):
    """Return the keys of the message and of the packet begun last."""
    return randomness.block(p.run.key, person.key, KEY, person.gifts - 1, 0)


@compiled
def write(person, place, message, packet_number, p, now):
    """Fill ``message`` with the packet of a person (at a place)."""
    chat.compose(person, place, message, keys(person, p)[0], p.giving.appeal, p, now)
    message.kind = GIFT
    message.packet = packet_number
