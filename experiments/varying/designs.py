"""Which settings are tried: every combination, one after the other, or points spread evenly over ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from experiments.errors import UserError
from experiments.varying.keys import VariedKey
from experiments.varying.settings import Choices, Range, Side

__all__ = ["MOST_POINTS", "settings_of", "value_at"]

#: Points of one side; more is a mistake in a list rather than a plan.
MOST_POINTS = 100_000
_DEFAULT_POINTS = {"latin_hypercube": 50, "sobol": 64}


def settings_of(side: Side, keys: Mapping[str, VariedKey], over: Mapping[str, Range | Choices], seed: int, at: str) -> list[dict[str, Any]]:
    """List the settings of one side.

    Parameters
    ----------
    side
        What was asked for.
    keys
        The keys that vary.
    over
        Between what each varies.
    seed
        Root of the spread designs' random numbers.
    at
        Key of the configuration, for messages.

    Returns
    -------
    list of dict
        From key to value; one empty setting where nothing varies.

    Raises
    ------
    UserError
        When the design does not fit the keys.
    """
    if not over:
        return [{}]
    design = side.chosen_design
    if design in ("grid", "list"):
        if side.points is not None:
            raise UserError(f"{at}.points: got {side.points}; the design {design} has as many points as its lists make")
        ranged = [key for key, own in over.items() if isinstance(own, Range)]
        if ranged:
            raise UserError(f"{at}.over.{ranged[0]}: got a range; the design {design} takes lists (latin_hypercube and sobol take ranges)")
        return _listed(design, {key: own for key, own in over.items() if not isinstance(own, Range)}, at)
    points = side.points or _DEFAULT_POINTS[design]
    if design == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        raise UserError(f"{at}.points: got {points}; the design sobol takes a power of two, for example {below} or {2 * below}")
    return [
        {key: value_at(own, share, keys[key]) for (key, own), share in zip(over.items(), row, strict=True)}
        for row in _spread(design, len(over), points, seed)
    ]


def value_at(own: Range | Choices, share: float, key: VariedKey) -> Any:
    """Return the value at a share (0 to 1) of what a key varies between; whole numbers and choices are equally likely."""
    if not isinstance(own, Range):
        return own[min(int(share * len(own)), len(own) - 1)]
    if key.whole and own.scale == "linear":
        low, high = math.ceil(own.low), math.floor(own.high)
        return min(low + int(share * (high - low + 1)), high)
    value = own.at(share)
    return round(value) if key.whole else value


def _listed(design: str, over: Mapping[str, Choices], at: str) -> list[dict[str, Any]]:
    if design == "list":
        lengths = {len(own) for own in over.values()}
        if len(lengths) > 1:
            shown = ", ".join(f"{key} has {len(own)}" for key, own in over.items())
            raise UserError(f"{at}.over: {shown}; the design list takes lists of equal length")
        return [dict(zip(over, values, strict=True)) for values in zip(*over.values(), strict=True)]
    count = math.prod(len(own) for own in over.values())
    if count > MOST_POINTS:
        raise UserError(f"{at}.over: these lists make {count} combinations; it takes at most {MOST_POINTS}")
    return [dict(zip(over, values, strict=True)) for values in product(*over.values())]


def _spread(design: str, dimensions: int, points: int, seed: int) -> Sequence[Sequence[float]]:
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(dimensions, rng=seed) if design == "latin_hypercube" else qmc.Sobol(dimensions, scramble=True, rng=seed)
    rows: list[list[float]] = sampler.random(points).tolist()
    return rows
