"""What members can get used to: fixed hours of the week, and creatives that are shown again and again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sim.brand.actions import Action
from sim.brand.rhythm import Creatives, fixed_slots
from sim.codes import MOST_CREATIVES, MOST_SLOTS
from tests.sim.worlds import Tree, build, null_tree


def programme(**items: Tree) -> Mapping[str, Action]:
    """Return a programme of posts with the given fields."""
    posts = {name: {"kind": "content_post", "when": "daily 10:00", "column": "tips", **fields} for name, fields in items.items()}
    return build(null_tree(**posts), {"market.festivals.women_day": "03-08"}).strategy.programme


# ---- hours ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "fixed"),
    [
        ("daily 10:00", True),
        ("Wed 20:00", True),
        ("weekends 10:00,20:00", True),
        ("every 7 days 20:00", False),
        ("day 3 20:00", False),
        ("festival women_day 20:00", False),
    ],
)
def test_only_hours_of_the_week_are_fixed(when: str, fixed: bool) -> None:
    assert fixed_slots(programme(item={"when": when})) == ({"item": 0} if fixed else {})


def test_slots_go_by_name_whatever_the_order_of_writing() -> None:
    times = {"c": {}, "a": {"when": "Mon 08:00"}, "never": {"when": "day 2 08:00"}, "b": {}}
    backwards = dict(reversed(times.items()))
    assert fixed_slots(programme(**times)) == fixed_slots(programme(**backwards)) == {"a": 0, "b": 1, "c": 2}


def test_beyond_the_last_slot_items_share_it() -> None:
    names = [f"item {nth:02d}" for nth in range(MOST_SLOTS + 3)]
    assert list(fixed_slots(programme(**{name: {} for name in names})).values()) == [*range(MOST_SLOTS), *[MOST_SLOTS - 1] * 3]


def test_nobody_gets_used_to_shills() -> None:
    shill = {"kind": "shill_chat", "when": "daily 10:00"}
    assert fixed_slots(build(null_tree(a_shill=shill, tip={"kind": "coupon", "when": "daily 10:00"})).strategy.programme) == {"tip": 0}


# ---- creatives ------------------------------------------------------------------------------------------------------


def test_a_creative_lasts_its_days_then_a_new_one_comes() -> None:
    creatives = Creatives(programme(b={"creative_days": 7.0}, a={"creative_days": 0.5}, new={}))
    assert [creatives.of("b", day * 24.0) for day in (0, 6.99, 7, 13.99, 14, 70)] == [(1, n) for n in (0, 0, 1, 1, 2, 10)]
    assert [creatives.of("a", hour) for hour in (0.0, 11.9, 12.0, 24.0)] == [(0, n) for n in (0, 0, 1, 2)]


def test_what_is_new_every_time_has_no_place() -> None:
    creatives = Creatives(programme(tip={}, deal={"creative_days": 3.0}))
    assert {creatives.of("tip", hour) for hour in (0.0, 100.0)} == {(-1, 0)}


def test_members_remember_so_many_creatives_by_name() -> None:
    names = [f"item {nth:02d}" for nth in range(MOST_CREATIVES + 2)]
    creatives = Creatives(programme(**{name: {"creative_days": 7.0} for name in reversed(names)}))
    assert [creatives.of(name, 0.0)[0] for name in names] == [*range(MOST_CREATIVES), -1, -1]


def test_a_version_fits_the_byte_that_remembers_it() -> None:
    creatives = Creatives(programme(tip={"creative_days": 1.0}))
    assert [creatives.of("tip", day * 24.0)[1] for day in (255, 256, 300)] == [255, 0, 44]
