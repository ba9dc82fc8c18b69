"""Plain Python objects with the fields of the simulator's records."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


class Record(SimpleNamespace):
    """An object with the fields of a record, by name or as an item; equal only to itself."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __getitem__(self, name: str) -> Any:
        """Return a field."""
        return getattr(self, name)


def blank(dtype: np.dtype[Any]) -> Record:
    """Return an object with the fields of a dtype, all zero."""
    return thaw(np.zeros((), dtype)[()])


def thaw(record: Any) -> Record:
    """Return an object with the values of a numpy record, as Python's own numbers (keys stay 64-bit)."""
    fields = {}
    for name in record.dtype.names:
        value = record[name]
        if value.dtype.names:
            fields[name] = thaw(value)
        elif value.dtype == np.uint64 and not value.shape:
            fields[name] = np.uint64(value)
        else:
            fields[name] = value.copy() if value.shape else value.item()
    return Record(**fields)
