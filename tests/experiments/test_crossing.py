from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.crossing import crossing_of, last_sign_change


@pytest.mark.parametrize(
    ("curve", "day"),
    [
        ([-1, 1], 1.5),  # ends of day 1 and 2
        ([-3, 1], 1.75),
        ([1, -1, 1], 2.5),  # the last one
        ([1, -1, -1], 1.5),
        ([-1, 0, 1], 2.0),  # through zero
        ([-1, 0, 0, 1], 2.0),
        ([-1, 0, -1], np.nan),  # touches only
        ([0, 0, 1], np.nan),
        ([-1, 1, 0], 1.5),
        ([1, 2, 3], np.nan),
        ([0, 0, 0], np.nan),
    ],
)
def test_last_sign_change(curve: list[float], day: float) -> None:
    np.testing.assert_allclose(last_sign_change(np.array([curve], dtype=float)), [day])


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=12))
def test_last_sign_change_agrees_with_a_plain_loop(values: list[int]) -> None:
    expected, previous, place = np.nan, 0, -1
    for index, value in enumerate(values):
        if value * previous < 0:
            following = values[place + 1]
            expected = place + 1 + previous / (previous - following)
        if value:
            previous, place = value, index
    np.testing.assert_allclose(last_sign_change(np.array([values], dtype=float)), [expected])


def test_crossing_of_a_known_day() -> None:
    # Behind by 1 a day for 20 days, then ahead by 1 a day: even at day 40 without noise.
    drift = np.where(np.arange(60) < 20, -1.0, 1.0)
    exact = crossing_of(np.stack([drift, drift]))
    assert exact[:4] == (40.0, 40.0, 40.0, 0.0)
    noisy = crossing_of(drift + np.random.default_rng(1).normal(0, 1, (30, 60)))
    assert noisy.low < 40 < noisy.high
    assert noisy.low < noisy.day < noisy.high
    assert noisy.never == 0


def test_share_that_never_crosses() -> None:
    # One half of the replications ends ahead, the other never gets there.
    ahead = np.where(np.arange(30) < 5, -1.0, 2.0)
    behind = np.full(30, -1.0)
    crossing = crossing_of(np.stack([ahead, behind]))
    # A sample has 0, 1 or 2 of the first kind with 1/4, 1/2, 1/4; one of two is enough to cross.
    assert crossing.never == pytest.approx(0.25, abs=0.02)
    assert crossing_of(np.stack([behind, behind])).never == 1.0
    assert np.isnan(crossing_of(np.stack([behind, behind])).day)


def test_nothing_is_made_up_of_one_replication_or_none() -> None:
    one = crossing_of(np.array([[-1.0, 2.0]]))
    assert one.day == 1.5
    assert np.isnan([one.low, one.high, one.never]).all()
    assert crossing_of(np.empty((0, 5))).replications == 0
