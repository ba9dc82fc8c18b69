"""What row 14 counts, on made members."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validate.rows.referred_members import against_others, exits_by_age, stays_with_inviter, won

NEVER = np.nan
DAY = 24.0


def test_members_are_compared_with_those_of_their_week() -> None:
    # Week 0: one referred of worth 10 against 4; week 1: two of 20 against 5 and 15; in week 2 nobody else.
    table = pd.DataFrame(
        {
            "joined_h": [1.0, 2.0, 170.0, 171.0, 172.0, 173.0, 400.0],
            "inviter": [7, -1, 7, 8, -1, -1, 7],
            "contribution": [10.0, 4.0, 20.0, 20.0, 5.0, 15.0, 1000.0],
        }
    )
    assert against_others(table, "contribution") == pytest.approx(((10 + 2 * 20) / 3, (4 + 2 * 10) / 3))


def test_only_who_was_new_to_the_brand_counts() -> None:
    table = pd.DataFrame({"joined_h": [0.0, 5.0, 5.0, 90.0, np.nan], "had_bought": [False, True, False, False, False]})
    assert won(table, 50.0).index.tolist() == [2]


def test_exits_and_days_by_age() -> None:
    # Ages 0 to 2 days with an exit, 2 to 5 days without one, 30 to 60 days with one.
    start, end = np.array([0.0, 2.0, 30.0]) * DAY, np.array([2.0, 5.0, 60.0]) * DAY
    exits, days = exits_by_age(start, end, np.array([1.0, 0.0, 1.0]), np.zeros(3))
    # Bins of age: 0-1, 1-3, 3-7, 7-14, 14-28, 28-56, 56-112, beyond.
    assert exits.tolist() == [0, 1, 0, 0, 0, 0, 1, 0]
    assert days.tolist() == [1, 2, 2, 0, 0, 26, 4, 0]


def test_spells_are_cut_where_the_inviter_goes() -> None:
    everybody = pd.DataFrame({"person": [1, 2, 3, 4], "left_h": [NEVER, 3 * DAY, NEVER, NEVER], "pruned_h": [NEVER] * 4})
    members = pd.DataFrame(
        {
            # Invited by 2, who goes on day 3: left on day 2; left on day 6. Invited by 1, who stays: left on day 0.5. Three others.
            "joined_h": [0.0] * 6,
            "left_h": [2 * DAY, 6 * DAY, 0.5 * DAY, 0.5 * DAY, NEVER, NEVER],
            "pruned_h": [NEVER] * 5 + [1 * DAY],
            "inviter": [2, 2, 1, -1, -1, -1],
        }
    )
    found = stays_with_inviter(members, everybody.set_index("person"), 10 * DAY)
    assert (found["exits with"], found["exits without"]) == (2, 1)
    # Others: one exit within .5 + 1 + 1 days of the first day of age, none later.
    assert found["expected with"] == pytest.approx((1 + 1 + 0.5) / 2.5)
    assert found["expected without"] == 0.0


def test_alike_members_leave_alike() -> None:
    rng = np.random.default_rng(14)
    many = 20_000
    everybody = pd.DataFrame({"person": range(100), "left_h": rng.exponential(60 * DAY, 100), "pruned_h": NEVER}).set_index("person")
    joined = rng.uniform(0, 30 * DAY, many)
    left = joined + rng.weibull(0.6, many) * 50 * DAY
    inviter = np.where(rng.random(many) < 0.5, rng.integers(0, 100, many), -1)
    members = pd.DataFrame({"joined_h": joined, "left_h": np.where(left < 90 * DAY, left, NEVER), "pruned_h": NEVER, "inviter": inviter})
    found = stays_with_inviter(members, everybody, 90 * DAY)
    # About 4,500 and 2,000 exits: standard errors of the ratios .018 and .026; four of them.
    assert found["exits with"] / found["expected with"] == pytest.approx(1.0, abs=0.075)
    assert found["exits without"] / found["expected without"] == pytest.approx(1.0, abs=0.105)
