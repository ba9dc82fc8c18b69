"""A strategy's programme as a table for people, whatever kinds of items it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["programme_rows"]

_SHOWN_APART = ("kind", "when")
_MOST_NUMBERS = 6
#: What a reader asks for first, and what fine tuning is; other settings stand between, in their own order.
_FIRST = ("product", "discount", "stock", "amount_yuan", "coupon_yuan", "shares", "topics", "column", "window", "announce")
_LAST = ("quality", "appeal", "commercial", "credibility", "load", "delivery", "priority")


def programme_rows(programme: Mapping[str, Any]) -> list[dict[str, str]]:
    """Describe each item by name, when, kind, and its most telling settings.

    Parameters
    ----------
    programme
        Items by name, as plain values.
    """
    return [_row(name, item) for name, item in programme.items() if isinstance(item, Mapping)]


def _row(name: str, item: Mapping[str, Any]) -> dict[str, str]:
    details = [f"{key} {_text(value)}" for key, value in sorted(_leaves(item), key=_rank) if key not in _SHOWN_APART]
    more = f" (and {len(details) - _MOST_NUMBERS} more)" if len(details) > _MOST_NUMBERS else ""
    return {
        "name": str(name),
        "when": _text(item.get("when", "")),
        "kind": str(item.get("kind", "")),
        "details": ", ".join(details[:_MOST_NUMBERS]) + more,
    }


def _rank(leaf: tuple[str, Any]) -> int:
    key = leaf[0]
    if key in _FIRST:
        return _FIRST.index(key)
    return len(_FIRST) + (1 + _LAST.index(key) if key in _LAST else 0)


def _leaves(item: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Walk to the values that say something: numbers, names, lists; what is off or not given is left out."""
    for key, value in item.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        elif value not in (None, "", False) and value != []:
            yield f"{prefix}{key}", value


def _text(value: Any) -> str:
    if value is True:
        return "yes"
    if isinstance(value, (list, tuple)):
        return " / ".join(_text(entry) for entry in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value if value is not None else "")
