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

ORDER_KINDS: Final = ("organic", "offer", "limited", "service")
ORGANIC, OFFERED, LIMITED, SERVICE = range(len(ORDER_KINDS))

REQUESTS: Final = ("order", "invitation", "gift", "question", "answer")
ORDER_REQUEST, INVITATION_REQUEST, GIFT_REQUEST, QUESTION_REQUEST, ANSWER_REQUEST = range(len(REQUESTS))

COUNTERS: Final = ("active", "sessions", "reads", "messages", "posters", "joins", "leaves", "mutes", "interactions", "red_packets_fen")
ACTIVE, SESSIONS, READS, MESSAGES, POSTERS, JOINS, LEAVES, MUTES, INTERACTIONS, PACKETS_FEN = range(len(COUNTERS))

EVENTS: Final = ("arrival", "day", "session", "need", "allotment", "answer")
ARRIVAL, DAY, SESSION, PURCHASE, ALLOTMENT, ANSWER = range(len(EVENTS))
