"""The procedure that selects the best of several systems: what it promises, and what it spends."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from experiments.sequential.kim_nelson import Selection, kim_nelson

ARMS, CORRELATION, ZONE, CONFIDENCE, FIRST = 5, 0.8, 0.25, 0.95, 20
TRIALS = 200
#: A procedure that keeps its promise of .95 is right less often in 200 trials with a probability of .001 at most.
LEAST_RIGHT = int(stats.binom.ppf(0.001, TRIALS, CONFIDENCE))

Floats = NDArray[np.float64]


def correlated(generator: np.random.Generator, length: int, means: Floats) -> Floats:
    """Draw normals of variance 1, a row a replication, with the same correlation between all arms."""
    common = generator.normal(size=(length, 1)) * np.sqrt(CORRELATION)
    return means + common + generator.normal(size=(length, means.size)) * np.sqrt(1 - CORRELATION)


@cache
def slippage() -> list[tuple[Floats, Selection]]:
    """The worst case of the promise: one arm is better than all others by exactly the zone."""
    generator = np.random.default_rng(2001)
    means = np.array([0.0, 0.0, ZONE, 0.0, 0.0])
    drawn = (correlated(generator, 800, means) for _ in range(TRIALS))
    return [(values, kim_nelson(values, ZONE)) for values in drawn]


def test_the_promised_probability_of_correct_selection_is_kept() -> None:
    selections = [selection for _, selection in slippage()]
    assert None not in [selection.best for selection in selections]
    assert sum(selection.best == 2 for selection in selections) >= LEAST_RIGHT
    # The promise is none that keeps itself: who looks at the first stage alone breaks it.
    assert sum(values[:FIRST].mean(axis=0).argmax() == 2 for values, _ in slippage()) < LEAST_RIGHT


def test_large_differences_take_few_replications() -> None:
    generator = np.random.default_rng(7)
    means = np.array([0.0, -1.0, -1.5, -2.0, -0.8])
    zone, spent = 0.1, []
    for _ in range(50):
        selection = kim_nelson(correlated(generator, 800, means), zone)
        assert selection.best == 0
        spent.append(selection.used.sum())
    # Equally many of each arm that keep the same promise, even if the variances were known: Bonferroni over the other arms.
    deviation = np.sqrt(2 * (1 - CORRELATION))
    equal = ARMS * np.ceil((stats.norm.ppf(1 - (1 - CONFIDENCE) / (ARMS - 1)) * deviation / zone) ** 2)
    assert np.mean(spent) < equal / 5


def test_worse_arms_go_first_and_get_no_more() -> None:
    means = np.array([0.0, -0.15, -0.4, -2.0])
    selection = kim_nelson(correlated(np.random.default_rng(3), 3000, means), 0.05)
    assert selection.best == 0
    assert selection.used[0] == selection.used[1] > selection.used[2] > selection.used[3] == FIRST
    assert selection.seen(0) == len(selection.rows) == selection.used[0] <= selection.ends_by


def as_in_the_paper(values: Floats, zone: float, confidence: float, first: int) -> tuple[int, list[int]]:
    """Follow the steps of the paper in its own notation, with means in place of sums; return who is left, and how long each was in."""
    k = values.shape[1]
    eta = 0.5 * ((2 * (1 - confidence) / (k - 1)) ** (-2.0 / (first - 1)) - 1)
    h2 = 2 * eta * (first - 1)
    s2 = {(i, j): np.var(values[:first, i] - values[:first, j], ddof=1) for i in range(k) for j in range(k)}
    n_max = max(int(np.floor(h2 * s2[i, j] / zone**2)) for i in range(k) for j in range(k) if i != j)
    inside, stayed, r = list(range(k)), [0] * k, first
    if first >= n_max + 1:
        return int(values[:first].mean(axis=0).argmax()), [first] * k
    while True:
        mean = values[:r].mean(axis=0)
        for i in inside:
            stayed[i] = r
        inside = [
            i
            for i in inside
            if all(mean[i] >= mean[j] - max(0.0, zone / (2 * r) * (h2 * s2[i, j] / zone**2 - r)) for j in inside if j != i)
        ]
        if len(inside) == 1:
            return inside[0], stayed
        r += 1
        if r == n_max + 1:
            return max(inside, key=lambda i: values[:r, i].mean()), [r if i in inside else stayed[i] for i in range(k)]


def test_it_is_the_procedure_of_the_paper() -> None:
    for values, selection in slippage()[:25]:
        best, stayed = as_in_the_paper(values, ZONE, CONFIDENCE, FIRST)
        assert (selection.best, selection.used.tolist()) == (best, stayed)
    values = correlated(np.random.default_rng(5), 400, np.array([0.0, 0.3, 0.1]))
    selection = kim_nelson(values, 0.4, confidence=0.8, first_stage=8)
    assert (selection.best, selection.used.tolist()) == as_in_the_paper(values, 0.4, 0.8, 8)


def test_what_comes_after_changes_nothing() -> None:
    values, selection = next(each for each in slippage() if each[1].best == 2 and each[1].used.max() > each[1].used.min() > FIRST)
    end = selection.seen(2)
    spent = np.where(np.arange(len(values))[:, None] < selection.used, values, np.nan)
    for same in (values[:end], spent[:end], spent):  # runs that were left out of the contest were never made
        again = kim_nelson(same, ZONE, tried=selection.used if same is spent else None)
        assert (again.used == selection.used).all()
        assert again.best == 2
    before = kim_nelson(values[: end - 1], ZONE)
    assert before.best is None
    assert before.alive.sum() >= 2
    assert before.ends_by >= end


def test_a_failed_replication_is_left_out_for_all_arms() -> None:
    values, _ = slippage()[1]
    broken = values.copy()
    broken[4, 3] = broken[30, 0] = broken[31, 2] = np.nan
    selection = kim_nelson(broken, ZONE)
    without = kim_nelson(np.delete(values, [4, 30, 31], axis=0), ZONE)
    assert without.used[0] > 32  # arm 0 was still in when its run failed
    assert (selection.used == without.used).all()
    assert not {4, 30, 31} & set(selection.rows)
    assert selection.seen(2) == without.seen(2) + 3


def test_it_waits_for_runs_that_are_not_through() -> None:
    values, selection = slippage()[2]
    tried = np.full(ARMS, len(values))
    tried[2] = 25
    waiting = kim_nelson(values, ZONE, tried=tried)
    assert len(waiting.rows) == 25
    assert waiting.best is None
    assert (np.minimum(selection.used, 25) == waiting.used).all()


def test_equal_arms_and_a_zone_of_nothing() -> None:
    values = np.repeat(np.random.default_rng(1).normal(size=(30, 1)), 3, axis=1)
    equal = kim_nelson(values, 0.1)
    assert (equal.best, equal.used.tolist()) == (0, [FIRST] * 3)
    endless = kim_nelson(values, 0.0)
    assert endless.alive.all()
    assert endless.ends_by == np.inf
    short = kim_nelson(values[:19], 0.1)
    assert (short.best, short.ends_by) == (None, 0.0)
    assert kim_nelson(np.empty((0, 2)), 0.1).used.tolist() == [0, 0]


@pytest.mark.parametrize("arms", [2, 7])
def test_the_first_stage_decides_where_the_zone_is_wide(arms: int) -> None:
    values = correlated(np.random.default_rng(arms), 60, np.zeros(arms))
    selection = kim_nelson(values, 50.0)
    assert selection.best == values[:FIRST].mean(axis=0).argmax()
    assert selection.used.tolist() == [FIRST] * arms
