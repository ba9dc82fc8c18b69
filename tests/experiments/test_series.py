from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.series import band_of, daily_totals, member_means, rolling_mean, survival
from experiments.statistics import interval_of


def test_band_is_the_interval_of_every_point() -> None:
    curves = np.random.default_rng(2).normal(size=(6, 4))
    curves[0, 1] = np.nan
    curves[1:, 2] = np.nan
    curves[:, 3] = np.nan
    band = band_of(curves)
    for day in range(4):
        expected = interval_of(curves[:, day])
        assert (band.mean[day], band.low[day], band.high[day]) == pytest.approx(expected[:3], nan_ok=True)


DAILY = pd.DataFrame(
    {
        "strategy": "a",
        "replication": [0, 0, 0, 0, 1, 1],
        "day": [0, 0, 2, 2, 0, 1],
        "group": [-1, 0, 0, 1, 0, 0],
        "members": [9, 2, 1, 3, 5, 0],
        "gmv": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "mean_trust": [0.0, 0.5, 0.2, 0.6, 0.7, np.nan],
    }
)


def test_totals_are_summed_over_groups_and_zero_where_nothing_was() -> None:
    totals = daily_totals(DAILY, "gmv", "a", 4)
    assert totals.loc[0].tolist() == [3, 0, 7, 0]
    assert totals.loc[1].tolist() == [5, 6, 0, 0]
    assert daily_totals(DAILY, "gmv", "b", 4).empty


def test_means_weigh_groups_by_members_and_leave_out_people_in_none() -> None:
    means = member_means(DAILY, "mean_trust", "a", 3)
    np.testing.assert_allclose(means.loc[0], [0.5, np.nan, 0.5])
    np.testing.assert_allclose(means.loc[1], [0.7, np.nan, np.nan])


def test_rolling_mean_starts_with_what_there_is() -> None:
    assert rolling_mean(pd.DataFrame([[3.0, 6.0, 0.0, 9.0]]), 3).loc[0].tolist() == [3, 4.5, 3, 5]


def members(durations: list[float], left: list[bool], joined: float = 0.0) -> pd.DataFrame:
    start = np.full(len(durations), joined)
    return pd.DataFrame(
        {"strategy": "a", "replication": 0, "joined_h": start, "left_h": np.where(left, start + 24 * np.array(durations), np.nan)}
    )


def test_survival_without_censoring_is_the_share_still_there() -> None:
    curve = survival(members([*range(1, 21)], [True] * 20), "a", 30)
    assert curve.loc[0, [0, 1, 5, 10]].tolist() == pytest.approx([1, 0.95, 0.75, 0.5])


def test_survival_with_censoring_is_kaplan_and_meiers() -> None:
    # 10 leave on day 2; 10 joined late and are seen for 1 day only: they count at day 1, not at day 2.
    early, late = members([2] * 10 + [50] * 20, [True] * 10 + [False] * 20), members([1] * 10, [False] * 10, joined=29 * 24)
    curve = survival(pd.concat([early, late]), "a", 30)
    assert curve.loc[0, [1, 2]].tolist() == pytest.approx([1, 2 / 3])


def test_survival_curve_ends_where_hardly_anybody_is_left_to_look_at() -> None:
    curve = survival(pd.concat([members([5] * 30, [True] * 30), members([20] * 3, [True] * 3)]), "a", 30)
    assert curve.columns[-1] == 5
    assert survival(members([3], [True]), "b", 30).empty


def test_survival_when_nobody_leaves() -> None:
    assert survival(members([1] * 12, [False] * 12), "a", 8).loc[0].tolist() == [1.0] * 9
