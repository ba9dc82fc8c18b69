"""The metrics of a run: what each means, its unit, and which direction is better."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["COST_LINES", "KEY_METRICS", "METRICS", "Metric", "metric_of"]

Unit = Literal["yuan", "share", "days", "count", ""]


class Metric(NamedTuple):
    """One metric.

    Attributes
    ----------
    name
        As in the tables.
    label
        For people.
    unit
        What it is measured in.
    better
        1 when more is better, -1 when less is, 0 when neither.
    definition
        One sentence.
    """

    name: str
    label: str
    unit: Unit
    better: Literal[1, 0, -1]
    definition: str


_COST = "Cost line, charged against contribution."

METRICS = (
    Metric("gmv", "GMV", "yuan", 1, "Sum of paid amounts of all orders within the horizon, before returns."),
    Metric("net_revenue", "Net revenue", "yuan", 1, "GMV less refunds."),
    Metric("contribution", "Contribution", "yuan", 1, "Net revenue less cost of goods and every cost line."),
    Metric("incremental_gmv", "Incremental GMV", "yuan", 1, "GMV less that of the arm without community on the same people."),
    Metric("joins", "Joins", "count", 0, "Entries into groups within the horizon."),
    Metric("leaves", "Leaves", "count", 0, "Exits from groups within the horizon."),
    Metric("mutes", "Mutes", "count", 0, "Members who muted a group within the horizon."),
    Metric("churn_rate", "Churn", "share", -1, "Leaves per person who was ever a member of a group."),
    Metric("lapse_rate", "Lapse", "share", -1, "Customers who lapsed per person with at least one order."),
    Metric("retention_d1", "Retention, 1 day", "share", 1, "Share still member 1 day after joining (Kaplan-Meier)."),
    Metric("retention_d7", "Retention, 7 days", "share", 1, "Share still member 7 days after joining (Kaplan-Meier)."),
    Metric("retention_d30", "Retention, 30 days", "share", 1, "Share still member 30 days after joining (Kaplan-Meier)."),
    Metric("retention_end", "Retention at the end", "share", 1, "Share of all who joined that is still member at the end."),
    Metric("active_members", "Active members", "count", 1, "Members with a session in the last 7 days of the horizon."),
    Metric("buyers", "Buyers", "count", 1, "Distinct people with an order."),
    Metric("orders", "Orders", "count", 1, "Number of orders."),
    Metric("aov", "Average order", "yuan", 1, "GMV per order."),
    Metric("conversion", "Conversion", "share", 1, "Share of people who ordered within 30 days of being admitted."),
    Metric("repurchase_7d", "Repurchase, 7 days", "share", 1, "Share of first orders followed by another within 7 days."),
    Metric("repurchase_30d", "Repurchase, 30 days", "share", 1, "Share of first orders followed by another within 30 days."),
    Metric("ltv", "Lifetime value", "yuan", 1, "Mean discounted contribution per person over the horizon, acquisition included."),
    Metric("payback_days", "Payback", "days", -1, "Day on which a cohort has earned its acquisition cost; empty if never."),
    Metric("k_factor", "K factor", "", 1, "People admitted through invitation per person who was ever a member."),
    Metric("promo_share", "Promotion share", "share", 0, "Share of GMV from orders paid below list price."),
    Metric("red_packet_cost", "Red packets", "yuan", -1, _COST),
    Metric("discount_cost", "Discounts", "yuan", -1, "List price less paid price; information, since GMV holds it already."),
    Metric("coupon_cost", "Coupons", "yuan", -1, _COST),
    Metric("commission_cost", "Commissions", "yuan", -1, _COST),
    Metric("gift_cost", "Gifts", "yuan", -1, _COST),
    Metric("kol_cost", "Opinion leaders", "yuan", -1, _COST),
    Metric("acquisition_cost", "Acquisition", "yuan", -1, _COST),
    Metric("staff_cost", "Staff", "yuan", -1, _COST),
    Metric("event_cost", "Events", "yuan", -1, _COST),
    Metric("refused_actions", "Refused actions", "count", -1, "Brand actions refused for the budget, a cap of the platform or a ban."),
    Metric("mean_fatigue", "Fatigue", "", 0, "Mean over members at the end: irritating messages a week."),
    Metric("mean_trust", "Trust", "", 0, "Mean over members at the end, between 0 and 1."),
    Metric("mean_reference_price", "Reference price", "share", 0, "Mean over members at the end, as share of list price."),
    Metric("interaction_rate", "Interaction", "share", 0, "Members who wrote, claimed or bought on a day, mean over days."),
    Metric("pruned", "Pruned", "count", 0, "Members whom the brand removed; these are no leaves."),
    Metric("groups_value", "Value groups", "count", 0, "Groups that live: interaction of the last 14 days at least 10 %."),
    Metric("groups_lukewarm", "Lukewarm groups", "count", 0, "Groups that are neither value, dead nor junk."),
    Metric("groups_dead", "Dead groups", "count", 0, "Groups without a member's message for 7 days."),
    Metric("groups_junk", "Junk groups", "count", 0, "Groups in which over 80 % of messages are promotion or spam."),
    Metric("sessions", "Sessions", "count", 0, "Simulated sessions."),
    Metric("blocks", "Blocks", "count", -1, "People who ended the contact with the brand's staff."),
    Metric("unfollows", "Unfollows", "count", -1, "People who unfollowed the official account."),
    Metric("tagged_share", "Tagged", "share", 0, "People whom the brand has tagged with an interest."),
    Metric("tag_accuracy", "Tags that are right", "share", 0, "Tags that are the true first interest."),
    Metric("shop_gmv", "GMV of shops", "yuan", 0, "Part of GMV that was made in shops."),
    Metric("member_packets", "Members' packets", "count", 0, "Red packets that members sent."),
    Metric("questions", "Questions", "count", 0, "Questions that members put to the brand."),
    Metric("questions_answered", "Questions answered", "count", 0, "Questions to which the answer came within the horizon."),
    Metric(
        "mean_wait_minutes",
        "Wait for an answer",
        "",
        0,
        "Mean minutes from a question to the begin of the conversation, of those answered.",
    ),
    Metric("slow_answers", "Slow answers", "share", 0, "Share of questions that waited longer than expected, or were given up."),
    Metric("service_gmv", "GMV in conversations", "yuan", 1, "Sum of paid amounts of orders that came of conversations with the desk."),
    Metric("member_packets_yuan", "Given by members", "yuan", 0, "What members' red packets held, no cost of the brand."),
)

#: What the first table of the report shows.
KEY_METRICS = (
    *("contribution", "gmv", "incremental_gmv", "ltv", "churn_rate", "retention_d30", "active_members", "buyers"),
    *("aov", "conversion", "repurchase_30d", "promo_share", "mean_trust", "mean_fatigue"),
)

#: What is charged against contribution besides the cost of goods, line by line.
COST_LINES = tuple(metric.name for metric in METRICS if metric.definition == _COST)

_BY_NAME = {metric.name: metric for metric in METRICS}


def metric_of(name: str) -> Metric:
    """Find a metric; one that is not in the list has no direction and no unit."""
    return _BY_NAME.get(name) or Metric(name, name.replace("_", " ").capitalize(), "", 0, "")
