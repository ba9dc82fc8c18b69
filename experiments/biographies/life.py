"""One member's biography, with what figure and words take from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["CAUSES", "Life", "lives_of"]

#: Causes of leaving, in the order of their numbers in ``left_cause``; columns are named after them (share_CAUSE, leaving_spent_CAUSE).
CAUSES = ("base", "pressure", "irrelevance", "distrust", "regret", "silence", "contagion", "hunting")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Life:
    """What happened to one member in one run.

    Attributes
    ----------
    strategy
        Under which strategy.
    rows
        The member's rows of the table of biographies, in order of time.
    person
        The member's row of the table of members.
    horizon_days
        Length of the run.
    fast_weight
        Weight of the fast average in what a member feels; None if the scenario has none.
    """

    strategy: str
    rows: pd.DataFrame
    person: Mapping[str, Any]
    horizon_days: float
    fast_weight: float | None = None

    @property
    def key(self) -> str:
        """The member's key."""
        return str(self.rows["key"].iloc[0])

    @cached_property
    def days(self) -> Floats:
        """Days from the start, at each event."""
        return self.rows["time_h"].to_numpy(float) / 24.0

    def state(self, name: str) -> Floats:
        """Return a state after each event."""
        return self.rows[name].to_numpy(float)

    def gained(self, name: str) -> Floats:
        """Return by how much a state rose in each event."""
        return self.state(name) - self.state(f"{name}_before")

    def total(self, name: str) -> float:
        """Return a state after the last event."""
        return float(self.state(name)[-1])

    # ---- what the member did ------------------------------------------------------------------------------------

    def bought(self, kind: str) -> tuple[Floats, Floats]:
        """Return days and amounts in yuan of the orders of a kind: ``need``, ``offer``, ``limited`` or ``service``."""
        # Limited stock and the desk's answers come at the brand's tick, need runs out by itself; all other orders are placed while reading.
        event = self.rows["event"].to_numpy()
        kinds = np.select([event == "need", event == "allotment", event == "answer"], ["need", "limited", "service"], "offer")
        chosen = (self.gained("orders") > 0) & (kinds == kind)
        return self.days[chosen], self.gained("gmv_yuan")[chosen]

    @property
    def lapses(self) -> Floats:
        """Days on which the member lapsed as a customer."""
        after, before = self.rows["lapsed_h"], self.rows["lapsed_h_before"]
        return self.days[(after.notna() & before.isna()).to_numpy()]

    @property
    def returns(self) -> Floats:
        """Days on which an offer won the member back as a customer."""
        return self.days[self.gained("won_back") > 0]

    # ---- in the group -------------------------------------------------------------------------------------------

    @property
    def joined_day(self) -> float | None:
        """When the member entered a group; 0 for who was in one already when the comparison began."""
        if bool(self.rows["member_before"].iloc[0]):
            return 0.0
        return self._first(self.gained("member") > 0)

    @property
    def muted_day(self) -> float | None:
        """When the member muted the group."""
        return self._first(self.gained("muted") > 0)

    @property
    def left_day(self) -> float | None:
        """When the member left the group."""
        return self._first(self.gained("member") < 0)

    def _first(self, chosen: NDArray[np.bool_]) -> float | None:
        return float(self.days[chosen][0]) if chosen.any() else None

    @property
    def cause(self) -> str:
        """Cause that the exit is counted under; empty for who did not leave."""
        return "" if self.left_day is None else CAUSES[int(self.total("left_cause"))]

    @cached_property
    def spent(self) -> dict[str, Floats]:
        """What leaving has cost so far by cause, after each event, as a share of the member's budget; empty without a budget."""
        spent = {cause: self.state(f"leaving_spent_{cause}") for cause in CAUSES}
        # The clock holds what is left of the budget, so the two always add up to it.
        budget = self.total("leave_clock") + sum(own[-1] for own in spent.values())
        return {cause: own / budget for cause, own in spent.items()} if budget > 0 else {}

    def exit_shares(self) -> dict[str, float]:
        """Return the share of each cause in what leaving has cost, the largest first; none for who was never a member."""
        last = {cause: float(own[-1]) for cause, own in self.spent.items()}
        total = sum(last.values())
        ranked = sorted(last, key=lambda cause: -last[cause])
        return {cause: last[cause] / total for cause in ranked} if total > 0 else {}


def lives_of(biographies: pd.DataFrame, members: pd.DataFrame, scenario: Mapping[str, Any]) -> list[Life]:
    """Part the table of biographies into lives.

    Parameters
    ----------
    biographies
        Rows of one run, in order of member and time.
    members
        Table of members of the same run.
    scenario
        Its resolved scenario, as plain values.
    """
    people = members.set_index("key")
    fatigue = scenario.get("behaviour", {}).get("fatigue", {})
    return [
        Life(
            strategy=str(rows["strategy"].iloc[0]),
            rows=rows,
            person={str(name): value for name, value in people.loc[str(key)].items()},
            horizon_days=float(scenario["horizon_days"]),
            fast_weight=fatigue.get("fast_weight"),
        )
        for key, rows in biographies.groupby("key", sort=True)
    ]
