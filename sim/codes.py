"""Names behind the small integers that the state arrays hold."""

from __future__ import annotations

from typing import Final

TOPICS: Final = 8
MOST_SLOTS: Final = 8
MOST_CREATIVES: Final = 24

CAUSES: Final = ("base", "pressure", "irrelevance", "distrust", "regret", "silence", "contagion", "hunting")
BASE, PRESSURE, IRRELEVANCE, DISTRUST, REGRET, SILENCE, CONTAGION, HUNTING = range(len(CAUSES))

MESSAGE_KINDS: Final = ("chat", "content", "sales", "red_packet", "flash_sale", "kol", "welcome", "coupon", "shill", "gift")
CHAT: Final = 0
SHILL: Final = MESSAGE_KINDS.index("shill")
GIFT: Final = MESSAGE_KINDS.index("gift")

STAGES: Final = ("new", "active", "dormant", "lapsed", "left")
STAGE_NEW, STAGE_ACTIVE, STAGE_DORMANT, STAGE_LAPSED, STAGE_LEFT = range(len(STAGES))

#: What an order came from. The last are forms of offers too: the brand, not the buyer, settles when and whether they become orders.
ORDER_KINDS: Final = ("organic", "offer", "limited", "presale", "team", "bargain", "membership", "deposit")
ORGANIC, OFFERED, LIMITED, PRESALE, TEAM, BARGAIN, MEMBERSHIP, DEPOSIT = range(len(ORDER_KINDS))

REQUESTS: Final = ("order", "invitation", "gift")
ORDER_REQUEST, INVITATION_REQUEST, GIFT_REQUEST = range(len(REQUESTS))

COUNTERS: Final = ("active", "sessions", "reads", "messages", "posters", "joins", "leaves", "mutes", "interactions", "red_packets_fen")
ACTIVE, SESSIONS, READS, MESSAGES, POSTERS, JOINS, LEAVES, MUTES, INTERACTIONS, PACKETS_FEN = range(len(COUNTERS))

EVENTS: Final = ("arrival", "day", "session", "need", "allotment")
ARRIVAL, DAY, SESSION, PURCHASE, ALLOTMENT = range(len(EVENTS))
