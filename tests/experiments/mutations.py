"""Strategies with one thing wrong, or strange: misspelt, of the wrong type, out of range, hostile, huge, empty, twice there.

Every mutation is drawn from a number, so that a failure can be looked at again: ``mutated(17)``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

Tree = dict[str, Any]
Place = tuple[Any, Any]

BASE: Tree = {
    "name": "mutated",
    "description": "a plan with everything",
    "leads": {"parcel_card": 3.0, "paid_bait": 1.0},
    "staff": {"people": 2.0},
    "budget": {"total_yuan": 5000, "month_yuan": 3000, "items": {"packet": 100, "cycle": 500}},
    "discount_ceiling": 0.5,
    "caps": {"mass_per_group_day": 2},
    "desk": {"shifts": {"day": {"when": "Mon-Fri 09:00-18:00", "people": 2}}, "minutes": 5},
    "groups": {"circle": {"kind": "interest_circle", "channels": ["parcel_card"], "capacity": 30, "gate": {"kind": "fee", "fee_yuan": 5}}},
    "programme": {
        "welcome": {"kind": "welcome", "column": "care", "coupon_yuan": 15, "floor_yuan": 80, "valid": "14d"},
        "tip": {"kind": "content_post", "when": "Mon,Thu 10:00", "column": "tips", "rotation": ["tips", "stories"]},
        "deal": {"kind": "sales_post", "when": "daily 20:00", "product": "hero", "discount": 0.2, "window": "24h"},
        "flash": {"kind": "flash_sale", "when": "every 2 days 12:00 from day 1", "product": "entry", "discount": 0.4, "stock": 3},
        "packet": {"kind": "red_packet", "when": "daily 21:00", "amount_yuan": 5, "shares": 5},
        "letter": {"kind": "one_to_one", "when": "day 1 11:00", "to": "buyers", "by_tag": {"make_up": "tips"}, "split": "test.treated"},
        "gift": {"kind": "coupon", "when": "festival women_day 10:00", "product": "premium", "amount_yuan": 40},
    },
    "campaigns": {
        "cycle": {
            "when": "every 3 days from day 1",
            "phases": {
                "seed": {"days": 1, "programme": {"case": {"kind": "content_post", "when": "daily 12:00", "column": "stories"}}},
                "rest": {"days": 2},
            },
        }
    },
    "journeys": {
        "start": {
            "trigger": "joined",
            "exits": ["order"],
            "steps": {
                "hello": {"after": "10min", "do": {"kind": "one_to_one", "column": "care"}},
                "note": {"after": "1d", "do": {"kind": "coupon"}},
            },
        }
    },
    "segments": {"buyers": {"orders_min": 1}},
    "splits": {"test": {"treated": 0.5}},
    "rules": {"messages_per_group_day": 9, "stops": {"loud": {"muted_share": 0.5, "kinds": ["flash_sale"]}}},
}

HOSTILE = (
    "${oc.env:HOME}",
    "${strategy}",
    "{{ 7 * 7 }}",
    "=1+1",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; DROP TABLE members; --",
    "%s%n",
    "\\x00",
    "a" * 5000,
    "钱" * 300,
    "🐟",
    "‮gnihsif",
    "NaN",
    "null",
    "~",
    "- - -",
    "!!python/object:os.system",
    "*anchor",
    "&x",
)
STRANGE: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1e300, -1e300, float("nan"), float("inf"), 10**40, 3.7, "", " ", "x", [], [[]], {}, {"a": 1}, [1, "b"]),
    *HOSTILE,
)
TIMES = (
    *(
        "Wed 25:00",
        "Wed 20:60",
        "Wednesday",
        "20:00",
        "daily",
        "daily 10:00,10:00",
        "Xyz 10:00",
        "every 0 days 10:00",
        "every -3 days 10:00",
    ),
    *("every 1.5 days 10:00", "day -1 10:00", "day 99999 10:00", "festival nobody 10:00", "Mon-Fri 10:00", "10:00 daily", "daily 1000"),
    *("every day 10:00", "day 5", "Mon,Mon 10:00", "daily 24:00", "weekdays 7:5", "daily　10：00", "daily 10:00 from day 3"),
)


def places(tree: Any) -> list[Place]:
    """Return every (container, key) of a tree."""
    found: list[Place] = []
    entries = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    for key, value in entries:
        found += [(tree, key), *places(value)]
    return found


def misspell(random: Random, word: str) -> str:
    """Return a word with two letters exchanged, one doubled, left out or put in, or in capitals."""
    place = random.randrange(max(1, len(word) - 1))
    return random.choice(
        (
            word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
            word[:place] + word[place : place + 1] + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + "q" + word[place:],
            word.upper(),
        )
    )


def misspelt_key(random: Random, tree: Tree) -> None:
    """Write a key wrongly."""
    where, key = random.choice([place for place in places(tree) if isinstance(place[1], str)])
    where[misspell(random, key)] = where.pop(key)


def misspelt_value(random: Random, tree: Tree) -> None:
    """Write a word wrongly."""
    where, key = random.choice([place for place in places(tree) if isinstance(place[0][place[1]], str)])
    where[key] = misspell(random, where[key])


def wrong_value(random: Random, tree: Tree) -> None:
    """Put something strange in the place of anything."""
    where, key = random.choice(places(tree))
    where[key] = random.choice(STRANGE)


def huge_number(random: Random, tree: Tree) -> None:
    """Make a number huge, negative or nearly nothing."""
    where, key = random.choice([place for place in places(tree) if type(place[0][place[1]]) in (int, float)])
    where[key] = random.choice((1e12, -where[key] - 1, 10**30, 1e-300, where[key] * 1e6, 0))


def wrong_time(random: Random, tree: Tree) -> None:
    """Let something fall due when nothing can."""
    where, key = random.choice([place for place in places(tree) if place[1] == "when"])
    where[key] = random.choice(TIMES)


def left_out(random: Random, tree: Tree) -> None:
    """Leave a key out."""
    where, key = random.choice(places(tree))
    del where[key]


def further_key(random: Random, tree: Tree) -> None:
    """Add a key that nobody knows."""
    where = random.choice([tree, *(place[0][place[1]] for place in places(tree) if isinstance(place[0][place[1]], dict))])
    where[random.choice((*HOSTILE, "colour", "kind", "when", "to", "discount", "_target_", "1", "a.b", "a b"))] = random.choice(STRANGE)


def nobody(random: Random, tree: Tree) -> None:
    """Aim at people who are not there."""
    audience = random.choice(
        (
            *({"orders_min": 10**6}, {"stages": ["left"], "who": "members"}, {"tags": ["nothing"]}, {"segment": "none"}, "nobody"),
            *(
                {"ordered_from": "60d", "ordered_until": "1d"},
                {"channels": ["moon"]},
                {"groups": ["vip"]},
                {"orders_min": 5, "orders_max": 1},
            ),
        )
    )
    random.choice([tree["programme"]["letter"], tree["journeys"]["start"]])["to"] = audience


def over_budget(random: Random, tree: Tree) -> None:
    """Let something cost more than there is."""
    item = random.choice(("tip", "letter", "flash", "packet"))
    key = {"tip": "production_yuan", "letter": "production_yuan", "flash": "stock", "packet": "amount_yuan"}[item]
    tree["programme"][item][key] = random.choice((199, 10**6, 10**7 - 1))
    tree["budget"] = {"total_yuan": random.choice((0, 0.01, 100))}


def one_name_twice(random: Random, tree: Tree) -> None:
    """Give two parts of the plan one name."""
    first, second = random.sample(("programme", "campaigns", "journeys"), 2)
    name = random.choice(list(tree[first]))
    tree[second][name] = copy.deepcopy(random.choice(list(tree[second].values())))


def circle(random: Random, tree: Tree) -> None:
    """Let something refer to itself: a segment to another, a step to a journey, a group to none."""
    random.choice(
        (
            lambda: tree["segments"].update(buyers={"segment": "buyers"}),
            lambda: tree["segments"].update(a={"segment": "b"}, b={"segment": "a"}),
            lambda: tree["journeys"]["start"]["steps"]["hello"].update(do=copy.deepcopy(tree["journeys"]["start"])),
            lambda: tree["groups"]["circle"].update(invitees_to="circle2"),
            lambda: tree["journeys"].update(
                again={"trigger": "order", "look": "15min", "steps": {"sell": {"do": {"kind": "coupon", "amount_yuan": 5}}}}
            ),
            lambda: tree.update(defaults=["mutated"]),
        )
    )()


MUTATIONS: tuple[Callable[[Random, Tree], None], ...] = (
    *(misspelt_key, misspelt_value, wrong_value, huge_number, wrong_time, left_out, further_key),
    *(nobody, over_budget, one_name_twice, circle),
)


def mutated(number: int) -> Tree:
    """Return the mutated strategy of a number."""
    random, tree = Random(number), copy.deepcopy(BASE)
    MUTATIONS[number % len(MUTATIONS)](random, tree)
    return tree
