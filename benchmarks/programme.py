"""The scenario that all benchmarks share: a community with a daily programme of content, offers and red packets."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario

#: Requests of the brand (invitations, limited stock), personal messages and acquisition are off: the SimPy members know none of them.
PROGRAMME: dict[str, Any] = {
    "morning": {"kind": "content_post", "when": "daily 10:00", "column": "tips"},
    "deal": {"kind": "sales_post", "when": "daily 12:00", "product": "entry", "discount": 0.2},
    "packet": {"kind": "red_packet", "when": "daily 19:00", "amount_yuan": 20.0, "shares": 20},
    "evening": {"kind": "content_post", "when": "daily 20:30", "column": "care"},
}
#: Invitations are requests, too.
UNINVITED: dict[str, Any] = {"referral": {"propensity_mean": 0.0}}
#: Mechanisms beyond the first set, switched off: the SimPy members know nothing of them.
FIRST_SET_ALONE: dict[str, Any] = {
    "wearout": {"gain": 0.0, "loss": 0.0},
    "ties": {"answer_strength": 0.0},
    "habit": {"gain": 0.0},
    "winning_back": {"chance": 0.0},
    "coupons": {"last_days": 0.0},
    "belonging": {"shelter": 0.0},
    "reception": {"message": 0.0, "answer": 0.0, "reply": 0.0},
    "benefits": {"shelter": 0.0},
    "freeloading": {"share": 0.0},
    "contagion": {"excess": 0.0},
    "giving": {"intensity_per_yuan": 0.0, "spontaneous_per_day": 0.0},
    "muting": {"talk_factor": 1.0},
}
#: Mechanisms that are off unless asked for, and items that bring them work.
EVERYTHING: dict[str, Any] = {
    "asking": {"per_day": 0.05, "per_offer": 0.1},
    "showing": {"chance": 0.1},
    "coupons": {"last_days": 1.0},
    "chat": {"tie_excitation": 1.0},
}
FURTHER: dict[str, Any] = {
    "sign_in": {"kind": "check_in", "when": "daily 08:00", "column": "care"},
    "ask": {"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0},
    "letter": {"kind": "one_to_one", "when": "daily 11:00", "column": "care", "by_tag": {"skin": "tips"}, "cost_yuan": 0.0},
    "note": {"kind": "coupon", "when": "day 0 13:00", "product": "entry", "amount_yuan": 5.0, "valid": "40h"},
    "team": {"kind": "group_buy", "when": "daily 15:00", "product": "hero", "discount": 0.3, "team": 3},
}
BRAND: dict[str, Any] = {
    "name": "benchmark",
    "topics": {"skin": 3.0, "hair": 2.0, "make-up": 2.0, "health": 1.0},
    "columns": {"tips": {"topics": {"skin": 1.0, "hair": 0.5}}, "sales": {}, "care": {}},
    "products": {
        "soap": {"role": "entry", "list_yuan": 29.0, "cost_yuan": 9.0, "storable": True, "topics": {"skin": 1.0}},
        "mask": {"role": "hero", "list_yuan": 99.0, "cost_yuan": 30.0, "topics": {"skin": 1.0, "make-up": 1.0}},
    },
    "need": {"rate_shape": 0.5, "rate_scale_weeks": 4.0, "lapse_a": 0.8, "lapse_b": 2.4},
}


def scenario(people: int, days: float, *, everything: bool = False, **changes: Any) -> Scenario:
    """Return the scenario for some people and days, with the first set of mechanisms alone or with ``everything``.

    ``changes`` are behaviours by mechanism.
    """
    return Scenario.model_validate(
        {
            "horizon_days": days,
            "population": {"size": people, "group_size": 200},
            "behaviour": {**(EVERYTHING if everything else {**UNINVITED, **FIRST_SET_ALONE}), **changes},
            "brand": BRAND,
            "strategy": {
                "name": "benchmark",
                "programme": {**PROGRAMME, **(FURTHER if everything else {})},
                "desk": {"shifts": {"all": {"when": "daily 08:00-22:00", "people": 20}}} if everything else {},
            },
        }
    )
