"""What is wrong with an override, from Hydra's errors, in one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hydra.errors import HydraException, MissingConfigException
from omegaconf.errors import OmegaConfBaseException
from yaml import MarkedYAMLError, YAMLError

from experiments.known_keys import KnownKeys
from experiments.overrides import Override
from experiments.wording import listed, nearest, suggestion
from experiments.yaml_faults import yaml_fault

__all__ = ["FAULTS", "explain", "unknown_key"]

#: Folders in which users keep files.
_OWN_FILES = ("brand", "experiment", "strategy")
#: What composing raises when the files or the overrides are wrong.
FAULTS = (HydraException, OmegaConfBaseException, YAMLError, ValueError, OSError, RecursionError)


def explain(fault: Exception, override: Override | None, names: Sequence[str] = ()) -> str:
    """Word an error of Hydra, OmegaConf or YAML.

    Parameters
    ----------
    fault
        What was raised.
    override
        The override that brought it about; None when the files alone do.
    names
        Files that the override can choose, where it is such a choice.
    """
    if isinstance(fault, RecursionError):
        where = f"{override.shown}: got {override.value}; " if override else ""
        return f"{where}files name each other in a circle by their defaults; each takes files that do not lead back to it"
    prefix = f"{override.shown}: " if override else ""
    missing = _missing_file(fault)
    if missing and override:
        return _about_missing(override, *missing, names)
    if isinstance(fault, UnicodeDecodeError) and override:
        return f"{override.shown}: got {override.value}; the file is not in UTF-8, in which it must be saved"
    if isinstance(fault, MarkedYAMLError) and fault.problem_mark is not None:
        return yaml_fault(fault)
    message = str(fault.__cause__ or fault) if not str(fault) else str(fault)
    first = message.strip().splitlines()[0] if message.strip() else type(fault).__name__
    if override is None:
        key = getattr(fault, "full_key", None)
        return f"{key}: {first}" if key else first
    if "Could not delete" in message:
        return f"~{override.shown}: there is nothing to remove"
    if "already at" in message or "Multiple values" in message:
        return f"+{override.shown}: the key is there already; write {override.shown}={override.value} without +"
    if "defaults must be a list" in message:
        return f"{override.shown}: got {override.value}; the defaults in that file take a list: [fish_raising, _self_]"
    if "must be a string or a list" in message:
        return f"{override.shown}: got {override.value}; it takes {listed(names) if names else 'the name of a file'}"
    if "Interpolation" in type(fault).__name__:
        return f"{override.shown}: got {override.value}; {first[0].lower()}{first[1:]}"
    return f"{prefix}got {override.value}; {first}"


def unknown_key(override: Override, values: Mapping[str, Any], known: KnownKeys) -> str | None:
    """Word the error of a key that is neither in the files nor in the model; None when it is a key."""
    path = override.key.split(".")
    node: Any = values
    for depth, part in enumerate(path):
        if depth and not isinstance(node, Mapping) and node is not None:
            return f"{override.shown}: no such key; {'.'.join(path[:depth])} is a single value"
        names = set(node or ()) | set(known.at(path[:depth], values))
        if part not in names:
            found = _similar(path, depth, names, values)
            if found:
                return f"{override.shown}: no such key; did you mean {override.as_shown(found)}?"
            place = ".".join(path[:depth]) or "the top"
            return f"{override.shown}: no such key; at {place} there are {listed(sorted(names))}"
        node = node.get(part) if isinstance(node, Mapping) else None
    return None


def _similar(path: list[str], depth: int, names: Iterable[str], values: Mapping[str, Any]) -> str | None:
    """Find the key that was meant: a like name at the same place, or the same name elsewhere."""
    elsewhere = [key for key in _keys(values) if key.endswith(f".{path[-1]}")]
    if len(elsewhere) == 1 and not nearest(path[depth], names, likeness=0.75):
        return elsewhere[0]
    near = nearest(path[depth], names)
    return ".".join([*path[:depth], near, *path[depth + 1 :]]) if near else nearest(".".join(path), elsewhere)


def _about_missing(override: Override, group: str, name: str, options: Sequence[str], names: Sequence[str]) -> str:
    """Word that a file is not there: the one that was chosen, or one that its defaults name."""
    if isinstance(override.parsed, str) and name != override.parsed:
        there = f"there is no such file in {group}/{suggestion(name, names)}"
        return f"{override.shown}: got '{override.parsed}', whose defaults name '{name}'; {there}"
    if not options:
        return f"{override.shown}: got '{name}'; there is no such file in {group}/"
    own = f"; a file of your own is conf/{group}/{name}.yaml in the folder in which you work"
    hint = suggestion(name, options) or (own if group in _OWN_FILES and re.fullmatch(r"\w[\w.-]*", name) else "")
    return f"{override.shown}: got '{name}'; it takes {listed(options)}{hint}"


def _missing_file(fault: Exception) -> tuple[str, str, list[str]] | None:
    if not isinstance(fault, MissingConfigException):
        return None
    found = re.search(r"Could not (?:find|load) '(?:(.*)/)?([^/']*)'", str(fault))
    return (found[1] or "", found[2], list(fault.options or ())) if found else None


def _keys(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _keys(value, f"{prefix}{key}.")
