"""What of an item's parameters a reader needs: what is asked for first, and what differs from the model's default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.known_keys import Schema
from experiments.strategies.words import audience, value

__all__ = ["settings"]

#: What a reader asks for first.
_FIRST = ("product", "discount", "stock", "amount_yuan", "coupon_yuan", "shares", "topics", "column", "window", "announce")
#: What an offer is, which is shown even at its default.
_TERMS = ("product", "discount", "stock", "amount_yuan", "coupon_yuan", "shares")
#: Shown elsewhere.
_APART = ("kind", "when", "from_day", "until_day")
#: Of an item of another model, of which no defaults are known.
_MOST = 6
_EMPTY: tuple[Any, ...] = (None, "", False, 0, [], {})


def settings(values: Mapping[str, Any], fields: Schema) -> str:
    """Write the parameters of an item that tell it apart, in one line.

    Parameters
    ----------
    values
        The item.
    fields
        What the model notes about its parameters, by name; empty where it knows none.
    """
    shown = list(_known(values, fields) if fields else _unknown(values))
    ordered = sorted(shown, key=lambda pair: _FIRST.index(pair[0]) if pair[0] in _FIRST else len(_FIRST))
    if not fields and len(ordered) > _MOST:
        return f"{_joined(ordered[:_MOST])} (and {len(ordered) - _MOST} more)"
    return _joined(ordered)


def _joined(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{key} {text}" for key, text in pairs)


def _known(values: Mapping[str, Any], fields: Schema) -> Iterator[tuple[str, str]]:
    for key, entry in values.items():
        if key in _APART:
            continue
        note = fields.get(key, {})
        if isinstance(entry, Mapping) and "$ref" in note:
            whom = audience(entry)
            if whom != audience({}):
                yield key, whom
        elif entry != note.get("default") or (key in _TERMS and entry not in _EMPTY) or (key == "window" and values.get("product")):
            yield key, value(entry, note.get("unit", ""))


def _unknown(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, entry in values.items():
        if key in _APART:
            continue
        if isinstance(entry, Mapping):
            yield from _unknown(entry, f"{prefix}{key}.")
        elif entry not in (None, "", False, []):
            yield f"{prefix}{key}", value(entry)
