"""exp that is written into its callers: the same numbers as the mathematical library's."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

from sim.decay import GONE
from sim.exponential import exp


@pytest.fixture(scope="module")
def compiled_exp():
    """Return exp(-x) of many numbers, as compiled code has it."""

    @numba.njit
    def of_all(numbers):
        found = np.empty(numbers.size)
        for n in range(numbers.size):
            found[n] = exp(-numbers[n])
        return found

    return of_all


def test_it_is_exp_to_within_the_last_digit(compiled_exp):
    """Where the library fuses products and sums, it is the same to the last bit; nowhere is it off by more than one unit there."""
    generator = np.random.default_rng(7)
    numbers = np.concatenate([generator.uniform(0.0, GONE, 50_000), GONE * 10.0 ** generator.uniform(-18.0, 0.0, 50_000), [0.0, 1.0, GONE]])
    expected = np.array([math.exp(-number) for number in numbers])
    found = compiled_exp(numbers)
    assert (np.abs(found - expected) <= np.spacing(expected)).all()
    assert (found == expected).mean() > 0.9


def test_uncompiled_it_is_exp():
    """The naive scheduler runs mechanisms as they stand."""
    assert exp(-2.0) == math.exp(-2.0)
    assert exp(0.0) == 1.0
