"""Numbers as people read them."""

from __future__ import annotations

import math

from experiments.metrics import Metric

__all__ = ["count", "share", "show", "yuan"]

_MISSING = "–"


def yuan(value: float) -> str:
    """Write an amount with three significant digits: 950, 12.3k, 1.2M."""
    if math.isnan(value):
        return _MISSING
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            return f"{_digits(value / size)}{unit}"
    return _digits(value)


def share(value: float) -> str:
    """Write a share in per cent: 12.3 %."""
    return _MISSING if math.isnan(value) else f"{_minus(f'{100 * value:.1f}')} %"


def count(value: float) -> str:
    """Write a number of things: 1,234, or 3.4 where it is a mean of small ones."""
    if math.isnan(value):
        return _MISSING
    return _minus(f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.1f}")


def show(value: float, metric: Metric) -> str:
    """Write a value of a metric in its unit, without the unit's name but for per cent."""
    if metric.unit == "yuan":
        return yuan(value)
    if metric.unit == "share":
        return share(value)
    if metric.unit in ("count", "days"):
        return count(value)
    return _MISSING if math.isnan(value) else _minus(f"{value:.3g}")


def _digits(value: float) -> str:
    """Write three significant digits, without an exponent and without idle zeros."""
    size = abs(value)
    text = f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def _minus(text: str) -> str:
    """Write a true minus sign, and no sign before a zero."""
    if not text.startswith("-"):
        return text
    return text[1:] if not text.strip("-0.,") else f"−{text[1:]}"
