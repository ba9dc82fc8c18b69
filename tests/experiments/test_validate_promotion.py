"""What row 11 reads off orders, on made tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validate.rows.promotion import first_after, longer, weekly

WEEK = 168.0


def orders(*rows: tuple[int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person", "time_h"])


def test_units_by_week() -> None:
    table = pd.DataFrame({"time_h": [0.0, WEEK - 1e-9, WEEK, 5 * WEEK], "units": [1, 2, 4, 8]})
    assert weekly(table, 3).tolist() == [3.0, 4.0, 0.0]
    assert weekly(table, 7).tolist() == [3.0, 4.0, 0.0, 0.0, 0.0, 8.0, 0.0]


def test_first_purchase_after_an_own_time() -> None:
    table = orders((1, 5.0), (1, 9.0), (1, 7.0), (2, 3.0), (3, 8.0))
    assert first_after(table, pd.Series({1: 5.0, 2: 3.0})).to_dict() == {1: 7.0}


def test_intervals_after_the_same_purchase_are_compared() -> None:
    # Without the deal person 1 buys at 10, then 20 later; on the deal at 4, then 30 later. Person 2 gets no usual purchase in time.
    deal = orders((1, 4.0), (1, 34.0), (2, 4.0), (2, 5.0))
    plain = orders((1, 1.0), (1, 10.0), (1, 30.0), (2, 200.0), (2, 210.0))
    bought = pd.Series({1: 4.0, 2: 4.0})
    assert longer(deal, plain, bought, within_h=100.0, watched_h=50.0) == pytest.approx(30 / 20 - 1)


def test_an_interval_beyond_what_is_watched_counts_as_watched_without_purchase() -> None:
    # Two people: with the deal one buys again after 30, the other not within 50; without it after 20 and 40.
    deal = orders((1, 0.0), (1, 30.0), (2, 0.0), (2, 51.0))
    plain = orders((1, 6.0), (1, 26.0), (2, 6.0), (2, 46.0))
    assert longer(deal, plain, pd.Series({1: 0.0, 2: 0.0}), 10.0, 50.0) == pytest.approx((30 + 50) / ((20 + 40) / 2) - 1)


def test_nothing_is_found_where_a_deal_only_brings_a_purchase_forward() -> None:
    rng = np.random.default_rng(11)
    people = 20_000
    rates = rng.gamma(2.5, 1 / 500, people)
    times = np.cumsum(rng.exponential(size=(people, 30)) / rates[:, None], axis=1)
    # Who would have bought within 200 hours buys at once; everything after comes as much earlier.
    soon = times[:, 0] < 200
    moved = times - np.where(soon, times[:, 0], 0.0)[:, None]
    persons = np.repeat(np.arange(people), 30)
    deal = pd.DataFrame({"person": persons, "time_h": moved.ravel()})
    plain = pd.DataFrame({"person": persons, "time_h": times.ravel()})
    bought = pd.Series(0.0, index=np.flatnonzero(soon))
    assert longer(deal, plain, bought, 8 * WEEK, 10 * WEEK) == pytest.approx(0.0, abs=1e-12)
