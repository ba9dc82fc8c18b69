"""The tables of a replication (METRICS): members, orders, daily, messages, groups, actions. Cohorts have a file of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import comparison, randomness
from sim.behaviour import giving, lifecycle
from sim.codes import BY_THEMSELVES, CAUSES, CHANNELS, COUNTERS, FEES, FOLLOWS, IS_CONTACT, ORDER_KINDS, PRUNED, STAGES
from sim.community import Community
from sim.ledger import Ledger
from sim.population import AGE_BANDS, GENDERS
from sim.randomness import stream
from sim.scenario import Scenario
from sim.vitality import classify
from sim.world import ORDER

Array = NDArray[Any]
PLACE = stream("tables.place")
YUAN = 100.0
MOVES = ("moves_in", "moves_out", "pruned")
DAILY_FLOWS = ("active", "sessions", "reads", "messages", "posters", "joins", "leaves", "mutes")


@dataclass(frozen=True)
class Book:
    """Everything that the comparison left behind, sorted so that its order says nothing of how it was computed.

    Attributes
    ----------
    scenario, community, replication
        Of which run; the community counts hours of the simulation, from the start of its history.
    ledger, people, orders, days, groups
        What the comparison has: hours from its day 0, sums since then. People are those who came in before its end.
    everyone
        People by number, with those who have not come in yet.
    earlier_orders
        How many orders each of everyone had before.
    conversations
        Questions that members asked in the comparison, and how the desk served them.
    """

    scenario: Scenario
    community: Community
    ledger: Ledger
    replication: int
    people: Array
    orders: Array
    days: Array
    groups: Array
    everyone: Array
    earlier_orders: Array
    conversations: Array

    @property
    def yearly(self) -> float:
        """What a yuan of today is worth in a year, by the rate at which outcomes are discounted."""
        return 1.0 + self.scenario.report.discount_rate

    @classmethod
    def of(cls, scenario: Scenario, community: Community, ledger: Ledger, replication: int) -> Book:
        """Collect the book of a finished replication."""
        orders = np.frombuffer(b"".join(community.orders), ORDER)
        orders = orders[np.lexsort((orders["nth"], orders["key"], orders["time_h"]))]
        everyone = community.world.people[: community.total.people]
        groups = community.world.groups[: community.total.groups]
        days = np.concatenate(ledger.days)
        earlier = comparison.orders_before(everyone, ledger)
        if ledger.at_switch is not None:
            start = scenario.switch_hours
            everyone = comparison.since(everyone, ledger.at_switch.people, start)
            groups = comparison.since(groups, ledger.at_switch.groups, start)
            orders = comparison.happened_since(orders, start)
            days = comparison.days_since(days, start)
            ledger = comparison.ledger_since(ledger, start)
        people = everyone[everyone["arrived"]]
        talks = comparison.conversations_since(community.conversations[: community.total.conversations], scenario.switch_hours)
        return cls(scenario, community, ledger, replication, people, orders, days, groups, everyone, earlier, talks)


def _hours(values: Array) -> Array:
    """Return times with NaN for what never happened."""
    return np.where(np.isfinite(values), values, np.nan)


def _words(names: tuple[str, ...] | list[str], index: Array, none: str = "") -> Array:
    """Return names by index; a negative index is ``none``."""
    return np.array([*names, none], dtype=object)[np.where(index < 0, len(names), index)]


def entry_channel(book: Book) -> Array:
    """Return by which channel each person came in: one of the brand's, ``founding``, ``referral`` or ``walk_in``."""
    people = book.people
    names = _words(list(book.scenario.brand.channels), people["channel"], "founding")
    names = np.where(people["channel"] == BY_THEMSELVES, "walk_in", names)
    return np.where(people["inviter"] >= 0, "referral", names)


def members(book: Book) -> pd.DataFrame:
    """Return one row for every person ever admitted; hours before the comparison are negative."""
    people = book.people
    number = {int(key): place for place, key in enumerate(book.community.world.people["key"][: book.community.total.people])}
    gone = np.isfinite(people["left_h"])
    pruned = people["left_cause"] == PRUNED
    left = gone & ~pruned
    spent = people["leave_spent"]
    shares = np.where(left[:, None], spent / np.maximum(spent.sum(axis=1, keepdims=True), 1e-300), np.nan)
    columns: dict[str, Any] = {
        "person": np.array([number[int(key)] for key in people["key"]], int),
        "key": [f"{int(key):016x}" for key in people["key"]],
        "channel": entry_channel(book),
        "inviter": people["inviter"],
        "group": np.where(people["ever_member"], people["group"], -1),
        "admitted_h": _hours(people["admitted_h"]),
        "joined_h": _hours(people["joined_h"]),
        "left_h": np.where(left, people["left_h"], np.nan),
        "pruned_h": np.where(pruned, people["left_h"], np.nan),
        "left_cause": _words(CAUSES, people["left_cause"]),
    }
    for n, cause in enumerate(CAUSES):
        columns[f"share_{cause}"] = shares[:, n]
    columns |= {
        "had_bought": people["had_bought"],
        "muted_h": _hours(people["muted_h"]),
        "lapsed_h": _hours(people["lapsed_h"]),
        "orders": people["orders"],
        "gmv": people["gmv_fen"] / YUAN,
        "contribution": (people["margin_fen"] - people["acquisition_fen"] - people["claimed_fen"]) / YUAN,
        "invitations": people["invitations"],
        "referred": people["referred"],
        "questions": people["questions"],
        "sessions": people["sessions"],
        "messages_written": people["written"],
        "messages_read": people["messages_read"],
        "age_band": _words(AGE_BANDS, people["age_band"]),
        "gender": _words(GENDERS, people["gender"]),
        "region": people["region"],
        "session_rate_per_day": people["session_rate_per_day"],
        "tolerance_per_week": people["tolerance_per_week"],
        "talkativeness_per_day": people["talkativeness_per_day"],
        "referral_propensity": people["referral_propensity"],
        "need_rate_per_week": people["need_rate_per_hour"] * 168.0,
        "lapse_probability": people["lapse_probability"],
        "units_mean": people["units_mean"],
        "deal_proneness": people["deal_proneness"],
        "notice_probability": people["notice_probability"],
        "frailty": people["frailty"],
        "freeloader": people["freeloader"],
        "fatigue_fast": people["fatigue_fast"],
        "fatigue_slow": people["fatigue_slow"],
        "trust": people["trust"],
        "desire": people["desire"],
        "regret": people["regret"],
        "reference_price": people["reference_price"],
        "surplus_days": (people["surplus_days"] * people["need_shares"]).sum(axis=1),
        "belonging": people["belonging"],
        "habit": people["habit_most"],
        "benefits_per_week": people["benefits_per_week"],
        "ties": (people["tie_strength"] > 0).sum(axis=1),
        "tie_exits": people["tie_exits"],
        "shills_found": people["shills_found"],
        "won_back": people["won_back"],
        "contact": (people["reach"] & IS_CONTACT) > 0,
        "follows": (people["reach"] & FOLLOWS) > 0,
        "blocked_h": _hours(people["blocked_h"]),
        "unfollowed_h": _hours(people["unfollowed_h"]),
        "tag": _words(list(book.scenario.brand.topics), people["tag"]),
        "first_interest": _words(list(book.scenario.brand.topics), people["interests"].argmax(axis=1)),
        "showings": people["showings"],
        "stage": _words(STAGES, lifecycle.stages(people, book.community.world.parameters, book.scenario.horizon_hours)),
        "claimed_yuan": people["claimed_fen"] / YUAN,
        "received_yuan": people["received_fen"] / YUAN,
        **{name: values[columns["person"]] for name, values in given(book).items()},
    }
    return pd.DataFrame(columns)


def given(book: Book) -> dict[str, Array]:
    """Return what everybody has given in red packets of their own, by place: all of it, what came back, and what is still out."""
    packets = book.community.world.packets[: book.community.total.packets]
    given_h = packets["expires_h"] - giving.PACKET_HOURS
    packets = packets[(packets["sender"] >= 0) & (given_h >= book.scenario.switch_hours)]
    expired = packets["expires_h"] <= book.scenario.end_hours

    def total(values: Array) -> Array:
        return np.bincount(packets["sender"], weights=values, minlength=book.community.total.people)

    return {
        "packets_given": np.bincount(packets["sender"], minlength=book.community.total.people),
        "given_yuan": total(packets["total_fen"]) / YUAN,
        "given_returned_yuan": total(packets["remaining_fen"] * expired) / YUAN,
        "given_out_yuan": total(packets["remaining_fen"] * ~expired) / YUAN,
    }


def orders(book: Book) -> pd.DataFrame:
    """Return one row for every order."""
    o = book.orders
    notes = book.ledger.posts
    kinds = np.array([*(note.kind for note in notes), ""], dtype=object)
    sharers = book.community.world.posts["sharer"]
    return pd.DataFrame(
        {
            "time_h": o["time_h"],
            "person": o["person"],
            "group": np.where(o["in_group"], o["group"], -1),
            "in_group": o["in_group"],
            "organic": o["kind"] == 0,
            "product": _words(list(book.scenario.brand.products), o["product"]),
            "units": o["units"],
            "list_yuan": o["list_fen"] / YUAN,
            "paid_yuan": o["paid_fen"] / YUAN,
            "cost_yuan": o["cost_fen"] / YUAN,
            "discount_yuan": (o["list_fen"] - o["paid_fen"]) / YUAN,
            "refund_yuan": o["refund_fen"] / YUAN,
            "coupon_yuan": o["coupon_fen"] / YUAN,
            "offer": o["offer"],
            "message": o["post"],
            "referrer": np.where(o["post"] < 0, -1, sharers[o["post"]]),
            "channel": kinds[np.where(o["post"] < 0, len(notes), o["post"])],
            "kind": _words(ORDER_KINDS, o["kind"]),
            "place": np.where(in_shop(book), "shop", "mall"),
        }
    )


def in_shop(book: Book) -> Array:
    """Return which orders were made in a shop.

    Those of offers that can be bought there alone, and part of those from need, keyed by (person, order), of people who live near one.
    """
    o = book.orders
    shop = book.scenario.brand.shop
    found = np.zeros(len(o), bool)
    if not shop.regions or not len(o):
        return found
    offered = o["offer"] >= 0
    found[offered] = book.community.world.offers["in_shop"][o["offer"][offered]]
    near = ~offered & (book.community.world.people["region"][o["person"]] < shop.regions)
    for place in np.flatnonzero(near):
        number = np.uint64(o["nth"][place])
        found[place] = randomness.uniform(book.community.run, o["key"][place], PLACE, number, np.uint64(0)) < shop.share
    return found


def daily(book: Book) -> pd.DataFrame:
    """Return one row for every day and group, and one a day for what happened outside groups and to no group (-1).

    ``contribution`` of a row is the margin of its orders less the costs booked to the group that day; red packets count when dropped,
    with what came back taken off when it did.
    """
    days = book.days
    frame = pd.DataFrame({"day": days[:, 0].astype(int), "group": days[:, 1].astype(int), "members": days[:, 2].astype(int)})
    for name in DAILY_FLOWS:
        frame[name] = days[:, 7 + COUNTERS.index(name)].astype(int)
    frame = frame.set_index(["day", "group"])
    o = book.orders
    last = int(frame.index.get_level_values(0).max())
    sales = pd.DataFrame(
        {
            "day": np.minimum(o["time_h"] // 24, last).astype(int),
            "group": np.where(o["in_group"], o["group"], -1),
            "orders": (~np.isin(o["kind"], FEES)).astype(int),
            "gmv": o["paid_fen"],
            "discount": o["list_fen"] - o["paid_fen"],
            "contribution": o["paid_fen"] - o["refund_fen"] - o["cost_fen"] - o["coupon_fen"],
        }
    )
    frame = frame.join(sales.groupby(["day", "group"]).sum()).fillna({"orders": 0, "gmv": 0, "discount": 0, "contribution": 0})
    costs = pd.DataFrame(
        {
            "day": [min(int(cost.time_h // 24), last) for cost in book.ledger.costs],
            "group": [cost.group for cost in book.ledger.costs],
            "fen": [cost.fen for cost in book.ledger.costs],
            "packet": [cost.fen if cost.line == "red_packet_cost" else 0 for cost in book.ledger.costs],
        }
    )
    spent = costs.groupby(["day", "group"]).sum().reindex(frame.index, fill_value=0)
    frame["orders"] = frame["orders"].astype(int)
    frame["contribution"] = (frame["contribution"] - spent["fen"]) / YUAN
    frame["gmv"] = frame["gmv"] / YUAN
    frame["discount"] = frame["discount"] / YUAN
    frame["red_packets_yuan"] = spent["packet"] / YUAN
    members_ = np.where(days[:, 2] > 0, days[:, 2], np.nan)
    frame["mean_fatigue"] = days[:, 4] / members_
    frame["mean_trust"] = days[:, 5] / members_
    frame["mean_reference_price"] = days[:, 6] / members_
    frame["active_7d"] = days[:, 3].astype(int)
    for name in ("interactions", *MOVES, "questions"):
        frame[name] = days[:, 7 + COUNTERS.index(name)].astype(int)
    return frame.reset_index()


def messages(book: Book) -> pd.DataFrame:
    """Return one row for every message of the brand in a group. Exits are allocated to messages by the doses that they spent."""
    posts = book.community.world.posts[: book.community.total.posts]
    notes = book.ledger.posts
    o = book.orders
    sold = o[o["post"] >= 0]
    many = len(posts)
    margin = sold["paid_fen"] - sold["refund_fen"] - sold["cost_fen"] - sold["coupon_fen"]
    frame = pd.DataFrame(
        {
            "message": np.arange(many),
            "item": [note.item for note in notes],
            "time_h": [note.time_h for note in notes],
            "group": np.where(book.community.world.groups["street"][posts["group"]], -1, posts["group"]),
            "kind": [note.kind for note in notes],
            "column": [note.column for note in notes],
            "channel": _words(CHANNELS, posts["message"]["channel"]),
            "delivered": posts["delivered"],
            "seen": posts["seen"],
            "visits": posts["visits"],
            "replies": posts["replies"],
            "orders": np.bincount(sold["post"], minlength=many),
            "gmv": np.bincount(sold["post"], weights=sold["paid_fen"], minlength=many) / YUAN,
            "contribution": np.bincount(sold["post"], weights=margin, minlength=many) / YUAN,
            "mutes": posts["mutes"],
            "leaves_allocated": posts["leaves_allocated"],
        }
    )
    return frame[frame["time_h"] >= 0].reset_index(drop=True)


def groups(book: Book) -> pd.DataFrame:
    """Return one row for every group, with its class at the horizon."""
    numbers = np.flatnonzero(~book.groups["street"])
    rows = book.groups[numbers]
    classes, interaction, promotions = classify(book.scenario.horizon_hours, numbers, rows, book.days, book.ledger.posts, book.community)
    types = [book.community.type_of(int(g)) for g in numbers]
    declared = book.scenario.strategy.groups
    return pd.DataFrame(
        {
            "group": numbers,
            "opened_h": rows["opened_h"],
            "members": rows["members"],
            "cohesion": rows["cohesion"],
            "last_member_message_h": _hours(rows["member_message_h"]),
            "interaction_rate_14d": interaction,
            "promotion_share": promotions,
            "vitality": classes,
            "type": np.array(types, dtype=object),
            "kind": np.array([declared[name].kind if name in declared else "" for name in types], dtype=object),
            "mesh_index": mesh_index(book, numbers),
        }
    )


def mesh_index(book: Book, numbers: Array) -> Array:
    """Return, of the answers that members of each group wrote, the share that answer members rather than the brand; NaN without any."""
    brand, members_ = (
        np.bincount(inside[:, 1].astype(int), weights=inside[:, 7 + COUNTERS.index(name)], minlength=book.community.total.groups)[numbers]
        for inside in (book.days[book.days[:, 1] >= 0],)
        for name in ("answers_brand", "answers_members")
    )
    answers = brand + members_
    return np.where(answers > 0, members_ / np.maximum(answers, 1), np.nan)


def actions(book: Book) -> pd.DataFrame:
    """Return one row for everything the brand did or was refused."""
    columns = ["time_h", "item", "kind", "group", "status", "reason", "cost_yuan", "people"]
    frame = pd.DataFrame(book.ledger.deeds, columns=columns)
    return frame.sort_values(["time_h", "item", "group", "status"], kind="stable", ignore_index=True)
