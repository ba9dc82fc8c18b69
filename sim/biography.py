"""The biographies of traced people as a table: every event, with the state before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.recfunctions import repack_fields
from numpy.typing import NDArray

from sim import randomness
from sim.codes import CAUSES, EVENTS
from sim.randomness import stream
from sim.world import PERSON

PICK = stream("biography.pick")
Array = NDArray[Any]

#: What never changes, and what the engine keeps for itself.
NO_STATE = frozenset(
    (
        *("key", "traced", "arrived", "enters_group", "inviter", "channel", "acquisition_fen", "similarity_to_inviter"),
        *("age_band", "gender", "region", "tolerance_per_week", "talkativeness_per_day", "referral_propensity", "need_rate_per_hour"),
        *("lapse_probability", "units_mean", "deal_proneness", "notice_probability", "frailty", "session_rate_per_day", "freeloader"),
        "had_bought",
        *("offers_seen", "offers_newest", "pull_key", "follow_key", "parent_depth", "parent_post", "parent_place"),
        *("answering", "parent_key", "parent_thread"),
        *("birthday", "mass_today", "mass_day", "missed", "calls", "chosen", "letters_since_h", "letters_week", "packet_missed_h"),
        *("active_day", "wrote_day", "interaction_day", "day", "day_session", "day_spent", "inboxed", "inbox_read", "read_sequence"),
    )
)

#: Fields of the person's record that a biography follows; a new mechanism's state is among them by itself.
STATES: tuple[str, ...] = tuple(
    name for name in PERSON.names or () if name not in NO_STATE and not PERSON[name].shape and PERSON[name].kind in "biuf"
)

#: What a person has by category of goods: followed as one number, each category weighing its share of the person's need.
BY_CATEGORY = ("surplus_days", "drawn_forward")
OTHERS = ("key", *BY_CATEGORY, "need_shares", "leave_spent")


def chosen(keys: Array, run: np.uint64, trace: Sequence[str] | int) -> Array:
    """Return the keys of the people to trace.

    Parameters
    ----------
    keys : array of uint64
        Everybody of day 0, among whom random ones are taken: the same under every strategy.
    run : numpy.uint64
        Key of the replication.
    trace : sequence of str, or int
        Keys of members as in the table of members (16 hexadecimal digits), or how many to take at random.

    Raises
    ------
    ValueError
        If a key is no hexadecimal number of 64 bits.
    """
    if isinstance(trace, int):
        lots = [randomness.uniform(run, key, PICK, np.uint64(0), np.uint64(0)) for key in keys]
        return keys[np.argsort(lots, kind="stable")[:trace]]
    return np.array([_parsed(key) for key in trace], np.uint64)


def _parsed(key: str) -> int:
    try:
        number = int(key, 16)
    except ValueError:
        number = -1
    if not 0 <= number < 2**64:
        raise ValueError(f"trace: takes keys of members as in members.parquet, such as '0000000100000007', got {key!r}")
    return number


def asked_for(states: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of the person's record that some columns of a biography show.

    Raises
    ------
    ValueError
        If there is no such column.
    """
    fields = {_shown(name): name for name in STATES}
    for name in states:
        if name not in fields:
            near = get_close_matches(name, fields, 1)
            raise ValueError(f"states: takes states of a biography, got {name!r}{f'; did you mean {near[0]!r}?' if near else ''}")
    return tuple(dict.fromkeys(fields[name] for name in states))


def kept(records: Array, fields: Sequence[str]) -> Array:
    """Return a copy of the records of traced people: whole, or with the key and some fields alone, which is small."""
    return records.copy() if not fields else np.asarray(repack_fields(records[["key", *fields]]))


def table(traces: Sequence[Array], states: Sequence[Array]) -> pd.DataFrame:
    """Return one row for every event of a traced person, in order of person and time.

    Parameters
    ----------
    traces : sequence of arrays of TRACE
        Events, piece by piece.
    states : sequence of arrays of PERSON, or of some of its fields
        Two for each event of a piece: the person before and after it.

    Returns
    -------
    pandas.DataFrame
        key, time_h, event; then each state as it was before (``trust_before``) and after (``trust``); if the records are whole, what
        leaving has cost so far by cause; money in yuan where the record has fen.
    """
    nothing = np.zeros(0, states[0].dtype if states else PERSON)
    whole = nothing.dtype == PERSON
    shown = [name for name in STATES if name in (nothing.dtype.names or ())]
    time_h, kind = (np.concatenate([np.zeros(0), *(events[name] for events in traces)]) for name in ("time_h", "kind"))
    pieces = [nothing, *states]
    order = np.lexsort((np.arange(len(time_h)), time_h, _fields(pieces, 1, "key")))
    # Field by field: to put whole records in order, of over a thousand bytes each, takes twice as long.
    fields = (*shown, *OTHERS) if whole else (*shown, "key")
    before, after = ({name: _fields(pieces, place, name)[order] for name in fields} for place in (0, 1))
    people, owner = np.unique(after["key"], return_inverse=True)
    columns: dict[str, Any] = {
        "key": np.array([f"{int(key):016x}" for key in people], dtype=object)[owner],
        "time_h": time_h[order],
        "event": np.array(EVENTS, dtype=object)[kind[order].astype(np.intp)],
    }
    for name in shown:
        columns[f"{_shown(name)}_before"] = _values(before[name], name)
        columns[_shown(name)] = _values(after[name], name)
    if not whole:
        return pd.DataFrame(columns)
    for name in BY_CATEGORY:
        columns[f"{name}_before"], columns[name] = ((own[name] * own["need_shares"]).sum(axis=1) for own in (before, after))
    for n, cause in enumerate(CAUSES):
        columns[f"leaving_spent_{cause}"] = after["leave_spent"][:, n]
    return pd.DataFrame(columns)


def _fields(states: Sequence[Array], place: int, name: str) -> Array:
    """Return a field of the records at one of the two places of each event."""
    return np.concatenate([records[name][place::2] for records in states])


@cache
def nobody() -> pd.DataFrame:
    """Return the table without rows, made once."""
    return table((), ())


def _shown(name: str) -> str:
    return f"{name.removesuffix('_fen')}_yuan" if name.endswith("_fen") else name


def _values(values: Array, name: str) -> Array:
    if name.endswith("_fen"):
        return np.asarray(values / 100.0)
    if values.dtype.kind == "f":
        return np.where(np.isfinite(values), values, np.nan)
    return np.asarray(values)
