"""The exact rows of the evidence and the null row, at quick size: the same runs as those of `fishpond validate`."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validate.evidence import built_rows
from experiments.validate.outcome import table
from experiments.validate.rows.branching import extinction, progeny
from experiments.validate.rows.survival import left_by
from tests.evidence.tracked import REFRESH, moved, tracked
from tests.experiments.rows import judged

MUST_HOLD = [row.name for row in built_rows().values() if row.use in ("exact", "null")]


def test_seven_rows_must_hold() -> None:
    assert [built_rows()[name].number for name in MUST_HOLD] == [1, 2, 3, 4, 5, 6, 26]


@pytest.mark.parametrize("name", MUST_HOLD)
def test_what_must_hold_holds(name: str) -> None:
    found = judged(name)
    assert not found.failures
    assert {check.name: check.simulated.mean for check in found.checks if check.verdict != "pass"} == {}
    assert moved(table([found], "quick"), tracked()) == [], REFRESH


def test_closed_forms_of_branching() -> None:
    assert extinction(1.5) == pytest.approx(0.417, abs=0.0005)
    sizes = np.arange(1.0, 400.0)
    shares = progeny(0.6, sizes)
    assert shares.sum() == pytest.approx(1.0, abs=1e-6)
    assert (sizes * shares).sum() == pytest.approx(2.5, rel=1e-4)


@pytest.mark.parametrize("shape", [0.7, 2.0])
def test_survival_with_gamma_frailty_is_lomax_but_for_the_wait_for_a_session(shape: float) -> None:
    from scipy import stats

    days = np.linspace(0.1, 3.0, 30)
    # The wait is .02 days in the mean, at a density below 1 a day.
    np.testing.assert_allclose(left_by(days, shape), stats.lomax(shape, scale=shape).cdf(days), atol=0.02)
