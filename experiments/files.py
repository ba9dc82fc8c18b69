"""Files that are whole or not there, and a lock that lets one process at a time write a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from experiments.errors import StorageError, UserError

__all__ = ["locked", "replaced", "told_plainly", "write_text"]

_LOCK = ".lock"


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to, and move it to `path` when all went well."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file that other programs see whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def told_plainly(key: str, folder: Path, kind: type[UserError] = StorageError, more: str = "") -> Iterator[None]:
    """Turn what the system says against writing to a folder into one line.

    Parameters
    ----------
    key
        The key that chose the folder.
    folder
        The folder.
    kind
        What to raise: :class:`UserError` before anything was done, :class:`StorageError` later.
    more
        What to say besides.
    """
    try:
        yield
    except OSError as fault:
        raise kind(f"{key}: cannot write to {folder}: {fault.strerror or fault}{more}") from fault


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system frees it when the process ends, however it ends.

    Raises
    ------
    UserError
        When another process holds it.
    """
    path = folder / _LOCK
    while True:
        file = path.open("a+", encoding="ascii")
        if not _try_lock(file):
            file.close()
            raise UserError(f"out: {folder} is being written by another fishpond process; wait for it or take another out")
        if _still_there(file, path):
            break
        file.close()  # the process that held the lock removed the file between our opening and our locking
    try:
        yield
    finally:
        if sys.platform != "win32":  # an open file cannot be removed there
            with suppress(OSError):  # a folder that has become read-only must not hide what went wrong before
                path.unlink(missing_ok=True)
        file.close()
        if sys.platform == "win32":
            path.unlink(missing_ok=True)


def _still_there(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
