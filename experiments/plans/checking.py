"""A plan, checked by the simulator's own model, with everything that is wrong brought back to its cell."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from omegaconf import OmegaConf

from experiments.errors import UserError
from experiments.known_keys import Schema
from experiments.plans.base import Base
from experiments.plans.kinds import Kinds
from experiments.plans.plan import Finding, Item, Plan
from experiments.wording import got

__all__ = ["check"]

#: Names of items while they are checked: those of the table may hold anything, and the model's messages are read by name.
_KEY = "imported__{}"
_ABOUT = re.compile(r"strategy\.programme\.imported__(\d+)(?:\.([\w.\[\]]+))?")
#: In place of a text that is needed and was wrong.
_STAND_IN = "stand_in__"
_UNKNOWN = re.compile(r"unknown [^']*'(.*?)': ")


def check(plan: Plan, base: Base, kinds: Kinds) -> list[Finding]:
    """Find what the model refuses.

    The model checks single values first, then what fits together within the strategy, then names against the brand,
    and stops where something is wrong. So that everything is found at once, a value that is wrong is taken out and the
    rest checked again, until nothing is left to find.

    Parameters
    ----------
    plan
        With the findings of the table itself, which are not found again.
    base
        The scenario that it is put into.
    kinds
        What items of each kind take.
    """
    findings = list(_clashes(plan, base))
    trial = {number: _joined(item, base) for number, item in enumerate(plan.items)}
    mended: set[tuple[int, str]] = set()
    found: set[tuple[int, str]] = {(number, path) for number, item in enumerate(plan.items) for path in item.wrong}
    while trial:
        programme = {_KEY.format(number): values for number, values in trial.items()}
        lines = base.lines(base.with_programme({**base.programme, **programme}))
        if not lines:
            break
        wrong: dict[tuple[int, str], Schema] = {}
        for key, line in lines.items():
            about = _ABOUT.match(key)
            if about is None:
                raise UserError(line)
            number = int(about[1])
            item, text = plan.items[number], line.partition(": ")[2]
            fields = kinds.of(str(item.values["kind"]))
            path = about[2] or ""
            if path.partition("[")[0] not in (*fields, "when", "kind"):
                path = _path_of_name(item, text) or path
            field = fields.get(path, {})
            if (number, path) not in found and _STAND_IN not in text:
                found.add((number, path))
                findings += item.findings(path, text)
            wrong[number, path.partition(".")[0].partition("[")[0]] = field
        for (number, name), field in wrong.items():
            _mend(trial, number, name, field, mended)
    return findings


def _clashes(plan: Plan, base: Base) -> Iterator[Finding]:
    """Find items that would be joined with one of another kind: Hydra joins items of the same name parameter by parameter."""
    for item in plan.items:
        other = base.programme.get(item.name)
        if isinstance(other, dict) and other.get("kind") != item.values["kind"]:
            text = f"got {got(item.name)}, which the strategy of like= has as {other.get('kind')}; it takes another name, or that kind"
            yield from item.findings("item", text)


def _joined(item: Item, base: Base) -> dict[str, Any]:
    """Return the item as it will be read: joined with that of the same name, if it starts from a strategy that has one."""
    other = base.programme.get(item.name)
    if not isinstance(other, dict) or other.get("kind") != item.values["kind"]:
        return copy.deepcopy(item.values)
    joined = OmegaConf.to_container(OmegaConf.merge(other, item.values))
    assert isinstance(joined, dict)
    return {str(key): value for key, value in joined.items()}


def _path_of_name(item: Item, text: str) -> str:
    """Find the parameter that holds a name of which the model says only that nobody has it."""
    unknown = _UNKNOWN.match(text)
    name = unknown[1] if unknown else None
    return next((path for path, cell in item.texts.items() if name and name in re.split(r"[,，、|\s]+", cell)), "")


def _mend(trial: dict[int, dict[str, Any]], number: int, name: str, field: Schema, mended: set[tuple[int, str]]) -> None:
    """Take a value out; where one is needed, put something in its place; where that does not help, leave the item out."""
    values = trial.get(number, {})
    if name in values and name != "kind" and (number, name) not in mended:
        del values[name]
    elif name and name != "kind" and (number, f"{name} again") not in mended:
        values[name] = _stand_in(name, field)
        mended.add((number, f"{name} again"))
    else:
        trial.pop(number, None)
    mended.add((number, name))


def _stand_in(name: str, field: Schema) -> Any:
    if name == "when":
        return "daily 00:00"
    if field.get("type") in ("number", "integer"):
        return field["minimum"] if "minimum" in field else field.get("exclusiveMinimum", 0) + 1
    return field["enum"][0] if "enum" in field else _STAND_IN
