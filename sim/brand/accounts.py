"""Accounts on the platform, and the bans that they risk by writing too much.

A strategy writes from one account for the whole brand, or from one of each guide. What counts on a day is the number of messages that
the account puts before the people of one group, of its groups the one with the most. Each beyond the comfortable number spends a dose
from a unit-exponential budget of the account, keyed by (account, ban). When the budget is gone the account is banned, from the next minute
on for some days, and what it would publish is refused. So on a day with k messages too many the chance of a ban is 1 - e^(-dose k). The
desk and the automatic welcome have accounts of their own.

Source: platforms ban accounts that write too much (issue of practitioners' guides); that it is a hazard, and its size, are assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim import randomness
from sim.market import MarketParameters
from sim.randomness import name_key, stream

BUDGET = stream("accounts.budget")
ZERO = np.uint64(0)


@dataclass
class Account:
    """What the platform knows of an account: its budget, its bans, and what it wrote to which group today."""

    budget: float
    bans: int = 0
    banned_from_h: float = math.inf
    banned_until_h: float = 0.0
    day: int = -1
    written: dict[int, int] = field(default_factory=dict)
    most: int = 0


class Accounts:
    """All accounts of a brand by name. The platform knows them beyond a change of strategy."""

    def __init__(self, market: MarketParameters, run: np.uint64) -> None:
        self.market = market
        self.run = run
        self.known: dict[str, Account] = {}

    def is_banned(self, name: str, hour: float) -> bool:
        """Return whether an account is banned at an hour; what it writes in the very minute still goes out."""
        account = self.known.get(name)
        return account is not None and account.banned_from_h < hour < account.banned_until_h

    def write(self, name: str, group: int, hour: float) -> None:
        """Let an account put a message before the people of a group."""
        market = self.market
        if not market.ban_dose:
            return
        account = self.known.setdefault(name, Account(self._budget(name, 0)))
        day = int(hour // 24)
        if account.day != day:
            account.day, account.written, account.most = day, {}, 0
        account.written[group] = account.written.get(group, 0) + 1
        if account.written[group] <= account.most:
            return
        account.most = account.written[group]
        if account.most > market.comfortable_messages_per_day:
            account.budget -= market.ban_dose
        if account.budget <= 0.0:
            account.bans += 1
            account.banned_from_h, account.banned_until_h = hour, hour + 24.0 * market.ban_days
            account.budget = self._budget(name, account.bans)

    def _budget(self, name: str, ban: int) -> float:
        return -math.log(randomness.uniform(self.run, name_key("account", name), BUDGET, np.uint64(ban), ZERO))
