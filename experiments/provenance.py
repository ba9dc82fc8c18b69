"""Where results come from: versions of everything that took part."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["commit", "provenance", "version"]

_PACKAGES = ("hydra-core", "joblib", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "simpy")


def version() -> str:
    """Version of fishpond."""
    import sim

    return str(sim.__version__)


def commit() -> str | None:
    """Commit of the checkout that this code runs from, with ``+`` when files differ from it; None elsewhere."""
    home = Path(__file__).resolve().parents[1]
    if not (home / ".git").exists():
        return None
    revision = _git(home, "rev-parse", "HEAD")
    if not revision:
        return None
    changed = _git(home, "status", "--porcelain", "--untracked-files=no")
    return f"{revision}+" if changed else revision


def provenance() -> dict[str, Any]:
    """Describe the software of this session."""
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {"version": version(), "commit": commit(), "python": platform.python_version(), "packages": packages}


def _git(home: Path, *words: str) -> str:
    try:
        answer = subprocess.run(["git", "-C", str(home), *words], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
