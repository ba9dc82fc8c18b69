"""What the SimPy members work on: messages, offers, red packets, groups, totals."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sim.brand.catalogue import Product

if TYPE_CHECKING:
    from benchmarks.simpy_members import Member


def cosine(left: list[float], right: list[float]) -> float:
    """Return the cosine of two vectors."""
    dot = sum(a * b for a, b in zip(left, right, strict=True))
    size = sum(a * a for a in left) * sum(b * b for b in right)
    return min(1.0, dot / math.sqrt(size)) if size > 0.0 else 0.0


@dataclass
class Offer:
    """Something on sale for a while."""

    product: Product
    category: str
    topics: list[float]
    price_share: float
    closes_h: float


@dataclass
class Packet:
    """A red packet."""

    fen: int
    shares: int
    expires_h: float


@dataclass
class Message:
    """A message in a group, of the brand or of a member."""

    time_h: float
    topics: list[float]
    quality: float
    commercial: float
    load: float
    credibility: float
    appeal: float
    author: Member | None = None
    offer: Offer | None = None
    packet: Packet | None = None
    depth: int = 0
    readers: int = 0


@dataclass
class Group:
    """A group: its feed, and how lively it is."""

    topic: int
    cohesion: float
    members: list[Member] = field(default_factory=list)
    feed: list[Message] = field(default_factory=list)
    present: int = 0
    liveliness: float = 0.0
    liveliness_h: float = 0.0
    heat: float = 0.0
    heat_h: float = 0.0
    last_message_h: float = 0.0


@dataclass
class Totals:
    """What is compared with the kernel."""

    sessions: int = 0
    reads: int = 0
    written: int = 0
    leaves: int = 0
    orders: int = 0
    gmv_fen: int = 0


def gamma_mean(random: Random, mean: float, shape: float) -> float:
    """Return a gamma number by mean and shape."""
    return random.gammavariate(shape, mean / shape)


def beta_mean(random: Random, mean: float, concentration: float) -> float:
    """Return a beta number by mean and concentration."""
    return random.betavariate(mean * concentration, (1.0 - mean) * concentration)
