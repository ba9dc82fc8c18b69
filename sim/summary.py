"""The metrics of a replication, each as METRICS defines it. Money in yuan, undefined metrics are NaN."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.codes import COUNTERS, FEES, PRUNED, SERVICE
from sim.ledger import COST_LINES
from sim.tables import Array, Book, given, in_shop
from sim.vitality import CLASSES, classify, members_of_days

YUAN = 100.0
CONVERSION_HOURS = 720.0
#: What metrics of members read of them: to pick out whole records of people takes longer than all metrics together.
OF_MEMBERS = ("joined_h", "left_h", "left_cause", "muted_h", "member", "last_session_h")


def summarise(book: Book) -> dict[str, float]:
    """Return every metric of one replication but ``incremental_gmv``, which takes two arms."""
    parts = (_money, _people, _purchases, _worth, _states, _groups, _gifts, _reach, _desk)
    return {name: value for part in parts for name, value in part(book).items()}


def _money(book: Book) -> dict[str, float]:
    o = book.orders
    gmv = int(o["paid_fen"].sum())
    net = gmv - int(o["refund_fen"].sum())
    lines = {line: book.ledger.cost_fen(line) for line in COST_LINES}
    lines["coupon_cost"] += int(o["coupon_fen"].sum())
    promoted = int(o["paid_fen"][o["paid_fen"] < o["list_fen"]].sum())
    contribution = net - int(o["cost_fen"].sum()) - sum(lines.values())
    return {
        "gmv": gmv / YUAN,
        "net_revenue": net / YUAN,
        "contribution": contribution / YUAN,
        "promo_share": promoted / gmv if gmv else np.nan,
        "discount_cost": float((o["list_fen"] - o["paid_fen"]).sum()) / YUAN,
        **{line: fen / YUAN for line, fen in lines.items()},
    }


def _people(book: Book) -> dict[str, float]:
    people = book.people
    # Who had left, or whose group was dissolved, when the comparison began was never a member in it.
    members = people["ever_member"] & ~(people["left_h"] < 0) & book.scenario.strategy.community
    ever = {name: people[name][members] for name in OF_MEMBERS}
    many = int(members.sum())
    horizon = book.scenario.horizon_hours
    pruned = ever["left_cause"] == PRUNED
    left = np.isfinite(ever["left_h"]) & ~pruned
    bought = (people["orders"] > 0) & ~(people["lapsed_h"] < 0)
    referred = int(((people["inviter"] >= 0) & (people["admitted_h"] >= 0)).sum())
    found = {
        "joins": float((ever["joined_h"] >= 0).sum()),
        "leaves": float(left.sum()),
        "pruned": float(pruned.sum()),
        "mutes": float((np.isfinite(ever["muted_h"]) & (ever["muted_h"] >= 0)).sum()),
        "churn_rate": float(left.mean()) if many else np.nan,
        "lapse_rate": float(np.isfinite(people["lapsed_h"][bought]).mean()) if bought.any() else np.nan,
        "active_members": float((ever["member"] & (ever["last_session_h"] >= horizon - 168.0)).sum()),
        "k_factor": referred / many if many else np.nan,
        "retention_end": float(1.0 - (left | pruned).mean()) if many else np.nan,
        "sessions": float(people["sessions"].sum()),
    }
    for days in (1, 7, 30):
        found[f"retention_d{days}"] = retention(ever, horizon, 24.0 * days)
    return found


def retention(ever: Mapping[str, Array], horizon: float, age_hours: float) -> float:
    """Return the share still member at an age, of those who joined in the comparison, that long before its end (Kaplan-Meier)."""
    rows = (ever["joined_h"] >= 0) & (ever["joined_h"] <= horizon - age_hours)
    if not rows.any():
        return np.nan
    # Who was removed was watched until then.
    left_h, pruned = ever["left_h"][rows], ever["left_cause"][rows] == PRUNED
    left = np.isfinite(left_h) & ~pruned
    ages = np.minimum(left_h, horizon) - ever["joined_h"][rows]
    if not pruned.any():
        return float(1.0 - (left & (ages <= age_hours)).mean())  # everybody was watched to that age: a share says it
    from scipy import stats  # takes half a second, and most runs do not come here

    data = stats.CensoredData(uncensored=ages[left], right=ages[~left])
    return float(stats.ecdf(data).sf.evaluate(np.array([age_hours]))[0])


def _purchases(book: Book) -> dict[str, float]:
    o = book.orders[~np.isin(book.orders["kind"], FEES)]
    horizon = book.scenario.horizon_hours
    gmv = float(o["paid_fen"].sum()) / YUAN
    buyers, first_rows = np.unique(o["person"], return_index=True)
    first = o["time_h"][first_rows]
    found = {"buyers": float(len(buyers)), "orders": float(len(o)), "aov": gmv / len(o) if len(o) else np.nan}
    admitted = book.everyone["admitted_h"]
    in_time = (admitted >= 0) & (admitted <= horizon - CONVERSION_HOURS)
    early = in_time[book.everyone["arrived"]]
    converted = (first - admitted[buyers] <= CONVERSION_HOURS) & in_time[buyers]
    found["conversion"] = float(converted.sum() / early.sum()) if early.any() else np.nan
    order = np.lexsort((o["time_h"], o["person"]))
    person, when = o["person"][order], o["time_h"][order]
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(o) else np.zeros(0, int)
    second = np.full(len(starts), np.inf)
    follows = starts + 1 < len(o)
    same = np.zeros(len(starts), bool)
    same[follows] = person[starts[follows] + 1] == person[starts[follows]]
    second[same] = when[starts[same] + 1] - when[starts[same]]
    for days in (7, 30):
        known = (when[starts] <= horizon - 24.0 * days) & (book.earlier_orders[person[starts]] == 0)
        found[f"repurchase_{days}d"] = float((second[known] <= 24.0 * days).mean()) if known.any() else np.nan
    return found


def _worth(book: Book) -> dict[str, float]:
    o, people = book.orders, book.people
    margin = o["paid_fen"] - o["refund_fen"] - o["cost_fen"] - o["coupon_fen"]
    value = float((margin * book.yearly ** (-o["time_h"] / 8760.0)).sum())
    value -= sum(cost.fen * book.yearly ** (-cost.time_h / 8760.0) for cost in book.ledger.costs)
    return {"ltv": value / YUAN / len(people) if len(people) else np.nan, "payback_days": payback_days(book, margin)}


def payback_days(book: Book, margin: Array) -> float:
    """Return the age at which the mean margin of people acquired at a cost covers it: whole days; NaN if it never does.

    At each age only people who have been observed to it count.
    """
    everyone = book.everyone
    bought = (everyone["acquisition_fen"] > 0) & everyone["arrived"]
    if not bought.any():
        return np.nan
    horizon = book.scenario.horizon_hours
    admitted = everyone["admitted_h"]
    days = int(horizon // 24)
    age = ((book.orders["time_h"] - admitted[book.orders["person"]]) // 24).astype(int)
    mine = bought[book.orders["person"]]
    observed = ((horizon - admitted[bought]) // 24).astype(int)
    at_risk = np.array([(observed >= day).sum() for day in range(days + 1)])
    complete = np.minimum(observed, days)
    limit = np.zeros(len(bought), int)
    limit[bought] = complete
    counted = mine & (age < limit[book.orders["person"]])
    per_day = np.bincount(age[counted], weights=margin[counted], minlength=days + 1)[: days + 1]
    cost = everyone["acquisition_fen"][bought].mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.cumsum(np.where(at_risk[1:] > 0, per_day[:-1] / at_risk[1:], 0.0))
    reached = np.flatnonzero(gained >= cost)
    return float(reached[0] + 1) if reached.size else np.nan


def _states(book: Book) -> dict[str, float]:
    last = book.days[book.days[:, 0] == book.days[-1, 0]]
    members = last[:, 2].sum()
    sums = last[:, 4:7].sum(axis=0)
    inside = book.days[book.days[:, 1] >= 0]
    by_day = np.unique(inside[:, 0])
    interacted = inside[:, 7 + COUNTERS.index("interactions")]
    present = members_of_days(inside, ("leaves", "pruned"))
    rates = []
    for day in by_day:
        rows = inside[:, 0] == day
        if present[rows].sum() > 0:
            rates.append(interacted[rows].sum() / present[rows].sum())
    names = ("mean_fatigue", "mean_trust", "mean_reference_price")
    means = {name: float(value / members) if members else np.nan for name, value in zip(names, sums, strict=True)}
    return {**means, "interaction_rate": float(np.mean(rates)) if rates else np.nan, "refused_actions": float(book.ledger.refusals())}


def _groups(book: Book) -> dict[str, float]:
    numbers = np.flatnonzero(~book.groups["street"])
    classes, _, _ = classify(book.scenario.horizon_hours, numbers, book.groups[numbers], book.days, book.ledger.posts, book.community)
    return {f"groups_{name}": float(classes.count(name)) for name in CLASSES}


def _gifts(book: Book) -> dict[str, float]:
    gifts = given(book)
    return {"member_packets": float(gifts["packets_given"].sum()), "member_packets_yuan": round(float(gifts["given_yuan"].sum()), 2)}


def _reach(book: Book) -> dict[str, float]:
    people = book.people
    tagged = people["tag"] >= 0
    right = people["tag"][tagged] == people["interests"][tagged].argmax(axis=1)
    return {
        "blocks": float((np.isfinite(people["blocked_h"]) & (people["blocked_h"] >= 0)).sum()),
        "unfollows": float((np.isfinite(people["unfollowed_h"]) & (people["unfollowed_h"] >= 0)).sum()),
        "tagged_share": float(tagged.mean()) if len(people) else np.nan,
        "tag_accuracy": float(right.mean()) if tagged.any() else np.nan,
        "shop_gmv": float(book.orders["paid_fen"][in_shop(book)].sum()) / YUAN,
    }


def _desk(book: Book) -> dict[str, float]:
    """Return what was asked and how it was answered; a question counts as answered or given up once the member knows."""
    known = book.conversations[book.conversations["due_h"] < book.scenario.horizon_hours]
    answered = known["waited_h"][np.isfinite(known["waited_h"])]
    slow = known["overdue_h"] > book.scenario.behaviour.asking.expected_hours
    o = book.orders
    return {
        "questions": float(len(book.conversations)),
        "questions_answered": float(len(answered)),
        "mean_wait_minutes": float(answered.mean() * 60.0) if len(answered) else np.nan,
        "slow_answers": float(slow.mean()) if len(slow) else np.nan,
        "service_gmv": float(o["paid_fen"][o["kind"] == SERVICE].sum()) / YUAN,
    }
