"""Which points are tried: each key alone, and all keys together as SALib lays them out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.errors import UserError
from experiments.varying.designs import value_at
from experiments.varying.keys import VariedKey
from experiments.varying.settings import Range

__all__ = ["MORRIS_LEVELS", "alone", "laid_out", "problem_of", "rows_of_a_block"]

#: Places of a key's range that trajectories of Morris step between.
MORRIS_LEVELS = 4
#: Values of each key, trajectories, base points.
_DEFAULT_POINTS = {"tornado": 2, "morris": 10, "sobol": 64}


def problem_of(keys: Sequence[str]) -> dict[str, Any]:
    """Describe the keys as SALib wants it, as shares of their ranges."""
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def rows_of_a_block(method: str, keys: int, *, second_order: bool) -> int:
    """Return how many points belong together: a trajectory, or what SALib makes of a base point."""
    if method == "morris":
        return keys + 1
    return 2 * keys + 2 if second_order else keys + 2


def alone(method: str, points: int | None, own: Range, key: VariedKey) -> list[float]:
    """List the values of a key that is varied alone: evenly over its range, both ends included, without the one it has now.

    Besides morris and sobol they are the ends only.
    """
    count = points if method == "tornado" and points else _DEFAULT_POINTS["tornado"]
    values = dict.fromkeys(_rounded(own.at(share), key) for share in np.linspace(0, 1, count).tolist())
    return [value for value in values if not math.isclose(value, key.value, rel_tol=1e-9)]  # ends of a log scale are a last digit off


def laid_out(
    method: str, points: int | None, over: Mapping[str, Range], keys: Mapping[str, VariedKey], seed: int, *, second_order: bool
) -> list[dict[str, Any]]:
    """List the points at which all keys vary together, in SALib's order.

    Parameters
    ----------
    method
        ``"morris"``, ``"sobol"``, or ``"tornado"``, which has none.
    points
        Trajectories or base points.
    over
        Ranges, by key.
    keys
        The keys.
    seed
        Root of the random numbers; with the same one, more points begin with the fewer.
    second_order
        Whether pairs of keys are looked at, too.

    Returns
    -------
    list of dict
        From key to value.

    Raises
    ------
    UserError
        When the number of points does not suit the method.
    """
    if method == "tornado":
        return []
    count = points or _DEFAULT_POINTS[method]
    problem = problem_of(list(over))
    if method == "morris":
        from SALib.sample import morris

        shares = morris.sample(problem, count, num_levels=MORRIS_LEVELS, seed=seed)
        return [
            {key: _rounded(own.at(share), keys[key]) for (key, own), share in zip(over.items(), row, strict=True)}
            for row in shares.tolist()
        ]
    if count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        raise UserError(f"sensitivity.points: got {count}; the method sobol takes a power of two, for example {below} or {2 * below}")
    from SALib.sample import sobol

    shares = sobol.sample(problem, count, calc_second_order=second_order, seed=seed)
    return [{key: value_at(own, share, keys[key]) for (key, own), share in zip(over.items(), row, strict=True)} for row in shares.tolist()]


def _rounded(value: float, key: VariedKey) -> float:
    return round(value) if key.whole else value
