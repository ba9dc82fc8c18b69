"""The rows on CDNOW's purchases: what they count, on made tables, and against the data where they are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.validate import purchases
from experiments.validate.purchases import CUSTOMERS, MOST, bought_on, customers_alone, first_days, sample_file
from experiments.validate.rows import cdnow as cdnow_row
from experiments.validate.rows.repeat_ladder import OBSERVED, ladder


def test_purchases_of_a_day_are_one_and_first_purchases_count() -> None:
    # At noon of day 3; 11 hours later it is still day 3, 13 hours later day 4.
    orders = pd.DataFrame({"person": [1, 1, 1, 1, 0], "time_h": [11.0, 13.0, 20.0, 24.0 * 6, 24.0 * 9]})
    found = bought_on(orders, np.array([0.0, 3.0, 5.0]), until_day=8)
    assert found.to_numpy().tolist() == [[0, 0], [1, 3], [1, 4], [2, 5]]
    assert bought_on(orders, np.array([0.0, 3.0, 5.0]), until_day=9).to_numpy().tolist() == [[0, 0], [0, 9], [1, 3], [1, 4], [1, 9], [2, 5]]


def test_ladder_leaves_out_who_was_not_observed_for_91_days() -> None:
    days = {0: [0, 91, 183], 1: [10], 2: [30, 40, 50], 3: [110, 120]}
    table = pd.DataFrame([(person, day) for person, own in days.items() for day in own], columns=["person", "day"])
    # Until day 200: first purchases but person 3's, of 0 (after 91 days), 2 (soon) and 1 (never); second ones of 0 (92 days) and 2.
    np.testing.assert_allclose(ladder(table, 200, 2), [2 / 3, 1 / 2])


def test_room_is_the_wider_of_a_share_and_three_roots() -> None:
    assert cdnow_row.room(1411) == pytest.approx(0.15 * 1411)
    assert cdnow_row.room(29) == pytest.approx(3 * np.sqrt(29))


def test_first_purchases_are_spread_without_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchases, "sample_file", lambda: None)
    days = first_days(2 * CUSTOMERS)
    assert (days.min(), days.max()) == (0.0, 83.0)
    assert np.unique(days).size == 84


def test_nobody_is_reached() -> None:
    world = customers_alone(50, 20, ("behaviour.prices.elasticity=3",))
    assert world.behaviour.prices.elasticity == 3.0
    assert not world.strategy.community
    assert not world.strategy.leads


def test_published_figures_are_those_of_the_data(cdnow: Path) -> None:
    table = pd.read_csv(cdnow, sep=r"\s+", skiprows=1, names=["person", "date", "discs", "dollars"])
    dates = pd.to_datetime(table["date"].astype(str))
    days = table[["person"]].assign(day=(dates - dates.min()).dt.days).drop_duplicates().sort_values(["person", "day"])
    np.testing.assert_allclose(ladder(days, 545, len(OBSERVED)), OBSERVED, atol=0.0005)
    file = sample_file()
    assert file is not None
    repeats = pd.read_csv(file)["frequency"]
    np.testing.assert_array_equal(np.bincount(np.minimum(repeats, MOST)), cdnow_row.OBSERVED)
    assert (first_days(CUSTOMERS).min(), first_days(CUSTOMERS).max()) == (0.0, 83.0)
