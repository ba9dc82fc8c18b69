"""Experiments with the simulator: compose, repeat, store, compare, show.

The commands live in :mod:`experiments.command`; from a notebook, :func:`load` is all that is needed. Nothing heavy
is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["load"]


def load(*overrides: str) -> Scenario:
    """Compose the scenario of one run.

    Parameters
    ----------
    *overrides
        What `fishpond run` takes on the command line, for example ``"strategy=fish_raising"`` or
        ``"population.size=500"``.

    Returns
    -------
    Scenario
        Checked and frozen, ready for :func:`sim.simulate`.

    Raises
    ------
    experiments.errors.UserError
        Everything that is wrong with the overrides, a line each.
    """
    from experiments.job_composition import compose_job
    from experiments.simulator import Simulator

    return compose_job("run", overrides, Simulator()).arms[0].scenario
