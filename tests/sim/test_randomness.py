"""The generator against its published vectors, and its distributions against theory.

Every statistical test is at alpha = .001; seeds are fixed, so a test that passes once passes always.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from sim import randomness

ALPHA = 0.001
MANY = 20_000
RUN = randomness.run_key(9, 0)
STREAM = randomness.stream("tests.randomness")
OTHER = randomness.stream("tests.randomness.other")
ZERO = np.uint64(0)


def draws(draw: Callable[..., Any], *arguments: Any, many: int = MANY) -> NDArray[np.float64]:
    """Return one draw of each of many people."""
    return np.array([draw(RUN, np.uint64(person), STREAM, ZERO, *arguments) for person in range(many)], float)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ("0000000000000000 0000000000000000", "0000000000000000 0000000000000000", "c2b6e3a8c2c69865 6f81ed42f350084d"),
        ("ffffffffffffffff ffffffffffffffff", "ffffffffffffffff ffffffffffffffff", "e02cb7c4d95d277a d06633d0893b8b68"),
        ("243f6a8885a308d3 13198a2e03707344", "a4093822299f31d0 082efa98ec4e6c89", "263c7d30bb0f0af1 56be8361d3311526"),
    ],
)
def test_known_answers_of_random123(counter: str, key: str, expected: str) -> None:
    words = [np.uint64(int(word, 16)) for word in (key + " " + counter).split()]
    assert " ".join(f"{word:016x}" for word in randomness.threefry(*words)) == expected


@given(*(st.integers(0, 2**64 - 1) for _ in range(2)), *(st.integers(0, 2**32 - 1) for _ in range(2)))
def test_a_block_is_threefry_of_its_key(person: int, occasion: int, stream: int, index: int) -> None:
    counter = np.uint64((stream << 32) | index)
    expected = randomness.threefry(RUN, np.uint64(person), np.uint64(occasion), counter)
    assert randomness.block(RUN, np.uint64(person), np.uint64(stream), np.uint64(occasion), np.uint64(index)) == expected


def test_units_stay_inside_the_open_interval() -> None:
    assert 0.0 < randomness.to_unit(ZERO) < randomness.to_unit(np.uint64(2**12)) < 1e-15
    # The highest word rounds to 1 - 2**-54, which is no number of 53 bits: it must not become 1, or a logarithm would be 0 or fail.
    assert 1.0 - 1e-15 < randomness.to_unit(np.uint64(2**64 - 1)) < 1.0
    assert np.isfinite(-np.log(randomness.to_unit(np.uint64(2**64 - 1))))


def test_uniform_exponential_and_normal() -> None:
    assert stats.kstest(draws(randomness.uniform, ZERO), "uniform").pvalue > ALPHA
    assert stats.kstest(draws(randomness.exponential, ZERO), "expon").pvalue > ALPHA
    assert stats.kstest(draws(randomness.normal, ZERO), "norm").pvalue > ALPHA


@pytest.mark.parametrize("shape", [0.05, 0.2426, 0.5, 1.0, 1.5, 6.0, 400.0])
def test_gamma(shape: float) -> None:
    assert stats.kstest(draws(randomness.gamma, shape), "gamma", (shape,)).pvalue > ALPHA


@pytest.mark.parametrize(("a", "b"), [(0.79, 2.43), (1.0, 1.0), (0.2, 0.3), (30.0, 5.0)])
def test_beta(a: float, b: float) -> None:
    values = [randomness.beta(RUN, np.uint64(person), STREAM, OTHER, ZERO, a, b) for person in range(MANY)]
    assert stats.kstest(values, "beta", (a, b)).pvalue > ALPHA


@pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 40.0])
def test_poisson(mean: float) -> None:
    values = draws(randomness.poisson, mean)
    if mean == 0.0:
        assert not values.any()
        return
    most = int(stats.poisson.ppf(1 - 20 / MANY, mean))
    least = int(stats.poisson.ppf(20 / MANY, mean))
    bins = np.arange(least, most + 1)
    chances = stats.poisson.pmf(bins, mean)
    chances[0], chances[-1] = stats.poisson.cdf(least, mean), stats.poisson.sf(most - 1, mean)
    found = np.bincount(np.clip(values, least, most).astype(int) - least, minlength=len(bins))
    assert stats.chisquare(found, MANY * chances).pvalue > ALPHA


@pytest.mark.parametrize("place", range(5))
def test_neighbours_are_independent(place: int) -> None:
    """Counting up any part of a key (run, person, stream, occasion, index) gives independent numbers."""
    keys = np.full((MANY, 5), 77, np.uint64)
    keys[:, place] = np.arange(MANY)
    values = np.array([randomness.uniform(*key) for key in keys])
    assert stats.kstest(values, "uniform").pvalue > ALPHA
    cells = np.histogram2d(values[:-1:2], values[1::2], bins=10, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(cells).pvalue > ALPHA


def test_the_two_words_of_a_block_are_independent() -> None:
    words = np.array([randomness.block(RUN, np.uint64(person), STREAM, ZERO, ZERO) for person in range(MANY)], np.uint64)
    first, second = (words >> np.uint64(60)).astype(int).T
    cells = np.bincount(16 * first + second, minlength=256)
    assert stats.chisquare(cells).pvalue > ALPHA
    bits = np.unpackbits(words.view(np.uint8), axis=1).mean(axis=0)
    assert (np.abs(bits - 0.5) < 4.5 * 0.5 / np.sqrt(MANY)).all()  # 128 bits: a false alarm in 1 of 1,100 seeds


def test_no_number_twice() -> None:
    words = {
        randomness.block(RUN, np.uint64(p), STREAM, np.uint64(o), np.uint64(i))[0] for p in range(30) for o in range(30) for i in range(30)
    }
    assert len(words) == 27_000


@pytest.mark.parametrize("wrong", [-1, 2**32, 2**64])
def test_seeds_out_of_range(wrong: int) -> None:
    with pytest.raises(ValueError, match="seed takes a whole number from 0 to 4294967295"):
        randomness.run_key(wrong, 0)
    with pytest.raises(ValueError, match="replication takes a whole number from 0 to 4294967295"):
        randomness.run_key(0, wrong)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_every_seed_and_replication_has_a_key_of_its_own(seed: int, replication: int) -> None:
    key = int(randomness.run_key(seed, replication))
    assert divmod(key, 2**32) == (seed, replication)


def test_streams_keep_their_numbers_and_refuse_to_share() -> None:
    assert randomness.stream("tests.randomness") == STREAM != OTHER
    assert STREAM < 2**32
    # crc32("plumless") == crc32("buckeroo"): the textbook collision.
    randomness.stream("plumless")
    with pytest.raises(ValueError, match="'buckeroo' and 'plumless' share a number"):
        randomness.stream("buckeroo")


def test_names_have_keys_of_their_own() -> None:
    keys = {int(randomness.name_key(*names)) for names in (("a",), ("b",), ("a", "b"), ("a", "c"), ("ab",), ("",), ("", ""))}
    assert len(keys) == 7
    assert all(0 <= key < 2**64 for key in keys)
