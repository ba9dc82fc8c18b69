"""The measures by name, as ``strategy.reported`` names them, with what they are called and their units."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from experiments.metrics import Metric, Unit
from experiments.reported import groups, money, people
from experiments.reported.run import Run

__all__ = ["MEASURES", "Measure"]


class Measure(NamedTuple):
    """A measure of a run.

    Attributes
    ----------
    label
        For people; of measures over days, ``{days}`` is their number.
    unit
        What it is measured in.
    of
        Takes it from a run and a number of days, which is NaN of measures that are over none; NaN where it cannot be said.
    """

    label: str
    unit: Unit
    of: Callable[[Run, float], float]

    def named(self, days: float | None) -> str:
        """Return the label, with the days."""
        return self.label.format(days="" if days is None else f"{days:g}")

    def shown(self) -> Metric:
        """Return it as something that numbers are shown of."""
        return Metric(self.label, self.label, self.unit, 0, "")


MEASURES = {
    "bought_after_joining": Measure("joiners who bought within {days} days", "share", people.bought_after_joining),
    "bought_again": Measure("buyers who bought again within {days} days", "share", people.bought_again),
    "bought_related": Measure("buyers who bought another product within {days} days", "share", people.bought_related),
    "gmv_per_buyer": Measure("GMV of a buyer in {days} days from the first order, yuan", "yuan", people.gmv_per_buyer),
    "repeat_share": Measure("GMV of orders that were not a buyer's first", "share", people.repeat_share),
    "old_to_new_gmv": Measure("GMV of an old customer over that of a new one in {days} days", "", people.old_to_new_gmv),
    "new_to_old_effort": Measure("cost of winning a buyer over upkeep for a repeat order", "", people.new_to_old_effort),
    "gmv_growth": Measure("GMV of the last 30 days over that of the first 30", "", money.gmv_growth),
    "mall_growth": Measure("GMV outside shops, last 30 days over first 30", "", money.mall_growth),
    "gmv_gain": Measure("GMV more than without a community", "share", money.gmv_gain),
    "mall_gain": Measure("GMV outside shops more than without a community", "share", money.mall_gain),
    "shop_gain": Measure("GMV of shops more than without a community", "share", money.shop_gain),
    "shop_share": Measure("GMV that was made in shops", "share", money.shop_share),
    "flash_share": Measure("GMV that flash sales brought", "share", money.flash_share),
    "sales_without_flash": Measure("GMV of a day without a flash sale over that of a day with one", "", money.sales_without_flash),
    "group_share": Measure("GMV of messages and conversations that came by groups", "share", money.group_share),
    "reference_price": Measure("reference price at the end, of list", "share", money.reference_price),
    "interaction_rate": Measure("members who interact on a day", "share", groups.interaction_rate),
    "exits_after_joining": Measure("joiners who left within {days} days", "share", people.exits_after_joining),
    "churned": Measure("members of {days} days who left in them", "share", people.churned),
    "exits_of_new_groups": Measure("exits in the first {days} days of groups", "share", groups.exits_of_new_groups),
    "exits_a_month": Measure("exits a month in groups older than 30 days", "share", groups.exits_a_month),
    "muted_share": Measure("members who muted", "share", people.muted_share),
    "accepts_push": Measure("members who neither muted, left, nor blocked", "share", people.accepts_push),
    "groups_dead": Measure("groups dead within {days} days", "share", groups.groups_dead),
    "groups_alive": Measure("groups alive after {days} days", "share", groups.groups_alive),
    "groups_silent": Measure("groups with under 3 % interaction in the week after {days} days", "share", groups.groups_silent),
    "joins_a_month": Measure("newcomers in 30 days", "count", people.joins_a_month),
    "invited_share": Measure("newcomers whom members brought", "share", people.invited_share),
    "answers_a_desk_day": Measure("questions answered by a person at the desk in a day", "count", money.answers_a_desk_day),
    "moments_reach_change": Measure("reach of Moments, last 30 days over first 30", "", groups.moments_reach_change),
}
