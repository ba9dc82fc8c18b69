"""Row 1: the shares of a red packet by the double-mean rule, against the recursion over its claims."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import interval_of
from experiments.validate.drawing import draw_pairs
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, within
from sim.behaviour import red_packets

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ROW", "analytic_largest", "analytic_spreads"]

SHARES = 10
TOTAL_FEN = 20_000
_MEAN_FEN = TOTAL_FEN / SHARES
_PACKETS = 15_000
_TOLERANCE = 0.01
_REPLICATIONS = {"quick": 10, "full": 60}


def analytic_spreads(shares: int) -> Numbers:
    """Return sd / mean of each share: the remainder's second moment is multiplied by E(1 - 2U/n)^2 at each claim."""
    second = 1.0
    found = []
    for left in range(shares, 1, -1):
        found.append(second * 4 / (3 * left**2))
        second *= 1 - 2 / left + 4 / (3 * left**2)
    found.append(second)
    return np.asarray(np.sqrt(np.array(found) * shares**2 - 1))


def analytic_largest(shares: int) -> float:
    """Return E[largest share] / mean by the recursion of P(no share of a packet of 1 is above t) over the first claim."""
    t = np.linspace(0, 1, 2001)
    below = np.clip(2 * t - 1, 0, 1)  # two shares: U and 1 - U
    units = (np.arange(2000) + 0.5) / 2000
    for left in range(3, shares + 1):
        share = 2 * units / left
        below = np.array([np.mean((share <= x) * np.interp(x / (1 - share), t, below, right=1.0)) for x in t])
    return float(np.trapezoid(1 - below, t) * shares)


def split_packets(packets: int, seed: int, replication: int, threads: int) -> Measures:  # noqa: ARG001 -- as every unit is called
    """Split packets of 200 yuan among ten claimers; measure the shares by position, the largest, and sums that are not the packet."""
    units = np.random.default_rng([seed, replication]).random((packets, SHARES))
    fen = np.zeros((packets, SHARES), np.int64)
    remaining = np.full(packets, TOTAL_FEN)
    for k in range(SHARES):
        fen[:, k] = [red_packets.split(u, r, SHARES - k) for u, r in zip(units[:, k].tolist(), remaining.tolist(), strict=True)]
        remaining -= fen[:, k]
    return {
        "means": fen.mean(axis=0) / _MEAN_FEN,
        "spreads": fen.std(axis=0) / _MEAN_FEN,
        "largest": fen.max(axis=1).mean() / _MEAN_FEN,
        "wrong": float(((fen.sum(axis=1) != TOTAL_FEN) | (fen.min(axis=1) < 1)).sum()),
    }


def _units(size: Size, _behaviour: Lines) -> list[Unit]:
    return [Unit("packets", partial(split_packets, _PACKETS), _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    means = [found.mean("packets", "means", place) for place in range(SHARES)]
    by_mean = sorted(means, key=lambda one: one.mean)
    wrong = found.joined("packets", "wrong").sum()
    return [
        within("lowest mean of a position / mean share", 1.0, _TOLERANCE, by_mean[0]),
        within("highest mean of a position / mean share", 1.0, _TOLERANCE, by_mean[-1]),
        *(
            within(f"sd / mean, position {place + 1}", target, _TOLERANCE, found.mean("packets", "spreads", place))
            for place, target in enumerate(analytic_spreads(SHARES))
        ),
        within("E[largest share] / mean share", analytic_largest(SHARES), _TOLERANCE, found.mean("packets", "largest")),
        Check("packets whose shares do not sum to it, to the fen", 0.0, 0.0, 0.0, interval_of(np.array([wrong]))),
    ]


def _draw(axes: Axes, found: Found) -> None:
    spreads = [found.mean("packets", "spreads", place) for place in range(SHARES)]
    draw_pairs(axes, [str(place + 1) for place in range(SHARES)], analytic_spreads(SHARES), spreads)
    axes.set_xlabel("position of the claim")
    axes.set_ylabel("sd of the share / mean share")


ROW = Row(
    number=1,
    use="exact",
    title="Double-mean red packets, ten shares",
    target="Equal means at every position; sd / mean by position .577 .582 .588 .596 .606 .621 .644 .683 .768 .768; the mean of the "
    "largest share is 2.12 times the mean share; all within 1 %, and sums exact to the fen.",
    source="analytic recursion",
    means="The rule itself on packets of 200 yuan; what becomes of packets in a community is tested elsewhere.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
