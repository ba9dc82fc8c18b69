"""Calendar expressions: what they mean, and that nonsense gives one error that says what is taken."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import Occurrence, festival_days, parse_duration_hours, parse_schedule, unknown

DAY = 24.0
WEEK = 168.0
FESTIVALS = {"double_11": (3, 368), "never": ()}


def hours(text: str, until: float) -> list[float]:
    """Return the hours at which an expression falls due."""
    return [occurrence.hour for occurrence in parse_schedule(text).occurrences(until, FESTIVALS)]


@pytest.mark.parametrize(
    ("text", "until", "expected"),
    [
        ("Wed 20:00", 2 * WEEK, [68.0, 236.0]),
        ("wednesday 20:00", WEEK, [68.0]),
        ("Mon,Thu 12:00", WEEK, [12.0, 84.0]),
        ("Thu,Mon 12:00", WEEK, [12.0, 84.0]),
        ("Mon, Thu 12:00", WEEK, [12.0, 84.0]),
        ("Mon,Mon 12:00", WEEK, [12.0]),
        ("weekdays 10:00", WEEK, [10.0, 34.0, 58.0, 82.0, 106.0]),
        ("weekends 9:30", WEEK, [129.5, 153.5]),
        ("daily 10:00, 20:00", 2 * DAY, [10.0, 20.0, 34.0, 44.0]),
        ("daily 20:00,10:00", DAY, [10.0, 20.0]),
        ("  DAILY   00:00 ", 2 * DAY, [0.0, 24.0]),
        ("daily 23:59", DAY, [23 + 59 / 60]),
        ("every 11 days 20:00 from day 5", 30 * DAY, [5 * DAY + 20, 16 * DAY + 20, 27 * DAY + 20]),
        ("every 2 days 08:00", 5 * DAY, [8.0, 56.0, 104.0]),
        ("every 1 day 08:00", 2 * DAY, [8.0, 32.0]),
        ("every 7 days 08:00,09:00", 8 * DAY, [8.0, 9.0, 176.0, 177.0]),
        ("day 30 20:00", 31 * DAY, [740.0]),
        ("day 0 00:00", DAY, [0.0]),
        ("festival double_11 20:00", 400 * DAY, [92.0, 368 * DAY + 20]),
        ("festival double_11 20:00", 10 * DAY, [92.0]),
        ("festival never 20:00", 400 * DAY, []),
    ],
)
def test_every_form(text: str, until: float, expected: list[float]) -> None:
    assert hours(text, until) == expected


@pytest.mark.parametrize(
    ("text", "last"), [("daily 12:00", 36.0), ("day 1 12:00", 36.0), ("Tue 12:00", 36.0), ("every 1 days 12:00", 36.0)]
)
def test_the_horizon_is_excluded(text: str, last: float) -> None:
    assert last not in hours(text, last)
    assert hours(text, last + 1 / 60)[-1] == last
    assert hours(text, 0.0) == []


def test_an_unknown_festival_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown festival 'double_12'.*did you mean 'double_11'"):
        parse_schedule("festival double_12 20:00").occurrences(1000.0, FESTIVALS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Wed",
        "20:00",
        "Wed 24:00",
        "Wed 25:00",
        "Wed 20:60",
        "Wed 20",
        "Wed 20:00 21:00",
        "Xyz 20:00",
        "Wed,Xyz 20:00",
        "daily 10:00,10:00",
        "daily 10:00,",
        "every day 20:00",
        "every 0 days 20:00",
        "every -1 days 20:00",
        "every 1.5 days 20:00",
        "every 3 days",
        "every 3 days 20:00 from day",
        "every 3 days 20:00 from day x",
        "every 3 days 20:00 until day 5",
        "day 20:00",
        "day -3 20:00",
        "day 10001 20:00",
        "day x 20:00",
        "day ² 20:00",
        "festival 20:00",
        "festival a b 20:00",
        "Wed ２０:００",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as error:
        parse_schedule(text)
    assert len(str(error.value).splitlines()) == 1


@given(st.one_of(st.text(max_size=30), st.text("0123456789:, dailyevrfomsthu-.", max_size=30)))
def test_junk_gives_value_errors_only(text: str) -> None:
    try:
        schedule = parse_schedule(text)
    except ValueError:
        return
    for occurrence in schedule.occurrences(WEEK, {schedule.festival: (1,)}):
        assert 0 <= occurrence.hour < WEEK


clock_times = st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=4, unique=True)
day_names = st.lists(st.sampled_from(["mon", "Tue", "WED", "thursday", "Fri", "sat", "Sun"]), min_size=1, max_size=7, unique=True)


@given(day_names, clock_times, st.integers(0, 3 * 168))
def test_weekly_expressions_say_what_they_list(names: list[str], times: list[tuple[int, int]], until: int) -> None:
    text = ",".join(names) + " " + ",".join(f"{hour:02d}:{minute:02d}" for hour, minute in times)
    places = [["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(name[:3].lower()) for name in names]
    every = sorted(
        day * 24 + (hour * 60 + minute) / 60 for week in range(4) for day in [week * 7 + p for p in places] for hour, minute in times
    )
    assert hours(text, float(until)) == pytest.approx([hour for hour in every if hour < until], abs=1e-9)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 23), st.integers(1, 200))
def test_periods_say_what_they_list(period: int, first: int, hour: int, days: int) -> None:
    text = f"every {period} days {hour:02d}:00 from day {first}"
    assert hours(text, days * DAY) == [day * DAY + hour for day in range(first, days, period)]


# ---- indices name occasions by content ------------------------------------------------------------------------------


def indices(text: str, until: float = 4 * WEEK) -> list[int]:
    """Return the indices of an expression's occurrences."""
    return [occurrence.index for occurrence in parse_schedule(text).occurrences(until, FESTIVALS)]


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Wed 20:00", "Wed 21:00"),
        ("Wed,Sat 20:00", "Wed,Sat 08:15"),
        ("daily 10:00,20:00", "daily 11:00,21:30"),
        ("every 5 days 20:00 from day 2", "every 5 days 19:00 from day 2"),
        ("festival double_11 20:00", "festival double_11 10:00"),
        ("day 3 10:00", "day 3 11:00"),
    ],
)
def test_moving_by_an_hour_renumbers_nothing(text: str, moved: str) -> None:
    assert indices(text) == indices(moved)
    assert len(indices(text)) > 0


@pytest.mark.parametrize("text", ["Wed 20:00", "daily 10:00,20:00", "every 5 days 20:00", "festival double_11 20:00", "weekdays 08:00"])
def test_a_longer_horizon_renumbers_nothing_and_no_index_comes_twice(text: str) -> None:
    short, long = indices(text), indices(text, 80 * WEEK)
    assert long[: len(short)] == short
    assert len(set(long)) == len(long)


def test_occurrences_are_ordered_by_time() -> None:
    assert sorted([Occurrence(5.0, 1), Occurrence(4.0, 2)])[0].hour == 4.0


# ---- durations, festivals, names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [("48h", 48.0), ("30min", 0.5), ("7d", 168.0), ("2w", 336.0), ("1.5h", 1.5), (" 2 H ", 2.0), (3, 3.0), (0.25, 0.25), ("0h", 0.0)],
)
def test_durations(value: object, expected: float) -> None:
    assert parse_duration_hours(value) == pytest.approx(expected)


@pytest.mark.parametrize("value", ["", "h", "3", "3 months", "-1h", "1e3h", "infh", "nanh", None, [], True, -1, float("nan"), float("inf")])
def test_no_durations(value: object) -> None:
    with pytest.raises(ValueError, match="takes"):
        parse_duration_hours(value)


@given(st.text(max_size=12))
def test_junk_durations_give_value_errors_only(text: str) -> None:
    try:
        hours_ = parse_duration_hours(text)
    except ValueError:
        return
    assert hours_ >= 0


def test_festivals_fall_on_their_dates_every_year() -> None:
    start = date(2026, 1, 5)
    found = festival_days(start, {"double_11": "11-11", "new_year": "01-01", "first": "01-05", "leap": "02-29"}, 1500)
    assert found["double_11"] == tuple((date(year, 11, 11) - start).days for year in (2026, 2027, 2028, 2029))
    assert found["first"] == tuple((date(year, 1, 5) - start).days for year in (2026, 2027, 2028, 2029, 2030))
    assert found["leap"] == ((date(2028, 2, 29) - start).days,)
    assert festival_days(start, {"first": "01-05"}, 0) == {"first": ()}


def test_unknown_names_are_answered_with_the_nearest() -> None:
    assert unknown("channel", "dor", {"door": 1, "kol": 2}) == "unknown channel 'dor': takes one of door, kol; did you mean 'door'?"
    assert unknown("channel", "x", {}) == "unknown channel 'x': there are none"
