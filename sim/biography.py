"""The biographies of traced people as a table: every event, with the state before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import randomness
from sim.codes import CAUSES, EVENTS
from sim.randomness import stream
from sim.world import PERSON, TRACE

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


def table(traces: Array, states: Array) -> pd.DataFrame:
    """Return one row for every event of a traced person, in order of person and time.

    Parameters
    ----------
    traces : array of TRACE
        Events.
    states : array of PERSON
        Two for each event: the person before and after it.

    Returns
    -------
    pandas.DataFrame
        key, time_h, event; then each state as it was before (``trust_before``) and after (``trust``); what leaving has cost so far
        by cause; money in yuan where the record has fen.
    """
    before, after = states[0::2], states[1::2]
    order = np.lexsort((np.arange(len(traces)), traces["time_h"], after["key"]))
    traces, before, after = traces[order], before[order], after[order]
    columns: dict[str, Any] = {
        "key": [f"{int(key):016x}" for key in after["key"]],
        "time_h": traces["time_h"],
        "event": np.array(EVENTS, dtype=object)[traces["kind"]],
    }
    for name in STATES:
        columns[f"{_shown(name)}_before"] = _values(before, name)
        columns[_shown(name)] = _values(after, name)
    for name in BY_CATEGORY:
        columns[f"{name}_before"], columns[name] = ((own[name] * own["need_shares"]).sum(axis=1) for own in (before, after))
    for n, cause in enumerate(CAUSES):
        columns[f"leaving_spent_{cause}"] = after["leave_spent"][:, n]
    return pd.DataFrame(columns)


@cache
def nobody() -> pd.DataFrame:
    """Return the table without rows, made once."""
    return table(np.zeros(0, TRACE), np.zeros(0, PERSON))


def _shown(name: str) -> str:
    return f"{name.removesuffix('_fen')}_yuan" if name.endswith("_fen") else name


def _values(records: Array, name: str) -> Array:
    values = records[name]
    if name.endswith("_fen"):
        return np.asarray(values / 100.0)
    if values.dtype.kind == "f":
        return np.where(np.isfinite(values), values, np.nan)
    return np.asarray(values)
