"""The purse: what actions may spend, in all, in a month, and for an item; never exceeded by a fen."""

from __future__ import annotations

from collections import Counter

from sim.brand.strategy import Budget

MONTH_HOURS = 720.0


def owner_of(item: str) -> str:
    """Return what has a budget for an item: the item of a programme, or the campaign or journey that it is of."""
    return item.split(".", 1)[0]


class Purse:
    """Money that actions draw on. Amounts in fen; a refund gives back what a packet did not use."""

    def __init__(self, budget: Budget) -> None:
        self.total_fen = None if budget.total_yuan is None else round(budget.total_yuan * 100)
        self.month_fen = None if budget.month_yuan is None else round(budget.month_yuan * 100)
        self.item_fen = {item: round(yuan * 100) for item, yuan in budget.items.items()}
        self.spent_fen = 0
        self.spent_by_month: Counter[int] = Counter()
        self.spent_by_item: Counter[str] = Counter()

    def refusal(self, fen: int, item: str, hour: float) -> str:
        """Return why the amount cannot be spent now, or an empty string if it can."""
        month = int(hour // MONTH_HOURS)
        if self.total_fen is not None and self.spent_fen + fen > self.total_fen:
            return "total budget"
        if self.month_fen is not None and self.spent_by_month[month] + fen > self.month_fen:
            return "budget of the month"
        owner = owner_of(item)
        if owner in self.item_fen and self.spent_by_item[owner] + fen > self.item_fen[owner]:
            return "budget of the item"
        return ""

    def times(self, fen: int, most: int, item: str, hour: float) -> int:
        """Return how many times, at most ``most``, the amount (above 0) can be spent now."""
        limits = (
            (self.total_fen, self.spent_fen),
            (self.month_fen, self.spent_by_month[int(hour // MONTH_HOURS)]),
            (self.item_fen.get(owner_of(item)), self.spent_by_item[owner_of(item)]),
        )
        return max(0, min([most, *((limit - spent) // fen for limit, spent in limits if limit is not None)]))

    def spend(self, fen: int, item: str, hour: float) -> None:
        """Spend an amount (negative: a refund) that was not refused."""
        self.spent_fen += fen
        self.spent_by_month[int(hour // MONTH_HOURS)] += fen
        self.spent_by_item[owner_of(item)] += fen
