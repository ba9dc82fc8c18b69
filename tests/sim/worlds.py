"""Small worlds for tests: the null world of `experiments.validate`, in which nothing works on anybody, and one in which everything does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from experiments.validate.worlds import ALIKE_HOURS, CDNOW_NEED, Tree, brand_tree, build, changed, null_tree, strategy_tree

__all__ = [
    "ALIKE_HOURS",
    "CDNOW_NEED",
    "Tree",
    "brand_tree",
    "build",
    "changed",
    "fen",
    "interval",
    "null_tree",
    "nurturing_tree",
    "strategy_tree",
]


def nurturing_tree(**programme: Tree) -> Tree:
    """Return a world in which every mechanism works, with a programme of content, offers, packets, talk and invitations."""
    items: dict[str, Tree] = {
        "hello": {"kind": "welcome", "coupon_yuan": 5.0},
        "tip": {"kind": "content_post", "when": "daily 09:30", "column": "tips", "production_yuan": 10.0},
        "deal": {"kind": "sales_post", "when": "Wed,Sat 12:00", "product": "hero", "discount": 0.2},
        "packet": {"kind": "red_packet", "when": "Fri 20:00", "amount_yuan": 5.0, "shares": 8},
        "flash": {
            "kind": "flash_sale",
            "when": "Tue 20:00",
            "product": "entry",
            "discount": 0.3,
            "stock": 6,
            "window": "2h",
            "announce": "5h",
        },
        "thanks": {"kind": "coupon", "when": "Sun 10:00", "amount_yuan": 4.0},
        "guest": {"kind": "kol_session", "when": "Thu 19:00", "fee_yuan": 50.0, "product": "hero", "discount": 0.1, "outsiders": 6},
    }
    strategy = strategy_tree(**{**items, **programme})
    strategy |= {"leads": {"door": 3.0}, "staff": {"people": 0.1}, "referral": {"reward_yuan": 5.0, "incentive": 1.0}}
    return {
        "horizon_days": 14.0,
        "population": {"size": 120, "group_size": 50},
        "market": {"pool": 400},
        "behaviour": {
            "chat": {"talkativeness_per_day": 0.3},
            "leaving": {"base_per_day": 0.02},
            "muting": {"strength_per_day": 0.05},
            "referral": {"early_per_day": 0.3, "accept_alone": 0.3},
        },
        "brand": brand_tree(),
        "strategy": strategy,
    }


def fen(yuan: pd.Series | float) -> Any:
    """Return yuan as whole fen."""
    return np.rint(np.asarray(yuan) * 100).astype(np.int64)


def interval(differences: NDArray[np.float64] | list[float], level: float = 0.95) -> tuple[float, float]:
    """Return the t interval of the mean of paired differences."""
    values = np.asarray(differences, float)
    half = stats.t.ppf(0.5 + level / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)
