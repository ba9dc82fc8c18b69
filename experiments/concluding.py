"""From the runs in a folder to what a reader gets: tables, figures, page, and what is said at the end; a way for each command."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

__all__ = ["Conclusion", "conclusion_of"]

#: Where a command's way is; the others are comparisons, of one strategy or several.
_MODULES = {name: f"experiments.{name}.concluding" for name in ("sweep", "sensitivity", "optimise")}
_COMPARISON = "experiments.conclusions"


class Conclusion(Protocol):
    """What the module of a command has."""

    def write_statistics(self, folder: Path) -> None:
        """Write the tables that are made of the runs."""

    def write_report(self, folder: Path) -> Path:
        """Draw the figures and write the page."""

    def told(self, folder: Path) -> list[str]:
        """Say what came out, in a sentence or a few."""


def conclusion_of(command: str) -> Conclusion:
    """Find the way of a command. It is imported here and not before: figures and tables take a second to load."""
    return cast("Conclusion", import_module(_MODULES.get(command, _COMPARISON)))
