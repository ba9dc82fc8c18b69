from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import sessions
from sim.encode import week_profile
from sim.market import EVENING_PEAK, MarketParameters
from tests.sim.people import Record, parameters, somebody
from tests.sim.worlds import build, null_tree

ALPHA = 0.001
PEOPLE = 400
RATE = 5.0
PROFILE = week_profile(MarketParameters(weekend_factor=1.5))


def session_times(person: Record, p: Record, day: int, start: float = 0.0) -> list[float]:
    """Return the base sessions of one day of a person, from an hour of the day on."""
    found = []
    sessions.begin_day(person, PROFILE, day * 24.0 + start)
    while sessions.next_base_session(person, PROFILE, p, day * 24.0 + start):
        found.append(float(person["base_h"]))
    return found


@pytest.fixture(scope="module")
def week() -> list[list[list[float]]]:
    """Return the base sessions of a week, by person and day."""
    p = parameters()
    return [[session_times(somebody(p, key=key), p, day) for day in range(7)] for key in range(PEOPLE)]


@pytest.mark.parametrize("day", range(7))
def test_sessions_a_day_are_poisson_with_the_weekly_profile(week: list[list[list[float]]], day: int) -> None:
    mean = RATE * (1.5 if day >= 5 else 1.0) / (8 / 7)
    counts = np.array([len(days[day]) for days in week])
    assert stats.poisson(PEOPLE * mean).cdf(counts.sum()) == pytest.approx(0.5, abs=0.5 - ALPHA / 2)
    dispersion = ((counts - mean) ** 2).sum() / mean
    assert stats.chi2(PEOPLE).cdf(dispersion) == pytest.approx(0.5, abs=0.5 - ALPHA / 2)


def test_sessions_follow_the_hours(week: list[list[list[float]]]) -> None:
    times = np.array([time for days in week for day in days for time in day])
    found = np.bincount((times % 24).astype(int), minlength=24)
    expected = np.array(EVENING_PEAK) / sum(EVENING_PEAK) * len(times)
    assert stats.chisquare(found, expected).pvalue > ALPHA
    assert stats.kstest(times % 1, "uniform").pvalue > ALPHA
    for days in week:
        for day, own in enumerate(days):
            assert own == sorted(own)
            assert all(day * 24 <= time < (day + 1) * 24 for time in own)


def test_days_are_independent(week: list[list[list[float]]]) -> None:
    counts = np.array([[len(own) for own in days] for days in week])
    counts = counts - counts.mean(axis=0)
    assert stats.pearsonr(counts[:, :-1].ravel(), counts[:, 1:].ravel()).pvalue > ALPHA


def test_who_comes_in_the_middle_of_a_day_has_what_is_left_of_it() -> None:
    p = parameters()
    times = [session_times(somebody(p, key=key), p, 0, 18.5) for key in range(PEOPLE)]
    left = (sum(EVENING_PEAK[19:]) + EVENING_PEAK[18] / 2) / sum(EVENING_PEAK)
    count = sum(len(own) for own in times)
    assert stats.poisson(PEOPLE * RATE / (8 / 7) * left).cdf(count) == pytest.approx(0.5, abs=0.5 - ALPHA / 2)
    assert all(18.5 <= time < 24 for own in times for time in own)


def test_a_rate_of_zero_has_no_sessions() -> None:
    p = parameters()
    assert session_times(somebody(p, session_rate_per_day=0.0), p, 3) == []


def noticed(p: Record, *, personal: bool = False, habit: float = 0.0, **fields: Any) -> list[float]:
    """Return the reaction delays, in minutes, of those of many people who notice a message."""
    found = []
    for key in range(4000):
        person = somebody(p, key=key, **fields)
        if sessions.notice(person, np.uint64(9), 0.6, personal, habit, p, 50.0):
            found.append((float(person["pull_h"]) - 50.0) * 60)
    return found


def test_notice_has_its_chance_and_a_log_normal_delay() -> None:
    p = parameters({"sessions.muted_notice": 0.1, "sessions.reaction_median_minutes": 40.0, "sessions.reaction_sigma": 1.2})
    delays = noticed(p, notice_probability=0.5)
    assert stats.binomtest(len(delays), 4000, 0.3).pvalue > ALPHA
    assert stats.kstest(delays, stats.lognorm(1.2, scale=40.0).cdf).pvalue > ALPHA
    assert stats.binomtest(len(noticed(p, notice_probability=0.5, muted=True)), 4000, 0.03).pvalue > ALPHA
    assert stats.binomtest(len(noticed(p, personal=True, notice_probability=0.5, muted=True)), 4000, 0.3).pvalue > ALPHA


def test_habit_brings_those_whom_the_message_does_not() -> None:
    # 1 - (1 - notice) x (1 - habit); the hour brings those who muted too.
    p = parameters({"sessions.muted_notice": 0.1})
    assert stats.binomtest(len(noticed(p, habit=0.4, notice_probability=0.5)), 4000, 1 - 0.7 * 0.6).pvalue > ALPHA
    assert stats.binomtest(len(noticed(p, habit=0.4, notice_probability=0.5, muted=True)), 4000, 1 - 0.97 * 0.6).pvalue > ALPHA
    assert len(noticed(p, habit=1.0, notice_probability=0.0)) == 4000


def test_one_look_answers_every_notice() -> None:
    p = parameters()
    person = somebody(p, pull_h=50.0001, pull_key=3)
    assert sessions.notice(person, np.uint64(9), 1.0, False, 0.0, p, 50.0)
    assert (person["pull_h"], person["pull_key"]) == (50.0001, 3)


def test_follow_ups() -> None:
    p = parameters({"sessions.follow_probability": 0.6, "sessions.follow_median_minutes": 6.0, "sessions.follow_sigma": 0.8})
    delays = []
    for key in range(4000):
        person = somebody(p, key=key)
        sessions.follow_up(person, np.uint64(7), 2, p, 10.0)
        if np.isfinite(person["follow_h"]):
            delays.append((float(person["follow_h"]) - 10.0) * 60)
    assert stats.binomtest(len(delays), 4000, 0.6).pvalue > ALPHA
    assert stats.kstest(delays, stats.lognorm(0.8, scale=6.0).cdf).pvalue > ALPHA


def test_rates_differ_between_people_as_their_gamma_says() -> None:
    changes = {"population.size": 2000, "horizon_days": 1.0, "behaviour.sessions": {"rate_per_day": 4.0, "rate_shape": 2.0}}
    run = simulate(build(null_tree(), changes), 2)
    assert stats.kstest(run.members["session_rate_per_day"], "gamma", (2.0, 0, 2.0)).pvalue > ALPHA
    # Sessions of day 0, a Monday, given the rate: Poisson, so their sum is too.
    mean = run.members["session_rate_per_day"].sum() / ((5 + 2 * 1.1) / 7)
    assert stats.poisson(mean).cdf(run.summary["sessions"]) == pytest.approx(0.5, abs=0.5 - ALPHA / 2)


def first_after(p: Record, key: int, now: float) -> float:
    """Return when a person whose every session is planned has the first one after an hour."""
    times = [time for day in range(int(now // 24), int(now // 24) + 3) for time in session_times(somebody(p, key=key), p, day)]
    return next(time for time in times if time > now)


def looked(p: Record, key: int, day: int, **fields: Any) -> Record:
    """Return somebody who has just had the first session of a day."""
    person = somebody(p, key=key, arrived=True, **fields)
    sessions.begin_day(person, PROFILE, day * 24.0)
    sessions.next_base_session(person, PROFILE, p, day * 24.0)
    sessions.next_look(person, PROFILE, p, float(person["base_h"]))
    return person


def days_with_sessions(p: Record) -> list[tuple[int, int, list[float]]]:
    """Return (key, day, sessions) of people on days with several, where the next day has some too."""
    found = [(key, day, session_times(somebody(p, key=key), p, day)) for key in range(40) for day in range(3)]
    return [row for row in found if len(row[2]) > 1 and session_times(somebody(p, key=row[0]), p, row[1] + 1)]


@pytest.mark.parametrize("fields", [{"member": True}, {"inboxed": 1}, {"coupon_fen": 500, "coupon_expires_h": 1e9}])
def test_who_has_something_to_look_at_has_every_session(fields: dict[str, Any]) -> None:
    p = parameters()
    for key, day, times in days_with_sessions(p):
        assert looked(p, key, day, **{"member": False, **fields})["base_h"] == times[1]


@pytest.mark.parametrize("fields", [{}, {"inboxed": 3, "inbox_read": 3}, {"coupon_fen": 500, "coupon_expires_h": -1.0}])
def test_who_has_nothing_to_look_at_looks_once_a_day(fields: dict[str, Any]) -> None:
    p = parameters()
    for key, day, _ in days_with_sessions(p):
        person = looked(p, key, day, member=False, **fields)
        assert person["base_h"] == session_times(somebody(p, key=key), p, day + 1)[0]


def test_a_letter_brings_back_what_is_left_of_the_day() -> None:
    p = parameters()
    for key, day, times in days_with_sessions(p):
        for now in (times[0] + 1e-6, 0.5 * (times[0] + times[-1]), times[-1] + 1e-6, day * 24.0 + 23.999):
            person = looked(p, key, day, member=False)
            sessions.wake(person, PROFILE, p, max(now, times[0]))
            assert person["base_h"] == first_after(p, key, max(now, times[0]))


def test_on_the_day_of_arrival_it_brings_back_what_came_after() -> None:
    p = parameters({"sessions.rate_per_day": 12.0})
    for key in range(40):
        person = somebody(p, key=key, arrived=True, member=False, admitted_h=10.0)
        times = session_times(person, p, 0, 10.0)
        if len(times) < 3:
            continue
        person["day"], person["base_h"] = 1, 30.0
        sessions.wake(person, PROFILE, p, times[0])
        assert person["base_h"] == times[1]


def test_waking_who_has_not_slept_changes_nothing() -> None:
    p = parameters()
    for key, day, times in days_with_sessions(p):
        person = looked(p, key, day, member=True)
        sessions.wake(person, PROFILE, p, times[0])
        assert person["base_h"] == times[1]
