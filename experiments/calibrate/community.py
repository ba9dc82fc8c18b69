"""The community of the fitted brand, simulated, beside the one that its files show. Nothing is fitted: what a brand did is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.calibrate.people import EVERYBODY, LEAST_MEMBERS, Numbers, People, curves_of

if TYPE_CHECKING:
    from experiments.tables import RunKey
    from sim import Result

__all__ = ["MOST_PEOPLE", "beside", "channels_of", "community_world", "people_in", "summary", "take_people"]

#: Larger communities are simulated at this size: curves are shares.
MOST_PEOPLE = 1000
_MOST_DAYS = 182
_FEWEST = 20
#: Who joined in it belongs to the founding members of the simulated community; the others come by their channels.
_FOUNDING_DAYS = 7.0
#: Channels that a simulated person may have come by, beside the brand's own.
_OTHER_WAYS = ("founding", "referral", "walk_in")


def channels_of(people: People, brand: Mapping[str, Any]) -> list[str]:
    """Return channels of the data that the brand has by the same name and that have enough members, largest first."""
    names, many = np.unique(people.channel[people.channel != ""], return_counts=True)
    known = (*brand["channels"], *_OTHER_WAYS)
    return [str(names[place]) for place in np.argsort(-many, kind="stable") if many[place] >= LEAST_MEMBERS and names[place] in known]


def community_world(values: Mapping[str, Any], brand: Mapping[str, Any], people: People) -> dict[str, Any]:
    """Return a scenario whose community is founded and joined as the brand's was, under a given strategy.

    Parameters
    ----------
    values
        A scenario of the strategy.
    brand
        The fitted brand.
    people
        Those of the data: who joined in the first week founds; who came later by a channel that the brand has comes at its mean rate. Where
        there is no such channel, people come as the strategy has it.
    """
    scale = min(1.0, MOST_PEOPLE / len(people.joined))
    founding = people.joined < _FOUNDING_DAYS
    start = date.fromisoformat(people.start)
    monday = start - timedelta(days=start.weekday())
    names, many = np.unique(people.channel[~founding], return_counts=True)
    leads = {
        str(name): float(scale * count / max(people.days - _FOUNDING_DAYS, 1.0) / max(brand["channels"][name].get("join_share", 0.6), 0.01))
        for name, count in zip(names, many, strict=True)
        if name in brand["channels"]
    }
    return {
        **values,
        "horizon_days": float(min(max(people.days, 7.0), _MOST_DAYS)),
        "population": {**(values.get("population") or {}), "size": max(_FEWEST, round(scale * founding.sum()))},
        "brand": dict(brand),
        "market": {**(values.get("market") or {}), "start_date": monday.isoformat()},
        "strategy": {**values["strategy"], **({"leads": leads} if leads else {})},
    }


def take_people(key: RunKey, result: Result) -> dict[str, pa.Table]:  # noqa: ARG001 -- every Take is given both
    """Keep who joined, left and invited, and how much was written."""
    members = result.members[result.members["joined_h"].notna()]
    columns = ("person", "inviter", "channel", "admitted_h", "joined_h", "left_h", "pruned_h", "messages_written")
    daily = result.daily[result.daily["group"] >= 0].groupby("day")[["messages", "posters", "members"]].sum().reset_index()
    return {
        "members": pa.Table.from_pandas(members[list(columns)], preserve_index=False),
        "daily": pa.Table.from_pandas(daily, preserve_index=False),
    }


def people_in(members: pd.DataFrame, daily: pd.DataFrame, days: float, like: People) -> People:
    """Return the people of a run, with what the data tell of theirs and nothing else."""
    members = members.reset_index(drop=True)
    places = pd.Series(members.index, members["person"])
    brought = members[members["inviter"].isin(places.index)]
    return People(
        start=like.start,
        days=days,
        joined=members["joined_h"].to_numpy(float) / 24.0,
        # Who was put out has not left: the person was seen until then. No data tell exits of this kind apart, so they count as exits.
        left=members["left_h"].fillna(members["pruned_h"]).to_numpy(float) / 24.0,
        channel=members["channel"].to_numpy(str),
        brought=None
        if like.brought is None
        else pd.DataFrame({"member": brought["inviter"].map(places).astype(int), "day": brought["admitted_h"] / 24.0}),
        wrote=None if like.wrote is None else members["messages_written"].to_numpy(float),
        talk=None
        if like.talk is None
        else pd.DataFrame({"day": daily["day"], "messages": daily["messages"].astype(float), "writers": daily["posters"].astype(float)}),
    )


def beside(people: People, runs: Sequence[People], channels: list[str]) -> pd.DataFrame:
    """Lay curves of the data beside those of runs.

    Returns
    -------
    DataFrame
        ``measure``, ``channel``, ``week``, ``members`` (at risk), ``actual``, ``simulated`` (mean of the runs), ``standard_error`` and
        ``low`` to ``high`` (95 % prediction interval of one world), as :func:`~experiments.calibrate.people.curves_of` names them; rows are
        those of the data. Without runs the simulated columns are NaN.
    """
    from experiments.calibrate.outcome import band

    keys = ["measure", "channel", "week"]
    actual = curves_of(people, channels).rename(columns={"value": "actual"})
    if not runs:
        return actual.assign(**dict.fromkeys(("simulated", "standard_error", "low", "high"), np.nan)).reset_index(drop=True)
    simulated = [curves_of(run, channels).set_index(keys)["value"] for run in runs]
    index = pd.MultiIndex.from_frame(actual[keys])
    values = [np.asarray(own.reindex(index), float) for own in simulated]
    table = actual.assign(**band(values, values))
    shares = ~table["measure"].isin(["invited", "messages"])
    return table.assign(high=table["high"].where(~shares, table["high"].clip(upper=1.0))).reset_index(drop=True)


def summary(table: pd.DataFrame) -> list[tuple[str, Numbers]]:
    """Return what a reader looks at first: a name, and actual, simulated, low and high."""
    wanted: list[tuple[str, pd.DataFrame]] = []
    whole = table[table["channel"] == EVERYBODY]
    for measure, week, name in (
        ("retention", 4, "still in a group 4 weeks after joining"),
        ("retention", 13, "still in a group 13 weeks after joining"),
        ("invited", 13, "people brought by a member within 13 weeks"),
    ):
        wanted.append((name, whole[(whole["measure"] == measure) & (whole["week"] == week)]))
    means = whole[whole["measure"].isin(["messages", "writers", "top_tenth"])].groupby("measure")
    for measure, name in (
        ("messages", "messages a member and day"),
        ("writers", "share of members who write on a day"),
        ("top_tenth", "share of messages by the tenth who write most"),
    ):
        if measure in means.groups:
            wanted.append((name, means.get_group(measure)))
    columns = ["actual", "simulated", "low", "high"]
    return [(name, rows[columns].mean().to_numpy(float)) for name, rows in wanted if len(rows)]
