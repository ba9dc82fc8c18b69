"""Red packets: a sum in n shares, claimed in the order of sessions, each share by the double-mean rule.

The k-th claimer draws uniformly on (0.01, 2 x remaining / remaining shares), the last takes the rest; shares sum to the packet to the
fen, at most 200 yuan a packet; what nobody claims goes back after 24 hours. A claim from the brand is a good experience of the brand in
proportion to its size; packets of members are claimed in the same way (see ``giving``).

Source: MODEL section 4, EVIDENCE row 1; the split as WeChat engineers described it.
"""

from __future__ import annotations

import math

from sim import randomness
from sim.behaviour import trust
from sim.compiled import compiled
from sim.parameters import Parameters, parameter
from sim.randomness import stream

SHARE = stream("red_packets.share")

#: ``packet_missed_h`` is when somebody last opened a packet of the brand in which nothing was left.
STATE = (("claimed_fen", "i8"), ("claims", "i4"), ("packet_missed_h", "f8"))


class RedPacketParameters(Parameters):
    """Parameters of red packets."""

    trust_per_yuan: float = parameter(0.15, unit="experiences/yuan", meaning="good experience in a claim of one yuan", low=0, high=100)
    trust_most: float = parameter(1.0, unit="experiences", meaning="most that one claim can do", low=0, high=100)
    talk_dose: float = parameter(
        0.05, unit="dose", meaning="talk that a claim sets off (thanks, jokes)", low=0, high=10, source="PRACTICE 23"
    )


@compiled
def split(unit, remaining_fen, remaining_shares):
    """Return the fen of the next share by the double-mean rule; ``unit`` is a uniform number in (0, 1)."""
    if remaining_shares == 1:
        return remaining_fen
    highest = 2.0 * remaining_fen / remaining_shares
    share = int(math.floor(1.0 + unit * (highest - 1.0) + 0.5))
    return max(1, min(share, remaining_fen - (remaining_shares - 1)))


@compiled
def claim(person, packet, p, now):
    """Take the next share, if one is left and the packet has not expired; return its fen (0 if none)."""
    if packet.remaining_shares <= 0 or now >= packet.expires_h:
        return 0
    nth = packet.shares - packet.remaining_shares
    unit = randomness.uniform(p.run.key, packet.key, SHARE, nth, 0)
    fen = split(unit, packet.remaining_fen, packet.remaining_shares)
    packet.remaining_fen -= fen
    packet.remaining_shares -= 1
    return fen


@compiled
def claimed(person, packet, fen, p, now):
    """Count a claim and let it set off talk, less to the brand in a silent group; what the brand gives pleases, and is its cost."""
    person.claims += 1
    thanks = p.red_packets.talk_dose
    if packet.sender < 0:
        person.claimed_fen += fen
        thanks *= person.openness
        trust.experience(person, min(p.red_packets.trust_most, p.red_packets.trust_per_yuan * fen / 100.0), p)
    person.talk_clock -= thanks
