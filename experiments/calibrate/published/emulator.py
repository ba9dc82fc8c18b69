"""An emulator: from runs with noise at some points of the unit cube, what would come out on average at any point.

A Gaussian process around a plane, with a length scale for each dimension and noise of its own; its numbers are those of greatest marginal
likelihood.

Source: Rasmussen, Williams, Gaussian Processes for Machine Learning, 2006, algorithm 2.1, equations 2.37-2.42 (plane), 5.9 (gradient).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize
from scipy.spatial.distance import cdist

__all__ = ["Emulator", "fitted"]

Numbers = NDArray[np.float64]

#: Bounds of logarithms, where values have standard deviation 1 and the cube sides of 1.
_SIGNAL, _LENGTH, _NOISE = (-4.0, 2.0), (-2.3, 3.5), (-5.0, 0.7)
#: Standard deviation of the plane's coefficients: any plane is as good as any other.
_PLANE = 10.0


@dataclass(frozen=True)
class Emulator:
    """What was learnt about one number.

    Attributes
    ----------
    points
        Where it was simulated, a row each.
    middle, scale
        Of the simulated values.
    signal, lengths, noise
        Standard deviation around the plane, length scales, standard deviation of a run; where values have standard deviation 1.
    """

    points: Numbers
    middle: float
    scale: float
    signal: float
    lengths: Numbers
    noise: float
    _root: Numbers
    _weights: Numbers

    @property
    def luck(self) -> float:
        """Standard deviation of a run around its mean, in the unit of the values."""
        return self.noise * self.scale

    def __call__(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Return the mean at each row of points, and how uncertain that mean is (standard deviation)."""
        cross = _covariance(points, self.points, self.signal, self.lengths) + _plane(points, self.points)
        spread = linalg.solve_triangular(self._root, cross.T, lower=True, check_finite=False)
        own = self.signal**2 + _PLANE**2 * (1.0 + ((points - 0.5) ** 2).sum(axis=1))
        variance = np.maximum(own - (spread**2).sum(axis=0), 0.0)
        return self.middle + self.scale * (cross @ self._weights), self.scale * np.sqrt(variance)


def fitted(points: Numbers, values: Numbers) -> Emulator:
    """Learn from runs.

    Parameters
    ----------
    points
        A row each, in the unit cube.
    values
        What came out, one run a point.
    """
    middle, scale = float(values.mean()), float(values.std()) or 1.0
    standard = (values - middle) / scale
    size = points.shape[1]
    squares = np.stack([(points[:, [place]] - points[:, place]) ** 2 for place in range(size)])
    plane = _plane(points, points)

    def cost(logs: Numbers) -> tuple[float, Numbers]:
        signal, lengths, noise = np.exp(logs[0]), np.exp(logs[1:-1]), np.exp(logs[-1])
        own = signal**2 * np.exp(-0.5 * np.tensordot(lengths**-2.0, squares, 1))
        root = linalg.cholesky(own + plane + noise**2 * np.eye(len(standard)), lower=True, check_finite=False)
        inverse = linalg.cho_solve((root, True), np.eye(len(standard)), check_finite=False)
        weights = inverse @ standard
        pull = inverse - np.outer(weights, weights)
        slopes = [0.5 * float((pull * own * square).sum()) / length**2 for square, length in zip(squares, lengths, strict=True)]
        gradient = np.array([float((pull * own).sum()), *slopes, noise**2 * float(np.trace(pull))])
        return 0.5 * float(standard @ weights) + float(np.log(np.diag(root)).sum()), gradient

    bounds = [_SIGNAL, *[_LENGTH] * size, _NOISE]
    starts = (np.array([0.0, *[0.0] * size, -0.7]), np.array([-1.0, *[1.5] * size, 0.0]))
    found = [optimize.minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 80}) for start in starts]
    logs = min(found, key=lambda result: float(result.fun)).x
    signal, lengths, noise = float(np.exp(logs[0])), np.exp(logs[1:-1]), float(np.exp(logs[-1]))
    covariance = _covariance(points, points, signal, lengths) + plane + noise**2 * np.eye(len(standard))
    root = linalg.cholesky(covariance, lower=True, check_finite=False)
    weights = linalg.cho_solve((root, True), standard, check_finite=False)
    return Emulator(points, middle, scale, signal, lengths, noise, root, weights)


def _covariance(first: Numbers, second: Numbers, signal: float, lengths: Numbers) -> Numbers:
    found: Numbers = signal**2 * np.exp(-0.5 * cdist(first / lengths, second / lengths, "sqeuclidean"))
    return found


def _plane(first: Numbers, second: Numbers) -> Numbers:
    found: Numbers = _PLANE**2 * (1.0 + (first - 0.5) @ (second - 0.5).T)
    return found
