"""Which keys are varied: those named, and the assumed numbers below a group or matching a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from experiments.checks import is_number
from experiments.errors import UserError
from experiments.job import Job
from experiments.known_keys import KnownKeys, schema_of
from experiments.parameters.rows import Row, rows_of
from experiments.varying.keys import around, varied_key
from experiments.varying.settings import Range
from experiments.wording import got, suggestion

__all__ = ["DEFAULT", "Found", "found_keys", "notes_of"]

_AT = "sensitivity.over"
#: What is varied where nothing is said.
DEFAULT = "behaviour"
_ASSUMED = "assumed"
_PATTERN = frozenset("*?[")
_ABSENT = object()


@dataclass(frozen=True)
class Found:
    """Keys that can be varied.

    Attributes
    ----------
    over
        From key to what it varies between, where that was said.
    named
        Keys that were named one by one: of those a mistake is told, others are left out.
    left_out
        From key to the reason, for keys that a group or pattern meant.
    """

    over: dict[str, Range | None]
    named: frozenset[str]
    left_out: dict[str, str]


def found_keys(job: Job, over: Mapping[str, Range | None] | None) -> Found:
    """Find the keys that are meant.

    Parameters
    ----------
    job
        The job whose arms have them.
    over
        What was asked for.

    Raises
    ------
    UserError
        With a line for everything that means no key.
    """
    return _Search(job).found({DEFAULT: None} if over is None else over)


def notes_of(job: Job) -> dict[str, Row]:
    """Return what the model notes about every key of the arms; of one that several have, what the first says."""
    found: dict[str, Row] = {}
    for arm in reversed(job.arms):
        values = arm.scenario.model_dump(mode="json")
        found.update({row.key: row for row in rows_of(values, schema_of(type(arm.scenario)))})
    return found


class _Search:
    def __init__(self, job: Job) -> None:
        self._dumps = {arm.name: arm.scenario.model_dump() for arm in job.arms}
        self._known = KnownKeys(schema_of(type(job.arms[0].scenario)))
        self._rows = notes_of(job)

    def found(self, over: Mapping[str, Range | None]) -> Found:
        meant: dict[str, Range | None] = {}
        named: set[str] = set()
        left_out: dict[str, str] = {}
        problems: list[str] = []
        for entry, own in over.items():
            if not self._means_several(entry):
                meant[entry] = own
                named.add(entry)
                values = self._values(entry)
                if values and not isinstance(values[0], Mapping) and not is_number(values[0]):
                    problems.append(f"{_AT}: got {entry}; it is {got(values[0])}, and it takes keys with numbers")
                elif len(set(map(str, values))) > 1:
                    problems.append(
                        f"{_AT}: got {entry}; the arms differ in it, and it takes keys in which they are alike, or only.ARM.PATH"
                    )
                continue
            if own is not None:
                problems.append(f"{_AT}.{entry}: got a range for several keys; it takes null there, and ranges for one key each")
                continue
            below = list(self._below(entry))
            if not below:
                problems.append(f"{_AT}: got {entry}; no number of status {_ASSUMED} is meant{suggestion(entry, self._groups())}")
            for row in below:
                reason = self._reason_against(row)
                if reason:
                    left_out[row.key] = reason
                else:
                    meant.setdefault(row.key, None)
        UserError.raise_any(problems)
        return Found(meant, frozenset(named), {key: reason for key, reason in left_out.items() if key not in meant})

    def _means_several(self, entry: str) -> bool:
        return bool(_PATTERN & set(entry)) or entry in self._groups()

    def _groups(self) -> set[str]:
        return {".".join(parts[:depth]) for key in self._rows for parts in [key.split(".")] for depth in range(1, len(parts))}

    def _below(self, entry: str) -> Iterator[Row]:
        for row in self._rows.values():
            meant = fnmatchcase(row.key, entry) if _PATTERN & set(entry) else row.key.startswith(f"{entry}.")
            if meant and row.status == _ASSUMED and any(map(is_number, self._values(row.key))):
                yield row

    def _reason_against(self, row: Row) -> str:
        """Say why a key cannot be varied; empty when it can."""
        values = self._values(row.key)
        if len(values) < len(self._dumps):
            return "not every arm has it"
        if len(set(values)) > 1:
            return "the arms differ in it"
        if values[0] == 0:
            return "it is 0, around which there is no range"
        try:
            around(varied_key(row.key, self._dumps, self._known, _AT), _AT)
        except UserError:
            return "there is no range around it that the model takes"
        return ""

    def _values(self, key: str) -> list[Any]:
        """Return the values of a key in the arms that have it."""
        found = []
        for dump in self._dumps.values():
            node: Any = dump
            for part in key.split("."):
                node = node.get(part, _ABSENT) if isinstance(node, Mapping) else _ABSENT
            if node is not _ABSENT:
                found.append(node)
        return found
