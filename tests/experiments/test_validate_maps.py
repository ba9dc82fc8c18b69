"""What rows of the evidence measure, on small tables with known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validate.rows.alarm_levels import CLASSES, agreeing, agreeing_by_level, cross_table
from experiments.validate.rows.flip_map import map_checks
from experiments.validate.rows.message_load import effects, turning_month


def test_groups_are_counted_by_level_and_class() -> None:
    classes = np.array([CLASSES.index(name) for name in ("value", "lukewarm", "lukewarm", "dead", "junk", "lukewarm")], float)
    counts = cross_table(classes, np.array([0.11, 0.10, 0.03, 0.029, 0.5, 0.01]))
    assert counts.tolist() == [[1, 0, 0, 1], [0, 2, 0, 0], [0, 1, 1, 0]]
    assert agreeing_by_level(counts) == {"healthy": 1.0, "between": 1.0, "silent": 0.5}
    assert agreeing(counts) == pytest.approx(4 / 5)  # junk is left out, and the lukewarm group below 3 % is not dead


def test_without_groups_nothing_agrees() -> None:
    nobody = cross_table(np.array([]), np.array([]))
    assert np.isnan(agreeing(nobody))
    assert all(map(np.isnan, agreeing_by_level(nobody).values()))


def flips(**changes: float) -> pd.DataFrame:
    """A map of 27 cells: fish_raising leads in all but the first nine."""
    sign = np.repeat([-1.0, 1.0, 1.0], 9)
    head = {"horizon_days": np.repeat([30, 60, 90], 9), "leader": np.where(sign < 0, "kill_pig", "fish_raising")}
    return pd.DataFrame({**head, "difference": 5 * sign, "low": 5 * sign - 2, "high": 5 * sign + 2, **changes})


def test_a_complete_map_passes_whoever_leads() -> None:
    assert [(check.simulated.mean, check.verdict) for check in map_checks(flips())] == [(number, "pass") for number in (27, 1, 0, 1)]


def test_a_map_without_intervals_fails() -> None:
    checks = map_checks(flips(low=np.nan, high=np.nan))
    assert [(check.simulated.mean, check.verdict) for check in checks[:2]] == [(0, "fail"), (0, "pass")]


def test_effects_are_of_the_sums_over_runs() -> None:
    few, many = np.array([[10.0, 20, 0], [30, 20, 0]]), np.array([[20.0, 10, 1], [20, 10, 0]])
    assert effects(few, many) == pytest.approx([0.0, np.log(0.5), np.nan], nan_ok=True)
    assert effects(np.stack([few, many]), np.stack([many, few]))[:, 1] == pytest.approx([np.log(0.5), np.log(2)])


def test_an_effect_grows_until_its_lowest_three_months() -> None:
    assert turning_month(np.array([0.0, -1, -2, -3, -9, 0, 0])).tolist() == 4
    assert turning_month(np.array([[-9.0, -9, -9, 0, 0], [0, 0, -1, -2, -3]])).tolist() == [2, 4]
