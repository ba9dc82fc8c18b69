"""The simulator as the experiments see it: six things, imported when they are needed.

Tests hand in a subclass with a toy in place of `sim`, so that the machinery of experiments is tested on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import Result, Scenario

__all__ = ["Simulate", "Simulator"]

Simulate = Callable[..., "Result"]


class Simulator:
    """The simulator of this installation."""

    def configs(self) -> Path:
        """Folder of the configuration tree; it lies beside this package in a checkout and in a wheel."""
        return Path(str(resources.files("experiments"))).parent / "configs"

    def sources(self) -> Path:
        """Folder of its code, or its only file: runs are made of it."""
        return Path(str(resources.files("sim")))

    def scenario_model(self) -> type[Scenario]:
        """Type that checks and holds every parameter."""
        from sim.scenario import Scenario

        return Scenario

    def simulate(self) -> Simulate:
        """Return the function that runs one replication; worker processes import it by its name."""
        from sim import simulate

        function: Simulate = simulate
        return function

    def is_compiled(self) -> bool:
        """Return whether the simulator lies compiled in the cache on disk, so that workers only load it."""
        from sim.compiled import is_ready

        return is_ready()

    def warm_up(self) -> float:
        """Compile the simulator into the cache on disk, and load it; return the seconds it took."""
        from sim.compiled import warm_up

        return float(warm_up())
