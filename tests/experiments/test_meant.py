from __future__ import annotations

from typing import Any

import pytest

from experiments.known_keys import Schema
from experiments.meant import meant
from sim.clock import parse_duration_hours, parse_schedule

SHARE: Schema = {"type": "number", "unit": "share"}
YUAN: Schema = {"type": "number", "unit": "yuan"}
HOURS: Schema = {"type": "number", "unit": "hours"}
TEXT: Schema = {"type": "string"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("周三 20:00", "Wed 20:00"),
        ("星期日20：00", "Sun 20:00"),
        ("周一、周四 10:00", "Mon,Thu 10:00"),
        ("每天 08:00", "daily 08:00"),
        ("Wendsday 20:00", "Wed 20:00"),
        ("Mon and Thu 10:00", "Mon,Thu 10:00"),
        ("Wed 20.00", "Wed 20:00"),
        ("evry 3 days 10:00", None),
        ("2026-02-14 20:00", None),
        ("Wed", None),
        ("8pm", None),
        ("Wed 25:00", None),
    ],
)
def test_a_time_that_was_meant_is_one_that_the_model_takes(value: str, found: str | None) -> None:
    assert meant("when", value, TEXT) == (f"; did you mean '{found}'?" if found else "")
    if found:
        parse_schedule(found)


@pytest.mark.parametrize(
    ("value", "field", "found"),
    [
        (20, SHARE, "0.2"),
        (12.5, SHARE, "0.125"),
        (1.2, SHARE, None),
        (500, SHARE, None),
        (20, YUAN, None),
        ("20%", SHARE, "0.2"),
        ("15 yuan", YUAN, "15"),
        ("¥15", YUAN, "15"),
        ("a lot", YUAN, None),
        (True, SHARE, None),
        (None, SHARE, None),
        ([20], SHARE, None),
    ],
)
def test_a_number_that_was_meant(value: Any, field: Schema, found: str | None) -> None:
    assert meant("x", value, field) == (f"; did you mean {found}?" if found else "")


@pytest.mark.parametrize(
    ("value", "found", "hours"),
    [
        ("3 days", "3d", 72),
        ("3天", "3d", 72),
        ("2 hours", "2h", 2),
        ("1.5小时", "1.5h", 1.5),
        ("30 minutes", "30min", 0.5),
        ("2周", "2w", 336),
    ],
)
def test_a_duration_that_was_meant(value: str, found: str, hours: float) -> None:
    assert meant("after", value, HOURS) == f"; did you mean {found}?"
    assert parse_duration_hours(found) == hours
    assert meant("after", "soon", HOURS) == ""
