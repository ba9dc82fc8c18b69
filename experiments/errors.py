"""Errors that a user can put right; they are shown as plain lines, never with a traceback."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ClusterError", "StorageError", "UserError"]


class UserError(Exception):
    """Wrong input.

    Parameters
    ----------
    *lines
        One line for each thing that is wrong: which key, what it got, what it takes, the nearest valid name.

    Attributes
    ----------
    exit_code : int
        What the command ends with.
    """

    exit_code = 2

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    @classmethod
    def raise_any(cls, lines: Iterable[str]) -> None:
        """Raise one error that holds all `lines`, each once; do nothing when there are none."""
        distinct = dict.fromkeys(lines)
        if distinct:
            raise cls(*distinct)


class StorageError(UserError):
    """The results could not be written (disk full, folder gone) while runs were under way."""

    exit_code = 1


class ClusterError(UserError):
    """The scheduler went away while runs were under way."""

    exit_code = 1
