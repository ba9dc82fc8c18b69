"""Splits: people, or groups, of a strategy told apart by lot, to try something on one part of them only.

Who is treated is a keyed draw by (split, person or group): it is the same under every strategy that has a split of that name, and changes
no other draw. An item for one arm says ``split: NAME.treated`` or ``split: NAME.control``; what the arms came to is in the table
``splits``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.lots import is_of_arm
from sim.parameters import CHOICE, Parameters, parameter
from sim.randomness import name_key

TREATED, CONTROL = "treated", "control"
ARMS = (TREATED, CONTROL)


class Split(Parameters):
    """How people or groups are told apart."""

    treated: float = parameter(0.5, unit="share", meaning="share of those who are treated", low=0, high=1, source=CHOICE)
    unit: Literal["person", "group"] = parameter(
        "person", unit="choice", meaning="whether people draw the lot, or groups with all their members", source=CHOICE
    )


def parted(text: str) -> tuple[str, str]:
    """Return split and arm of ``"SPLIT.ARM"``; an arm of "" if there is no such arm."""
    name, _, arm = text.rpartition(".")
    return (name, arm) if arm in ARMS else (text, "")


def key_of(name: str) -> np.uint64:
    """Return the key by which lots of a split are drawn; never 0, which is no split."""
    return name_key("split", name)


def takes_group(run: np.uint64, name: str, split: Split, arm: str, group: int) -> bool:
    """Return whether a group is of an arm."""
    return bool(is_of_arm(run, name_key("group", str(group)), key_of(name), split.treated, arm == TREATED))
