"""What the brand may put before members: a message, an offer, a person who is about to come."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import GROUP_FEED

Array = NDArray[Any]
NO_ROOM = np.uint64(0)


@dataclass(frozen=True)
class MessageSpec:
    """What a message of the brand is; ``key`` names its occasion by content."""

    key: np.uint64
    kind: int
    topics: Array
    quality: float
    commercial: float
    load: float
    credibility: float
    appeal: float
    ring: float
    offer: int = -1
    packet: int = -1
    channel: int = GROUP_FEED
    coupon_fen: int = 0
    coupon_floor_fen: int = 0
    coupon_hours: float = 0.0
    slot: int = -1
    creative: int = -1
    version: int = 0
    sharer: int = -1


@dataclass(frozen=True)
class Terms:
    """What an offer has beside its price. Sums in fen; a form is one of the last of ``ORDER_KINDS``, 0 is plain.

    From ``floor_fen`` on an order saves ``save_fen``, or brings something worth ``worth_fen``. A share of what was paid comes back after
    ``wait_h``; that is also when goods of a presale come. A team needs ``team`` people. A membership costs ``fee_fen`` for ``term_h``,
    judged by goods of ``list_fen`` (0: the product's list price). What has a ``pull`` sells nothing: it is a call to take part, of
    members, or of people outside.
    """

    form: int = 0
    list_fen: int = 0
    floor_fen: int = 0
    save_fen: int = 0
    worth_fen: int = 0
    back_share: float = 0.0
    wait_h: float = 0.0
    team: int = 0
    commission_share: float = 0.0
    fee_fen: int = 0
    term_h: float = 0.0
    pull: float = 0.0
    outside: bool = False

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """Return the names of all terms."""
        return tuple(field.name for field in fields(cls))


@dataclass(frozen=True)
class Haggling:
    """How a price comes down: how many are asked, what each who helps takes off, and how far it may fall (shares of list)."""

    asks: int
    cut: float
    deepest: float


@dataclass(frozen=True)
class OfferSpec:
    """What an offer is: product, price as a share of list, window in hours, stock in units (None: unlimited), further terms."""

    key: np.uint64
    product: int
    price_share: float
    opens_h: float
    closes_h: float
    stock: int | None = None
    coupon: bool = False
    room: np.uint64 = NO_ROOM
    lift: float = 1.0
    return_factor: float = 1.0
    in_shop: bool = False
    terms: Terms = Terms()
    bargain: Haggling | None = None


class Lead(NamedTuple):
    """Somebody who is about to come: who they are (source, number), from which channel, at what cost."""

    source: int
    number: int
    time_h: float
    channel: int
    cost_fen: int
    customer_share: float
    join_share: float
    traits: Any
    inviter: int = -1
    group: int = -1
    type_name: str = ""
    similarity: float = 0.0
