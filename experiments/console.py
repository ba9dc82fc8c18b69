"""Words to the person at the screen: results go to standard output, everything else to standard error."""

from __future__ import annotations

import sys

__all__ = ["say", "tell"]


def say(text: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Write a line about the work: an error, a note, progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
