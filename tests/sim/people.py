"""One person, one message, one offer: records on which a mechanism can be called alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import population
from sim.codes import CATEGORIES
from sim.encode import parameter_record
from sim.randomness import run_key
from sim.world import GROUP, MESSAGE, OFFER, ORDER, PACKET, PERSON, PRODUCT
from tests.sim.worlds import build, null_tree

Record = Any


def filled(dtype: np.dtype[Any], **fields: Any) -> Record:
    """Return a record with the given fields, the others 0."""
    record = np.zeros(1, dtype)[0]
    for name, value in fields.items():
        record[name] = value
    return record


def parameters(changes: dict[str, Any] | None = None) -> Record:
    """Return the record of all parameters: behaviour at its defaults, but for changes such as ``chat.novelty``."""
    tree = null_tree()
    tree["behaviour"] = {}
    return parameter_record(build(tree, {f"behaviour.{place}": value for place, value in (changes or {}).items()}), run_key(61, 0))[0]


def somebody(p: Record, **fields: Any) -> Record:
    """Return a member whom nothing has happened to, with the given fields."""
    person = filled(PERSON)
    population.set_neutral(person, p)
    neutral = {
        "key": 1,
        "member": True,
        "arrived": True,
        "joined_h": 0.0,
        "admitted_h": 0.0,
        "frailty": 1.0,
        "goodwill": 1.0,
        "tolerance_per_week": 5.0,
        "talkativeness_per_day": 0.03,
        "answering": 1.0,
        "need_rate_per_hour": 0.01,
        "need_shares": np.eye(CATEGORIES)[0],
        "units_mean": 1.0,
        "session_rate_per_day": 5.0,
        "notice_probability": 1.0,
        "referral_propensity": 1.0,
        "deal_proneness": float(p["prices"]["deal_proneness_mean"]),
        "buy_clock": 1.0,
        "talk_clock": 1e9,
        "mute_clock": 1e9,
        "leave_clock": 1e9,
        "giving_clock": 1e9,
        "asking_clock": 1e9,
    }
    for name, value in {**neutral, **fields}.items():
        person[name] = value
    return person


def a_message(**fields: Any) -> Record:
    """Return a message of the brand of load, quality and credibility 1 that is no advertising."""
    neutral = {"post": 0, "offer": -1, "packet": -1, "load": 1.0, "quality": 1.0, "credibility": 1.0, "appeal": 1.0, "key": 5}
    neutral |= {"author_place": -1, "slot": -1, "creative": -1}
    return filled(MESSAGE, **{**neutral, **fields})


def an_offer(**fields: Any) -> Record:
    """Return an unlimited offer at list price that closes in a month."""
    return filled(OFFER, **{"price_share": 1.0, "closes_h": 720.0, **fields})


def a_product(**fields: Any) -> Record:
    """Return a perishable product."""
    return filled(PRODUCT, **{"list_fen": 1000, "share": 1.0, **fields})


def an_order(**fields: Any) -> Record:
    """Return an order of one unit at list price."""
    return filled(ORDER, **{"units": 1, "price_share": 1.0, **fields})


def a_packet(**fields: Any) -> Record:
    """Return a red packet of the brand, all of it still there, that expires after a day."""
    fen = fields.get("total_fen", 1000)
    shares = fields.get("shares", 10)
    neutral = {"key": 7, "total_fen": fen, "remaining_fen": fen, "shares": shares, "remaining_shares": shares}
    return filled(PACKET, **{**neutral, "expires_h": 24.0, "sender": -1, "luckiest": -1, **fields})


def a_group(**fields: Any) -> Record:
    """Return a group of 100 members in which nobody has ever talked, not even at its opening."""
    return filled(GROUP, **{"members": 100, "cohesion": 1.0, "member_message_h": -np.inf, **fields})
