"""What each item of a plan did: how often, to how many, and the orders that began with it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.loaded import Loaded
from experiments.numbers import count, yuan

__all__ = ["ACTION_COLUMNS", "MESSAGE_COLUMNS", "item_rows"]

ACTION_COLUMNS = ("item", "status")
MESSAGE_COLUMNS = ("item", "delivered", "seen", "orders", "gmv", "contribution", "mutes")
_SUMS = MESSAGE_COLUMNS[1:]
#: Strangers' adverts are no items of a plan.
_STRANGERS = "strangers"


def item_rows(loaded: Loaded) -> dict[str, list[dict[str, str]]]:
    """Describe what the items of every arm did, as means of its runs.

    Parameters
    ----------
    loaded
        The experiment; without recorded actions and messages there is nothing to tell.

    Returns
    -------
    dict
        By arm, a row for each item, in the order of the orders' contribution. Orders are those whose message was the item's;
        what an item does for trust, habit or fatigue, and orders that would have come without it, are not in it.
    """
    actions, messages = loaded.table("actions", ACTION_COLUMNS), loaded.table("messages", MESSAGE_COLUMNS)
    if actions.empty and messages.empty:
        return {}
    runs = loaded.runs.groupby("strategy").size()
    rows = {}
    for name in loaded.strategies:
        own = _sums(actions[actions["strategy"] == name], messages[messages["strategy"] == name]) / int(runs[name])
        own = own.sort_values("contribution", ascending=False, kind="stable")
        rows[name] = [_row(str(item), values) for item, values in own.iterrows()]
    return rows


def _sums(actions: pd.DataFrame, messages: pd.DataFrame) -> pd.DataFrame:
    done = actions.assign(done=actions["status"] == "done", refused=actions["status"] == "refused")
    acted = done.groupby("item")[["done", "refused"]].sum()
    own = messages[messages["item"] != _STRANGERS].reindex(columns=list(MESSAGE_COLUMNS), fill_value=0.0)
    told = own.groupby("item")[list(_SUMS)].sum()
    return acted.join(told, how="outer").fillna(0.0).astype(float)


def _row(item: str, values: Any) -> dict[str, str]:
    shown = {name: count(values[name]) for name in ("done", "refused", "delivered", "seen", "orders", "mutes")}
    return {"item": item, **shown, **{name: yuan(values[name]) for name in ("gmv", "contribution")}}
