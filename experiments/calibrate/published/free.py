"""Which parameters of behaviour are free, between what, and for which rows of the evidence.

Bounds are a prior: within them a value is as likely as any other (of the logarithm, where the scale is log). They are wide, an order of
magnitude or so, unless the evidence or the meaning of a parameter is narrower. What is not listed keeps its default: no fact here would
tell it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.varying.settings import Range

__all__ = ["FREE", "Block", "Free", "blocks_of"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Free:
    """A parameter that published facts may tell.

    Attributes
    ----------
    name
        Without ``behaviour.``: ``chat.novelty``.
    prior
        Between what it lies, and what is spread evenly.
    rows
        Names of the rows of the evidence that it moves.
    reason
        Why these bounds.
    """

    name: str
    prior: Range
    rows: tuple[str, ...]
    reason: str

    @property
    def key(self) -> str:
        """As it is written on the command line."""
        return f"behaviour.{self.name}"


def _log(low: float, high: float) -> Range:
    return Range(low=low, high=high, scale="log")


def _even(low: float, high: float) -> Range:
    return Range(low=low, high=high)


_LIFE, _GIVING, _DEALS, _ASKING = ("group_life",), ("give_back",), ("promotion",), ("invitations",)
#: In the order of rows; those of a row that is not built are left out. Of chat, row 9 tells nothing of answers, audience and address: from
#: one bound of what is likely to the other it moves by two points at most, so that they keep what their sources say.
FREE = (
    Free("chat.talkativeness_per_day", _log(0.005, 0.2), _LIFE, "a message in 200 days to one in 5 days of full swing"),
    Free(
        "chat.talkativeness_sigma",
        _even(1.2, 3.0),
        _LIFE,
        "posters of Usenet (Whittaker et al. 1998, recalled) to all who ever came (van Mierlo 2014)",
    ),
    Free("chat.novelty", _log(0.2, 10.0), _LIFE, "an order of magnitude each way"),
    Free("chat.novelty_days", _log(1.0, 10.0), _LIFE, "a greeting's day to over a week"),
    Free("chat.liveliness_days", _log(1.0, 14.0), _LIFE, "a group remembers a day to a fortnight"),
    Free("chat.liveliness_half", _log(0.03, 0.6), _LIFE, "a message among 30 people, to one of most"),
    Free("chat.opening_liveliness", _log(0.05, 2.0), _LIFE, "one in twenty says hello, to everybody twice"),
    Free("chat.cohesion_median", _log(0.2, 3.0), _LIFE, "talk dies out far below 1 and feeds itself far above"),
    Free("chat.cohesion_sigma", _even(0.1, 2.0), _LIFE, "groups alike, to groups that differ a hundredfold"),
    Free("giving.intensity_per_yuan", _log(0.002, 0.1), _GIVING, "an order of magnitude each way"),
    Free("giving.luckiest_factor", _even(1.0, 3.0), _GIVING, "no effect to twice the published one"),
    Free("giving.spontaneous_per_day", _log(1e-5, 1e-3), _GIVING, "a packet in three years to one in 270 years"),
    Free("giving.median_yuan", _log(1.0, 50.0), _GIVING, "packets of a joke to the usual limit of a group's"),
    Free("giving.sigma", _even(0.2, 1.2), _GIVING, "packets that differ by a fifth, to threefold"),
    Free("giving.echo", _even(0.0, 0.5), _GIVING, "no answer in amount to half of it"),
    Free("prices.elasticity", _even(1.0, 5.0), _DEALS, "around the published mean of 2.6 (Bijmolt et al. 2005)"),
    Free("prices.reference_part", _even(0.0, 0.8), _DEALS, "none to most of the response"),
    Free("prices.memory_per_week", _even(0.4, 0.9), _DEALS, "MODEL section 4: .6-.8, with room"),
    Free("regret.strength", _even(0.0, 2.0), _DEALS, "no regret at all, to twice what was assumed"),
    Free("buying.advance_days", _log(1.0, 30.0), _DEALS, "no direct evidence: a day to a month of need"),
    Free("buying.deal_quantity", _even(0.0, 1.5), _DEALS, "around 40-60 % more, from none"),
    Free("buying.stock_limit_days", _log(15.0, 120.0), _DEALS, "a fortnight to four months of stock"),
    Free("referral.propensity_shape", _log(0.1, 3.0), _ASKING, "few ask all, to all ask"),
    Free("referral.early_per_day", _log(0.02, 0.6), _ASKING, "an order of magnitude each way"),
    Free("referral.early_days", _log(0.5, 8.0), _ASKING, "half a day to over a week"),
    Free("referral.late_per_day", _log(0.0002, 0.01), _ASKING, "an order of magnitude each way"),
    Free("referral.again_per_day", _log(0.1, 3.0), _ASKING, "an order of magnitude each way"),
    Free("referral.again_days", _log(0.1, 4.0), _ASKING, "hours to days"),
)


@dataclass(frozen=True)
class Block:
    """Parameters and rows that have nothing to do with others: it is fitted alone.

    Attributes
    ----------
    free
        Its parameters.
    rows
        Names of its rows.
    """

    free: tuple[Free, ...]
    rows: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        """Keys of its parameters."""
        return [own.key for own in self.free]

    @property
    def name(self) -> str:
        """Its rows."""
        return "+".join(self.rows)

    def values(self, point: Numbers) -> dict[str, float]:
        """Return the values at a point of the unit cube, by key."""
        return {own.key: own.prior.at(float(share)) for own, share in zip(self.free, point, strict=True)}


def blocks_of(free: Sequence[Free], rows: Collection[str]) -> list[Block]:
    """Part parameters and rows into blocks that share nothing.

    Parameters
    ----------
    free
        The parameters.
    rows
        Names of the rows that are asked for, in their order; rows that no parameter moves are left out.
    """
    moved: Mapping[str, set[str]] = {own.name: set(own.rows) & set(rows) for own in free}
    groups: list[set[str]] = []
    for own in moved.values():
        if own:
            joined = [group for group in groups if group & own]
            groups = [group for group in groups if not group & own] + [own.union(*joined)]
    order = list(rows)
    blocks = [
        Block(tuple(own for own in free if moved[own.name] & group), tuple(name for name in order if name in group)) for group in groups
    ]
    return sorted(blocks, key=lambda block: order.index(block.rows[0]))
