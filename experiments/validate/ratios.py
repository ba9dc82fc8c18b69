"""Ratios of what runs show."""

from __future__ import annotations

from experiments.statistics import Interval, interval_of
from experiments.validate.row import Numbers

__all__ = ["ratio_of"]


def ratio_of(values: Numbers, parts: Numbers) -> Interval:
    """Return the ratio of two means over runs with its interval, linearised: steadier than a mean of ratios where parts are small.

    Parameters
    ----------
    values, parts
        What is divided and what it is divided by, one number a run.

    Source: Cochran 1977, Sampling Techniques, section 6.3.
    """
    ratio = values.mean() / parts.mean()
    return interval_of(ratio + (values - ratio * parts) / parts.mean())
