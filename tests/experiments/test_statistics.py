from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from experiments.statistics import (
    bootstrap_means,
    distinct_bootstrap_means,
    interval_of,
    paired_differences,
    paired_table,
    probability_better,
    summary_table,
    with_incremental_gmv,
)

SAMPLES = arrays(np.float64, st.integers(2, 40), elements=st.floats(-1e6, 1e6))


def runs(**metrics: list[float]) -> pd.DataFrame:
    """Runs of two arms, the first half of each list for a, the second for b."""
    count = len(next(iter(metrics.values()))) // 2
    return pd.DataFrame({"strategy": ["a"] * count + ["b"] * count, "replication": [*range(count)] * 2, **metrics})


@given(SAMPLES)
def test_interval_agrees_with_scipy(values: np.ndarray) -> None:
    interval = interval_of(values)
    assert interval.replications == values.size
    if values.std() > 1e-6 * (1 + np.abs(values).max()):
        low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
        assert interval[:3] == pytest.approx((values.mean(), low, high), rel=1e-9, abs=1e-6)


def test_interval_of_two_in_closed_form() -> None:
    # t quantile with one degree of freedom: tan(0.475 pi); the standard error of (0, 2) is 1.
    assert interval_of(np.array([0.0, 2.0]))[:3] == pytest.approx((1, 1 - np.tan(0.475 * np.pi), 1 + np.tan(0.475 * np.pi)))


def test_no_interval_is_made_up() -> None:
    assert interval_of(np.array([np.nan]))[3] == 0
    one = interval_of(np.array([np.nan, 3.0]))
    assert (one.mean, one.replications) == (3.0, 1)
    assert np.isnan([one.low, one.high]).all()
    assert not one.decided
    assert interval_of(np.full(5, 3.0))[:3] == (3.0, 3.0, 3.0)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    # 4,000 intervals: the share that covers has standard error .0034; a correct one is outside 5 of them once in 1.7 million.
    generator = np.random.default_rng(7)
    covered = [low <= 5 <= high for low, high in (interval_of(generator.normal(5, 2, 8))[1:3] for _ in range(4000))]
    assert np.mean(covered) == pytest.approx(0.95, abs=5 * np.sqrt(0.95 * 0.05 / 4000))


def test_bootstrap_means_have_the_spread_of_the_mean() -> None:
    values = np.random.default_rng(3).normal(size=30)
    means = bootstrap_means(values)
    assert means.shape == (10_000,)
    assert means.mean() == pytest.approx(values.mean(), abs=5 * values.std() / np.sqrt(30) / 100)
    assert means.std() == pytest.approx(values.std() / np.sqrt(30), rel=0.04)
    curves = bootstrap_means(np.stack([values, 2 * values], axis=1), 100)
    assert curves.shape == (100, 2)
    np.testing.assert_allclose(curves[:, 1], 2 * curves[:, 0])


def test_bootstrap_is_the_same_every_time_also_in_pieces() -> None:
    values = np.arange(5.0)
    np.testing.assert_array_equal(bootstrap_means(values), bootstrap_means(values))
    assert len(bootstrap_means(np.arange(1500.0))) == 10_000


@pytest.mark.parametrize("count", [2, 6, 9])
def test_distinct_samples_are_the_samples(count: int) -> None:
    values = np.random.default_rng(3).normal(size=(count, 2))
    means, times = distinct_bootstrap_means(values)
    assert (len(means) < 500) == (count < 9)
    np.testing.assert_allclose(np.sort(np.repeat(means[:, 0], times)), np.sort(bootstrap_means(values)[:, 0]), atol=1e-12)


@pytest.mark.parametrize(
    ("differences", "better", "probability"),
    [
        ([1.0, 2.0, 3.0], 1, 1.0),
        ([1.0, 2.0, 3.0], -1, 0.0),
        ([0.0, 0.0, 0.0], 1, 0.5),  # ties count half
        ([-1.0, 1.0], 1, 0.5),  # means -1, 0, 1 with 1/4, 1/2, 1/4
        ([-1.0, -1.0, 1.0], 1, 7 / 27),  # two or three of three draws are the one
    ],
)
def test_probability_better_in_closed_form(differences: list[float], better: int, probability: float) -> None:
    assert probability_better(np.array(differences), better) == pytest.approx(probability, abs=0.02)


def test_no_probability_without_a_direction_or_a_second_replication() -> None:
    assert np.isnan(probability_better(np.array([1.0, 2.0]), 0))
    assert np.isnan(probability_better(np.array([1.0]), 1))
    assert np.isnan(probability_better(np.empty(0), 1))


@given(SAMPLES, st.sampled_from([-1, 1]))
def test_probabilities_of_both_directions_sum_to_one(values: np.ndarray, better: int) -> None:
    assert probability_better(values, better) + probability_better(values, -better) == pytest.approx(1.0)


def test_summary_table() -> None:
    table = summary_table(runs(sessions=[1, 2, 3, 4], gmv=[10, 20, np.nan, 40], odd=[1, 1, 1, 1]), ["b", "a"])
    assert table.columns.tolist() == ["strategy", "metric", "mean", "low", "high", "replications"]
    assert table[["strategy", "metric"]].apply(tuple, axis=1).tolist() == [
        *(("b", "gmv"), ("b", "sessions"), ("b", "odd")),
        *(("a", "gmv"), ("a", "sessions"), ("a", "odd")),
    ]
    b_gmv = table.iloc[0]
    assert (b_gmv["mean"], b_gmv["replications"]) == (40, 1)
    assert np.isnan(b_gmv["low"])


def test_paired_table_pairs_by_replication() -> None:
    table = paired_table(runs(gmv=[10, 20, 31, 5, 26, 35], churn_rate=[0.1, 0.2, 0.3, 0.2, 0.3, 0.4]), ["a", "b"])
    assert table.columns.tolist() == ["strategy", "baseline", "metric", "difference", "low", "high", "probability_better", "replications"]
    gmv, churn = table.itertuples(index=False)
    assert (gmv.strategy, gmv.baseline, gmv.difference, gmv.replications) == ("b", "a", pytest.approx(5 / 3), 3)
    expected = stats.ttest_rel([5, 26, 35], [10, 20, 31]).confidence_interval(0.95)
    assert (gmv.low, gmv.high) == pytest.approx((expected.low, expected.high))
    assert churn.difference == pytest.approx(0.1)
    assert churn.probability_better == 0.0  # more churn is worse


def test_pairs_with_a_missing_half_are_dropped() -> None:
    frame = runs(gmv=[1, 2, 3, 10, np.nan, 30]).drop(index=0)
    assert paired_differences(frame, "b", "a", "gmv").tolist() == [27]
    assert paired_differences(frame, "c", "a", "gmv").size == 0
    assert paired_table(frame, ["a"]).empty


def test_incremental_gmv_needs_an_arm_without_community() -> None:
    frame = runs(gmv=[10, 20, 4, 5])
    assert with_incremental_gmv(frame, {"a": True, "b": True}) is frame
    both = with_incremental_gmv(frame, {"a": True, "b": False})
    np.testing.assert_array_equal(both["incremental_gmv"], [6, 15, np.nan, np.nan])
    lonely = with_incremental_gmv(frame.drop(index=2), {"a": True, "b": False})
    np.testing.assert_array_equal(lonely["incremental_gmv"], [np.nan, 15, np.nan])


def test_paired_intervals_are_narrower_than_unpaired_ones_on_common_numbers() -> None:
    luck = np.random.default_rng(5).normal(100, 30, 20)
    frame = runs(gmv=[*luck, *(luck + 5)])
    (row,) = paired_table(frame, ["a", "b"]).itertuples()
    summary = summary_table(frame, ["a"]).iloc[0]
    assert row.high - row.low < 1e-9 < summary["high"] - summary["low"]
