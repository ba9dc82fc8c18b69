"""Lots: which arm of a split somebody, or a group, is of."""

from __future__ import annotations

from sim import randomness
from sim.compiled import compiled
from sim.randomness import stream

LOT = stream("splits.lot")


@compiled
def is_of_arm(run, key, split, share, treated):
    """Return whether the lot of a key (of a person or a group) in a split falls on an arm, of which ``share`` is treated."""
    return (randomness.uniform(run, key, LOT, split, 0) < share) == treated
