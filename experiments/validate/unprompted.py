"""Groups in which the brand does nothing, and people who are followed through them: for rows on what members do among themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.validate.row import Lines

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["followed", "unprompted"]


def unprompted(programme: dict[str, Any] | None = None, behaviour: Lines = (), **changes: Any) -> Scenario:
    """Return a scenario of groups without a brand's programme, contacts or staff, with all behaviour at its defaults but what is said.

    Parameters
    ----------
    programme
        Items that the row needs nevertheless.
    behaviour
        Behaviour parameters that are tried instead of the defaults.
    **changes
        Single places, dots written as two underscores: ``population__size=500``.
    """
    from experiments import load
    from sim import Scenario

    lines = [f"{place.replace('__', '.')}={value}" for place, value in changes.items()]
    tree = load("strategy=fish_raising", *behaviour, *lines).model_dump()
    tree["strategy"] = {"name": "unprompted", "programme": programme or {}, "staff": {"people": 0.0}}
    return Scenario.model_validate(tree)


def followed(scenario: Scenario, states: Sequence[str], seed: int, replication: int, threads: int, most: int | None = None) -> pd.DataFrame:
    """Return some states in the biographies of everybody, also of who comes in later: a first run tells who that is.

    With `most`, of so many at most, the earliest: where members ask everybody in, biographies of all would fill the memory.
    """
    from sim import simulate

    keys = simulate(scenario, seed=seed, replication=replication, threads=threads).members["key"].tolist()
    return simulate(scenario, seed=seed, replication=replication, threads=threads, trace=keys[:most], states=states).biographies
