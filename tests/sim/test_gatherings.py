"""What members take part in: calls, rituals, quizzes, meetings, samples, customer cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.behaviour import meeting, sampling, taking_part
from sim.behaviour.ties import strength
from sim.codes import TOPICS
from sim.gathering import MOST_CALLS, free_bit
from sim.simulation import Result
from sim.world import OFFER, PERSON, PRODUCT
from tests.sim.people import filled, parameters, somebody
from tests.sim.worlds import Tree, build, fen, null_tree, nurturing_tree

BUSY = {"population": {"size": 120, "group_size": 40, "customer_share": 1.0}, "horizon_days": 8.0, "behaviour.sessions.rate_per_day": 12.0}


def run(changes: dict[str, Any] | None = None, **items: Tree) -> Result:
    """Return a run of the null world with the given items."""
    return simulate(build(null_tree(**items), {**BUSY, **(changes or {})}), 31)


def people_of(result: Result, kind: str) -> list[int]:
    """Return how many people the books say of every occasion of a kind."""
    return result.actions.query("kind == @kind and group == -1 and status == 'done'")["people"].to_list()


CALL = {"kind": "check_in", "when": "daily 08:00", "column": "tips", "window": "12h", "pull": 2.0, "every": 2, "reward_yuan": 4.0}


# ---- of one person ------------------------------------------------------------------------------------------------------


def share_taking_part(p: Any, pull: float, relevance: float, **fields: float) -> float:
    """Return the share of many people who take part in a call."""
    offer = filled(OFFER, pull=pull, key=9)
    return float(np.mean([taking_part.takes_part(somebody(p, key=key, **fields), offer, relevance, p) for key in range(1, 3001)]))


def test_who_takes_part_follows_the_equation() -> None:
    p = parameters()
    start = float(p["trust"]["start"])
    for pull, relevance, trust, belonging in (
        (0.5, 0.8, start, 0.0),
        (0.5, 0.8, start / 2, 0.5),
        (3.0, 1.0, start, 1.0),
        (1.0, 0.0, start, 0.0),
    ):
        chance = 1.0 - np.exp(-pull * relevance * trust / start * (1.0 + 2.0 * belonging))
        found = share_taking_part(p, pull, relevance, trust=trust, belonging=belonging)
        assert abs(found - chance) <= 4.5 * np.sqrt(chance * (1.0 - chance) / 3000)


def test_taking_part_sets_one_bit_and_belongs() -> None:
    p = parameters()
    person = somebody(p, key=4, calls=2, belonging=0.5)
    taking_part.take_part(person, filled(OFFER, call=8), p)
    assert (person["calls"], person["parts"]) == (10, 1)
    assert person["belonging"] == pytest.approx(0.505)


def test_a_meeting_is_worth_its_chats_and_off_without() -> None:
    for chats, after in ((0.0, 0.2), (1.0, 1 - 0.8 * 0.998), (100.0, 1 - 0.8 * 0.998**100)):
        p = parameters({"meeting.chats": chats, "meeting.experience": 0.0})
        person = somebody(p, belonging=0.2, trust=0.4)
        meeting.attend(person, p)
        assert person["belonging"] == pytest.approx(after)
        assert person["trust"] == 0.4


@pytest.mark.parametrize("many", [1, 2, 3, 4, 5, 9])
def test_everybody_gets_to_know_as_many_on_each_side(many: int) -> None:
    people = np.zeros(many, PERSON)
    meeting.get_acquainted(people, np.arange(many), parameters({"meeting.acquaintances": 2, "meeting.tie_strength": 1.5}))
    known = np.array([[strength(people[a], b) for b in range(many)] for a in range(many)])
    assert (known == known.T).all()
    assert set(known.ravel()) <= {0.0, 1.5}
    assert ((known > 0).sum(axis=1) == min(4, many - 1)).all()


def test_those_who_trust_and_belong_write_about_samples() -> None:
    p = parameters()
    product = filled(PRODUCT, topics=np.eye(TOPICS)[0])

    def writers(**fields: Any) -> int:
        people = [somebody(p, key=key, interests=product["topics"], **fields) for key in range(1, 1001)]
        return sum(bool(sampling.writes(person, product, 3, p)) for person in people)

    start = float(p["trust"]["start"])
    by_trust = [writers(trust=trust) for trust in (0.0, start / 2, start)]
    assert by_trust == sorted(by_trust)
    assert by_trust[0] == 0
    assert abs(by_trust[-1] - 400) < 4.5 * np.sqrt(240)
    assert writers(trust=start, belonging=0.9) > by_trust[-1]


def test_bits_of_calls_are_given_out_once() -> None:
    used: list[np.uint64] = []
    for _ in range(MOST_CALLS):
        used.append(free_bit(used))
    assert len(set(used)) == MOST_CALLS
    assert free_bit(used[:5] + used[6:]) == used[5]


# ---- in small worlds ----------------------------------------------------------------------------------------------------


def test_check_ins_are_counted_and_earn_coupons_without_a_gap() -> None:
    result = run(sign_in=CALL)
    rows = result.actions.query("kind == 'check_in' and group == -1")
    assert rows["time_h"].tolist() == [24.0 * day + 20.0 for day in range(8)]
    assert (rows["people"] > 10).all()
    assert result.summary["coupon_cost"] > 0
    assert run(sign_in={**CALL, "reward_yuan": 0.0}).summary["coupon_cost"] == 0
    assert run(sign_in={**CALL, "every": 9}).summary["coupon_cost"] == 0, "eight occasions never make nine in a row"


def test_more_pull_brings_more_people() -> None:
    many = [sum(people_of(run(sign_in={**CALL, "pull": pull}), "check_in")) for pull in (0.1, 1.0, 10.0)]
    assert many[0] < many[1] < many[2]


def test_calls_beyond_the_most_are_refused() -> None:
    calls = {f"call_{n}": {**CALL, "when": "day 0 08:00"} for n in range(MOST_CALLS + 2)}
    refused = run({"horizon_days": 1.0}, **calls).actions.query("status == 'refused'")
    assert refused["reason"].tolist() == ["too many calls at once"] * 2


def test_a_quiz_gives_its_prizes_by_lot_as_far_as_the_budget_goes() -> None:
    quiz = {
        "kind": "prize_quiz",
        "when": "day 1 12:00",
        "column": "tips",
        "pull": 9.0,
        "prizes": 5,
        "prize_yuan": 10.0,
        "answer_after": "4h",
    }
    judged = {"behaviour.trust": {"gain": 0.1, "loss": 0.1}}
    plenty = run(judged, it=quiz)
    assert sorted(plenty.messages["time_h"].unique()) == [36.0, 40.0]
    assert people_of(plenty, "quiz")[0] > 5
    assert plenty.summary["gift_cost"] == 50.0
    short = run({**judged, "strategy.budget": {"total_yuan": 25.0}}, it=quiz)
    assert short.summary["gift_cost"] == 20.0
    assert (short.actions["status"] == "refused").sum() == 3
    assert short.members["trust"].mean() < plenty.members["trust"].mean()


EVENT = {"kind": "offline_event", "when": "day 5 19:00", "announce": "60h", "column": "tips", "pull": 9.0, "capacity": 30}
EVENT |= {"cost_yuan": 100.0, "person_yuan": 2.0}


def test_a_meeting_costs_makes_ties_and_holds_no_more_than_its_places() -> None:
    result = run({"behaviour.meeting.turnout": 0.5}, party=EVENT)
    (signed,), (came,) = people_of(result, "event"), people_of(result, "meeting")
    assert signed > 30 > came > 5
    assert fen(result.summary["event_cost"]) == fen(100.0 + 2.0 * came)
    everybody = run({"behaviour.meeting.turnout": 1.0}, party=EVENT)
    assert people_of(everybody, "event") + people_of(everybody, "meeting") == [signed, 30]
    assert (everybody.members["belonging"] > 0.15).sum() == 30
    assert run({"behaviour.meeting.chats": 0.0}, party=EVENT).members["belonging"].max() < 0.15
    assert fen(run({"strategy.budget": {"total_yuan": 99.0}}, party=EVENT).summary["event_cost"]) == 0


def test_a_meeting_without_money_for_those_who_come_disappoints_them() -> None:
    judged = {"behaviour.trust": {"gain": 0.0, "loss": 0.1, "disappointment": 1.0}, "behaviour.meeting.turnout": 1.0}
    short = run({**judged, "strategy.budget": {"total_yuan": 120.0}}, party=EVENT)
    plenty = run(judged, party=EVENT)
    assert people_of(short, "event") == people_of(plenty, "event")
    assert people_of(plenty, "meeting") == [30]
    assert people_of(short, "meeting") == []
    assert fen(short.summary["event_cost"]) == fen(100.0)
    assert (short.members["trust"] < plenty.members["trust"]).sum() == 30


def test_a_meeting_that_begins_too_soon_is_not_held() -> None:
    result = run(party={**EVENT, "when": "day 0 00:00"})
    assert result.summary["event_cost"] == 0.0
    assert not len(result.messages)


def test_only_people_near_a_shop_come_to_a_meeting_nearby() -> None:
    changes = {"brand.shop": {"regions": 1}, "population.regions": 4}
    nearby = people_of(run(changes, party={**EVENT, "nearby": True}), "event")[0]
    assert 0 < nearby < 0.6 * people_of(run(changes, party=EVENT), "event")[0]


def test_samples_go_to_who_writes_most_and_make_some_of_them_write() -> None:
    sampling_item = {"kind": "koc_sampling", "when": "day 4 10:00", "product": "hero", "column": "tips", "most": 8, "after": "24h"}
    talk = {"population": {"size": 120, "group_size": 40}, "horizon_days": 8.0, "behaviour.sampling.chance": 1.0}
    result = simulate(build(nurturing_tree(trial={**sampling_item, "shipping_yuan": 1.0}), talk), 31)
    goods = build(nurturing_tree()).brand.products
    cost = next(product.cost_yuan for product in goods.values() if product.role == "hero")
    assert people_of(result, "sample") == [8]
    assert fen(result.summary["gift_cost"]) == fen(8 * (cost + 1.0))
    written = result.messages.query("item == 'trial'")
    assert 0 < len(written) <= 8
    assert (written["time_h"] == 130.0).all()
    silent = simulate(build(nurturing_tree(trial=sampling_item), {**talk, "behaviour.sampling.chance": 0.0}), 31)
    assert not len(silent.messages.query("item == 'trial'"))


def test_every_good_customer_is_told_of_once() -> None:
    case = {"kind": "customer_case", "when": "daily 18:00", "product": "hero", "column": "tips", "at_least": 1, "thanks_yuan": 3.0}
    deal = {"kind": "sales_post", "when": "day 2 08:00", "product": "hero", "discount": 0.5}
    result = run(case=case, deal=deal)
    days = result.messages.query("item == 'case'")["time_h"].unique()
    assert fen(result.summary["gift_cost"]) == fen(3.0 * len(days))
    refused = result.actions.query("item == 'case' and status == 'refused'")
    assert len(days) + len(refused) == 8
    assert len(days) > 0
    nobody = run(case={**case, "at_least": 999})
    assert nobody.actions.query("item == 'case'")["reason"].tolist() == ["no customer with a story"] * 8


def test_contacts_are_invited_into_a_group_of_their_tag() -> None:
    groups = {"topic": {"kind": "interest_circle", "form_by": "tag", "capacity": 200}}
    outside = {"strategy.groups": groups, "population.join_share": 0.3, "behaviour.contacts.contact_share": 1.0}
    ask = {"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0, "ring": 1.0}
    come = {"kind": "invite", "when": "day 3 12:00", "into": "topic", "to": {"who": "outside", "tags": ["care", "deals"]}, "pull": 9.0}
    result = run(outside, ask=ask, come=come)
    members = result.members
    came = members[members["group"].isin(result.groups.query("type == 'topic'")["group"])]
    assert len(came) > 10
    assert (came.groupby("group")["tag"].nunique() == 1).all()
    assert (came["joined_h"] > 84.0).all()
    assert (came["joined_h"] <= 84.0 + 72.0).all()
    assert result.actions.query("reason == 'came in'")["people"].sum() == len(came)
    assert result.daily["joins"].sum() == members["joined_h"].notna().sum()
    gated = {**groups["topic"], "gate": {"kind": "fee", "fee_yuan": 60.0}}
    kept_out = run({**outside, "strategy.groups": {"topic": gated}}, ask=ask, come=come)
    fees = kept_out.orders.query("kind == 'membership'")
    assert 0 < len(fees) < len(came)
    nobody = run(outside, come={**come, "pull": 1e-9})
    assert (nobody.groups["type"] == "ordinary").all()


def test_members_are_parted_by_what_the_brand_knows_of_them() -> None:
    groups = {"topic": {"kind": "interest_circle", "form_by": "tag", "capacity": 200}}
    ask = {"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0, "ring": 1.0}
    sort = {"kind": "regroup", "when": "day 4 12:00", "to": "topic"}
    result = run({"strategy.groups": groups}, ask=ask, sort=sort)
    moved = result.members[result.members["group"].isin(result.groups.query("type == 'topic'")["group"])]
    assert len(moved) > 20
    assert (moved.groupby("group")["tag"].nunique() == 1).all()
    assert (moved["tag"] != "").all()


@pytest.mark.parametrize(
    "post",
    [
        {"kind": "sales_post", "discount": 0.5},
        {"kind": "gift", "discount": 0.5},
        {"kind": "spend_and_save", "floor_yuan": 1.0, "save_yuan": 0.5},
        {"kind": "one_to_one", "discount": 0.5, "commercial": 0.0},
    ],
)
def test_those_of_a_topic_are_shown_the_product_for_it(post: Tree) -> None:
    groups = {"topic": {"kind": "interest_circle", "form_by": "tag", "capacity": 200}}
    ask = {"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0, "ring": 1.0}
    sort = {"kind": "regroup", "when": "day 2 12:00", "to": "topic"}
    tell = {
        **post,
        "when": "daily 10:00",
        "from_day": 3,
        "column": "sales",
        "ring": 0.9,
        "product": "entry",
        "product_by_tag": {"care": "hero"},
    }
    settings = {"strategy.groups": groups, "behaviour.tags.answer_chance": 0.9, "behaviour.buying.advance_days": 60.0}
    result = run(settings, ask=ask, sort=sort, tell=tell)
    names = {product["role"]: name for name, product in reversed(nurturing_tree()["brand"]["products"].items())}
    sold = result.orders[(result.orders["kind"] == "offer") & (result.orders["time_h"] > 72)]
    sold = sold[sold["in_group"]].merge(result.members[["person", "tag"]], on="person")
    assert (sold["tag"] == "care").sum() > 5
    assert (sold["tag"] != "care").sum() > 5
    assert sold["product"].to_list() == [names["hero" if tag == "care" else "entry"] for tag in sold["tag"]]


@pytest.mark.parametrize(
    ("form_by", "post"),
    [
        ("interest", {"kind": "content_post"}),
        ("tag", {"kind": "content_post"}),
        ("tag", {"kind": "sales_post", "product": "hero"}),
        ("tag", {"kind": "gift", "product": "hero"}),
        ("tag", {"kind": "check_in"}),
        ("tag", {"kind": "kol_session", "posts": 1}),
    ],
)
def test_groups_about_a_topic_get_content_of_their_own(form_by: str, post: Tree) -> None:
    groups = {"topic": {"kind": "interest_circle", "form_by": form_by, "capacity": 200}}
    ask = {"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0, "ring": 1.0}
    sort = {"kind": "regroup", "when": "day 4 12:00", "to": "topic"}
    tell = {**post, "when": "day 5 10:00", "column": "expert", "by_tag": {"care": "tips"}}
    result = run({"strategy.groups": groups, "behaviour.tags.from_orders": 1.0}, ask=ask, sort=sort, tell=tell)
    topics = result.members.assign(topic=result.members["tag"]).groupby("group")["topic"].agg(lambda own: own.mode().iat[0])
    posts = result.messages.query("item == 'tell'").set_index("group")["column"]
    types = result.groups.set_index("group")["type"]
    gathered = posts[types[posts.index] == "topic"]
    assert (posts[types[posts.index] == "ordinary"] == "expert").all()
    assert set(gathered) >= {"tips", "expert"}
    if form_by == "tag":
        assert gathered.to_dict() == {group: tell["by_tag"].get(topics[group], "expert") for group in gathered.index}
    assert posts.index.is_unique
