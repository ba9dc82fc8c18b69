"""Arms of a comparison that differ in anything: overrides by the arm's name, the first arm is the baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.overrides import Override, parse
from experiments.wording import got

__all__ = ["ArmLines", "arm_lines", "overrides_of"]

#: From the name of an arm to its overrides, as they are written on the command line.
ArmLines = dict[str, tuple[str, ...]]

_EXAMPLE = "it takes lists of overrides by name, for example arms={few: ['population.group_size=50'], many: ['population.group_size=200']}"
#: Without dots and spaces, so that ``only.NAME.PATH`` can name the arm.
_NAME = re.compile(r"\w[\w-]{0,59}")
#: Arms are compared on the same people with the same luck, for the same time.
_SAME = {
    "seed": "all arms meet the same people, so the seed is one",
    "replications": "all arms are repeated equally often",
    "horizon_days": "all arms last equally long (figures by day show what a shorter time would have)",
}


def arm_lines(value: Any) -> Any:
    """Check the value of the key ``arms``; an arm without overrides is the configuration as it is."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"got {got(value)}; {_EXAMPLE}")
    lines: ArmLines = {}
    for name, own in value.items():
        if not _NAME.fullmatch(str(name)):
            raise ValueError(f"got {got(name)} as the name of an arm; it takes at most 60 letters, digits, _ and -")
        entries = [] if own is None else own
        if not isinstance(entries, (list, tuple)) or not all(isinstance(entry, str) for entry in entries):
            raise ValueError(f"{name}: got {got(own)}; {_EXAMPLE}")
        lines[str(name)] = tuple(entries)
    return lines


def overrides_of(name: str, lines: Sequence[str], job_keys: frozenset[str]) -> tuple[list[Override], list[str]]:
    """Read the overrides of an arm.

    Parameters
    ----------
    name
        Name of the arm.
    lines
        Its overrides.
    job_keys
        Keys of the job, which no arm can change.

    Returns
    -------
    overrides : list of Override
        Those that an arm can have.
    problems : list of str
        A line for each of the others.
    """
    overrides, problems = parse(lines)
    problems = [f"arms.{name}: {problem}" for problem in problems]
    right = []
    for override in overrides:
        root = override.key.split(".")[0]
        if root in _SAME:
            problems.append(f"arms.{name}: got {override.line}; {_SAME[root]}: set it outside the arms")
        elif root in job_keys or root in ("hydra", "experiment"):
            problems.append(f"arms.{name}: got {override.line}; {root} is a key of the whole comparison: set it outside the arms")
        else:
            right.append(override)
    return right, problems
