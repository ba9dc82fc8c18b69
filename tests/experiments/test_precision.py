"""Replications until intervals are narrow: the rule, how often its intervals hold the truth, and what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from experiments.sequential.precision import next_look, replications_needed, stopping_look, widths_of
from experiments.sequential.results import precision_table
from experiments.sequential.samples import Sample, sample_of
from experiments.sequential.settings import PrecisionSettings
from experiments.sequential.words import precision_sentences
from experiments.statistics import interval_of
from experiments.tables import RunKey

TRIALS = 4000


def sample(values: NDArray[np.float64]) -> Sample:
    length, arms = values.shape
    return Sample(tuple(f"arm{number}" for number in range(arms)), values, np.full(arms, length))


def against_one(differences: NDArray[np.float64]) -> Sample:
    """Make arms whose differences from a baseline of 1 are given, so that a share is a half-width."""
    return sample(np.hstack([np.ones((len(differences), 1)), 1 + differences]))


@pytest.mark.parametrize("needed", [20, 30, 40, 80])
def test_coverage_of_intervals_at_which_the_rule_stops(needed: int) -> None:
    """Each arm is a trial of its own: normal differences around 0, of which about `needed` replications are enough.

    The pages say 94 to 95 %: with a true coverage of .94, this fails with a probability of .001. The rule loses half a point to one, since
    it stops where the variance looks small; the least that was found over many numbers needed is .941, at 35 (20,000 trials each).
    """
    differences = np.random.default_rng(needed).normal(size=(4 * needed + 60, TRIALS))
    widths = widths_of(against_one(differences), 1.96 / np.sqrt(needed), 20, 10_000)
    assert widths.narrow.any(axis=0).all()
    at = widths.narrow.argmax(axis=0)
    trial = np.arange(TRIALS)
    holds = np.abs(widths.differences[at, trial]) <= widths.half_widths[at, trial]
    assert stats.binom.ppf(0.001, TRIALS, 0.94) <= holds.sum() <= stats.binom.ppf(0.999, TRIALS, 0.955)
    assert needed <= widths.looks[at].mean() <= needed + 10


def test_widths_are_those_of_the_intervals_at_each_look() -> None:
    values = np.random.default_rng(0).normal(1e6, 30, size=(45, 3))
    values[3, 1] = values[7, 0] = np.nan
    widths = widths_of(sample(values), 0.01, 20, 37)
    assert widths.looks.tolist() == [20, 30, 37]
    for place, look in enumerate(widths.looks):
        assert widths.targets[place] == pytest.approx(0.01 * np.nanmean(values[:look, 0]))
        for other in (1, 2):
            interval = interval_of(values[:look, other] - values[:look, 0])
            assert widths.pairs[place, other - 1] == interval.replications == look - 3 + other
            assert widths.differences[place, other - 1] == pytest.approx(interval.mean)
            assert widths.half_widths[place, other - 1] == pytest.approx(interval.high - interval.mean)


def test_it_stops_when_all_arms_and_metrics_are_narrow_at_once() -> None:
    generator = np.random.default_rng(1)
    quick, slow = generator.normal(size=(200, 2)), 2 * generator.normal(size=(200, 1))
    one, both = (widths_of(against_one(own), 0.4, 20, 500) for own in (quick, np.hstack([quick, slow])))
    assert stopping_look([one]) == np.argmax(one.narrow.all(axis=1))
    stop = stopping_look([one, both])
    assert stop == stopping_look([both])
    assert stop is not None
    assert both.looks[stop] > one.looks[stopping_look([one]) or 0]
    assert stopping_look([widths_of(against_one(slow), 0.01, 20, 500)]) is None


def test_fewer_than_twenty_pairs_stop_nothing() -> None:
    equal = np.zeros((40, 1))
    assert stopping_look([widths_of(against_one(equal), 0.1, 20, 500)]) == 0
    equal[5] = np.nan
    widths = widths_of(against_one(equal), 0.1, 20, 500)
    assert widths.pairs[:2, 0].tolist() == [19, 29]
    assert stopping_look([widths]) == 1


def test_an_arm_without_any_value_is_not_waited_for() -> None:
    values = np.zeros((20, 2))
    values[:, 1] = np.nan
    widths = widths_of(against_one(values), 0.1, 20, 500)
    assert widths.undefined.tolist() == [False, True]
    assert stopping_look([widths]) == 0


def test_the_number_that_it_would_take() -> None:
    deviation = np.sqrt(19 / 20)  # of one half plus and one half minus 1, with n - 1 = 19
    differences = np.tile([[1.0], [-1.0]], (10, 1)) * deviation
    (needed,) = replications_needed(widths_of(against_one(differences), 0.1, 20, 500), 0)
    fits = stats.t.ppf(0.975, np.array([needed - 1, needed - 2])) / np.sqrt([needed, needed - 1])
    assert fits[0] <= 0.1 < fits[1]
    assert replications_needed(widths_of(sample(np.hstack([0 * differences, differences])), 0.1, 20, 500), 0)[0] == np.inf


def test_looks_lie_on_a_grid_and_go_half_the_way() -> None:
    assert next_look(20, 2000, 20, 22, 10) == 30
    assert next_look(20, 2000, 20, 1000, 10) == 40  # twice what is there at most
    assert next_look(20, 2000, 400, 700, 10) == 550
    assert next_look(20, 2000, 20, 22, 24) == 50  # for many workers
    assert next_look(25, 2000, 25, np.inf, 10) == 55
    assert next_look(20, 57, 50, 1000, 10) == 57


# ---- what is written ------------------------------------------------------------------------------------------------------


def runs_of(**arms: NDArray[np.float64]) -> pd.DataFrame:
    rows = [(arm, number, value) for arm, values in arms.items() for number, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["strategy", "replication", "gmv"])


def test_the_table_and_the_sentence() -> None:
    generator = np.random.default_rng(4)
    luck = 100 + 10 * generator.normal(size=60)
    arms = {
        "base": luck,
        "near": luck + generator.normal(size=60),
        "far": luck + 40 * generator.normal(size=60),
        "none": np.full(60, np.nan),
    }
    asked = PrecisionSettings(shares={"gmv": 0.01, "orders": 0.1}, most=60)
    table = precision_table(runs_of(**arms), set(), list(arms), asked, 20)
    gmv = table[table["metric"] == "gmv"].set_index("arm")
    assert gmv["status"].to_dict() == {"near": "reached", "far": "not reached", "none": "undefined"}
    assert (gmv["replications"] == 60).all()
    first = gmv.loc["near", "reached_at"]
    assert gmv.loc["near", "half_width"] <= 0.01 * luck.mean()
    assert first == 20
    assert gmv.loc["far", "share"] == pytest.approx(gmv.loc["far", "half_width"] / luck.mean())
    assert gmv.loc["far", "replications_needed"] == pytest.approx(60 * (gmv.loc["far", "share"] / 0.01) ** 2, rel=0.1)
    assert set(table.loc[table["metric"] == "orders", "status"]) == {"undefined"}
    sentence = precision_sentences(table, asked)[0]
    assert sentence.startswith(
        "Precision of GMV, 1 % of the mean of base: near reached it at 20 replications; far did not reach it with 60 "
    )
    assert "replications (precision.most), half the interval is " in sentence
    assert sentence.endswith("none has no pair of replications with a value.")


def test_before_the_first_look_it_says_what_there_is() -> None:
    generator = np.random.default_rng(4)
    runs = runs_of(base=generator.normal(100, 1, 8), other=generator.normal(100, 1, 9))
    asked = PrecisionSettings(shares={"gmv": 0.5})
    (row,) = precision_table(runs, set(), ["base", "other"], asked, 20).to_dict("records")
    assert (row["status"], row["replications"], row["pairs"]) == ("not reached", 8, 8)
    (empty,) = precision_table(runs.iloc[:0], set(), ["base", "other"], asked, 20).to_dict("records")
    assert (empty["status"], empty["replications"]) == ("not reached", 0)
    assert "(time_limit_minutes)" in precision_sentences(pd.DataFrame([row]), asked)[0]


def test_gaps_end_a_sample_and_failures_do_not() -> None:
    runs = runs_of(a=np.arange(6.0), b=np.arange(6.0))
    runs = runs.drop(index=[2, 8, 10])  # replication 2 of both, and 4 of b
    taken = sample_of(runs, {RunKey("a", 2), RunKey("b", 2)}, ["a", "b"], "gmv")
    assert taken.tried.tolist() == [6, 4]
    assert np.isnan(taken.values[2]).all()
    assert taken.values[5].tolist() == [5, 5]
