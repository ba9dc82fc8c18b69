"""What a search can look at: the metrics of a run, and what is spent in all."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.metrics import METRICS, Metric

__all__ = ["MEASURES", "SPENT", "measure_of", "value_of"]

#: Cost lines that are charged against contribution; discounts are not, GMV is less by them already.
SPENT = (*("red_packet_cost", "coupon_cost", "commission_cost", "gift_cost", "kol_cost", "acquisition_cost", "staff_cost", "event_cost"),)
_SPENDING = Metric(
    "spending", "Spending", "yuan", -1, "All cost lines together: packets, coupons, commissions, gifts, fees, staff and others."
)

MEASURES = {metric.name: metric for metric in (*METRICS, _SPENDING)}


def measure_of(name: str) -> Metric:
    """Find a measure by its name."""
    return MEASURES[name]


def value_of(name: str, run: Mapping[str, float]) -> float:
    """Return a measure of a run; NaN where the run does not have it."""
    if name == _SPENDING.name:
        return sum(run.get(cost, 0.0) for cost in SPENT)
    return run.get(name, float("nan"))
