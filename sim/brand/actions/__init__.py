"""Kinds of action, found by name: every module of this folder that defines an ``Action`` with a ``kind`` is one.

A new kind is one new file here; nothing else names it.
"""

from __future__ import annotations

import pkgutil
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Annotated, Any, get_args

from pydantic import Field

from sim.brand.actions.base import Action, Due


def _find() -> dict[str, type[Action]]:
    found: dict[str, type[Action]] = {}
    for module in sorted(entry.name for entry in pkgutil.iter_modules(__path__)):
        for value in vars(import_module(f"{__name__}.{module}")).values():
            if isinstance(value, type) and issubclass(value, Action) and "kind" in value.model_fields:
                (kind,) = get_args(value.model_fields["kind"].annotation)
                found[kind] = value
    return found


KINDS: dict[str, type[Action]] = _find()
AnyAction: Any = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]

__all__ = ["KINDS", "Action", "AnyAction", "Due"]
