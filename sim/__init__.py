"""fishpond's simulator: members of a private-domain community react to what a brand does.

>>> from sim import Scenario, simulate  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulation import Result, Snapshot, simulate, simulate_until

__all__ = ["Result", "Scenario", "Snapshot", "simulate", "simulate_until"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the simulator on first use, so that ``fishpond --help`` never waits for the compiler."""
    if name == "Scenario":
        from sim.scenario import Scenario

        return Scenario
    if name in ("simulate", "simulate_until", "Result", "Snapshot"):
        from sim import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
