"""What of a run is of the comparison: times count from its day 0, and what happened in the history before it is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ledger import Ledger

Array = NDArray[Any]

#: What a person's and a group's record adds up over a life; the comparison has what came since it began.
ADDED_UP = frozenset(
    (
        *(
            "orders",
            "gmv_fen",
            "margin_fen",
            "acquisition_fen",
            "claimed_fen",
            "received_fen",
            "invitations",
            "referred",
            "sessions",
            "written",
        ),
        *("messages_read", "won_back", "showings", "questions", "sequence"),
    )
)


def since(records: Array, before: Array, start: float) -> Array:
    """Return records of people or groups as the comparison sees them.

    Parameters
    ----------
    records : array
        At the end; fields that end with ``_h`` are hours of the simulation.
    before : array
        The first of them as they were when the comparison began.
    start : float
        Hour of the simulation at which it began.

    Returns
    -------
    array
        A copy with hours from the start of the comparison (negative before it), and sums since then.
    """
    found = records.copy()
    for name in records.dtype.names or ():
        if name.endswith("_h"):
            found[name] -= start
        elif name in ADDED_UP:
            found[name][: len(before)] -= before[name]
    return found


def ledger_since(ledger: Ledger, start: float) -> Ledger:
    """Return a ledger with hours from the start of the comparison, without costs and deeds before it.

    Notes of posts are kept, since orders refer to them by number.
    """
    return replace(
        ledger,
        costs=[cost._replace(time_h=cost.time_h - start) for cost in ledger.costs if cost.time_h >= start],
        deeds=[deed._replace(time_h=deed.time_h - start) for deed in ledger.deeds if deed.time_h >= start],
        posts=[note._replace(time_h=note.time_h - start) for note in ledger.posts],
    )


def happened_since(events: Array, start: float) -> Array:
    """Return the events (orders, traces) of the comparison, with hours from its start."""
    found = events[events["time_h"] >= start].copy()
    found["time_h"] -= start
    return found


def conversations_since(conversations: Array, start: float) -> Array:
    """Return the conversations whose question was asked in the comparison, with the hours of asking and answering from its start."""
    found: Array = conversations[conversations["asked_h"] >= start]
    found["asked_h"] -= start
    found["due_h"] -= start
    return found


def days_since(days: Array, start: float) -> Array:
    """Return the daily panel of the comparison, its first day 0."""
    found = days[days[:, 0] >= start // 24].copy()
    found[:, 0] -= start // 24
    return found


def orders_before(people: Array, ledger: Ledger) -> NDArray[np.int64]:
    """Return how many orders each person had when the comparison began."""
    found = np.zeros(len(people), np.int64)
    if ledger.at_switch is not None:
        found[: len(ledger.at_switch.people)] = ledger.at_switch.people["orders"]
    return found
