"""Checks of settings that pydantic does not make, or words too vaguely."""

from __future__ import annotations

from typing import Any

__all__ = ["is_number", "no_truth_value"]


def is_number(value: Any) -> bool:
    """Tell numbers from everything else, truth values included."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def no_truth_value(value: Any) -> Any:
    """Refuse true and false, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError(f"got {value}; it takes a whole number")
    return value
