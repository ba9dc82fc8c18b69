"""A plan: items with the places that their values come from, and what was wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.plans.kinds import Kinds
from experiments.plans.table import Place
from experiments.plans.texts import plain
from experiments.plans.values import value_of
from experiments.wording import got, listed, suggestion

__all__ = ["Finding", "Item", "Plan", "item_name", "kind_of", "set_parameter"]

#: What is wrong, and where.
Finding = tuple[Place, str]

# Blanks and dots would part the paths that overrides and budgets are written with.
_NAME = re.compile(r"[\w-]{1,80}")


@dataclass
class Item:
    """An item of the programme.

    Attributes
    ----------
    name
        Its name in the strategy.
    homes
        Cells that it stands in: one, unless the same text of a grid counts for several days.
    values
        What the strategy's file will say.
    columns
        From parameters to the position and name of their columns; parameters without a column stand in `homes`.
    texts
        What the cells said, by parameter.
    wrong
        Parameters that a finding has been made of.
    """

    name: str
    homes: tuple[Place, ...]
    values: dict[str, Any] = field(default_factory=dict)
    columns: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def findings(self, path: str, text: str) -> Iterator[Finding]:
        """Yield a finding for each place of a parameter, and note it."""
        self.wrong.add(path)
        known = next((above for above in _upwards(path) if above in self.columns), None)
        for home in self.homes:
            if known is not None:
                yield Place(home.row, *self.columns[known]), text
            else:
                yield home, f"{path}: {text}" if path else text


@dataclass
class Plan:
    """Items in the order of their table, and findings about its cells."""

    layout: str
    items: list[Item] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def named(self) -> None:
        """Find names that are given twice."""
        first: dict[str, Item] = {}
        for item in self.items:
            other = first.setdefault(item.name, item)
            if other is not item:
                text = f"got {got(item.name)} again, as in row {other.homes[0].row}; it takes a name of its own"
                self.findings += item.findings("item", text)


def item_name(text: str) -> str:
    """Return a name as the strategy writes it: blanks become underscores.

    Raises
    ------
    ValueError
        Saying what it takes.
    """
    name = "_".join(text.split())
    if not _NAME.fullmatch(name):
        raise ValueError(f"got {got(text)}; it takes letters, digits, _, - and blanks, 80 characters at most")
    return name


def kind_of(text: str, kinds: Kinds) -> str:
    """Return a kind of action.

    Raises
    ------
    ValueError
        Saying what it takes.
    """
    kind = plain(text).replace(" ", "_")
    if kind not in kinds.names:
        raise ValueError(f"got {got(text)}; it takes {listed(kinds.names, most=len(kinds.names))}{suggestion(kind, kinds.names)}")
    return kind


def set_parameter(item: Item, path: str, text: str, kinds: Kinds) -> Iterator[Finding]:
    """Set a parameter from the text of its cell, and yield what is wrong with it."""
    kind = item.values.get("kind")
    if kind is None:
        return  # nothing can be said about it: what it takes depends on the kind
    fields = kinds.of(kind)
    item.texts[path] = text
    if path not in fields:
        hint = suggestion(path, fields)
        yield from item.findings(path, f"got {got(text)}; {kind} takes no {path} (it takes {listed(list(fields), most=len(fields))}){hint}")
        return
    try:
        value = value_of(text, fields[path])
    except ValueError as fault:
        yield from item.findings(path, str(fault))
        return
    *groups, name = path.split(".")
    node = item.values
    for group in groups:
        node = node.setdefault(group, {})
    node[name] = value


def _upwards(path: str) -> Iterator[str]:
    """Yield a path without places in lists, and all paths above it."""
    parts = re.sub(r"\[\d+]", "", path).split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
