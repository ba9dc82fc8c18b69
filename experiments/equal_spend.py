"""Comparison at equal spend: budgets of all arms scaled to the total of the baseline."""

from __future__ import annotations

from typing import Any

__all__ = ["scale_budget"]

_TOTAL = "total_yuan"


def scale_budget(budget: dict[str, Any], total: float) -> dict[str, Any]:
    """Scale a budget to another total.

    Parameters
    ----------
    budget
        Entries of ``strategy.budget``: amounts in yuan, at any depth.
    total
        The new ``total_yuan``.

    Returns
    -------
    dict
        `total_yuan` is `total`, and every other amount is scaled by new total / old total, so that the split stays as it
        was. Without an old total there is no proportion, and the other amounts stay.
    """
    old = budget.get(_TOTAL)
    factor = total / old if old else 1.0
    return {**{key: _scaled(value, factor) for key, value in budget.items()}, _TOTAL: total}


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: _scaled(entry, factor) for key, entry in value.items()}
    return value if value is None or isinstance(value, (bool, str)) else value * factor
