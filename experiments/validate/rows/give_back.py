"""Row 10: who receives more from a red packet, by the luck of the draw, gives more to the group within a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.validate.drawing import PUBLISHED, SIMULATED
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between, simulated
from experiments.validate.unprompted import unprompted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Result

__all__ = ["ROW", "given_back", "luckiest_and_others", "within_packets"]

_DAYS = 40
_WINDOW_HOURS = 24.0
_GROUP = 20
_PACKET = {"kind": "red_packet", "when": "every 2 days 20:00", "amount_yuan": 50.0, "shares": 10, "column": "care"}
_PEOPLE = {"quick": 2_000, "full": 4_000}
_REPLICATIONS = {"quick": 6, "full": 30}
#: Amounts that count as the same, in yuan.
_SAME = 0.5
_LEVELS = np.arange(0.0, 16.0, 1.0)
#: Claims of an amount that are too few to be drawn.
_FEW = 100


def given_back(claims: pd.DataFrame, packets: pd.DataFrame, until_h: float) -> pd.DataFrame:
    """Return the claims of the brand's packets that could be watched for a day, with what the claimer gave to the group in that time.

    Parameters
    ----------
    claims, packets
        Tables of shares claimed and of packets.
    until_h
        Hour at which the run ends.

    Returns
    -------
    pandas.DataFrame
        packet, received, luckiest, given (yuan of own packets within 24 hours after the claim, in the group of the claim).
    """
    own = claims[(claims["sender"] < 0) & (claims["time_h"] < until_h - _WINDOW_HOURS)].reset_index(drop=True)
    sent = packets.loc[packets["sender"] >= 0, ["sender", "group", "time_h", "yuan"]]
    pairs = own.reset_index(names="claim").merge(sent, left_on=["person", "group"], right_on=["sender", "group"], suffixes=("", "_sent"))
    since = pairs["time_h_sent"] - pairs["time_h"]
    yuan = pairs[(since > 0) & (since <= _WINDOW_HOURS)].groupby("claim")["yuan"].sum()
    return pd.DataFrame(
        {
            "packet": own["packet"],
            "received": own["received_yuan"],
            "luckiest": own["luckiest"],
            "given": yuan.reindex(own.index, fill_value=0.0),
        }
    )


def within_packets(packet: pd.Series[int], values: pd.Series[float]) -> Numbers:
    """Return values less the mean of their packet: what is left to the luck of the draw."""
    return (values - values.groupby(packet).transform("mean")).to_numpy(np.float64)


def luckiest_and_others(found: pd.DataFrame) -> tuple[float, float]:
    """Return what the luckiest gave and what others gave who had received as much, each as a sum with the same weights.

    Amounts are compared half yuan by half yuan, each with the weight that Mantel and Haenszel give it: n n' / (n + n').
    """
    level = (found["received"] // _SAME).rename("level")
    each = {lucky: found[found["luckiest"] == lucky].groupby(level)["given"].agg(["mean", "size"]) for lucky in (True, False)}
    both = pd.concat(each, axis=1, join="inner").swaplevel(axis=1)
    size, mean = both["size"], both["mean"]
    weight = size[True] * size[False] / (size[True] + size[False])
    return float((weight * mean[True]).sum()), float((weight * mean[False]).sum())


def _gave(result: Result) -> Measures:
    found = given_back(result.claims, result.packets, 24.0 * _DAYS)
    received = within_packets(found["packet"], found["received"])
    gives = (found["given"] > 0).astype(float)
    luckiest, others = luckiest_and_others(found)
    return {
        "received": received @ received,
        "given": received @ within_packets(found["packet"], found["given"]),
        "by more senders": received @ within_packets(found["packet"], gives) * found["given"].sum() / max(1.0, gives.sum()),
        "luckiest": luckiest,
        "others": others,
        **{
            f"{name} by amount": by_amount(own)
            for name, own in (("others", found[~found["luckiest"]]), ("luckiest", found[found["luckiest"]]))
        },
    }


def by_amount(found: pd.DataFrame) -> Numbers:
    """Return how many claims there are of each amount, yuan by yuan, and after these what their claimers gave in all."""
    level = np.minimum(found["received"], _LEVELS[-1]).astype(int)
    counts = [np.bincount(level, weights, minlength=_LEVELS.size) for weights in (np.ones(len(found)), found["given"])]
    return np.concatenate(counts)


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    world = unprompted(
        {"packet": _PACKET},
        behaviour,
        horizon_days=_DAYS,
        population__size=_PEOPLE[size],
        population__group_size=_GROUP,
        population__initial_fill=1.0,
    )
    return [simulated("packets", world, _gave, _REPLICATIONS[size], record="full")]


def _judge(found: Found) -> list[Check]:
    return [
        Check("yuan given within 24 hours for a yuan received", 0.18, 0.15, 0.21, found.ratio("packets", "given", "received")),
        Check("the luckiest against others who received as much", 1.5, 1.3, 1.7, found.ratio("packets", "luckiest", "others")),
        between("share of it through more senders", 0.70, np.inf, found.ratio("packets", "by more senders", "given")),
    ]


def _draw(axes: Axes, found: Found) -> None:
    x = _LEVELS + 0.5
    both = np.zeros((2, _LEVELS.size))
    for name, colour in (("others", SIMULATED), ("luckiest", "#CC79A7")):
        claims, yuan = own = found.table("packets", f"{name} by amount").sum(axis=0).reshape(2, -1)
        both += own
        many = claims >= _FEW
        many[-1] = False  # the last has all that is above it
        axes.plot(x[many], yuan[many] / claims[many], "o-", color=colour, label=f"simulated: {name}")
    middle, level = float((x * both[0]).sum() / both[0].sum()), float(both[1].sum() / both[0].sum())
    for slope, style in ((0.15, ":"), (0.18, "--"), (0.21, ":")):
        label = "published: all together" if slope == 0.18 else None
        axes.plot(x, level + slope * (x - middle), style, color=PUBLISHED, label=label)
    axes.set_xlabel("received from the brand's packet (yuan)")
    axes.set_ylabel("given to the group within 24 hours (yuan)")
    axes.set_ylim(bottom=0)


ROW = Row(
    number=10,
    use="C",
    title="Giving back red packets",
    target="One yuan more received makes a recipient send .18 yuan (.15 to .21) to the group within 24 hours; the luckiest of a packet "
    "send 1.5 times (1.3 to 1.7) as much; 70 % of it or more is that more people send.",
    source="Yuan et al., Management Science 2024",
    means=f"Groups of {_GROUP} in which the brand does nothing but drop 50 yuan in 10 shares every second evening, {_DAYS} days; sizes are "
    "ours. Those who claim a share are compared within their packet, where amounts are drawn. The luckiest are compared with others "
    "who received as much to half a yuan. Through more senders: the slope of the chance to send, times what a sender sends.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
