"""Row 26: with every mechanism neutral and equal offers at equal times, content cannot move sales."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.statistics import interval_of
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit
from experiments.validate.worlds import Tree, build, null_tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Scenario

__all__ = ["BAD", "GOOD", "ROW", "arm"]

OFFERS: dict[str, Tree] = {
    "deal": {"kind": "sales_post", "when": "Wed,Sat 12:00", "product": "hero", "discount": 0.2},
    "cheap": {"kind": "sales_post", "when": "Mon 19:00", "product": "entry", "discount": 0.3, "window": "48h"},
    "rush": {"kind": "flash_sale", "when": "Fri 20:00", "product": "hero", "discount": 0.4, "stock": 25, "window": "3h", "announce": "4h"},
}
GOOD: Tree = {"column": "tips", "quality": 0.9, "credibility": 0.9, "load": 0.1, "commercial": 0.0}
BAD: Tree = {"column": "noise", "quality": 0.0, "credibility": 0.0, "load": 5.0, "commercial": 1.0}
#: Talk, and content that sets off much of it or none.
_TALK = {"behaviour.chat.talkativeness_per_day": 0.1}
_LIVELY, _DULL = {**GOOD, "appeal": 2.0}, {**BAD, "appeal": 0.0}
_LIMIT = 0.01
_REPLICATIONS = {"quick": {"silent": 4, "talking": 20}, "full": {"silent": 50, "talking": 400}}


def arm(content: Mapping[str, Any], changes: Mapping[str, Any] | None = None) -> Scenario:
    """Return the null world with the offers above and daily content of the given sort."""
    tip = {"kind": "content_post", "when": "daily 09:30", **content}
    size = {"population": {"size": 600, "group_size": 100}, "horizon_days": 28.0}
    return build(null_tree(**OFFERS, tip=tip), {**size, **(changes or {})})


def _pair(one: Scenario, other: Scenario, seed: int, replication: int, threads: int) -> Measures:
    from sim import simulate

    good, bad = (simulate(scenario, seed=seed, replication=replication, threads=threads) for scenario in (one, other))
    return {
        "fen": round(100 * good.summary["gmv"]) - round(100 * bad.summary["gmv"]),
        "same orders": float(good.orders.equals(bad.orders)),
        "ratio": good.summary["gmv"] / bad.summary["gmv"] - 1.0,
        "messages": float(good.daily["messages"].sum() - bad.daily["messages"].sum()),
        "offers taken": float(good.orders["kind"].isin(["offer", "limited"]).sum()),
    }


def _units(size: Size, _behaviour: Lines) -> list[Unit]:
    pairs = {"silent": (arm(GOOD), arm(BAD)), "talking": (arm(_LIVELY, _TALK), arm(_DULL, _TALK))}
    return [Unit(name, partial(_pair, *pair), _REPLICATIONS[size][name]) for name, pair in pairs.items()]


def _judge(found: Found) -> list[Check]:
    ratio = found.mean("talking", "ratio")
    wide = interval_of(np.array([(ratio.high - ratio.low) / 2]))
    more = found.joined("talking", "messages")
    taken = found.joined("silent", "offers taken")
    return [
        Check("chat off: difference of GMV in fen", 0.0, 0.0, 0.0, found.mean("silent", "fen")),
        Check("chat off: runs with the same orders to the last field", 1.0, 1.0, 1.0, found.mean("silent", "same orders")),
        Check("chat off: runs in which a hundred offers and more are taken", 1.0, 1.0, 1.0, interval_of((taken >= 100).astype(float))),
        Check("chat on: difference of GMV, as a share", 0.0, -_LIMIT, _LIMIT, ratio),
        Check("chat on: half of that difference's interval", 0.0, 0.0, _LIMIT, wide),
        Check("chat on: runs in which lively content is talked about more", 1.0, 1.0, 1.0, interval_of((more > 0).astype(float))),
    ]


def _draw(axes: Axes, found: Found) -> None:
    ratios = 100 * found.joined("talking", "ratio")
    axes.axhspan(-100 * _LIMIT, 100 * _LIMIT, color="#0072B2", alpha=0.18, label="what is taken, of the mean")
    axes.plot(range(1, len(ratios) + 1), ratios, "o", color="#D55E00", markersize=4, label="runs with chat")
    axes.axhline(float(ratios.mean()), color="#D55E00", linewidth=1.2, label="their mean")
    silent = 100 * found.joined("silent", "ratio")
    axes.plot(range(1, len(silent) + 1), silent, "x", color="#000000", label="runs without chat")
    axes.set_xlabel("replication")
    axes.set_ylabel("difference of GMV (%)")


ROW = Row(
    number=26,
    use="null",
    title="Mechanisms off, equal offers",
    target="With equal offers at equal times good and bad content differ by nothing, to the fen, where nobody chats; with chat by less "
    "than 1 %, with an interval narrower than that.",
    source="design",
    means="600 people, 28 days, two sales posts and a flash sale a week, daily content of the best or worst kind on the same people.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
