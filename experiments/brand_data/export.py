"""Write the runs of an experiment in the schema of a brand's data, so that analyses can be tried where the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.files import replaced
from experiments.loaded import Loaded
from experiments.strategies.words import file_name

if TYPE_CHECKING:
    import pandas as pd

    Clock = Callable[..., pd.Series[str]]

__all__ = ["FOLDER", "write_export"]

FOLDER = "export"

_MEMBERS = ("person", "key", "channel", "inviter", "group", "admitted_h", "joined_h", "left_h")
_ORDERS = ("time_h", "person", "product", "units", "paid_yuan", "discount_yuan", "refund_yuan")
_DAILY = ("day", "group", "messages")


def write_export(folder: Path) -> Path:
    """Write ``export/ARM/REPLICATION/`` with a CSV file for members, orders, messages and invitations each.

    Parameters
    ----------
    folder
        Of an experiment that kept its tables.

    Returns
    -------
    Path
        Where the exports are.
    """
    loaded = Loaded(folder)
    members, orders, daily = (
        loaded.table(name, columns) for name, columns in (("members", _MEMBERS), ("orders", _ORDERS), ("daily", _DAILY))
    )
    runs = loaded.runs[["strategy", "replication"]]
    names = [file_name(arm) for arm in loaded.strategies]
    for nth, (arm, name) in enumerate(zip(loaded.strategies, names, strict=True)):
        start = _start(loaded.scenario(arm))
        own_name = name if names.count(name) == 1 else f"{name}_{nth + 1}"  # arms may differ in signs that no folder has
        for replication in runs.loc[runs["strategy"] == arm, "replication"]:
            own = [table[(table["strategy"] == arm) & (table["replication"] == replication)] for table in (members, orders, daily)]
            place = folder / FOLDER / own_name / str(replication)
            place.mkdir(parents=True, exist_ok=True)
            for file, table in _files(own, _clock(start)).items():
                with replaced(place / f"{file}.csv") as temporary:
                    table.to_csv(temporary, index=False, lineterminator="\n", float_format="%.2f")
    return folder / FOLDER


def _start(scenario: Mapping[str, Any]) -> datetime:
    """Return the midnight at which the comparison begins."""
    first = date.fromisoformat(str(scenario["market"]["start_date"]))
    return datetime.combine(first, time()) + timedelta(days=int(scenario["history"]["days"]))


def _files(tables: list[pd.DataFrame], when: Clock) -> dict[str, pd.DataFrame]:
    import pandas as pd

    members, orders, daily = tables
    names = "m" + members["key"]  # with a letter, or spreadsheets would make numbers of them
    by_person = pd.Series(names.to_numpy(), members["person"].to_numpy())
    inviters = members["inviter"].map(by_person).fillna("")
    invited = inviters != ""
    talked = daily[(daily["group"] >= 0) & (daily["messages"] > 0)]
    return {
        "members": pd.DataFrame(
            {
                "member": names,
                "added": when(members["admitted_h"]),
                "joined": when(members["joined_h"]),
                "left": when(members["left_h"]),
                "channel": members["channel"],
                "inviter": inviters,
                "group": _groups(members["group"]),
            }
        ),
        "orders": pd.DataFrame(
            {
                "order": [f"o{number}" for number in range(len(orders))],
                "member": orders["person"].map(by_person),
                "time": when(orders["time_h"]),
                "amount": orders["paid_yuan"],
                "discount": orders["discount_yuan"],
                "refund": orders["refund_yuan"],
                "product": orders["product"],
                "units": orders["units"],
            }
        ),
        "messages": pd.DataFrame(
            {
                "day": when(talked["day"] * 24.0, "%Y-%m-%d"),
                "group": _groups(talked["group"]),
                "messages": talked["messages"],
            }
        ),
        "invitations": pd.DataFrame(
            {"time": when(members.loc[invited, "admitted_h"]), "inviter": inviters[invited], "member": names[invited]}
        ).sort_values(["time", "member"]),
    }


def _clock(start: datetime) -> Clock:
    import pandas as pd

    def when(hours: pd.Series[float], form: str = "%Y-%m-%d %H:%M:%S") -> pd.Series[str]:
        # Down to the second that has begun, so that what came first is not written as later.
        moments = pd.Timestamp(start) + pd.to_timedelta((hours * 3600.0) // 1, unit="s")
        return moments.dt.strftime(form).fillna("")

    return when


def _groups(numbers: pd.Series[int]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series([f"g{number}" if number >= 0 else "" for number in numbers], numbers.index, dtype=str)
