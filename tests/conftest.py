"""What all tests share."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# No deadline: a first call may compile. The same examples in every run: a red run can be repeated.
settings.register_profile("fishpond", deadline=None, derandomize=True)
settings.load_profile("fishpond")


@pytest.fixture(scope="session")
def cdnow() -> Path:
    """Return the file of CDNOW purchases (customer, date, number of discs, dollars), without importing the package that carries it."""
    try:
        carrier = metadata.distribution("lifetimes")
    except metadata.PackageNotFoundError:
        pytest.skip("the CDNOW purchases are not installed: pip install -e '.[data]'")
    return Path(str(carrier.locate_file("lifetimes/datasets/CDNOW_master.txt")))
