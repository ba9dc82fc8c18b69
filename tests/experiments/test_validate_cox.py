"""Cox regression, against data with known ratios, and the spells of members."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validate.cox import cox
from experiments.validate.rows.contagion import spells


def made(ratios: tuple[float, float], people: int, seed: int) -> tuple[np.ndarray, ...]:
    """People with a trait, whose hazard (constant, of their stratum) also changes for good at a moment of their own."""
    draw = np.random.default_rng(seed)
    trait, change, stratum = draw.normal(size=people), draw.exponential(1.0, people), draw.integers(0, 2, people).astype(float)
    base = np.where(stratum > 0, 2.0, 0.3) * ratios[1] ** trait
    budget = draw.exponential(size=people)
    early = budget / base
    end = np.where(early < change, early, change + (budget - base * change) / (base * ratios[0]))
    stop = np.minimum(end, 3.0)
    rows = []
    for own_stop, own_change, own_end, own_trait, own_stratum in zip(stop, change, end, trait, stratum, strict=True):
        happens = float(own_end <= 3.0)
        if own_stop <= own_change:
            rows.append((0.0, own_stop, happens, 0.0, own_trait, own_stratum))
        else:
            rows.append((0.0, own_change, 0.0, 0.0, own_trait, own_stratum))
            rows.append((own_change, own_stop, happens, 1.0, own_trait, own_stratum))
    return tuple(np.array(rows).T)


def test_known_ratios_are_found() -> None:
    start, stop, event, changed, trait, stratum = made((1.8, 0.6), 8_000, seed=3)
    found = cox(start, stop, event, np.column_stack([changed, trait]), stratum)
    # At a fixed seed; of other seeds one in 400 would be further off than three standard errors.
    np.testing.assert_array_less(np.abs(found.effects - np.log([1.8, 0.6])), 3 * found.errors)
    assert found.errors.max() < 0.05


def test_a_likelihood_that_can_be_written_down() -> None:
    # Three at risk, the one with the covariate goes first: r / (r + 2) x 1/2; then it goes second as well: r / (r + 1) more.
    start, stop = np.zeros(6), np.array([1.0, 2, 3, 1, 2, 3])
    event, x = np.array([1.0, 1, 0, 1, 1, 0]), np.array([[1.0], [0], [0], [0], [1], [0]])
    found = cox(start, stop, event, x, np.repeat([0.0, 1.0], 3))
    # d/db log [r / (r + 2) x 1 / (r + 2) x r / (r + 1)] = 0: 2 = 2 r / (r + 2) + r / (r + 1), so r = 1 + sqrt(5).
    r = np.exp(found.effects[0])
    assert 2 * r / (r + 2) + r / (r + 1) == pytest.approx(2.0)


def test_without_events_of_the_covariate_nothing_is_estimated() -> None:
    with pytest.raises(ValueError, match="does not converge"):
        cox(np.zeros(4), np.arange(1.0, 5), np.ones(4), np.array([[1.0], [0], [0], [0]]))


def test_spells_of_an_inviter_and_who_was_invited() -> None:
    day = 24.0
    members = pd.DataFrame(
        {
            "person": [0, 1, 2, 3],
            "inviter": [-1, 0, -1, 0],
            "joined_h": [0.0, 10 * day, 5 * day, np.nan],
            "left_h": [np.nan, 20 * day, 35 * day, np.nan],
        }
    )
    table = spells(members, 100.0)
    assert table.tolist() == [
        # 0: a tie from day 10, who leaves on day 20
        [0, 10, 0, 0, 0, 0],
        [10, 20, 0, 0, 0, 1],
        [20, 50, 0, 1, 0, 1],
        [50, 80, 0, 0, 1, 1],
        [80, 100, 0, 0, 0, 1],
        # 1 left after ten days, 2 after thirty; 3 was never a member
        [0, 10, 1, 0, 0, 1],
        [0, 30, 1, 0, 0, 0],
    ]
