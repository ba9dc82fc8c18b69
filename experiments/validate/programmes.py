"""Ordinary simulations of shipped strategies, for rows read off what the model does by itself: nothing is tuned for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.validate.row import Lines, Numbers

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["NURTURING", "burstiness", "playbooks", "programme"]

#: Nurturing programmes.
NURTURING = ("fish_raising", "perfect_diary", "luogic", "starbucks")


def playbooks() -> list[str]:
    """Return the names of the shipped playbooks."""
    from experiments.simulator import Simulator

    presets = sorted((Simulator().configs() / "experiment").glob("playbook_*.yaml"))
    return [path.stem.removeprefix("playbook_") for path in presets]


def programme(strategy: str, behaviour: Lines = (), **changes: Any) -> Scenario:
    """Return the scenario of a playbook as it is shipped: strategy, brand and, where its preset says so, members who ask questions.

    Parameters
    ----------
    strategy
        Name of the strategy, which has a preset ``playbook_NAME``.
    behaviour
        Behaviour parameters that are tried instead of the defaults.
    **changes
        Single places, dots written as two underscores: ``population__size=500``.
    """
    from experiments import load

    lines = [f"{place.replace('__', '.')}={value}" for place, value in changes.items()]
    return load(f"experiment=playbook_{strategy}", f"strategy={strategy}", *behaviour, *lines)


def burstiness(times: Numbers) -> float:
    """Return the burstiness of events: -1 for regular ones, 0 for a Poisson process, 1 for one burst.

    Parameters
    ----------
    times
        In order, three or more.

    Source: Kim and Jo 2016, the estimator that is unbiased for few events.
    """
    gaps = np.diff(times)
    n = gaps.size
    r = gaps.std() / gaps.mean()
    return float((np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1)))
