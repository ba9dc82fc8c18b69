"""Exponential decay, with an end: what has faded below a millionth of a millionth is gone.

The cut saves most of the exponentials of a session and changes no result that could be told from rounding.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.exponential import exp

LOG_2 = math.log(2.0)
GONE = 28.0


@compiled
def faded(elapsed, scale):
    """Return exp(-elapsed / scale), and 0 from 28 scales on."""
    ratio = elapsed / scale
    return exp(-ratio) if ratio < GONE else 0.0


@compiled
def halved(elapsed, half_life):
    """Return 2 ** (-elapsed / half_life), and 0 from about 40 half-lives on (also for an infinite time)."""
    ratio = LOG_2 * elapsed / half_life
    return exp(-ratio) if ratio < GONE else 0.0


@compiled
def fallen(elapsed, scale):
    """Return the integral of exp(-t / scale) over the time elapsed, in the same unit."""
    return scale * (1.0 - faded(elapsed, scale))
