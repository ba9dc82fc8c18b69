"""The tables of what members said and claimed (METRICS): chat, claims, packets. They have rows where ``record`` is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.behaviour import giving
from sim.world import CLAIM, LINE

if TYPE_CHECKING:
    from sim.tables import Book

__all__ = ["transcripts"]

Array = NDArray[Any]
YUAN = 100.0


def transcripts(book: Book) -> dict[str, pd.DataFrame]:
    """Return the three tables of the comparison by name."""
    dropped = packets(book)
    found = {"chat": chat(book), "claims": claims(book, dropped), "packets": dropped}
    return {name: frame[frame["time_h"] >= 0].reset_index(drop=True) for name, frame in found.items()}


def chat(book: Book) -> pd.DataFrame:
    """Return one row for every message that a member wrote; what was written before the comparison has negative hours.

    Lines are numbered through the whole simulation, so that one may answer a line of the history. A thread has the number of the first
    line in it.
    """
    lines = np.frombuffer(b"".join(book.community.lines), LINE)
    lines = lines[np.lexsort((lines["nth"], lines["author_key"], lines["time_h"]))]
    number = np.arange(len(lines))
    answered = pd.Index(lines["key"]).get_indexer(lines["parent"])
    answered[lines["depth"] == 0] = -1
    _, first, thread = np.unique(lines["thread"], return_index=True, return_inverse=True)
    return pd.DataFrame(
        {
            "line": number,
            "person": lines["person"],
            "group": lines["group"],
            "time_h": lines["time_h"] - book.scenario.switch_hours,
            "thread": first[thread],
            "depth": lines["depth"],
            "answers_post": lines["post"],
            "answers_line": answered,
            "answers_person": lines["author"],
            "replies": np.bincount(answered[answered >= 0], minlength=len(lines)),
        }
    )


def packets(book: Book) -> pd.DataFrame:
    """Return one row for every red packet of the brand or of a member."""
    community = book.community
    dropped = community.world.packets[: community.total.packets]
    posts = community.world.posts["message"][: community.total.posts]
    carriers = np.flatnonzero(posts["packet"] >= 0)
    message = np.full(len(dropped), -1)
    message[posts["packet"][carriers]] = carriers
    posted_h = np.append(posts["time_h"], np.nan)
    ended = (dropped["remaining_shares"] == 0) | (dropped["expires_h"] <= book.scenario.end_hours)
    items = np.array([*(note.item for note in book.ledger.posts), ""], dtype=object)
    return pd.DataFrame(
        {
            "packet": np.arange(len(dropped)),
            "sender": dropped["sender"],
            "group": dropped["group"],
            "message": message,
            "item": items[message],
            "time_h": np.where(message < 0, dropped["expires_h"] - giving.PACKET_HOURS, posted_h[message]) - book.scenario.switch_hours,
            "yuan": dropped["total_fen"] / YUAN,
            "shares": dropped["shares"],
            "claimed": dropped["shares"] - dropped["remaining_shares"],
            "claimed_yuan": (dropped["total_fen"] - dropped["remaining_fen"]) / YUAN,
            "ended": ended,
            "luckiest": np.where(ended & (dropped["shares"] > 1), dropped["luckiest"], -1),
        }
    )


def claims(book: Book, dropped: pd.DataFrame) -> pd.DataFrame:
    """Return one row for every share of a packet that somebody claimed."""
    taken = np.frombuffer(b"".join(book.community.claims), CLAIM)
    taken = taken[np.lexsort((taken["packet"], taken["key"], taken["time_h"]))]
    packet = taken["packet"]
    of_packet = {name: dropped[name].to_numpy()[packet] for name in ("message", "item", "sender", "group")}
    return pd.DataFrame(
        {
            "packet": packet,
            **of_packet,
            "person": taken["person"],
            "time_h": taken["time_h"] - book.scenario.switch_hours,
            "received_yuan": taken["fen"] / YUAN,
            "luckiest": dropped["luckiest"].to_numpy()[packet] == taken["person"],
        }
    )
