"""What people who came in the same week by the same channel are worth: the table of cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.tables import Book, entry_channel

YUAN = 100.0
WEEK_HOURS = 168.0
HOURS_A_YEAR = 8760.0
RETENTION_DAYS = (7, 30)


def cohorts(book: Book) -> pd.DataFrame:
    """Return one row for every channel and week of admission (week -1: before the comparison).

    ``ltv`` is what a person of the cohort has brought by the horizon, discounted to the start of the comparison: margin of their orders,
    less the cost of the contact and the red packets that they claimed. Other costs belong to no single person and are left out.
    """
    people, o = book.people, book.orders
    place = np.full(len(book.everyone), -1)
    place[np.flatnonzero(book.everyone["arrived"])] = np.arange(len(people))
    margin = (o["paid_fen"] - o["refund_fen"] - o["cost_fen"] - o["coupon_fen"]) / YUAN
    buyer = place[o["person"]]

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(buyer, weights=values, minlength=len(people))

    admitted = people["admitted_h"]
    spent = (people["acquisition_fen"] / YUAN) * book.yearly ** (-np.maximum(admitted, 0.0) / HOURS_A_YEAR)
    claimed = (people["claimed_fen"] / YUAN) * book.yearly ** (-book.scenario.horizon_hours / HOURS_A_YEAR)
    frame = pd.DataFrame(
        {
            "channel": entry_channel(book),
            "week": np.where(admitted < 0, -1, admitted // WEEK_HOURS).astype(int),
            "people": 1,
            "members": people["ever_member"].astype(int),
            "buyers": (np.bincount(buyer, minlength=len(people)) > 0).astype(int),
            "orders": np.bincount(buyer, minlength=len(people)),
            "gmv": total(o["paid_fen"] / YUAN),
            "acquisition_cost": people["acquisition_fen"] / YUAN,
            "contribution": total(margin) - (people["acquisition_fen"] + people["claimed_fen"]) / YUAN,
            "ltv": total(margin * book.yearly ** (-o["time_h"] / HOURS_A_YEAR)) - spent - claimed,
        }
    )
    for days in RETENTION_DAYS:
        frame[f"retention_d{days}"] = _stayed(people, book.scenario.horizon_hours, 24.0 * days)
    sums = [name for name in frame.columns[2:] if name != "ltv" and not name.startswith("retention")]
    how = dict.fromkeys(sums, "sum") | {name: "mean" for name in frame.columns if name == "ltv" or name.startswith("retention")}
    found = frame.groupby(["channel", "week"], as_index=False).agg(how)
    for name in ("gmv", "acquisition_cost", "contribution"):
        found[name] = found[name].round(2)
    return found


def _stayed(people: np.ndarray, horizon: float, age_hours: float) -> np.ndarray:
    """Return whether each person was still a member at an age (1 or 0); NaN who never was one, or has not been watched for so long."""
    watched = people["ever_member"] & (people["joined_h"] >= 0) & (people["joined_h"] <= horizon - age_hours)
    found = np.full(len(people), np.nan)
    found[watched] = people["left_h"][watched] - people["joined_h"][watched] > age_hours
    return found
