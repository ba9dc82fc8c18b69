from __future__ import annotations

from experiments.programme import programme_rows


def test_items_of_any_kind_become_rows() -> None:
    rows = programme_rows(
        {
            "member_day": {"kind": "sale", "when": "Wed 20:00", "discount": 0.2, "stock": None, "note": "", "repeat": True, "off": False},
            "tips": {"kind": "post", "when": ["Mon 10:00", "Fri 12:00"], "topics": ["a", "b"], "offer": {"price": 9.5, "window": "2h"}},
            "long": {"kind": "x", **{f"n{number}": number + 1 for number in range(8)}},
            "broken": None,
        }
    )
    assert [row["name"] for row in rows] == ["member_day", "tips", "long"]
    assert rows[0] == {"name": "member_day", "when": "Wed 20:00", "kind": "sale", "details": "discount 0.2, repeat yes"}
    assert rows[1]["when"] == "Mon 10:00 / Fri 12:00"
    assert rows[1]["details"] == "topics a / b, offer.price 9.5, offer.window 2h"
    assert rows[2]["when"] == ""
    assert rows[2]["details"] == "n0 1, n1 2, n2 3, n3 4, n4 5, n5 6 (and 2 more)"


def test_what_a_reader_asks_for_comes_first() -> None:
    (row,) = programme_rows(
        {"x": {"kind": "sale", "when": "daily", "priority": 100, "load": 1.0, "other": 3, "stock": 20, "discount": 0.3}}
    )
    assert row["details"] == "discount 0.3, stock 20, other 3, load 1, priority 100"
