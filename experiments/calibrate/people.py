"""What files other than orders show of a community: how long people stay, how much they write, and whom they bring.

Source: Kaplan and Meier 1958 (who stays); Nelson 1988 (mean cumulative function: how many each brought, where people are observed for
different times).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from experiments.brand_data.reading import BrandData

__all__ = ["EVERYBODY", "LEAST_AT_RISK", "LEAST_MEMBERS", "Numbers", "People", "curves_of", "people_of"]

Numbers = NDArray[np.float64]

#: Below this number of members at risk a curve tells luck; it ends there. Channels with fewer are not shown apart.
LEAST_AT_RISK, LEAST_MEMBERS = 10, 50
#: Name of all channels together.
EVERYBODY = "all"
_WEEK = 7.0
#: The first half year is looked at, and simulated.
_MOST_WEEKS = 26


@dataclass(frozen=True)
class People:
    """A community, watched until its last day. Days are counted from the first midnight.

    Attributes
    ----------
    start
        The first midnight, ISO.
    days
        How long it was watched.
    joined, left
        Of each person who was in a group: days, `left` NaN for those who are still there.
    channel
        How each of them came; empty where that is not known.
    brought
        Who brought somebody (place of the member) and on which day; None where the data do not tell.
    wrote
        Messages of each member while watched; None where the data do not tell.
    talk
        A row a day of the days on which messages are known: day, messages, writers (NaN where only groups are known).
    """

    start: str
    days: float
    joined: Numbers
    left: Numbers
    channel: NDArray[np.str_]
    brought: pd.DataFrame | None
    wrote: Numbers | None
    talk: pd.DataFrame | None

    @property
    def weeks(self) -> int:
        """Whole weeks that were watched and are looked at."""
        return min(int(self.days // _WEEK), _MOST_WEEKS)

    def stayed(self) -> Numbers:
        """Return the weeks that each member was seen in a group."""
        ends = np.where(np.isnan(self.left), self.days, np.minimum(self.left, self.days))
        return np.maximum(ends - self.joined, 0.0) / _WEEK


def people_of(data: BrandData) -> People | None:
    """Read the community off a brand's files; None where `members.csv` does not tell when somebody joined."""
    members = data.tables.get("members")
    if members is None or not members["joined"].notna().any():
        return None
    messages, invitations, orders = (data.tables.get(name) for name in ("messages", "invitations", "orders"))
    inside = members[members["joined"].notna()].reset_index(drop=True)
    start = inside["joined"].min().normalize()
    seen = [members["joined"], members["left"], members["added"]]
    seen += [table[column] for table, column in ((messages, "day"), (invitations, "time"), (orders, "time")) if table is not None]
    last = max(times.max() for times in seen if times.notna().any())
    places = pd.Series(inside.index, inside["member"])

    def days(times: pd.Series[pd.Timestamp]) -> Numbers:
        return np.asarray((times - start).dt.total_seconds() / 86400.0, float)

    talk, wrote = None, None
    if messages is not None and len(messages):
        talk = _talk(messages.assign(day=np.floor(days(messages["day"]))))
        if (messages["member"] != "").all():
            wrote = messages["member"].map(places).pipe(_summed, messages["messages"], len(inside))
    return People(
        start=str(start.date()),
        days=float(np.floor(days(pd.Series([last]))[0])) + 1.0,
        joined=days(inside["joined"]),
        left=days(inside["left"]),
        channel=inside["channel"].to_numpy(str),
        brought=_brought(members, invitations, places, days),
        wrote=wrote,
        talk=talk,
    )


def _summed(places: pd.Series[float], values: pd.Series[float], size: int) -> Numbers:
    known = places.notna()
    return np.asarray(np.bincount(places[known].astype(int), values[known], minlength=size), float)


def _talk(messages: pd.DataFrame) -> pd.DataFrame:
    """Sum messages by day; writers are known on days on which every row names a member."""
    written = messages[messages["messages"] > 0]
    by_day = messages.groupby("day")
    writers = written.groupby("day")["member"].nunique()
    named = by_day["member"].agg(lambda names: bool((names != "").all()))
    talk = pd.DataFrame({"messages": by_day["messages"].sum().astype(float), "writers": writers}).fillna({"writers": 0.0})
    # On a day between the first and the last of which there is no row, nobody wrote.
    talk = talk.reindex(np.arange(talk.index.min(), talk.index.max() + 1), fill_value=0.0)
    talk.loc[named[~named].index, "writers"] = np.nan
    return talk.rename_axis("day").reset_index()


def _brought(
    members: pd.DataFrame, invitations: pd.DataFrame | None, places: pd.Series[int], days: Callable[[pd.Series[pd.Timestamp]], Numbers]
) -> pd.DataFrame | None:
    if (members["inviter"] != "").any():
        found = pd.DataFrame({"inviter": members["inviter"], "time": members["added"].fillna(members["joined"])})
    elif invitations is not None:
        found = invitations.loc[invitations["member"] != "", ["inviter", "time"]]
    else:
        return None
    known = found[found["inviter"].isin(places.index) & found["time"].notna()]
    return pd.DataFrame({"member": known["inviter"].map(places).astype(int), "day": days(known["time"])})


def curves_of(people: People, channels: list[str]) -> pd.DataFrame:
    """Return what is seen: measure, channel, week, members at risk, value.

    Measures
        ``retention``: share still in a group so many weeks after joining, by channel; ``invited``: people whom a member has brought so many
        weeks after joining; ``messages``: messages a member and day, ``writers``: share of members who write on a day, both by week from
        the first day; ``top_tenth``: share of all messages that the tenth of members who write most have written (no week).
    """
    stayed, gone = people.stayed(), ~np.isnan(people.left) & (people.left <= people.days)
    weeks = np.arange(people.weeks + 1, dtype=float)
    found = []
    for channel in (EVERYBODY, *channels):
        of = np.ones(len(stayed), bool) if channel == EVERYBODY else people.channel == channel
        if of.any():
            found.append(_rows("retention", weeks, _at_risk(stayed[of], weeks), kept(stayed[of], gone[of], weeks), channel))
    at_risk = _at_risk(stayed, weeks)
    if people.brought is not None:
        found.append(_rows("invited", weeks, at_risk, _invited(people, stayed, weeks)))
    if people.talk is not None:
        found += _talked(people)
    if people.wrote is not None and people.wrote.sum() > 0:
        most = np.sort(people.wrote)[::-1][: max(1, round(len(people.wrote) / 10))]
        found.append(
            _rows("top_tenth", np.array([np.nan]), np.array([float(len(people.wrote))]), np.array([most.sum() / people.wrote.sum()]))
        )
    table = pd.concat(found, ignore_index=True)
    return table[table["members"] >= LEAST_AT_RISK]


def kept(stayed: Numbers, gone: NDArray[np.bool_], weeks: Numbers) -> Numbers:
    """Return the share that is still there after so many weeks (Kaplan-Meier), of weeks seen and whether they ended with an exit."""
    from scipy import stats

    curve = stats.ecdf(stats.CensoredData.right_censored(stayed, ~gone)).sf
    return np.asarray(curve.evaluate(weeks), float)


def _invited(people: People, stayed: Numbers, weeks: Numbers) -> Numbers:
    """Return the mean cumulative function: each week those brought over those who might have brought, summed."""
    assert people.brought is not None
    member = people.brought["member"].to_numpy(int)
    after = (people.brought["day"].to_numpy(float) - people.joined[member]) / _WEEK
    counted = (after >= 0) & (after <= stayed[member])
    events = np.histogram(after[counted], weeks)[0]
    # Somebody who is there for a part of a week counts for that part.
    exposure = np.clip(stayed[:, None] - weeks[:-1], 0.0, 1.0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.concatenate([[0.0], np.cumsum(events / exposure)])


def _talked(people: People) -> list[pd.DataFrame]:
    assert people.talk is not None
    talk = people.talk
    days = talk["day"].to_numpy(float)
    there = np.searchsorted(np.sort(people.joined), days + 1.0) - np.searchsorted(np.sort(people.left[~np.isnan(people.left)]), days)
    talk = talk.assign(members=there, week=days // _WEEK + 1)[(there > 0) & (days >= 0) & (days < _WEEK * people.weeks)]
    found = []
    for measure in ("messages", "writers"):
        known = talk[talk[measure].notna()]
        sums = known.groupby("week")[[measure, "members"]].sum()
        if len(sums) and (measure == "messages" or talk["writers"].notna().all()):
            count = known.groupby("week")["members"].mean().to_numpy()
            found.append(_rows(measure, sums.index.to_numpy(float), count, (sums[measure] / sums["members"]).to_numpy()))
    return found


def _at_risk(stayed: Numbers, weeks: Numbers) -> Numbers:
    return np.asarray((stayed[:, None] >= weeks).sum(axis=0), float)


def _rows(measure: str, weeks: Numbers, members: Numbers, values: Numbers, channel: str = EVERYBODY) -> pd.DataFrame:
    return pd.DataFrame({"measure": measure, "channel": channel, "week": weeks, "members": members, "value": values})
