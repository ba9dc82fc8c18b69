"""The first event in which two logs differ, and what is left at the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world import PERSON

CLOSE = 1e-9
Event = tuple[float, int, str, dict[str, Any]]
#: Fields of a person that say how the kernel keeps its books, not what the person is.
BOOKKEEPING = ("group", "read_sequence", "inbox", "inboxed", "inbox_read", "offers_seen", "offers_newest")
#: Counters of the daily panel, and rates of leaving that nobody outside a group spends.
PANEL = ("active_day", "wrote_day", "interaction_day", "leave_rates")


def same(left: Any, right: Any) -> bool:
    """Return whether two outcomes agree: numbers with a fraction to 1e-9, everything else exactly."""
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, float) or isinstance(right, float):
        return bool(left == right or abs(left - right) <= CLOSE * max(1.0, abs(left)))
    return bool(left == right)


def show(event: Event | None) -> str:
    """Return an event in words."""
    if event is None:
        return "no more events"
    time_h, key, kind, outcome = event
    day, minutes = divmod(time_h * 60, 1440)
    return f"day {int(day)} {int(minutes // 60):02d}:{minutes % 60:09.6f} ({float(time_h)!r} h) person {key:016x} {kind} {bare(outcome)}"


def bare(value: Any) -> Any:
    """Return an outcome without numpy's types, to be printed."""
    if isinstance(value, dict):
        return {name: bare(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [bare(entry) for entry in value]
    return plain(value)


def first_difference(naive: list[Event], kernel: list[Event]) -> str:
    """Return the first event that differs, with what came before it; an empty string if none does."""
    for n in range(max(len(naive), len(kernel))):
        left = naive[n] if n < len(naive) else None
        right = kernel[n] if n < len(kernel) else None
        if left is None or right is None or not same(left, right):
            lines = [f"event {n} of {len(naive)} (naive) and {len(kernel)} (kernel) differs:"]
            lines += [f"  before  {show(event)}" for event in naive[max(0, n - 3) : n]]
            return "\n".join([*lines, f"  naive   {show(left)}", f"  kernel  {show(right)}"])
    return ""


def people_of(records: Any) -> dict[int, dict[str, Any]]:
    """Return the end state of people by key, without the books of the kernel."""
    names = [name for name in PERSON.names or () if name not in BOOKKEEPING + PANEL]
    found = {}
    for person in records:
        state = {name: plain(person[name]) for name in names}
        found[int(person["key"])] = state
    return found


def plain(value: Any) -> Any:
    """Return a value as Python's own."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def state_difference(naive: dict[Any, dict[str, Any]], kernel: dict[Any, dict[str, Any]]) -> str:
    """Return the first field of an end state that differs."""
    if naive.keys() != kernel.keys():
        return f"only naive: {sorted(naive.keys() - kernel.keys())}, only kernel: {sorted(kernel.keys() - naive.keys())}"
    for key, state in naive.items():
        for name, value in state.items():
            if not same(value, kernel[key][name]):
                return f"{key}: {name} is {value} (naive) and {kernel[key][name]} (kernel)"
    return ""
