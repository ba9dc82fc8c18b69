"""Checksums of tables in files that ``sha256sum --check`` reads, and what they say about the tables that are there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from experiments.files import write_text

__all__ = ["JOINING", "SUMS", "checksum", "faults_in", "read_sums", "write_sums"]

#: Checksums of the files beside it.
SUMS = "checksums.sha256"
#: Checksums of the tables that are about to take the place of those in `SUMS`; there only while they do.
JOINING = "checksums.sha256.joining"

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(target: Path, files: Mapping[str, Path]) -> None:
    """Write the checksums of `files`, each under the name that it will have."""
    write_text(target, "".join(f"{checksum(path)}  {name}\n" for name, path in files.items()))


def read_sums(content: bytes) -> dict[str, str]:
    """Read checksums, by the names of files, from what is in a file of them."""
    found = (_LINE.fullmatch(line) for line in content.decode(errors="replace").splitlines())
    return {match[2]: match[1] for match in found if match}


def faults_in(folder: Path) -> dict[str, str]:
    """Compare the files of a folder with their checksums.

    Parameters
    ----------
    folder
        A folder with a file of checksums. Where tables were being replaced when the process ended, either version is right.

    Returns
    -------
    dict
        From the name of each file that is wrong to what is wrong with it: ``"is missing"`` or ``"is damaged"``.
    """
    now, soon = (read_sums(path.read_bytes()) if path.is_file() else {} for path in (folder / SUMS, folder / JOINING))
    faults = {}
    for name, expected in now.items():
        if not (folder / name).is_file():
            faults[name] = "is missing"
        elif checksum(folder / name) not in (expected, soon.get(name)):
            faults[name] = "is damaged"
    return faults
