"""Keyed draws: every random number is a pure function of who decides, what is decided, and on which occasion.

The generator is Threefry-2x64 with 20 rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), a
counter-based generator: no state, so no order of calls. The run (seed and replication) and the person make the key; the occasion and
the stream (the kind of decision) make the counter. One block gives two independent words.
"""

from __future__ import annotations

import math
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

import numpy as np

from sim.compiled import compiled

_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_ROTATIONS = (16, 42, 12, 31, 16, 32, 24, 21)
_STREAMS: dict[int, str] = {}
_TO_UNIT = 2.0**-52
ZERO = np.uint64(0)
MAX_SEED = 2**32 - 1


def stream(name: str) -> np.uint64:
    """Register a kind of decision by name and return its number, the same in every process and version.

    Raises
    ------
    ValueError
        If two names share a number.
    """
    number = crc32(name.encode())
    if _STREAMS.setdefault(number, name) != name:
        raise ValueError(f"streams {name!r} and {_STREAMS[number]!r} share a number: rename one")
    return np.uint64(number)


@lru_cache(maxsize=1 << 16)
def name_key(*names: str) -> np.uint64:
    """Return a 64-bit key of a name (an item, a channel), the same in every process and version."""
    return np.uint64(int.from_bytes(blake2b("/".join(names).encode(), digest_size=8).digest(), "little"))


def run_key(seed: int, replication: int) -> np.uint64:
    """Return the key of one replication of one seed.

    Raises
    ------
    ValueError
        If the seed or the replication is not a whole number from 0 to 2**32 - 1.
    """
    for name, value in (("seed", seed), ("replication", replication)):
        if not 0 <= value <= MAX_SEED:
            raise ValueError(f"{name} takes a whole number from 0 to {MAX_SEED}, got {value}")
    return np.uint64((seed << 32) | replication)


@compiled
def rotate_left(word, bits):
    """Return the 64-bit word rotated left."""
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@compiled
def threefry(key_0, key_1, counter_0, counter_1):
    """Return the two words of Threefry-2x64-20 for a key and a counter (all ``uint64``)."""
    key_2 = _PARITY ^ key_0 ^ key_1
    x = counter_0 + key_0
    y = counter_1 + key_1
    for four in range(5):
        odd = (four % 2) * 4
        for step in range(4):
            x = x + y
            y = rotate_left(y, _ROTATIONS[odd + step]) ^ x
        turn = (four + 1) % 3
        if turn == 0:
            x = x + key_0
            y = y + key_1
        elif turn == 1:
            x = x + key_1
            y = y + key_2
        else:
            x = x + key_2
            y = y + key_0
        y = y + np.uint64(four + 1)
    return x, y


@compiled
def block(run, person, stream_number, occasion, index):
    """Return the two words of one decision: the ``index``-th of its kind on the occasion (``index`` below 2**32)."""
    return threefry(np.uint64(run), np.uint64(person), np.uint64(occasion), (np.uint64(stream_number) << np.uint64(32)) | np.uint64(index))


@compiled
def to_unit(word):
    """Return the word as a number strictly between 0 and 1 (52 bits: with 53, the highest would round to 1)."""
    return (float(word >> np.uint64(12)) + 0.5) * _TO_UNIT


@compiled
def uniform(run, person, stream_number, occasion, index):
    """Return a uniform number in (0, 1)."""
    return to_unit(block(run, person, stream_number, occasion, index)[0])


@compiled
def uniforms(run, person, stream_number, first, many):
    """Return as many uniform numbers in (0, 1), one an occasion from the ``first`` on."""
    found = np.empty(many)
    for n in range(many):
        found[n] = uniform(run, person, stream_number, first + n, 0)
    return found


@compiled
def exponential(run, person, stream_number, occasion, index):
    """Return a unit-exponential number: the budget of a hazard clock."""
    return -math.log(to_unit(block(run, person, stream_number, occasion, index)[0]))


@compiled
def normal(run, person, stream_number, occasion, index):
    """Return a standard normal number (Box-Muller on the two words of a block)."""
    first, second = block(run, person, stream_number, occasion, index)
    return math.sqrt(-2.0 * math.log(to_unit(first))) * math.cos(2.0 * math.pi * to_unit(second))


@compiled
def gamma(run, person, stream_number, occasion, shape):
    """Return a gamma number with the shape and scale 1 (Marsaglia and Tsang 2000; shapes below 1 by their boost).

    Tries of the rejection take successive indices of the same occasion, so the number stays a function of its key.
    """
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    value = d
    for attempt in range(1, 1000):
        x = normal(run, person, stream_number, occasion, 2 * attempt)
        v = (1.0 + c * x) ** 3
        if v > 0.0:
            u = uniform(run, person, stream_number, occasion, 2 * attempt + 1)
            if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
                value = d * v
                break
    if shape < 1.0:
        value *= uniform(run, person, stream_number, occasion, 0) ** (1.0 / shape)
    return value


@compiled
def beta(run, person, stream_a, stream_b, occasion, a, b):
    """Return a beta number as a ratio of two gammas, each of its own stream."""
    x = gamma(run, person, stream_a, occasion, a)
    y = gamma(run, person, stream_b, occasion, b)
    return x / (x + y)


@compiled
def poisson(run, person, stream_number, occasion, mean):
    """Return a Poisson number: how many unit-exponential gaps fit into ``mean`` (exact for any mean)."""
    spent = 0.0
    count = 0
    while True:
        spent += exponential(run, person, stream_number, occasion, count)
        if spent > mean:
            return count
        count += 1
