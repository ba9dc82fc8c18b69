"""Overrides as they are written on the command line, in Hydra's grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Override", "parse", "quoted", "split_history", "split_only"]

_FORMS = "write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\""


@dataclass(frozen=True)
class Override:
    """One override.

    Attributes
    ----------
    line
        As Hydra takes it.
    key
        Dotted key, or the name of a group.
    prefix
        ``""``, ``"+"``, ``"++"`` or ``"~"``.
    shown
        The key as the user wrote it, for messages.
    parsed
        The value, as Hydra understood it.
    choices
        The values, where it asks for several one after the other: ``a=1,2,3`` or ``a=range(0,5)``.
    """

    line: str
    key: str
    prefix: str
    shown: str
    parsed: Any = None
    choices: tuple[Any, ...] = ()

    @property
    def forced(self) -> Override:
        """The same value, added when the key is not in the files."""
        return replace(self, line=f"++{self.line.lstrip('+')}", prefix="++")

    def as_shown(self, key: str) -> str:
        """Write another key of the configuration as the user would have to write it here."""
        if self.shown.startswith("history.strategy."):
            return f"history.{key}"
        if not self.shown.startswith("only."):
            return key
        return f"{'.'.join(self.shown.split('.')[:2])}.{key.removeprefix('strategy.')}"

    @property
    def value(self) -> str:
        """What stands right of the equals sign."""
        return self.line.partition("=")[2]


def parse(lines: Iterable[str], *, sweeps: bool = False) -> tuple[list[Override], list[str]]:
    """Read overrides.

    Parameters
    ----------
    lines
        As they were written.
    sweeps
        Whether an override may ask for several values.

    Returns
    -------
    overrides : list of Override
        Those that follow the grammar.
    problems : list of str
        A line for each of the others.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    parser = OverridesParser.create()
    overrides: list[Override] = []
    problems: list[str] = []
    for line in lines:
        try:
            parsed = parser.parse_override(line)
        except HydraException:
            problems.append(f"{line or 'empty override'}: not understood; {_FORMS}{_about_brackets(line)}")
            continue
        key = parsed.key_or_group
        prefix = line[: len(line) - len(line.lstrip("+~"))]
        if not key:
            problems.append(f"{line}: the key is missing; {_FORMS}")
        elif parsed.is_sweep_override():
            value = line.partition("=")[2]
            if sweeps and not prefix:
                choices = tuple(parsed.sweep_iterator(_as_it_is))
                # Steps of a range add up to 0.30000000000000004.
                tidy = (
                    tuple(float(f"{own:.12g}") if isinstance(own, float) else own for own in choices)
                    if parsed.is_range_sweep()
                    else choices
                )
                overrides.append(Override(line, key, prefix, key, choices=tidy))
            else:
                problems.append(f"{key}: got {value}; it takes one value (a list is written [a,b], a text 'a,b')")
        elif key.startswith("hydra.") and key != "hydra.searchpath":
            problems.append(f"{key}: no such key; of Hydra's own keys only hydra.searchpath can be set")
        else:
            overrides.append(Override(line, key, prefix, key, parsed.value()))
    return overrides, problems


def _about_brackets(line: str) -> str:
    """Say what goes wrong with lists and mappings: a shell that parts them, and overrides inside them."""
    if any(line.count(opening) != line.count(closing) for opening, closing in ("[]", "{}")):
        return "; a bracket is open: with blanks in it, all of it goes into quotes, such as 'strategies=[a, b]'"
    return "; so does one in brackets, such as \"arms={many: ['key=value']}\"" if "{" in line or "[" in line else ""


def _as_it_is(value: Any) -> Any:
    """Return an element of a sweep as a plain value."""
    from hydra.core.override_parser.types import QuotedString

    return value.text if isinstance(value, QuotedString) else value


def split_history(overrides: Sequence[Override]) -> tuple[list[Override], list[Override]]:
    """Part the changes of the strategy that ran before the comparison from the rest.

    ``history.strategy.path=value`` becomes ``strategy.path=value`` for that strategy.

    Returns
    -------
    rest : list of Override
    own : list of Override
    """
    prefix = "history.strategy."
    rest = [override for override in overrides if not override.key.startswith(prefix)]
    changes = [override for override in overrides if override.key.startswith(prefix)]
    own = [
        replace(each, line=each.line.replace("history.strategy.", "strategy.", 1), key=each.key.removeprefix("history."))
        for each in changes
    ]
    return rest, own


def split_only(overrides: Sequence[Override]) -> tuple[list[Override], dict[str, list[Override]], list[str]]:
    """Part the overrides of one strategy alone from the rest.

    ``only.NAME.path=value`` becomes ``strategy.path=value`` for the arm NAME.

    Returns
    -------
    common : list of Override
    only : dict
        From the name of a strategy to its own overrides.
    problems : list of str
    """
    common: list[Override] = []
    only: dict[str, list[Override]] = {}
    problems: list[str] = []
    for override in overrides:
        if not override.key.startswith("only."):
            common.append(override)
            continue
        _, name, *path = override.key.split(".", 2)
        if not path:
            problems.append(f"{override.key}: the path is missing; it takes only.{name}.PATH=VALUE")
            continue
        own = override.line.removeprefix(f"{override.prefix}only.{name}.")
        key = f"strategy.{path[0]}"
        only.setdefault(name, []).append(replace(override, line=f"{override.prefix}strategy.{own}", key=key))
    return common, only, problems


def quoted(text: str) -> str:
    """Write a text so that Hydra's grammar takes it as it is."""
    # A backslash is itself unless it stands before a quote.
    escaped = re.sub(r"(\\*)('|$)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), text)
    return f"'{escaped}'"
