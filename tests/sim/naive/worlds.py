"""Random small worlds in which everything happens, and often."""

from __future__ import annotations

from random import Random
from typing import Any

from sim.scenario import Scenario

HOURS = ("07:15", "10:00", "12:30", "18:00", "20:00", "20:07", "21:30")


NEAR = {"cohesion_age": 1.0, "cohesion_region": 0.5, "cohesion_mixed": 2.0}
STRANGERS = {"spam_per_day": 15.0, "infiltrators_per_day": 10.0, "infiltrator_adverts_per_day": 4.0, "gated_share": 0.5}
RULES = {"removed_share": 0.5, "delay_minutes": 45.0, "found_per_day": 0.1, "yuan_per_day": 2.5}
GIVING = {"intensity_per_yuan": 0.1, "spontaneous_per_day": 0.05, "median_yuan": 3.0, "luckiest_factor": 3.0}

#: Busy people and a slow night; a robot beside long conversations on some days; nobody at all.
DESKS: tuple[dict[str, Any], ...] = (
    {"shifts": {"day": {"when": "daily 09:00-21:00", "people": 2}, "late": {"when": "Mon-Wed 18:00-24:00"}}, "minutes": 12.0},
    {"shifts": {"some": {"when": "Mon,Wed 10:00-18:00"}}, "minutes": 30.0, "minutes_sigma": 0.8, "robot_share": 0.4, "coupon_yuan": 7.0},
    {"shifts": {}},
)
BANS = {"comfortable_messages_per_day": 5, "ban_dose": 0.15, "ban_days": 0.7}
GUIDES = {"skill_mean": 0.9, "skill_sd": 0.3, "compliance_mean": 0.7, "compliance_sd": 0.2, "audit_half_life_days": 2.0}


#: Columns that take turns, in the words of an expert.
VOICES = {"rotation": ["tips", "care", "expert"], "author": "expert"}

#: Other products for some topics.
OTHERS = {"product_by_tag": {"art": "premium", "tips": "hero"}}


def when(random: Random) -> str:
    """Return a random time of every day, or of two days."""
    return f"{random.choice(('daily', 'daily', 'Mon,Tue,Thu'))} {random.choice(HOURS)}"


def terms(random: Random) -> dict[str, Any]:
    """Return offers on terms beyond a price; each world has some of them, or groups would drown in them."""
    items: dict[str, Any] = {
        "full": {"kind": "spend_and_save", "product": "entry", "floor_yuan": 60.0, "save_yuan": 25.0, **OTHERS},
        "back": {"kind": "cashback", "product": "entry", "discount": 0.1, "back_share": 0.3, "pays_after": "20h"},
        "voucher": {"kind": "cashback", "product": "entry", "back_share": 0.4, "pays": "coupon", "pays_after": "5h"},
        "present": {"kind": "gift", "product": "hero", "floor_yuan": 100.0, "gift_yuan": 3.0, "worth_yuan": 60.0, "window": "5h", **OTHERS},
        "advance": {"kind": "presale", "product": "hero", "discount": 0.4, "delivers_after": "24h", "window": "6h"},
        "drums": {"kind": "hype", "product": "hero", "column": "tips", "posts": 3, "spacing": "3h", **OTHERS},
    }
    items |= {
        "partners": {"kind": "commission_selling", "product": "entry", "commission_share": 0.5, "discount": 0.2, "pays_after": "9h"},
        "crew": {"kind": "group_buy", "product": "hero", "discount": 0.5, "team": 2, "window": "4h"},
        "haggle": {"kind": "bargain", "product": "hero", "deepest": 0.5, "cut": 0.2, "expected": 0.8, "window": "5h"},
        "club": {"kind": "vip_membership", "product": "hero", "fee_yuan": 6.0, "discount": 0.2, "lasts": "30h", "gift_yuan": 1.0},
    }
    named = random.sample(sorted(items), 5)
    return {name: {"ring": 1.0, **items[name], "when": when(random)} for name in named}


def programme(random: Random) -> dict[str, Any]:
    """Return a programme with every kind of action; several of them may fall due at the same minute."""

    def pick(low: float, high: float) -> float:
        return round(random.uniform(low, high), 3)

    flash = {"kind": "flash_sale", "product": "hero", "discount": pick(0.5, 0.7), "ring": 1.0}
    return {
        "welcome": {"kind": "welcome", "coupon_yuan": 6.0, "floor_yuan": pick(0, 60)},
        "tips": {"kind": "content_post", "when": when(random), "column": "tips", "ring": pick(0.2, 1), "production_yuan": 3.0, **VOICES},
        "story": {"kind": "content_post", "when": when(random), "column": "care", "delivery": "mass", "ring": 0.9, "priority": 5},
        "deal": {"kind": "sales_post", "when": when(random), "product": "entry", "discount": pick(0.1, 0.4), "ring": 0.6, "window": "9h"},
        "packet": {"kind": "red_packet", "when": when(random), "amount_yuan": pick(1, 9), "shares": random.randint(2, 40), "ring": 1.0},
        "letter": {"kind": "coupon", "when": when(random), "amount_yuan": 8.0, "floor_yuan": 20.0, "valid": "30h", "ring": 0.9},
        "guest": {
            "kind": "kol_session",
            "when": "day 0 19:00",
            "fee_yuan": 30.0,
            "outsiders": 8,
            "channel": "door",
            "product": "premium",
            "discount": 0.2,
            "spacing": "20min",
        },
        "expert": {
            "kind": "kol_session",
            "when": "daily 12:00",
            "fee_yuan": 0.0,
            "posts": 2,
            "spacing": "7min",
            "delivery": "mass",
            "priority": 6,
        },
        "look": {"kind": "audit", "when": "day 1 15:00", "cost_yuan": 4.0},
        **terms(random),
        "warm": {"kind": "shill_chat", "when": "daily 18:00", "column": "tips", "messages": 3, "spacing": "4min"},
        "flash": {**flash, "when": when(random), "stock": 1, "window": "2h", "announce": random.choice(("30min", "3h"))},
        "rush": {
            **flash,
            "when": when(random),
            "stock": 1,
            "window": "33min",
            "announce": random.choice((0, "7min")),
            "priority": 3,
        },
        **personal(random),
    }


def together(random: Random) -> dict[str, Any]:
    """Return what members take part in; each world has some of it."""
    by_tag = {"by_tag": {"deals": "sales", "art": "expert"}}
    items: dict[str, Any] = {
        "sign_in": {"kind": "check_in", "when": "daily 08:10", "pull": 2.0, "window": "9h", "every": 2, "valid": "30h", **by_tag},
        "riddle": {
            "kind": "prize_quiz",
            "when": when(random),
            "pull": 3.0,
            "answer_after": "90min",
            "prizes": 3,
            "prize_yuan": 1.0,
            **by_tag,
        },
        "party": {
            "kind": "offline_event",
            "when": "day 2 19:00",
            "announce": "30h",
            "pull": 3.0,
            "capacity": 6,
            "cost_yuan": 5.0,
            "person_yuan": 0.5,
            "nearby": random.random() < 0.3,
            "ring": 1.0,
            **by_tag,
        },
        "trial": {"kind": "koc_sampling", "when": "day 0 20:00", "product": "entry", "most": 6, "shipping_yuan": 0.5, "after": "13h"},
        "case": {"kind": "customer_case", "when": when(random), "at_least": 1, "thanks_yuan": 2.0, **by_tag, **OTHERS},
    }
    columns = {"sign_in": "care", "riddle": "tips", "party": "tips", "trial": "tips", "case": "expert"}
    return {name: {"column": columns[name], **items[name]} for name in random.sample(sorted(items), 3)}


def personal(random: Random) -> dict[str, Any]:
    """Return personal messages of every channel, for audiences of every kind."""
    audiences: tuple[dict[str, Any], ...] = (
        {},
        {"who": "outside"},
        {"stages": ["dormant", "left", "active"]},
        {"tags": ["tips", "untagged"]},
        {"orders_max": 0},
        {"ordered_until": "1d"},
        {"ordered_from": "6h", "who": "members"},
        {"admitted_from": "20h", "orders_min": 1},
    )
    thanks = {"to": {"ordered_until": "24h"}, "channel": random.choice(("personal", "one_to_one", "dialogue")), "floor_yuan": 10.0}
    return {
        "ask": {"kind": "survey", "when": "day 0 09:00", "channel": random.choice(("personal", "one_to_one"))},
        "write": {
            "kind": "one_to_one",
            "when": when(random),
            "to": random.choice(audiences),
            "by_tag": random.choice(({}, {"deals": "sales"}, {"tips": "tips", "art": "expert"})),
            "product": "entry",
            **OTHERS,
            "discount": 0.15,
            "load": 4.0,
            "coupon_yuan": random.choice((0.0, 3.0)),
        },
        "moment": {"kind": "moments_post", "when": "daily 11:00,15:00", "product": "hero", "discount": 0.1, "production_yuan": 1.0},
        "room": {
            "kind": "live_session",
            "when": when(random),
            "shown": random.choice((["hero"], ["entry", "premium", "hero"])),
            "column": "expert",
            "announce": random.choice((0, "2h")),
            "ring": 1.0,
            "fee_yuan": 1.0,
            "production_yuan": 1.0,
            "outsiders": 2,
            "channel": "door",
        },
        "in_shop": {"kind": "sales_post", "when": when(random), "product": "entry", "discount": 0.25, "ring": 0.8, "place": "shop"},
        "article": {"kind": "official_article", "when": "daily 08:30", "to": random.choice(audiences)},
        "answer": {"kind": "dialogue", "when": when(random), "product": "premium", "discount": 0.3, "load": 3.0},
        "after": {"kind": "coupon", "when": "daily 22:00", "amount_yuan": 4.0, **thanks},
        "birthday": {"kind": "coupon", "when": "daily 09:30", "amount_yuan": 9.0, "to": {"birthday": True}},
    }


def types_of_groups(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return types of groups with every kind of gate, and a programme that moves members between them; in two worlds of three."""
    if number % 3 == 0:
        return {}, {}
    random = Random(1000 + number)
    gates = [
        {"kind": "fee", "fee_yuan": 6.0},
        {"kind": "task", "effort_yuan": 8.0, "questionnaire": True},
        {"kind": "invitation", "trouble_yuan": 12.0},
        {"kind": "free"},
    ]
    circle: dict[str, Any] = {
        "kind": "interest_circle",
        "channels": ["door"],
        "capacity": 9,
        "gate": random.choice(gates),
        "moderation": RULES,
    }
    groups = {
        "circle": {**circle, "form_by": random.choice(("interest", "nothing", "age_band")), "split": random.random() < 0.5},
        "local": {"kind": "store", "capacity": random.randint(6, 12), "form_by": random.choice(("region", "gender", "tag")), "split": True},
        "vip": {"kind": "vip", "capacity": 5, "invitees_to": random.choice(("circle", None, "vip"))},
    }
    if number % 3 == 2:
        groups["local"] |= {"channels": ["founding"], "gate": random.choice(gates)}
    honour = {"kind": "promote", "to": "vip", "by": random.choice(("orders", "gmv", "messages")), "at_least": 1.0, "most": 4}
    programme = {
        "honour": {**honour, "when": when(random), "groups": ["ordinary", "circle", "local"]},
        "sort": {"kind": "regroup", "when": "day 1 20:05", "to": random.choice(("circle", "local")), "most": 14},
        "sweep": {"kind": "prune", "when": when(random), "claimed_yuan": 0.01, "after_days": 0.5, "most": 3},
        "tell": {"kind": "report_reward", "when": "day 0 13:00", "reward_yuan": 7.0, "groups": ["ordinary"]},
        "come": {"kind": "invite", "into": random.choice(("circle", "local")), "when": "day 0 11:30", "pull": 3.0, "window": "40h"},
        "private": {"kind": "content_post", "when": "daily 20:00", "column": "tips", "ring": 0.9, "groups": ["vip", "circle"]},
        "own": {
            "kind": "content_post",
            "when": "daily 19:00",
            "column": "tips",
            "by_tag": {"art": "expert", "deals": "sales"},
            "ring": 0.9,
        },
    }
    return groups, programme


def plans(number: int) -> dict[str, Any]:
    """Return campaigns, journeys, segments, splits and rules, in two worlds of three."""
    if number % 3 == 1:
        return {}
    random = Random(3000 + number)
    splits = {"some": {"treated": 0.6}, "rooms": {"treated": 0.5, "unit": "group"}}
    tip = {"kind": "content_post", "column": "tips", "ring": 0.8}
    phases = {
        "sow": {"days": 1, "programme": {"talk": {**tip, "when": when(random), "split": "rooms.treated"}}},
        "rest": {"days": 1},
        "reap": {
            "days": 1,
            "programme": {
                "deal": {
                    "kind": "sales_post",
                    "when": "day 0 19:30",
                    "product": "entry",
                    "discount": 0.2,
                    "by_tag": {"art": "expert"},
                    **OTHERS,
                },
                "flash": {
                    "kind": "flash_sale",
                    "when": "daily 21:00",
                    "product": "hero",
                    "discount": 0.5,
                    "stock": 2,
                    "window": "1h",
                    "announce": 0,
                },
            },
        },
    }
    letter = {"kind": "one_to_one", "column": "care", "product": "entry", "discount": 0.1, "load": 0.3, "appeal": 0.4}
    bonus = {"kind": "coupon", "amount_yuan": 5.0, "to": random.choice(("buyers", "near", {"who": "members", "segment": "buyers"}))}
    personal = ("joined", "first_order", "order", "silent", "muted", "left", "birthday", "price_question", "packet_missed")
    chosen = random.sample(personal, 4)
    journeys = {
        f"after_{trigger}": {
            "trigger": trigger,
            "days": 0.5,
            "look": random.choice(("1h", "15min", "5h")),
            "split": random.choice(("", "some.treated")),
            "to": random.choice(({}, "near", {"who": "members"})),
            "exits": random.choice(([], ["order"], ["left", "message"], ["muted"])),
            "again_after": random.choice((0, "20h")),
            "steps": {"write": {"do": {**letter, "split": random.choice(("", "some.control"))}}, "bonus": {"after": "9h", "do": bonus}},
        }
        for trigger in chosen
    }
    journeys["wake"] = {
        "trigger": "group_dying",
        "days": 0.2,
        "steps": {"packet": {"do": {"kind": "red_packet", "amount_yuan": 2.0, "shares": 4}}, "talk": {"after": "3h", "do": tip}},
    }
    stops = {
        "loud": {"muted_share": 0.1, "kinds": ["sales_post", "one_to_one"]},
        "leaky": {"week_exits_share": 0.3, "items": ["round.reap.deal"]},
        "quiet": {"week_writers_share": 0.2, "kinds": ["flash_sale"]},
    }
    return {
        "campaigns": {"round": {"when": "every 3 days from day 1", "phases": phases}}
        if number % 3
        else {"round": {"when": "day 0", "phases": phases}},
        "journeys": journeys,
        "segments": {
            "buyers": {"orders_min": 1, "spent_min_yuan": 30.0},
            "near": {"channels": ["door", "founding", "referral"], "tags": ["tips", "untagged"]},
        },
        "splits": splits,
        "rules": {
            "messages_per_group_day": random.choice((None, 30)),
            "offers_per_group_week": random.choice((None, 12)),
            "letters_per_person_week": random.choice((None, 9)),
            "stops": stops,
        },
    }


def world(number: int) -> Scenario:
    """Return the random world of a number."""
    random = Random(number)

    def pick(low: float, high: float) -> float:
        return round(random.uniform(low, high), 4)

    size = random.randint(25, 60)
    products = {
        "soap": {"role": "entry", "list_yuan": 19.9, "cost_yuan": 5.0, "storable": True, "topics": {"tips": 1.0}, "return_rate": 0.1},
        "cream": {"role": "hero", "list_yuan": 89.0, "cost_yuan": 30.0, "storable": True, "topics": {"deals": 1.0, "tips": 0.5}},
        "mask": {"role": "premium", "list_yuan": 240.0, "cost_yuan": 80.0, "share": 0.5, "topics": {"art": 1.0}},
    }
    # Each a need of its own; two that serve one; one need for all.
    for name in ("soap", "cream", "mask")[: (0, 2, 3)[number // 2 % 3]]:
        products[name]["category"] = "care"
    brand = {
        "name": "random",
        "topics": {"tips": 2.0, "deals": 1.0, "art": 1.0},
        "columns": {"tips": {"topics": {"tips": 1.0}}, "sales": {"topics": {"deals": 1.0}}, "care": {}, "expert": {"topics": {"art": 1.0}}},
        "products": products,
        "channels": {"door": {"cost_yuan": 2.0, "join_share": 0.7}, "web": {"cost_yuan": 1.0, "traits": {"need": 1.5, "frailty": 2.0}}},
        "shop": {"regions": 4},
        "need": {"rate_shape": 4.0, "rate_scale_weeks": pick(4.0, 9.0), "lapse_a": 1.0, "lapse_b": 6.0, "units_mean": 1.6},
    }
    strategy = {
        "name": f"world {number}",
        "leads": {"door": pick(1, 4), "web": pick(1, 4)},
        "groups": types_of_groups(number)[0],
        "programme": {**programme(random), **types_of_groups(number)[1], **together(Random(2000 + number))},
        "budget": {"total_yuan": random.choice((None, 90.0, 150.0)), "items": {"packet": 40.0}},
        "referral": {"incentive": pick(0, 2), "reward_yuan": 2.0},
        "caps": {"mass_per_group_day": 2},
        "moderation": RULES,
        "desk": DESKS[number % len(DESKS)],
        **plans(number),
        "guides": GUIDES if number % 2 else {},
        "account": ("guide", "brand")[number % 4 // 2],
        "tiers": {
            "window_days": 2.0,
            "levels": {"silver": {"spend_yuan": 60.0, "discount": 0.05}, "gold": {"spend_yuan": 200.0, "discount": 0.15}},
        },
    }
    behaviour = {
        "sessions": {"rate_per_day": pick(3, 8), "notice_mean": pick(0.3, 0.8), "reaction_median_minutes": pick(5, 40)},
        "attention": {"span_messages": pick(5, 40), "muted_opening": 0.5},
        "prices": {"elasticity": 1.8},
        "fatigue": {"tolerance_median_per_week": pick(1, 8)},
        "trust": {"gain": 0.05, "loss": 0.1},
        "chat": {
            "talkativeness_per_day": pick(0.5, 2.0),
            "answers_per_message": pick(0.6, 1.5),
            "answering_half": pick(0.1, 10.0),
            "opening_liveliness": pick(0.0, 1.0),
            "silence_floor": pick(0.0, 1.0),
            "sign_weight": pick(0.0, 1.0),
            "tie_excitation": number % 3 / 2,
            "message_load": 0.2,
            "capacity_posters": pick(3, 20),
        },
        "buying": {"advance_days": pick(4, 12)},
        "referral": {"propensity_mean": pick(1, 4), "accept_weak": 0.3, "accept_strong": 0.5, "candidates": random.randint(1, 4)},
        "shills": {"found_chance": 0.05},
        "poaching": {"chance": 0.4, "report_chance": 0.1},
        "winning_back": {"chance": 0.8},
        "giving": {**GIVING, "shares": 2 + number % 12},
        "contacts": {"follow_share": 0.6, "official_chance": 0.4, "dialogue_hours": random.choice((6.0, 48.0))},
        "blocking": {"strength": 0.5, "unfollow_strength": 0.2},
        "showing": {"chance": 0.7, "viewers": random.randint(1, 3)},
        "coupons": {"last_hours": random.choice((6.0, 30.0)), "last_days": 5.0},
        "tags": {"answer_chance": 0.7, "accuracy": 0.6, "from_orders": 0.5},
        "asking": {"per_day": 0.3, "per_offer": 0.5, "per_content": 0.3, "persuasion": 4.0, "patience_hours": 30.0},
        "muting": {"strength_per_day": pick(0.02, 0.1)},
        "reception": {"message": pick(0.0, 1.0), "answer": pick(0.0, 1.0), "reply": pick(0.0, 1.0)},
        "leaving": {
            "base_per_day": pick(0.01, 0.05),
            "doubt_per_day": pick(0.01, 0.1),
            "pressure_per_day": pick(0.01, 0.05),
            "silence_days": 0.1,
            "silence_per_day": 0.1,
        },
    }
    return Scenario.model_validate(
        {
            "horizon_days": random.choice((2.5, 3.0, 4.0, 5.0)),
            "clock": {"tick_minutes": random.choice((15, 15, 30)), "fast_tick_minutes": random.choice((1, 1, 7))},
            "population": {"size": size, "group_size": size // random.choice((2, 3)) + 3, "join_share": 0.9, "regions": 3, **NEAR},
            "behaviour": behaviour,
            "market": {
                "pool": random.choice((25, 60, 400)),
                **(STRANGERS if number % 3 else {}),
                **(BANS if number % 4 > 1 else {}),
            },
            "brand": brand,
            "strategy": strategy,
        }
    )
