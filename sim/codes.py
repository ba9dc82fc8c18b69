"""Names behind the small integers that the state arrays hold."""

from __future__ import annotations

from typing import Final

TOPICS: Final = 8
CATEGORIES: Final = 8
MOST_SLOTS: Final = 8
MOST_CREATIVES: Final = 24

CAUSES: Final = ("base", "pressure", "irrelevance", "distrust", "regret", "silence", "contagion", "hunting")
#: In place of a cause: the brand removed them, they did not leave.
PRUNED: Final = -2
BASE, PRESSURE, IRRELEVANCE, DISTRUST, REGRET, SILENCE, CONTAGION, HUNTING = range(len(CAUSES))

MESSAGE_KINDS: Final = (
    *("chat", "content", "sales", "red_packet", "flash_sale", "kol", "welcome", "coupon", "shill", "gift"),
    *("spam", "poach", "removed", "letter", "survey", "live"),
    *("check_in", "quiz", "event", "koc", "case", "invite"),
)
CHAT: Final = 0
SHILL: Final = MESSAGE_KINDS.index("shill")
GIFT: Final = MESSAGE_KINDS.index("gift")
SURVEY: Final = MESSAGE_KINDS.index("survey")

#: Ways by which a message reaches people: the feed of a group, a letter to each of its members, and the personal channels.
CHANNELS: Final = ("group", "personal", "one_to_one", "official", "dialogue", "moments")
GROUP_FEED, TO_MEMBERS, ONE_TO_ONE, OFFICIAL, DIALOGUE, MOMENTS = range(len(CHANNELS))

#: Bits of what somebody has accepted: the brand's staff among their contacts, its official account among those that they follow.
IS_CONTACT: Final = 1
FOLLOWS: Final = 2

#: Channel of people who came by themselves; those of day 0 have -1.
BY_THEMSELVES: Final = -2

WHO: Final = ("everybody", "members", "outside")
SPAM: Final = MESSAGE_KINDS.index("spam")
POACH: Final = MESSAGE_KINDS.index("poach")
#: What a moderator has taken out of the feed: nobody sees it any more.
REMOVED: Final = MESSAGE_KINDS.index("removed")

STAGES: Final = ("new", "active", "dormant", "lapsed", "left")
STAGE_NEW, STAGE_ACTIVE, STAGE_DORMANT, STAGE_LAPSED, STAGE_LEFT = range(len(STAGES))

#: What an order came from. Some are forms of offers too: the brand, not the buyer, settles when and whether they become orders. A
#: membership (of a group behind a gate, or of the brand's paying members) and a deposit that is forfeited are fees: they buy no product,
#: and are no order in any count.
ORDER_KINDS: Final = ("organic", "offer", "limited", "membership", "service", "presale", "team", "bargain", "deposit")
ORGANIC, OFFERED, LIMITED, MEMBERSHIP, SERVICE, PRESALE, TEAM, BARGAIN, DEPOSIT = range(len(ORDER_KINDS))
FEES: Final = (MEMBERSHIP, DEPOSIT)

REQUESTS: Final = ("order", "invitation", "gift", "showing", "question", "answer")
ORDER_REQUEST, INVITATION_REQUEST, GIFT_REQUEST, SHOWING_REQUEST, QUESTION_REQUEST, ANSWER_REQUEST = range(len(REQUESTS))

COUNTERS: Final = (
    *("active", "sessions", "reads", "messages", "posters", "joins", "leaves", "mutes", "interactions", "red_packets_fen"),
    *("answers_brand", "answers_members", "moves_in", "moves_out", "pruned", "questions"),
)
ACTIVE, SESSIONS, READS, MESSAGES, POSTERS, JOINS, LEAVES, MUTES, INTERACTIONS, PACKETS_FEN = range(10)
ANSWERS_BRAND, ANSWERS_MEMBERS, MOVES_IN, MOVES_OUT, PRUNES, QUESTIONS = range(10, len(COUNTERS))

EVENTS: Final = ("arrival", "day", "session", "need", "allotment", "move", "answer")
ARRIVAL, DAY, SESSION, PURCHASE, ALLOTMENT, MOVE, ANSWER = range(len(EVENTS))
